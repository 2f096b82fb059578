//! `--stats`: statistics of a list as text and as JSON; and `--read-ahead`, which changes only them.

use std::io::Read;
use std::process::Stdio;
use std::time::Duration;

use chat_sessions_sandbox::{Fault, Paging, Provider};
use serde_json::Value;

use crate::support::{Shell, parsed, wait_until};

/// A shell with duplicates, an invalid item, and a provider that fails half-way.
fn eventful() -> Shell {
    let shell = Shell::start();
    let duplicates = Fault::paging(Paging::Duplicates(2)).on_pages(3..=3);
    let bad_item = Paging::InsertItem { at: 3, item: None };
    shell.sandbox.next(Provider::LlamaCloud, Fault::paging(bad_item));
    shell.sandbox.next(Provider::LlamaCloud, Fault::ordinary());
    shell.sandbox.always(Provider::LlamaCloud, Fault::status(503));
    shell.sandbox.always(Provider::MemoriesAi, duplicates);
    shell
}

/// Replaces the times, which differ between runs.
fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    // Whether the last of seven pages has to wait for the rate limit depends on the machine.
    settings.add_filter(r"\n  waited [\d.]+ m?s for the rate limit(; |\n|$)", "\n  ");
    settings.add_filter(r"\n  (\n|$|llama)", "\n$1");
    settings.add_filter(r#""(paced|waited)": [\d.e-]+"#, "\"$1\": [seconds]");
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// Returns the last object on standard error.
fn stats(stderr: &str) -> Value {
    parsed(stderr.lines().next_back().expect("there is a line"))["stats"].clone()
}

#[test]
fn statistics_of_a_list_without_problems() {
    let ran = Shell::start().list("--all --stats");
    snapshot("stats", &ran.stderr);
    assert_eq!((ran.code, ran.stdout.lines().count()), (0, 249));
}

#[test]
fn statistics_count_duplicates_and_invalid_items_and_name_the_failed_source() {
    let ran = eventful().list("--all --stats");
    let table: Vec<&str> = ran
        .stderr
        .lines()
        .skip_while(|line| !line.contains(" pages, "))
        .collect();
    snapshot("stats_eventful", &table.join("\n"));
    assert_eq!(ran.code, 3);
}

#[test]
fn json_statistics_are_the_last_object_on_stderr() {
    for format in ["json", "ndjson"] {
        let stderr = eventful().list(&format!("--all --stats -o {format}")).stderr;
        let pretty = serde_json::to_string_pretty(&stats(&stderr)).expect("it is JSON");
        snapshot("stats_json", &pretty);
        assert_eq!(stderr.matches("\"stats\"").count(), 1);
    }
}

#[test]
fn sessions_out_of_order_are_counted() {
    let shell = Shell::start();
    let body = r#"{"items":[
        {"session_id":"older","last_updated_at":"2026-01-01T00:00:00"},
        {"session_id":"newer","last_updated_at":"2026-02-01T00:00:00"}]}"#;
    shell
        .sandbox
        .always(Provider::LlamaCloud, Fault::raw(200, "application/json", body));
    let stderr = shell.list("--provider llama-cloud --stats").stderr;
    assert_eq!(stderr.lines().next_back(), Some("out of order: 1"), "{stderr}");
    let stderr = shell.list("--provider llama-cloud --stats -o json").stderr;
    assert_eq!(stats(&stderr)["out_of_order"], 1);
    // Only `--order newest` has an order that a session can violate.
    let stderr = shell.list("--provider llama-cloud --order source --stats").stderr;
    assert!(!stderr.contains("out of order"), "{stderr}");
}

#[test]
fn statistics_show_the_limit_and_sources_without_requests() {
    let stderr = Shell::start().list("--limit 5 --order source --stats -o json").stderr;
    let sources = stats(&stderr)["sources"].clone();
    assert_eq!(
        (&sources[0]["ended"], &sources[1]["ended"]),
        (&"limit".into(), &"not-asked".into())
    );
    assert_eq!((&sources[0]["pages"], &sources[1]["pages"]), (&1.into(), &0.into()));
}

#[test]
fn a_list_that_does_not_start_has_no_statistics() {
    let ran = crate::support::chat_sessions(&["list", "--stats"]);
    assert_eq!((ran.code, ran.stderr.lines().count()), (4, 1));
}

#[test]
fn read_ahead_does_not_change_the_list() {
    let shell = Shell::start();
    let ordinary = shell.list("--all").ok();
    for pages in ["0", "1", "4", "32"] {
        let ran = shell.list(&format!("--all --stats --read-ahead {pages}"));
        assert_eq!(ran.stdout, ordinary, "--read-ahead {pages}");
        assert!(ran.stderr.contains(" exact; "), "{}", ran.stderr);
    }
}

#[test]
fn read_ahead_limits_the_concurrent_requests() {
    let shell = Shell::start();
    for pages in [0, 3] {
        shell.sandbox.forget_requests();
        let held = Fault::ordinary().with_hold();
        shell.sandbox.always(Provider::MemoriesAi, held.on_pages(2..));
        let mut child = shell
            .command(&format!("--provider memories-ai --all --read-ahead {pages}"))
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let at_once = pages.max(1);
        wait_until(|| shell.sandbox.counters(Provider::MemoriesAi).in_progress == at_once);
        // Longer than two requests take at 5 per second, so that one request too many would arrive.
        std::thread::sleep(Duration::from_millis(500));
        shell.sandbox.clear_faults();
        let mut listed = String::new();
        let mut stdout = child.stdout.take().expect("it is piped");
        stdout.read_to_string(&mut listed).expect("it is UTF-8");
        assert!(child.wait().expect("it ends").success());
        assert_eq!(listed.lines().count(), 137);
        let together = shell.sandbox.counters(Provider::MemoriesAi).most_in_progress;
        assert_eq!(together, at_once, "--read-ahead {pages}");
    }
}
