//! Options that select and order sessions: limits, page sizes, providers, orders; and `--fail-fast`
//! and `-q`.

use chat_sessions_sandbox::{Fault, Provider, Sandbox};
use serde_json::Value;

use crate::support::{Ran, Shell, cursor, ids, parsed, run, sorted};

fn providers(ran: &Ran) -> Vec<String> {
    let mut names: Vec<String> = ran
        .ids()
        .iter()
        .filter_map(|id| id.split_once(':').map(|(provider, _)| provider.to_owned()))
        .collect();
    names.sort();
    names.dedup();
    names
}

#[test]
fn a_limit_is_applied_and_stderr_says_that_there_is_more() {
    let shell = Shell::start();
    for (arguments, printed) in [("", 50), ("--limit 1", 1), ("--limit 248", 248)] {
        let ran = shell.list(&format!("{arguments} -o ndjson"));
        assert_eq!((ran.code, ran.ids().len()), (0, printed));
        let sessions = if printed == 1 { "session" } else { "sessions" };
        let message = format!("{printed} {sessions} shown, more available");
        let stderr = parsed(&ran.stderr);
        let notice = serde_json::json!({"kind": "limit", "message": message, "provider": null, "scope": null});
        assert_eq!(stderr["notice"], notice);
        assert!(
            stderr["next_cursor"]
                .as_str()
                .is_some_and(|cursor| cursor.starts_with("cs2_"))
        );

        let document = shell.list(&format!("{arguments} -o json"));
        let stderr = parsed(&document.stderr);
        assert_eq!(
            stderr,
            serde_json::json!({ "notice": notice }),
            "the document contains the cursor"
        );
        for format in ["table", "tsv", "csv"] {
            let stderr = shell.list(&format!("{arguments} -o {format}")).stderr;
            let short = "more available; use a larger --limit or --all";
            assert_eq!(stderr, format!("{printed} {sessions} shown, {short}\n"));
            let stderr = shell.list(&format!("{arguments} --show-cursor -o {format}")).stderr;
            let words: Vec<&str> = stderr.split("cs2_").collect();
            assert_eq!(words.len(), 2, "one cursor: {stderr}");
            assert_eq!(
                words[0],
                format!("{printed} {sessions} shown, more available; continue with --cursor ")
            );
            assert!(
                words[1].ends_with(" or use --all\n") && words[1].lines().count() == 1,
                "{stderr}"
            );
        }
    }
}

#[test]
fn a_limit_above_the_total_prints_no_notice() {
    let shell = Shell::start();
    for limit in [249, 250, 5000] {
        let ran = shell.list(&format!("--limit {limit} -o ndjson"));
        assert_eq!((ran.code, ran.ids().len(), ran.stderr.as_str()), (0, 249, ""));
    }
}

#[test]
fn a_limit_at_the_end_of_a_page_says_there_may_be_more_unless_it_is_certain() {
    let shell = Shell::start_with(Sandbox::builder().memories_ai_sessions(40).llama_cloud_sessions(40));
    for (arguments, expected) in [
        // The total is reached, but only an empty page would prove the end.
        (
            "--provider memories-ai --limit 40",
            "40 sessions shown, there may be more",
        ),
        // The total is not reached.
        ("--provider memories-ai --limit 20", "20 sessions shown, more available"),
        // There is a page token, but its page may be empty.
        (
            "--provider llama-cloud --limit 20",
            "20 sessions shown, there may be more",
        ),
        ("--provider llama-cloud --limit 40", ""),
    ] {
        shell.sandbox.forget_requests();
        let ran = shell.list(&format!("{arguments} -o tsv"));
        let stderr = ran.stderr.split(';').next().unwrap_or_default().trim_end();
        assert_eq!(stderr, expected, "{arguments}");
        let pages = ran.stdout.lines().count() / 20;
        assert_eq!(
            shell.sandbox.requests().len(),
            pages,
            "no page is fetched only to find out"
        );
    }
}

#[test]
fn a_page_size_changes_the_requests_and_not_the_list() {
    let shell = Shell::start();
    for (arguments, size) in [("--all", "1000"), ("--limit 50", "50"), ("--limit 3", "3")] {
        shell.list(&format!("--provider llama-cloud {arguments}"));
        let requests = shell.sandbox.requests();
        assert!(
            requests
                .iter()
                .all(|request| request.parameter("page_size") == Some(size)),
            "{arguments}"
        );
        shell.sandbox.forget_requests();
    }
    let ordinary = shell.list("--provider llama-cloud --all -o ndjson").ids();
    shell.sandbox.forget_requests();
    let small = shell.list("--provider llama-cloud --all --page-size 7 -o ndjson").ids();
    assert_eq!(small, ordinary);
    assert_eq!(shell.sandbox.request_count(Provider::LlamaCloud), 112 / 7);
    for request in shell.sandbox.requests() {
        assert_eq!(request.parameter("page_size"), Some("7"));
    }
}

#[test]
fn only_the_selected_providers_get_requests() {
    let shell = Shell::start();
    for (arguments, expected) in [
        ("--provider memories-ai", &["memories-ai"][..]),
        ("--provider llama-cloud", &["llama-cloud"]),
        ("--provider llama-cloud --provider llama-cloud", &["llama-cloud"]),
        (
            "--provider llama-cloud --provider memories-ai",
            &["llama-cloud", "memories-ai"],
        ),
        ("", &["llama-cloud", "memories-ai"]),
    ] {
        for sandbox in ["", "--sandbox"] {
            shell.sandbox.forget_requests();
            let ran = shell.list(&format!("{arguments} {sandbox} -o ndjson"));
            assert_eq!(
                (ran.code, providers(&ran)),
                (0, expected.iter().map(ToString::to_string).collect())
            );
            for provider in [Provider::MemoriesAi, Provider::LlamaCloud] {
                let has_requests = shell.sandbox.request_count(provider) > 0;
                let wanted = sandbox.is_empty() && expected.contains(&provider.to_string().as_str());
                assert_eq!(has_requests, wanted, "{arguments} {sandbox}: {provider}");
            }
        }
    }
}

