//! Exit codes of partial lists, usage errors and help. `error_kinds.rs` has those of each kind of
//! error.

use chat_sessions_sandbox::{Fault, Provider};

use crate::support::{LLAMA_KEY, MEMORIES_KEY, Shell, chat_sessions, run, text};

#[test]
fn a_rejected_key_exits_with_4() {
    let shell = Shell::start();
    let ran = run(shell
        .command("")
        .env("LLAMA_CLOUD_API_KEY", "llx-planted-wrong")
        .args(["--provider", "llama-cloud"]));
    assert_eq!(ran.code, 4);
    assert!(ran.stderr.contains("LLAMA_CLOUD_API_KEY"), "{}", ran.stderr);
}

#[test]
fn a_key_that_the_provider_repeats_in_its_error_is_redacted() {
    let shell = Shell::start();
    for (provider, key) in [(Provider::MemoriesAi, MEMORIES_KEY), (Provider::LlamaCloud, LLAMA_KEY)] {
        let fault = Fault::status(401).with_message(format!("incorrect key: {key}"));
        shell.sandbox.always(provider, fault.with_header("x-request-id", key));
        for format in ["table", "json"] {
            let ran = shell.list(&format!("--provider {provider} -o {format}"));
            assert!(ran.stderr.contains("incorrect key: [redacted]"), "{}", ran.stderr);
        }
    }
}

#[test]
fn if_one_provider_fails_the_sessions_of_the_other_are_printed_and_the_exit_is_partial() {
    let shell = Shell::start();
    for (failing, other, rows) in [
        (Provider::MemoriesAi, "llama-cloud", 112),
        (Provider::LlamaCloud, "memories-ai", 137),
    ] {
        for format in ["table", "tsv", "csv", "json", "ndjson"] {
            shell.sandbox.clear_faults();
            shell.sandbox.always(failing, Fault::status(500));
            let ran = shell.list(&format!("--all -o {format}"));
            assert_eq!(ran.code, 3, "{format}");
            assert!(ran.stdout.matches(other).count() >= rows, "{format}");
            assert!(ran.stderr.contains(&failing.to_string()), "{format}: {}", ran.stderr);
            // The error, and the cursor unless the JSON document contains it.
            let lines: Vec<&str> = ran.stderr.lines().collect();
            assert_eq!(
                lines.len(),
                if format == "json" { 1 } else { 2 },
                "{format}: {}",
                ran.stderr
            );
            let has_cursor = |line: &&str| line.contains("cursor") && line.contains("cs2_");
            assert!(lines[1..].iter().all(has_cursor), "{format}: {}", ran.stderr);
        }
    }
}

#[test]
fn a_skipped_item_makes_the_list_partial_and_is_reported() {
    let shell = Shell::start();
    shell.sandbox.always(
        Provider::LlamaCloud,
        Fault::raw(
            200,
            "application/json",
            r#"{"items":[{"session_id":"a"},{"session_id":7}]}"#,
        ),
    );
    let ran = shell.list("--provider llama-cloud");
    assert_eq!((ran.code, ran.stdout.lines().count()), (3, 1));
    assert!(
        ran.stderr.contains("skipped 1 invalid item") && ran.stderr.contains("/items/1"),
        "{}",
        ran.stderr
    );
}

#[test]
fn errors_are_text_or_json_depending_on_the_format() {
    let shell = Shell::start();
    shell.sandbox.always(
        Provider::LlamaCloud,
        Fault::status(429)
            .with_header("retry-after", "2")
            .with_header("x-request-id", "r-7"),
    );
    for format in ["table", "tsv", "csv"] {
        let stderr = shell.list(&format!("--provider llama-cloud -o {format}")).stderr;
        assert!(stderr.starts_with("error: llama-cloud: "), "{stderr}");
        assert!(
            stderr.contains("HTTP 429") && stderr.contains("r-7") && stderr.contains("2 s"),
            "{stderr}"
        );
    }
    for format in ["json", "ndjson"] {
        let error = &shell.list(&format!("--provider llama-cloud -o {format}")).errors()[0];
        assert_eq!((&error["status"], &error["retry_after"]), (&429.into(), &2.0.into()));
        assert_eq!(text(&error["request_id"]), "r-7");
    }
}

#[test]
fn invalid_arguments_are_usage_errors() {
    for arguments in [
        &[][..],
        &["--bogus"],
        &["list", "--limit", "0"],
        &["list", "--limit", "-1"],
        &["list", "--page-size", "0"],
        &["list", "--limit", "5", "--all"],
        &["list", "--cursor"],
        &["list", "--read-ahead", "33"],
        &["list", "--read-ahead", "-1"],
        &["list", "--order", "oldest"],
        &["list", "-o", "yaml"],
        &["list", "--provider", "memories"],
        &["list", "extra"],
    ] {
        let ran = chat_sessions(arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(!ran.stderr.is_empty());
    }
}

#[test]
fn help_exits_with_0_and_lists_the_exit_codes() {
    let help = chat_sessions(&["list", "--help"]).ok();
    for word in [
        "Examples:",
        "--sandbox",
        "LLAMA_CLOUD_API_KEY",
        "--cursor",
        "Exit codes:",
        "3    partial",
    ] {
        assert!(help.contains(word), "{word} is not in:\n{help}");
    }
    assert!(help.lines().all(|line| line.chars().count() <= 80));
    assert!(chat_sessions(&["--version"]).ok().starts_with("chat-sessions 0."));
}
