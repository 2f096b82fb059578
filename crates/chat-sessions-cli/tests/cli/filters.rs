//! `--since`, `--until` and `--title`: which sessions are printed, how far the lists are read, and
//! how filters work with limits and cursors.

use chat_sessions_sandbox::{Fault, Provider, Sandbox};
use serde_json::Value;

use crate::support::{Ran, Shell, chat_sessions, cursor, pairs, program, run, text};

const ORDERS: [&str; 3] = ["newest", "source", "arrival"];

/// A shell whose Memories.ai has three pages instead of seven: the rate limit of 5 requests per
/// second makes long lists slow.
fn shell() -> Shell {
    Shell::start_with(Sandbox::builder().memories_ai_page_size(60))
}

/// Returns the time that a session is filtered by, as text in sortable form.
fn time(session: &Value) -> Option<String> {
    let at = ["updated_at", "created_at"]
        .iter()
        .find_map(|field| session[field]["at"].as_str())?;
    let (seconds, fraction) = at
        .trim_end_matches('Z')
        .split_once('.')
        .unwrap_or((at.trim_end_matches('Z'), ""));
    Some(format!("{seconds}.{fraction:0<9}"))
}

fn id(session: &Value) -> String {
    format!("{}:{}", text(&session["provider"]), text(&session["id"]))
}

/// Returns the ids of the sessions that match a condition.
fn filtered(whole: &Ran, wanted: impl Fn(&Value) -> bool) -> Vec<String> {
    whole
        .sessions()
        .iter()
        .filter(|session| wanted(session))
        .map(id)
        .collect()
}

#[test]
fn since_and_until_select_the_same_sessions_in_every_order() {
    let shell = shell();
    for order in ORDERS {
        let whole = shell.list(&format!("--all --order {order} -o ndjson"));
        for (arguments, from, to) in [
            ("--since 2026-04-20", "2026-04-20", "9999"),
            ("--since 2026-04-20T02:22:52.890Z", "2026-04-20T02:22:52.890", "9999"),
            ("--until 2026-03-31", "0000", "2026-04-01"),
            ("--since 2026-04-01 --until 2026-04-10", "2026-04-01", "2026-04-11"),
            (
                "--since 2026-04-01T12:00+02:00 --until 2026-04-02",
                "2026-04-01T10:00",
                "2026-04-03",
            ),
            ("--since 9999-01-01", "9999-01-01", "9999-02"),
            ("--since 200y", "0000", "9999"),
        ] {
            let ran = shell.list(&format!("{arguments} --all --order {order} -o ndjson"));
            let expected = filtered(&whole, |session| {
                time(session).is_some_and(|time| time.as_str() >= from && time.as_str() < to)
            });
            let case = format!("{arguments} --order {order}");
            assert_eq!((ran.code, ran.stderr.is_empty()), (0, !expected.is_empty()), "{case}");
            if order == "arrival" {
                let sorted = crate::support::sorted;
                assert_eq!(sorted(ran.ids()), sorted(expected), "{case}");
            } else {
                assert_eq!(ran.ids(), expected, "{case}");
            }
        }
    }
}

#[test]
fn since_and_until_include_the_exact_time() {
    let shell = shell();
    let session = shell.list("--provider memories-ai --limit 1 -o ndjson").sessions()[0].clone();
    let at = text(&session["created_at"]["at"]).to_owned();
    let ran = shell.list(&format!("--since {at} --until {at} --all -o ndjson"));
    assert_eq!(ran.ids(), [id(&session)]);
}

#[test]
fn a_time_without_a_zone_is_local_time() {
    let shell = shell();
    let whole = shell.list("--all -o ndjson");
    for (zone, from) in [
        ("UTC", "2026-04-20T12:00"),
        ("Asia/Tokyo", "2026-04-20T03:00"),
        ("America/New_York", "2026-04-20T16:00"),
    ] {
        let mut command = shell.command("--all -o ndjson --since 2026-04-20T12:00");
        let expected = filtered(&whole, |session| {
            time(session).is_some_and(|time| time.as_str() >= from)
        });
        assert_eq!(run(command.env("TZ", zone)).ids(), expected, "{zone}");
    }
}

