//! Retries: attempts, time limits, and what `-v`, `CHAT_SESSIONS_LOG` and `--stats` show of them.

use std::time::{Duration, Instant};

use chat_sessions_sandbox::{Fault, Provider};

use crate::support::{Shell, chat_sessions, parsed, program, run};

const LLAMA: &str = "--provider llama-cloud --limit 5 -o ndjson";

/// A shell whose LlamaCloud fails this many times, with a wait, before it succeeds.
fn failing(times: usize) -> Shell {
    let shell = Shell::start();
    for _ in 0..times {
        shell.sandbox.next(
            Provider::LlamaCloud,
            Fault::status(503).with_header("retry-after-ms", "20"),
        );
    }
    shell
}

/// Replaces what differs between runs.
fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"127\.0\.0\.1:\d+", "[address]");
    settings.add_filter(r"kB [\d.]+ m?s\b", "kB [time]");
    settings.add_filter(r"server\.port=\d+", "server.port=[port]");
    settings.add_filter(r"duration_ms=\d+", "duration_ms=[time]");
    settings.add_filter(r"http\.response\.body\.size=\d+", "http.response.body.size=[size]");
    settings.add_filter(r"cs2_[\w-]+", "[cursor]");
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn a_transient_failure_is_retried_silently() {
    let shell = failing(2);
    let ran = shell.list("--provider llama-cloud --all -o ndjson --attempts 3");
    assert_eq!((ran.code, ran.ids().len(), ran.stderr.as_str()), (0, 112, ""));
}

#[test]
fn attempts_limits_the_requests_for_a_page() {
    for attempts in [1, 2, 4] {
        let shell = failing(9);
        let ran = shell.list(&format!("{LLAMA} --attempts {attempts}"));
        assert_eq!(
            (ran.code, &ran.errors()[0]["attempts"]),
            (6, &attempts.into()),
            "{}",
            ran.stderr
        );
        assert_eq!(shell.sandbox.request_count(Provider::LlamaCloud), attempts);
    }
    // The default is five.
    let shell = failing(9);
    let mut command = program();
    command
        .env("LLAMA_CLOUD_API_KEY", crate::support::LLAMA_KEY)
        .env("LLAMA_CLOUD_BASE_URL", shell.sandbox.url());
    assert_eq!(run(command.args(["list", "-o", "ndjson"])).errors()[0]["attempts"], 5);
}

#[test]
fn page_timeout_limits_the_time_for_a_page() {
    // The response stalls, and only the limit ends it. 3 seconds are far more than the first attempt
    // takes.
    let shell = failing(1);
    shell.sandbox.next(Provider::LlamaCloud, Fault::stall(40));
    let start = Instant::now();
    let ran = shell.list(&format!("{LLAMA} --attempts 2 --page-timeout 3"));
    let error = &ran.errors()[0];
    assert_eq!(
        (ran.code, &error["gave_up"], &error["attempts"]),
        (6, &"time".into(), &2.into()),
        "{error}"
    );
    assert!(start.elapsed() >= Duration::from_secs(3));

    // A wait that would exceed the limit is not started.
    let shell = Shell::start();
    shell.sandbox.always(
        Provider::LlamaCloud,
        Fault::status(429).with_header("retry-after", "30"),
    );
    let ran = shell.list(&format!("{LLAMA} --attempts 5 --page-timeout 20"));
    let error = &ran.errors()[0];
    assert_eq!(
        (ran.code, &error["gave_up"], &error["attempts"], &error["waited"]),
        (5, &"time".into(), &1.into(), &0.0.into()),
        "{error}"
    );
}

#[test]
fn without_v_nothing_is_logged() {
    for value in [None, Some(""), Some("off"), Some("error"), Some("warn")] {
        let shell = failing(1);
        let mut command = shell.command("--provider llama-cloud --all -o ndjson --attempts 2");
        let ran = run(command.envs(value.map(|value| ("CHAT_SESSIONS_LOG", value))));
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{value:?}");
    }
}

