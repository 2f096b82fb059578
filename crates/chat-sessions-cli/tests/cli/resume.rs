//! `--cursor`: continuing a list, and cursors that are rejected.

use std::collections::HashSet;

use chat_sessions_sandbox::{Fault, Provider};

use crate::support::{FORMATS, Ran, Shell, chat_sessions, cursor, ids, in_parallel, pairs, parsed, run, sorted};

const ORDERS: [&str; 3] = ["newest", "source", "arrival"];
const BOTH: [Provider; 2] = [Provider::MemoriesAi, Provider::LlamaCloud];

/// Runs a list in one format, with a width at which nothing is truncated.
fn list(shell: &Shell, arguments: &str, format: &str) -> Ran {
    run(shell.command(arguments).args(["-o", format]).env("COLUMNS", "400"))
}

/// A shell whose Memories.ai has three pages instead of seven: the rate limit of 5 requests per
/// second makes long lists slow.
fn shell_with_three_pages() -> Shell {
    Shell::start_with(chat_sessions_sandbox::Sandbox::builder().memories_ai_page_size(60))
}

/// Sorts by provider, and keeps the order within each provider.
fn by_provider(mut ids: Vec<String>) -> Vec<String> {
    ids.sort_by_key(|id| id.split_once(':').map(|(provider, _)| provider.to_owned()));
    ids
}

#[test]
fn two_runs_joined_by_a_cursor_equal_one_run() {
    let shell = shell_with_three_pages();
    in_parallel(pairs(&ORDERS, &FORMATS), |(order, format)| {
        let whole = list(&shell, &format!("--all --order {order}"), format);
        for (cut, how) in [
            (1, ""),
            (10, "--read-ahead 0"),
            (50, "--read-ahead 4"),
            (140, "--page-size 7"),
            (248, ""),
        ] {
            let case = format!("--order {order} {how}");
            let first = list(&shell, &format!("--limit {cut} --show-cursor {case}"), format);
            let cursor = cursor(&first, format).expect("something is left");
            let rest = list(&shell, &format!("--all {case} --cursor {cursor}"), format);
            assert_eq!((first.code, rest.code), (0, 0), "{case} -o {format}: {rest:?}");
            assert_eq!(rest.stderr, "", "{case} -o {format}");

            let joined = [ids(&first, format), ids(&rest, format)].concat();
            assert_eq!(ids(&first, format).len(), cut, "{case} -o {format}");
            if order == "arrival" {
                let expected = by_provider(ids(&whole, format));
                assert_eq!(by_provider(joined), expected, "{case} -o {format} after {cut}");
            } else {
                assert_eq!(joined, ids(&whole, format), "{case} -o {format} after {cut}");
            }
        }
    });
}

#[test]
fn repeated_resuming_reaches_the_end_which_has_no_cursor() {
    let shell = Shell::start();
    let expected = ids(&list(&shell, "--all", "json"), "json");
    let mut joined = Vec::new();
    let mut from = String::new();
    for step in 1.. {
        let ran = list(&shell, &format!("--limit 37 {from}"), "json");
        joined.extend(ids(&ran, "json"));
        let document = parsed(&ran.stdout);
        let at_end = joined.len() == expected.len();
        assert_eq!(document["complete"], at_end, "step {step}");
        assert_eq!(document["next_cursor"].is_null(), at_end, "step {step}");
        let Some(cursor) = cursor(&ran, "json") else {
            assert_eq!(ran.stderr, "");
            break;
        };
        from = format!("--cursor {cursor}");
    }
    assert_eq!(joined, expected);
}