#[test]
fn only_a_list_sorted_by_time_stops_at_since() {
    let shell = Shell::start();
    let ran = shell.list("--all --since 2026-04-20 --stats -o json");
    assert_eq!(shell.sandbox.request_count(Provider::MemoriesAi), 1, "of 7 pages");
    assert_eq!(shell.sandbox.request_count(Provider::LlamaCloud), 6, "all pages");
    let document = crate::support::parsed(&ran.stdout);
    // All requested sessions are there, so there is no cursor.
    assert_eq!(
        (&document["complete"], &document["next_cursor"]),
        (&true.into(), &Value::Null)
    );
    assert!(ran.stderr.contains(r#""ended":"old-enough""#), "{}", ran.stderr);
}

#[test]
fn a_page_out_of_order_does_not_stop_the_list() {
    let shell = shell();
    // The last session is old, but a session in the middle is newer than the one before it.
    let body = r#"{"code":"0000","msg":"success","success":true,"failed":false,"data":
        {"current_page":1,"page_size":3,"total_count":"140","sessions":[
        {"sessionId":"588888888888888880","title":"a"},{"sessionId":"702135219382493020","title":"b"},
        {"sessionId":"588888888888888870","title":"c"}]}}"#;
    shell
        .sandbox
        .next(Provider::MemoriesAi, Fault::raw(200, "application/json", body));
    let ran = shell.list("--provider memories-ai --all --since 2026-04-22 -o ndjson");
    assert!(
        shell.sandbox.request_count(Provider::MemoriesAi) > 1,
        "the list continues"
    );
    assert!(ran.ids().len() > 1, "{ran:?}");
}

#[test]
fn title_matches_a_regular_expression() {
    let shell = shell();
    let whole = shell.list("--all -o ndjson");
    type Wanted = fn(&str) -> bool;
    let cases: [(&str, Wanted); 6] = [
        ("video", |title| title.to_lowercase().contains("video")),
        ("VIDEO", |title| title.contains("VIDEO")),
        ("(?i)VIDEO", |title| title.to_lowercase().contains("video")),
        ("^Explain", |title| title.starts_with("Explain")),
        ("section [0-9]+", |title| title.contains("section 4")),
        ("no such title", |_| false),
    ];
    for (pattern, wanted) in cases {
        let mut command = shell.command("--all -o ndjson --title");
        let ran = run(command.arg(pattern));
        let expected = filtered(&whole, |session| session["title"].as_str().is_some_and(wanted));
        assert_eq!(
            (ran.code, ran.stderr.is_empty(), ran.ids()),
            (0, !expected.is_empty(), expected),
            "{pattern}"
        );
    }
}

#[test]
fn a_limit_counts_matching_sessions_and_the_cursor_continues_after_them() {
    let shell = shell();
    let filters = ["--title video", "--since 2026-03-01 --title a", "--until 2026-04-01"];
    let orders = ["newest", "source"];
    for (filter, order) in pairs(&filters, &orders) {
        let case = format!("{filter} --order {order}");
        let whole = shell.list(&format!("--all {case} -o ndjson")).ids();
        assert!(whole.len() > 8, "{case}: {}", whole.len());
        let mut joined = Vec::new();
        let mut from = String::new();
        loop {
            let ran = shell.list(&format!("--limit 7 {case} {from} -o ndjson"));
            joined.extend(ran.ids());
            assert!(joined.len() <= whole.len(), "{case}");
            let Some(cursor) = cursor(&ran, "ndjson") else { break };
            assert_eq!(ran.ids().len(), 7, "{case}");
            assert!(
                ran.stderr.contains("7 sessions shown, there may be more"),
                "{}",
                ran.stderr
            );
            from = format!("--cursor {cursor}");
        }
        assert_eq!(joined, whole, "{case}");
    }
}

#[test]
fn after_a_failure_the_cursor_continues_a_filtered_list_too() {
    let shell = shell();
    let whole = shell.list("--all --title a -o ndjson").ids();
    shell
        .sandbox
        .always(Provider::LlamaCloud, Fault::status(503).on_pages(3..));
    let first = shell.list("--all --title a -o ndjson");
    shell.sandbox.clear_faults();
    let cursor = cursor(&first, "ndjson").expect("something is left");
    let rest = shell.list(&format!("--all --title a -o ndjson --cursor {cursor}"));
    assert_eq!((first.code, rest.code), (3, 0));
    let sorted = crate::support::sorted;
    assert_eq!(sorted([first.ids(), rest.ids()].concat()), sorted(whole));
}

#[test]
fn sessions_without_a_time_are_skipped_and_counted() {
    let body = r#"{"items":[{"session_id":"a","generated_title":"old"},{"session_id":"b","generated_title":"x"},
        {"session_id":"c","generated_title":"old","last_updated_at":"2026-01-01T00:00:00"}]}"#;
    let shell = shell();
    shell
        .sandbox
        .always(Provider::LlamaCloud, Fault::raw(200, "application/json", body));
    let list = |arguments: &str| shell.list(&format!("--provider llama-cloud {arguments}"));
    for (arguments, ids, stderr) in [
        (
            "--since 2020-01-01",
            vec!["llama-cloud:c"],
            "skipped 2 sessions without a time to compare with --since or --until\n",
        ),
        (
            "--until 2020-01-01 --title old",
            vec![],
            "skipped 1 session without a time to compare with --since or --until\n\
             no session matches; 3 sessions read, the newest from 2026-01-01 00:00\n",
        ),
        ("--title old", vec!["llama-cloud:a", "llama-cloud:c"], ""),
        ("--since 2020-01-01 -q", vec!["llama-cloud:c"], ""),
    ] {
        let ran = list(&format!("{arguments} --order source"));
        assert_eq!((ran.code, ran.stderr.as_str()), (0, stderr), "{arguments}");
        assert_eq!(
            crate::support::sorted(crate::support::ids(&ran, "tsv")),
            ids,
            "{arguments}"
        );
    }
    let stderr = list("--since 2020-01-01 -o json").stderr;
    let notice = &crate::support::parsed(&stderr)["notice"];
    assert_eq!(text(&notice["kind"]), "no-time");
}