#[test]
fn v_shows_retries_and_vv_every_request_and_trace_all_fields() {
    for (name, variants) in [
        ("verbose", [(" -v", None), (" --verbose", None), ("", Some("info"))]),
        (
            "very_verbose",
            [(" -vv", None), (" -v -vvv", Some("trace")), ("", Some("debug"))],
        ),
        ("all_fields", [("", Some("trace")); 3]),
    ] {
        for (flag, value) in variants {
            let shell = failing(1);
            let mut command = shell.command(&format!(
                "--provider llama-cloud --all --page-size 60 -o ndjson --attempts 2{flag}"
            ));
            let ran = run(command.envs(value.map(|value| ("CHAT_SESSIONS_LOG", value))));
            assert_eq!((ran.code, ran.ids().len()), (0, 112), "{flag} {value:?}");
            snapshot(name, &ran.stderr);
        }
    }
}

#[test]
fn vv_shows_request_ids_without_secrets() {
    let shell = Shell::start();
    let stderr_for = |id: &str| {
        let response = Fault::ordinary().with_header("x-request-id", id);
        shell.sandbox.always(Provider::LlamaCloud, response);
        let ran = shell.list(&format!("{LLAMA} -vv"));
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        ran.stderr
    };
    let stderr = stderr_for("req-4711");
    assert!(
        stderr.starts_with("GET …/chat 200 ") && stderr.contains(" ms, request id req-4711\n"),
        "{stderr}"
    );
    // `run` checks that the key is not printed.
    let stderr = stderr_for(crate::support::LLAMA_KEY);
    assert!(stderr.contains(" ms, request id [redacted]\n"), "{stderr}");
}

#[test]
fn an_unknown_log_level_is_an_error_that_names_the_variable() {
    for value in ["loud", "DEBUG", "chat_sessions=debug", "2", "planted"] {
        let shell = Shell::start();
        let ran = run(shell.command(LLAMA).env("CHAT_SESSIONS_LOG", value));
        assert_eq!((ran.code, ran.stdout.as_str()), (8, ""), "{value}");
        assert!(
            ran.stderr.contains("CHAT_SESSIONS_LOG") && !ran.stderr.contains(value),
            "{}",
            ran.stderr
        );
        // With -o ndjson, the error is JSON too.
        let record = r#"{"error":{"kind":"config","message":"CHAT_SESSIONS_LOG"#;
        assert!(ran.stderr.starts_with(record), "{}", ran.stderr);
        assert!(shell.sandbox.requests().is_empty());
    }
    // With -v, the variable is not read.
    let shell = Shell::start();
    assert_eq!(
        run(shell.command(&format!("{LLAMA} -v")).env("CHAT_SESSIONS_LOG", "loud")).code,
        0
    );
}

#[test]
fn stats_count_retries() {
    let stderr = failing(2).list(&format!("{LLAMA} --attempts 3 --stats")).stderr;
    let stats = &parsed(stderr.lines().next_back().expect("there is a line"))["stats"]["sources"][0];
    assert_eq!(
        (&stats["retries"], &stats["waited"], &stats["error"]),
        (&2.into(), &0.04.into(), &().into()),
        "{stats}"
    );
    let stderr = failing(2)
        .list("--provider llama-cloud --limit 5 -o tsv --attempts 3 --stats")
        .stderr;
    assert!(
        stderr.contains("\n  2 retries, waited 40 ms;\n    best effort because "),
        "{stderr}"
    );
}

#[test]
fn out_of_range_values_are_usage_errors() {
    for arguments in [
        ["--attempts", "0"],
        ["--attempts", "-1"],
        ["--page-timeout", "0"],
        ["--page-timeout", "86401"],
        ["--page-timeout", "1.5"],
    ] {
        let ran = chat_sessions(&["list", arguments[0], arguments[1]]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{arguments:?}");
    }
}
