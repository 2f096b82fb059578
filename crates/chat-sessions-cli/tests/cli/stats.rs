//! `--stats`: what a list went through, for eyes and for programs.

use std::io::Read;
use std::process::Stdio;
use std::time::Duration;

use chat_sessions_sandbox::{Fault, Paging, Provider};
use serde_json::Value;

use crate::support::{Shell, parsed, wait_until};

/// A list with a duplicate, an item that cannot be understood, and a provider that fails half-way.
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

/// Takes out the times, which differ from run to run.
fn snapshot(name: &str, said: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"\d\.\d s", "_._ s");
    settings.add_filter(r#""(paced|waited)": [\d.]+"#, "\"$1\": [seconds]");
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, said));
}

/// Gives the object that stands last on standard error.
fn stats(stderr: &str) -> Value {
    parsed(stderr.lines().next_back().expect("something is said"))["stats"].clone()
}

#[test]
fn the_statistics_of_an_undisturbed_list() {
    let ran = Shell::start().list("--all --stats");
    snapshot("stats", &ran.stderr);
    assert_eq!((ran.code, ran.stdout.lines().count()), (0, 249));
}

#[test]
fn the_statistics_say_what_came_twice_or_not_at_all_and_who_failed() {
    let ran = eventful().list("--all --stats");
    let table: Vec<&str> = ran
        .stderr
        .lines()
        .skip_while(|line| !line.starts_with("SOURCE"))
        .collect();
    snapshot("stats_eventful", &table.join("\n"));
    assert_eq!(ran.code, 3);
}

#[test]
fn the_statistics_for_programs_are_one_object_that_stands_last() {
    for format in ["json", "ndjson"] {
        let stderr = eventful().list(&format!("--all --stats -o {format}")).stderr;
        let pretty = serde_json::to_string_pretty(&stats(&stderr)).expect("it is JSON");
        snapshot("stats_json", &pretty);
        assert_eq!(stderr.matches("\"stats\"").count(), 1);
    }
}

#[test]
fn sessions_out_of_order_are_counted_where_there_are_any() {
    let shell = Shell::start();
    let body = r#"{"items":[
        {"session_id":"older","last_updated_at":"2026-01-01T00:00:00"},
        {"session_id":"newer","last_updated_at":"2026-02-01T00:00:00"}]}"#;
    shell
        .sandbox
        .always(Provider::LlamaCloud, Fault::raw(200, "application/json", body));
    let said = shell.list("--provider llama-cloud --stats").stderr;
    assert_eq!(said.lines().next_back(), Some("out of order: 1"), "{said}");
    let said = shell.list("--provider llama-cloud --stats -o json").stderr;
    assert_eq!(stats(&said)["out_of_order"], 1);
    // Only a merge by time has an order to break.
    let said = shell.list("--provider llama-cloud --order source --stats").stderr;
    assert!(!said.contains("out of order"), "{said}");
}

#[test]
fn a_list_that_a_limit_ended_says_so_and_who_was_not_asked() {
    let said = Shell::start().list("--limit 5 --order source --stats -o json").stderr;
    let sources = stats(&said)["sources"].clone();
    assert_eq!(
        (&sources[0]["ended"], &sources[1]["ended"]),
        (&"limit".into(), &"not-asked".into())
    );
    assert_eq!((&sources[0]["pages"], &sources[1]["pages"]), (&1.into(), &0.into()));
}

#[test]
fn without_a_list_there_are_no_statistics() {
    let ran = crate::support::chat_sessions(&["list", "--stats"]);
    assert_eq!((ran.code, ran.stderr.lines().count()), (4, 1));
}

#[test]
fn reading_ahead_changes_the_speed_and_not_the_list() {
    let shell = Shell::start();
    let ordinary = shell.list("--all").ok();
    for pages in ["0", "1", "4", "32"] {
        let ran = shell.list(&format!("--all --stats --read-ahead {pages}"));
        assert_eq!(ran.stdout, ordinary, "--read-ahead {pages}");
        assert!(ran.stderr.contains(" exact "), "{}", ran.stderr);
    }
}

#[test]
fn reading_ahead_asks_for_several_pages_at_the_same_time_and_for_no_more_than_it_may() {
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
        // Longer than two requests at the documented pace of 5 a second, in which one more would come.
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