#[test]
fn after_a_failure_the_cursor_returns_exactly_the_remaining_sessions() {
    let cases = BOTH
        .into_iter()
        .flat_map(|failing| pairs(&ORDERS, &FORMATS).into_iter().map(move |case| (failing, case)));
    in_parallel(cases, |(failing, (order, format))| {
        let shell = shell_with_three_pages();
        let expected = by_provider(ids(&list(&shell, "--all --order source", "ndjson"), "ndjson"));
        let case = format!("{failing} fails, --order {order} -o {format}");
        shell.sandbox.next(failing, Fault::ordinary());
        shell.sandbox.next(failing, Fault::ordinary());
        shell.sandbox.always(failing, Fault::status(503));
        let broken = list(&shell, &format!("--all --order {order}"), format);
        shell.sandbox.clear_faults();
        assert_eq!(broken.code, 3, "{case}");
        let lines: Vec<&str> = broken.stderr.lines().collect();
        assert!(lines[0].contains(&failing.to_string()), "{case}: {lines:?}");

        let cursor = cursor(&broken, format).expect("the rest is left");
        let last = match format {
            "json" => None,
            "ndjson" => Some(format!(r#"{{"next_cursor":"{cursor}"}}"#)),
            _ => Some(format!("continue with --cursor {cursor}")),
        };
        let wanted: Vec<&str> = last.iter().map(String::as_str).collect();
        assert_eq!(lines[1..], wanted, "{case}");

        let rest = list(&shell, &format!("--all --order {order} --cursor {cursor}"), format);
        assert_eq!((rest.code, rest.stderr.as_str()), (0, ""), "{case}");
        let joined = [ids(&broken, format), ids(&rest, format)].concat();
        assert_eq!(by_provider(joined), expected, "{case}");
    });
}

#[test]
fn a_failure_at_the_start_prints_no_cursor() {
    let shell = Shell::start();
    let first = list(&shell, "--limit 30", "ndjson");
    let cursor = cursor(&first, "ndjson").expect("something is left");
    for provider in BOTH {
        shell.sandbox.always(provider, Fault::status(503));
    }
    for arguments in [String::new(), format!("--cursor {cursor}")] {
        for format in FORMATS {
            let ran = list(&shell, &arguments, format);
            assert_eq!(
                (ran.code, ran.stderr.lines().count()),
                (6, 2),
                "{arguments} -o {format}"
            );
            assert!(
                !ran.stderr.contains("cursor"),
                "the same command continues: {}",
                ran.stderr
            );
        }
    }
    shell.sandbox.clear_faults();
}

#[test]
fn a_limit_reached_despite_a_failed_provider_prints_one_cursor_for_both() {
    let shell = Shell::start();
    shell.sandbox.next(Provider::LlamaCloud, Fault::status(503));
    let first = list(&shell, "--limit 60 --show-cursor", "tsv");
    assert_eq!((first.code, first.stderr.lines().count()), (3, 2), "{}", first.stderr);
    let cursor = cursor(&first, "tsv").expect("something is left");
    let rest = list(&shell, &format!("--all --cursor {cursor}"), "tsv");
    let joined = [ids(&first, "tsv"), ids(&rest, "tsv")].concat();
    assert_eq!(
        sorted(joined),
        sorted(shell.stored().into_iter().map(|(id, _)| id).collect())
    );
}

#[test]
fn a_cursor_of_the_embedded_sandbox_works_in_another_process() {
    let embedded = |arguments: &str| {
        let arguments = format!("list --sandbox -o ndjson {arguments}");
        chat_sessions(&arguments.split_whitespace().collect::<Vec<_>>())
    };
    for order in ["newest", "source"] {
        let whole = embedded(&format!("--all --order {order}"));
        let first = embedded(&format!("--limit 10 --order {order}"));
        let cursor = cursor(&first, "ndjson").expect("something is left");
        let rest = embedded(&format!("--all --order {order} --cursor {cursor}"));
        assert_eq!((first.ids().len(), rest.code, rest.stderr.as_str()), (10, 0, ""));
        assert_eq!(first.stdout + &rest.stdout, whole.stdout, "{order}");
    }
}

#[test]
fn an_invalid_cursor_is_rejected_before_any_request() {
    let shell = Shell::start();
    let cursor = cursor(&shell.list("--limit 3 --show-cursor"), "tsv").expect("something is left");
    let newer = cursor.replacen("cs2_", "cs3_", 1);
    let cut = &cursor[..cursor.len() - 3];
    let mut changed = cursor.clone().into_bytes();
    changed[40] = if changed[40] == b'A' { b'B' } else { b'A' };
    let changed = String::from_utf8(changed).expect("it is ASCII");
    shell.sandbox.forget_requests();
    for (text, reason) in [
        ("", "this is not a cursor"),
        ("page-2", "this is not a cursor"),
        (cut, "the cursor is damaged"),
        (&changed, "the cursor is damaged"),
        (&newer, "the cursor was made by another version"),
    ] {
        assert_rejected(&shell, &[&format!("--cursor={text}")], &[], reason);
    }
}

#[test]
fn a_cursor_of_another_list_is_rejected_before_any_request() {
    let (shell, other) = (Shell::start(), Shell::start());
    let from = |shell: &Shell, arguments: &str| {
        let ran = shell.list(&format!("--limit 3 --show-cursor {arguments}"));
        cursor(&ran, "tsv").expect("something is left")
    };
    let own = from(&shell, "");
    let one = from(&shell, "--provider llama-cloud");
    let elsewhere = from(&other, "");
    shell.sandbox.forget_requests();
    for (text, arguments, variables) in [
        (&own, &["--provider", "memories-ai"][..], &[][..]),
        (&own, &["--sandbox"], &[]),
        (&own, &[], &[("MEMORIES_AI_UNIQUE_ID", "demo-team")]),
        (&own, &[], &[("LLAMA_CLOUD_ORGANIZATION_ID", "another")]),
        (&elsewhere, &[], &[]),
    ] {
        let arguments = [&["--cursor", text.as_str()], arguments].concat();
        assert_rejected(&shell, &arguments, variables, "the cursor belongs to another list: ");
    }
    let requests = other.sandbox.requests();
    assert!(!requests.is_empty(), "the other list made its own cursor");

    // A list with another provider continues with the one and begins with the other.
    let ran = shell.list(&format!("--limit 4 --order source -o tsv --cursor {one}"));
    assert_eq!((ran.code, ran.stdout.lines().count()), (0, 4));
    assert!(ran.stdout.contains("memories-ai"), "{}", ran.stdout);
}

#[test]
fn a_cursor_continues_only_with_the_same_filters_as_they_were_given() {
    let shell = Shell::start();
    let filters: [&[&str]; 6] = [
        &[],
        &["--since", "2025-01-01"],
        &["--since", "2025-01-02"],
        &["--until", "2026-12-31"],
        &["--title", "w"],
        &["--title", "W", "--since", "2025-01-01"],
    ];
    let from = |filter: &[&str]| {
        let ran = run(shell
            .command("--limit 3 --show-cursor -o ndjson --max-pages 1 --read-ahead 0")
            .args(filter));
        cursor(&ran, "ndjson").unwrap_or_else(|| panic!("{filter:?}: nothing is left: {ran:?}"))
    };
    for own in filters {
        let cursor = from(own);
        // What does not choose sessions may change.
        let mut same = shell.command(&format!(
            "--limit 2 -o tsv --columns id --max-pages 1 --read-ahead 0 --cursor {cursor}"
        ));
        let same = run(same.args(own));
        assert_eq!((same.code, same.stdout.lines().count()), (0, 2), "{own:?}: {same:?}");
        shell.sandbox.forget_requests();
        let others: Vec<_> = filters.into_iter().filter(|other| *other != own).collect();
        for (other, format) in pairs(&others, &FORMATS) {
            let why = match (own, other) {
                ([], _) => "that list has no filter",
                (_, []) => "that list has a filter",
                _ => "that list has another filter",
            };
            let arguments = [&["--cursor", cursor.as_str()], other].concat();
            let reason = format!("the cursor belongs to another list: {why}");
            let text = assert_rejected_in(format, &shell, &arguments, &[], &reason);
            for option in ["--since", "--until", "--title", "--cursor"] {
                assert!(text.contains(option), "{text}");
            }
        }
    }
    // An age means another time in every run.
    let cursor = from(&["--since", "9000d"]);
    let ran = shell.list(&format!("--since 9000d --limit 2 --cursor {cursor}"));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
}

/// Checks in every format that a list ends with a usage error before any request.
fn assert_rejected(shell: &Shell, arguments: &[&str], variables: &[(&str, &str)], reason: &str) {
    for format in FORMATS {
        assert_rejected_in(format, shell, arguments, variables, reason);
    }
}

/// Returns what the program printed on standard error.
fn assert_rejected_in(
    format: &str,
    shell: &Shell,
    arguments: &[&str],
    variables: &[(&str, &str)],
    reason: &str,
) -> String {
    let mut command = shell.command("--stats");
    let ran = run(command
        .args(arguments)
        .args(["-o", format])
        .envs(variables.iter().copied()));
    assert_eq!(ran.code, 2, "{arguments:?} {variables:?}: {ran:?}");
    assert!(ran.stderr.contains(reason), "{arguments:?}: {}", ran.stderr);
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
    if format == "json" {
        let document = parsed(&ran.stdout);
        assert_eq!(document["errors"][0]["kind"], "cursor");
        assert!(document["next_cursor"].is_null());
        assert_eq!(ran.errors(), [document["errors"][0].clone()]);
    } else {
        assert_eq!(ids(&ran, format), Vec::<String>::new());
    }
    assert!(shell.sandbox.requests().is_empty(), "a request was made");
    ran.stderr
}

#[test]
fn sessions_of_an_earlier_run_are_not_reported_as_duplicates() {
    // A list that continues in the middle of a page fetches the whole page.
    let shell = Shell::start();
    let first = shell.list("--limit 30 -o ndjson");
    let cursor = cursor(&first, "ndjson").expect("something is left");
    let rest = shell.list(&format!("--limit 30 --cursor {cursor} -o tsv"));
    assert_eq!(rest.code, 0);
    assert!(!rest.stderr.contains("twice"), "{}", rest.stderr);
    let earlier: HashSet<String> = first.ids().into_iter().collect();
    assert!(ids(&rest, "tsv").iter().all(|id| !earlier.contains(id)));
}

#[test]
fn the_total_does_not_prove_more_sessions_after_a_cursor() {
    // The total includes the sessions of the earlier run. Here there are no more, but only an empty
    // page could prove that.
    let shell = Shell::start_with(chat_sessions_sandbox::Sandbox::builder().memories_ai_sessions(40));
    let first = shell.list("--provider memories-ai --limit 20 --show-cursor");
    assert!(first.stderr.contains("shown, more available"), "{}", first.stderr);
    let cursor = cursor(&first, "tsv").expect("something is left");
    let second = shell.list(&format!("--provider memories-ai --limit 20 --cursor {cursor}"));
    assert!(second.stderr.contains("there may be more"), "{}", second.stderr);
}