/// Returns the time that a session is sorted by, as text in sortable form; empty if there is none.
fn time(session: &Value) -> String {
    let at = ["updated_at", "created_at"]
        .iter()
        .find_map(|field| session[field]["at"].as_str());
    let Some(at) = at.map(|at| at.trim_end_matches('Z')) else {
        return String::new();
    };
    let (seconds, fraction) = at.split_once('.').unwrap_or((at, ""));
    format!("{seconds}.{fraction:0<9}")
}

#[test]
fn newest_sorts_across_both_providers() {
    let shell = Shell::start();
    let ran = shell.list("--all --order newest -o ndjson");
    let times: Vec<String> = ran.sessions().iter().map(time).collect();
    assert!(times.is_sorted_by(|newer, older| newer >= older));
    assert_eq!(ran.stdout, shell.list("--all -o ndjson").stdout, "it is the default");
}

#[test]
fn a_session_without_a_time_comes_last_under_newest() {
    let shell = Shell::start();
    shell.sandbox.next(
        Provider::LlamaCloud,
        Fault::raw(200, "application/json", r#"{"items":[{"session_id":"timeless"}]}"#),
    );
    let ids = shell.list("--all -o ndjson").ids();
    assert_eq!(ids.len(), 138);
    assert_eq!(ids.last().map(String::as_str), Some("llama-cloud:timeless"));
}

#[test]
fn every_order_lists_the_same_sessions() {
    let shell = Shell::start();
    let expected: Vec<String> = shell.stored().into_iter().map(|(id, _)| id).collect();
    let by_source = shell.list("--all --order source -o ndjson").ids();
    assert_eq!(
        by_source, expected,
        "Memories.ai, then LlamaCloud, each in its own order"
    );
    for order in ["newest", "arrival"] {
        let ids = shell.list(&format!("--all --order {order} -o ndjson")).ids();
        assert_eq!(sorted(ids), sorted(expected.clone()), "{order}");
    }
}

#[test]
fn max_pages_limits_the_requests_and_the_cursor_continues() {
    let shell = Shell::start_with(Sandbox::builder().memories_ai_page_size(60));
    for order in ["newest", "source", "arrival"] {
        for format in ["table", "tsv", "csv", "json", "ndjson"] {
            let list = |arguments: &str| {
                let mut command = shell.command(&format!("--all --order {order} -o {format} {arguments}"));
                run(command.env("COLUMNS", "400"))
            };
            let case = format!("--order {order} -o {format}");
            shell.sandbox.forget_requests();
            let first = list("--max-pages 1 --show-cursor");
            for provider in [Provider::MemoriesAi, Provider::LlamaCloud] {
                assert!(shell.sandbox.request_count(provider) <= 1, "{case}");
            }
            assert_eq!(
                (first.code, first.stderr.lines().count()),
                (0, 1),
                "{case}: {}",
                first.stderr
            );
            assert!(
                first.stderr.contains("sessions shown, more available"),
                "{}",
                first.stderr
            );
            let next = cursor(&first, format).expect("something is left");
            let rest = list(&format!("--cursor {next}"));
            let joined = [ids(&first, format), ids(&rest, format)].concat();
            let expected = shell.stored().into_iter().map(|(id, _)| id).collect();
            assert_eq!(sorted(joined), sorted(expected), "{case}");
        }
    }
    // A list that ends with the last allowed page prints nothing.
    assert_eq!(shell.list("--provider llama-cloud --all --max-pages 6").stderr, "");
}

#[test]
fn fail_fast_ends_the_list_with_the_first_failure() {
    let shell = Shell::start();
    shell.sandbox.always(Provider::LlamaCloud, Fault::status(503));
    let slow = shell.list("--all --order source -o ndjson");
    assert_eq!((slow.code, slow.ids().len()), (3, 137));
    shell
        .sandbox
        .always(Provider::LlamaCloud, Fault::status(503).on_pages(2..));
    let ran = shell.list("--all --order arrival --fail-fast -o ndjson");
    assert!(ran.code == 3 && ran.ids().len() < 137, "{}", ran.ids().len());
    shell.sandbox.clear_faults();
    let next = cursor(&ran, "ndjson").expect("the rest is left");
    let rest = shell.list(&format!("--all --order arrival -o ndjson --cursor {next}"));
    let expected = shell.stored().into_iter().map(|(id, _)| id).collect();
    assert_eq!(sorted([ran.ids(), rest.ids()].concat()), sorted(expected));
}

#[test]
fn quiet_prints_only_errors() {
    let shell = Shell::start();
    let bad_item = chat_sessions_sandbox::Paging::InsertItem { at: 3, item: None };
    shell.sandbox.always(Provider::LlamaCloud, Fault::paging(bad_item));
    for format in ["table", "tsv", "csv", "json", "ndjson"] {
        let ran = shell.list(&format!("--limit 30 -q -o {format}"));
        assert_eq!((ran.code, ran.stderr.as_str()), (3, ""), "{format}");
    }
    shell.sandbox.always(Provider::MemoriesAi, Fault::status(503));
    let ran = shell.list("--limit 30 --quiet");
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
    assert!(ran.stderr.starts_with("error: memories-ai/default: "), "{}", ran.stderr);
}
