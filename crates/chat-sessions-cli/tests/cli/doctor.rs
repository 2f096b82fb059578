//! `doctor`: the report and the exit code for each state of a list.

use std::process::Command;

use chat_sessions_sandbox::{Fault, Paging, Provider, Sandbox};

use crate::support::{LLAMA_KEY, MEMORIES_KEY, Ran, Shell, parsed, program, run, text};

pub(crate) fn doctor(shell: &Shell, arguments: &str) -> Command {
    let mut command = program();
    command
        .env("MEMORIES_AI_API_KEY", MEMORIES_KEY)
        .env("MEMORIES_AI_BASE_URL", shell.sandbox.url())
        .env("LLAMA_CLOUD_API_KEY", LLAMA_KEY)
        .env("LLAMA_CLOUD_BASE_URL", shell.sandbox.url())
        .arg("doctor")
        .args(arguments.split_whitespace());
    command
}

/// Replaces what differs between runs.
fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"http://127\.0\.0\.1:\d+( *)", "[url] ");
    settings.add_filter(r#""milliseconds": \d+"#, r#""milliseconds": [time]"#);
    settings.add_filter(r"[\d.]+ m?s\b", "[time]");
    settings.add_filter(r"\(os error \d+\)", "(os error [number])");
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// Returns the report with Memories.ai first. A list that responds late is printed late.
fn in_order(stdout: &str) -> String {
    let mut lists: Vec<&str> = stdout.trim_end().split("\n\n").collect();
    lists.sort_by_key(|list| !list.starts_with("memories-ai"));
    lists.join("\n\n") + "\n"
}

fn entry(case: &str, ran: &Ran) -> String {
    assert_eq!(ran.stderr, "", "{case}");
    format!("# {case}: exit code {}\n{}\n", ran.code, in_order(&ran.stdout))
}

#[test]
fn the_sandbox_has_no_problems() {
    let ran = run(program().args(["doctor", "--sandbox"]));
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    snapshot("doctor_sandbox", &in_order(&ran.stdout));
}

#[test]
fn each_state_has_its_message_and_its_exit_code() {
    let shell = Shell::start();
    let json = |body: &str| Fault::raw(200, "application/json", body);
    let mut all = String::new();
    for (case, fault, code) in [
        ("a refused key", Fault::status(401), 4),
        ("a rate limit", Fault::status(429).with_header("x-request-id", "r-7"), 5),
        ("a provider that is down", Fault::html(502), 6),
        ("a web page", Fault::html(200), 7),
        ("an invalid item", json(r#"{"items":[{"session_id":7}]}"#), 7),
        (
            "unknown fields and values",
            json(
                r#"{"items":[{"session_id":"a","pinned":true,"shared_access":"everyone"},
                    {"session_id":"b","pinned":false,"job_metadata":{"turns":1,"mood":"good"}}]}"#,
            )
            .with_header("x-request-id", "r-7"),
            0,
        ),
        ("no sessions", json(r#"{"items":[]}"#), 0),
    ] {
        shell.sandbox.clear_faults();
        shell.sandbox.forget_requests();
        shell.sandbox.always(Provider::LlamaCloud, fault);
        let ran = run(&mut doctor(&shell, "--provider llama-cloud"));
        assert_eq!(ran.code, code, "{case}: {}", ran.stdout);
        assert_eq!(
            shell.sandbox.request_count(Provider::LlamaCloud),
            1,
            "{case}: one request, without retries"
        );
        all.push_str(&entry(case, &ran));
    }
    shell.sandbox.clear_faults();
    shell.sandbox.forget_requests();
    for (case, variable, value, code) in [
        ("no key, and no option names the provider", "LLAMA_CLOUD_API_KEY", "", 0),
        ("an invalid base URL", "LLAMA_CLOUD_BASE_URL", "ftp://127.0.0.1", 8),
        ("a closed port", "LLAMA_CLOUD_BASE_URL", "http://127.0.0.1:9", 6),
    ] {
        let ran = run(doctor(&shell, "").env(variable, value));
        assert_eq!(ran.code, code, "{case}: {}", ran.stdout);
        all.push_str(&entry(case, &ran));
    }
    let ran = run(program().args(["doctor"]));
    assert_eq!(ran.code, 4);
    all.push_str(&entry("no key at all", &ran));
    assert_eq!(shell.sandbox.request_count(Provider::LlamaCloud), 0);
    snapshot("doctor_states", &all);
}

#[test]
fn the_report_is_also_json() {
    let shell = Shell::start();
    shell.sandbox.always(
        Provider::LlamaCloud,
        Fault::status(503).with_header("x-request-id", "r-7"),
    );
    let ran = run(&mut doctor(&shell, "-o json"));
    assert_eq!((ran.code, ran.stderr.as_str()), (6, ""));
    let document = parsed(&ran.stdout);
    let verdicts: Vec<&str> = document["lists"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|list| text(&list["verdict"]))
        .collect();
    assert_eq!(verdicts, ["ok", "server"]);
    snapshot("doctor_json", &ran.stdout);
}

#[test]
fn a_key_that_a_provider_repeats_is_redacted() {
    let shell = Shell::start();
    for fault in [
        Fault::status(401)
            .with_message(format!("not for {LLAMA_KEY}"))
            .with_header("x-request-id", LLAMA_KEY),
        Fault::ordinary().with_header("x-request-id", format!("id-{LLAMA_KEY}")),
    ] {
        shell.sandbox.always(Provider::LlamaCloud, fault);
        for arguments in [
            "--provider llama-cloud",
            "--provider llama-cloud -o json",
            "--provider llama-cloud -vv",
        ] {
            // `run` also checks that no key is printed.
            let ran = run(&mut doctor(&shell, arguments));
            assert!(
                format!("{}{}", ran.stdout, ran.stderr).contains("[redacted]"),
                "{ran:?}"
            );
        }
    }
}

#[test]
fn the_page_and_the_whole_list_are_told_apart() {
    let shell = Shell::start_with(Sandbox::builder().memories_ai_sessions(1).llama_cloud_sessions(1));
    let page_of = |arguments: &str| {
        let report = run(&mut doctor(&shell, arguments)).ok();
        let row = |name: &str| {
            let row = report
                .lines()
                .find_map(|line| line.strip_prefix("  ")?.strip_prefix(name));
            row.expect("there is a page").trim().to_owned()
        };
        let (page, whole) = (row("smallest page "), row("whole list "));
        (page.split(',').next().unwrap_or_default().to_owned(), whole)
    };
    let is = |page: &str, whole: &str| (page.to_owned(), whole.to_owned());
    assert_eq!(page_of("--provider memories-ai"), is("1 session", "1 session"));
    let unknown = "unknown number of sessions; the provider sends no total";
    assert_eq!(page_of("--provider llama-cloud"), is("1 session", unknown));
    let _ = shell.sandbox.insert(Provider::MemoriesAi, None, "another");
    shell
        .sandbox
        .always(Provider::MemoriesAi, Fault::paging(Paging::ShortPage(1)));
    assert_eq!(page_of("--provider memories-ai"), is("1 session", "2 sessions"));
}
