//! For each kind of error: the message, the exit code, and a cursor that continues the list.
//!
//! Each row is a fault. It is injected into the first page, before anything is printed, and then into
//! the second page, after which the printed cursor must return exactly the remaining sessions.

use chat_sessions_sandbox::{Fault, Paging, Provider, Sandbox};

use crate::support::{Ran, Shell, all_cases, cursor, ids, program, run, text};

/// Provider, name, fault, the kind of the error, and the exit code if nothing was printed.
type Row = (Provider, &'static str, Fault, &'static str, i32);

fn rows() -> Vec<Row> {
    use Provider::{LlamaCloud as Llama, MemoriesAi as Memories};
    let json = |body: &str| Fault::raw(200, "application/json", body);
    let envelope = |code: &str| Fault::envelope(code, "What the provider says.");
    let asks_to_wait = |fault: Fault| fault.with_header("retry-after", "2").with_header("x-request-id", "r-7");
    vec![
        (Llama, "status 401", Fault::status(401), "auth", 4),
        (Memories, "status 401", Fault::status(401), "auth", 4),
        (Memories, "code 0401", envelope("0401"), "auth", 4),
        (Llama, "status 403", Fault::status(403), "permission", 4),
        (Memories, "code 0403", envelope("0403"), "permission", 4),
        (Llama, "status 402", Fault::status(402), "quota", 1),
        (Memories, "code 0402", envelope("0402"), "quota", 1),
        (Llama, "status 429", asks_to_wait(Fault::status(429)), "rate-limited", 5),
        (Memories, "status 429", Fault::status(429), "rate-limited", 5),
        (Memories, "code 0429", asks_to_wait(envelope("0429")), "rate-limited", 5),
        (Llama, "status 422", Fault::status(422), "invalid-request", 1),
        (Memories, "code 0003", envelope("0003"), "invalid-request", 1),
        (Llama, "status 404", Fault::status(404), "not-found", 1),
        (Memories, "status 404", Fault::status(404), "not-found", 1),
        (Llama, "status 409", Fault::status(409), "conflict", 1),
        (Memories, "code 0409", envelope("0409"), "conflict", 1),
        (Llama, "status 408", Fault::status(408), "timeout", 6),
        (Memories, "status 408", Fault::status(408), "timeout", 6),
        (Llama, "a reset connection", Fault::reset_before_headers(), "connect", 6),
        (Llama, "a cut body", Fault::cut_body(50), "connect", 6),
        (Memories, "a cut body", Fault::cut_body(50), "connect", 6),
        (Llama, "status 503", Fault::status(503), "server", 6),
        (Llama, "a gateway's page", Fault::html(502), "server", 6),
        (Memories, "status 500", Fault::status(500), "server", 6),
        (Memories, "code 9999", envelope("9999"), "server", 6),
        (Llama, "a web page", Fault::html(200), "protocol", 7),
        (Llama, "a list in place of an object", json("[]"), "protocol", 7),
        (
            Llama,
            "a redirect",
            Fault::redirect(302, "http://127.0.0.1:9/"),
            "protocol",
            7,
        ),
        (Memories, "nothing", json(""), "protocol", 7),
        (Memories, "no list", Fault::paging(Paging::DataNull), "protocol", 7),
        (
            Llama,
            "a repeated page token",
            Fault::paging(Paging::RepeatToken(1)),
            "walk",
            7,
        ),
    ]
}

/// Replaces what differs between runs.
fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"127\.0\.0\.1:\d+", "[address]");
    settings.add_filter(r"cs2_[\w-]+", "[cursor]");
    settings.add_filter(r"\(os error \d+\)", "(os error [number])");
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

fn entry(case: &str, ran: &Ran) -> String {
    format!("# {case}: exit code {}\n{}\n", ran.code, ran.stderr)
}

#[test]
fn each_kind_of_error_has_its_message_its_exit_code_and_a_cursor() {
    // Three pages per provider: one that succeeds, one that fails, and one after it.
    let shell = Shell::start_with(Sandbox::builder().memories_ai_sessions(45).llama_cloud_sessions(45));
    let list = |provider: Provider, arguments: &str| {
        shell.list(&format!(
            "--provider {provider} --page-size 20 --all -o tsv {arguments}"
        ))
    };
    let (memories, llama) = (Provider::MemoriesAi, Provider::LlamaCloud);
    let whole = [memories, llama].map(|provider| ids(&list(provider, ""), "tsv"));
    let mut texts = String::new();
    for (provider, name, fault, kind, code) in rows() {
        let case = format!("{kind}, {provider}, {name}");
        // A token can only repeat on the second page, so this error cannot occur on the first.
        if kind != "walk" {
            shell.sandbox.always(provider, fault.clone().on_pages(1..=1));
            let ran = shell.list(&format!("--provider {provider} -o ndjson"));
            let kinds: Vec<String> = ran
                .errors()
                .iter()
                .map(|error| text(&error["kind"]).to_owned())
                .collect();
            assert_eq!(
                (ran.code, kinds),
                (code, vec![kind.to_owned()]),
                "{case}: {}",
                ran.stderr
            );
            assert_eq!(ran.stdout, "", "{case}");
            for error in ran.errors() {
                assert!(error["hint"].is_string(), "{case} has no hint: {error}");
            }
            shell.sandbox.clear_faults();
        }

        shell.sandbox.always(provider, fault.on_pages(2..));
        let broken = list(provider, "");
        shell.sandbox.clear_faults();
        assert_eq!(broken.code, 3, "{case}: {}", broken.stderr);
        let printed = ids(&broken, "tsv");
        assert!(
            printed.len() >= 20 && printed.len() < 45,
            "{case}: {} rows",
            printed.len()
        );
        texts.push_str(&entry(&case, &broken));

        let cursor = cursor(&broken, "tsv").expect("the rest is left");
        let rest = list(provider, &format!("--cursor {cursor}"));
        // The cursor is before the page with the repeated token, so that page is requested again.
        let stderr = match kind {
            "walk" => "llama-cloud: 20 sessions received twice, listed once\n",
            _ => "",
        };
        assert_eq!((rest.code, rest.stderr.as_str()), (0, stderr), "{case}");
        let expected = &whole[usize::from(provider == llama)];
        assert_eq!(&[printed, ids(&rest, "tsv")].concat(), expected, "{case}");
    }
    snapshot("kinds", &texts);
}