#[test]
fn an_invalid_time_or_expression_is_a_usage_error_with_a_reason() {
    for (arguments, reason) in [
        (["--since", "someday"], "expected a date (2026-04-22,"),
        (["--since", "1m"], "write 1mo or 1min"),
        (["--until", "2026-02-30"], "this date does not exist"),
        (["--since", "-7d"], "write an age without a sign"),
        (["--title", "("], "unclosed group"),
        (["--limit", "-1"], "at least 1; --all shows all sessions"),
        (["--limit", "0"], "at least 1; --all shows all sessions"),
        (["--page-timeout", "-3"], "from 1 to 86400"),
    ] {
        let [name, value] = arguments;
        for arguments in [
            vec![format!("{name}={value}")],
            arguments.map(ToOwned::to_owned).to_vec(),
        ] {
            let ran = run(program().args(["list", "--sandbox"]).args(&arguments));
            assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{arguments:?}");
            assert!(
                ran.stderr.contains(reason) && ran.stderr.contains(name),
                "{}",
                ran.stderr
            );
        }
    }
    let ran = chat_sessions(&["list", "--sandbox", "--since", "2026-04-02", "--until", "2026-04-01"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("--since is later than --until"), "{}", ran.stderr);
}

#[test]
fn verbose_output_says_how_a_time_was_understood() {
    let list = |arguments: &str| {
        let list = ["list", "--sandbox", "--limit", "1"];
        let ran = run(program()
            .args(list)
            .args(arguments.split(' '))
            .env("TZ", "Europe/Berlin"));
        let lines = ran.stderr.lines().take_while(|line| line.contains("means"));
        lines.map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(
        list("-v --since 7d --until 2026-04-22"),
        [
            "--since 7d means 2026-04-16 02:00:00 CEST or later",
            "--until 2026-04-22 means 2026-04-22 23:59:59 CEST or earlier",
        ]
    );
    assert!(list("--since 7d").is_empty() && list("-q -v --since 7d").is_empty());
    let json = list("-v -o json --since yesterday");
    let notice = &crate::support::parsed(&json[0])["notice"];
    assert_eq!(text(&notice["kind"]), "time");
}