#[test]
fn a_failed_list_is_valid_in_its_format_and_the_cursor_continues() {
    let shell = Shell::start_with(Sandbox::builder().llama_cloud_sessions(45));
    let list = |format: &str, arguments: &str| {
        let arguments = format!("--provider llama-cloud --all -o {format} {arguments}");
        run(shell.command(&arguments).env("COLUMNS", "400"))
    };
    let formats = ["table", "csv", "json", "ndjson"].map(|format| (format, ids(&list(format, ""), format)));
    // One fault of each kind, at the provider without a rate limit.
    let mut seen: Vec<&str> = Vec::new();
    for (provider, name, fault, kind, code) in rows() {
        if provider != Provider::LlamaCloud || seen.contains(&kind) {
            continue;
        }
        seen.push(kind);
        // Each kind in one format, and each format with several kinds.
        let chosen = formats.iter().enumerate();
        let chosen = chosen.filter(|(index, _)| all_cases() || index % formats.len() == seen.len() % formats.len());
        for (_, (format, whole)) in chosen {
            let case = format!("{kind}, {name}, -o {format}");
            if kind != "walk" {
                shell.sandbox.always(Provider::LlamaCloud, fault.clone());
                let ran = list(format, "");
                assert_eq!((ran.code, ids(&ran, format)), (code, vec![]), "{case}");
            }
            shell.sandbox.clear_faults();
            shell.sandbox.always(Provider::LlamaCloud, fault.clone().on_pages(2..));
            let broken = list(format, "");
            shell.sandbox.clear_faults();
            let printed = ids(&broken, format);
            assert_eq!(broken.code, 3, "{case}: {}", broken.stderr);
            assert!(
                printed.len() >= 20 && printed.len() < 45,
                "{case}: {} rows",
                printed.len()
            );
            if matches!(*format, "json" | "ndjson") {
                let records: Vec<_> = broken.stderr.lines().map(crate::support::parsed).collect();
                assert_eq!(text(&records[0]["error"]["kind"]), kind, "{case}");
            } else {
                assert!(
                    broken.stderr.starts_with("error: llama-cloud: "),
                    "{case}: {}",
                    broken.stderr
                );
            }
            let cursor = cursor(&broken, format).expect("the rest is left");
            let rest = list(format, &format!("--cursor {cursor}"));
            assert_eq!(rest.code, 0, "{case}");
            assert_eq!(&[printed, ids(&rest, format)].concat(), whole, "{case}");
        }
    }
    assert_eq!(seen.len(), 12, "{seen:?}");
}

#[test]
fn errors_before_any_request_have_their_message_and_their_exit_code() {
    let shell = Shell::start();
    let elsewhere =
        cursor(&shell.list("--provider llama-cloud --limit 3 --show-cursor"), "tsv").expect("something is left");
    shell.sandbox.forget_requests();
    let mut texts = String::new();
    for (case, change, code) in [
        ("config, a base URL", ("LLAMA_CLOUD_BASE_URL", "ftp://127.0.0.1"), 8),
        ("config, a key", ("MEMORIES_AI_API_KEY", "Bearer planted"), 8),
        ("auth, no key", ("LLAMA_CLOUD_API_KEY", ""), 4),
        (
            "config, a scope with control characters",
            ("MEMORIES_AI_UNIQUE_ID", "a\nb\u{1b}[31m"),
            8,
        ),
    ] {
        let ran = run(shell
            .command("--provider memories-ai --provider llama-cloud")
            .env(change.0, change.1)
            .env("TZ", "UTC"));
        assert_eq!((ran.code, ran.stdout.as_str()), (code, ""), "{case}: {}", ran.stderr);
        texts.push_str(&entry(case, &ran));
    }
    let ran = shell.list(&format!("--provider memories-ai --cursor {elsewhere}"));
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{}", ran.stderr);
    texts.push_str(&entry("cursor, of another list", &ran));
    snapshot("kinds_before_any_request", &texts);
    let providers = shell
        .sandbox
        .requests()
        .into_iter()
        .filter_map(|request| request.provider);
    assert!(providers.into_iter().all(|provider| provider == Provider::LlamaCloud));
}

#[test]
fn a_closed_port_is_a_connection_error() {
    let ran = run(program().args(["list", "--attempts", "1"]).envs([
        ("LLAMA_CLOUD_API_KEY", crate::support::LLAMA_KEY.to_owned()),
        ("LLAMA_CLOUD_BASE_URL", "http://127.0.0.1:9".to_owned()),
    ]));
    assert_eq!((ran.code, ran.stdout.as_str()), (6, ""));
    assert!(
        ran.stderr
            .starts_with("error: llama-cloud: cannot connect to 127.0.0.1:9: "),
        "{}",
        ran.stderr
    );
}
