//! A provider that does not respond: the time limit, what is printed of the others, and `doctor`.

use std::io::{BufRead, BufReader, Read};
use std::process::Child;
use std::time::Duration;

use chat_sessions_sandbox::{Fault, Provider, Sandbox};

use crate::doctor::doctor;
use crate::pty::Terminal;
use crate::support::{
    FORMATS, Shell, cursor, ended, ids, in_parallel, interrupt, pairs, parsed, run, sorted, start, text,
    wait_until_stuck,
};

const ORDERS: [&str; 3] = ["newest", "source", "arrival"];

/// A response that is held back until the faults are cleared.
fn held() -> Fault {
    Fault::ordinary().with_hold()
}

/// A shell with few sessions, whose Memories.ai stalls in one way from this page on.
fn stalling(fault: Fault, page: u64) -> Shell {
    let builder = Sandbox::builder().memories_ai_sessions(7).memories_ai_page_size(4);
    let shell = Shell::start_with(builder.llama_cloud_sessions(5));
    shell.sandbox.always(Provider::MemoriesAi, fault.on_pages(page..));
    shell
}

#[test]
fn page_timeout_limits_the_first_request_and_the_other_provider_is_listed() {
    for (case, fault, page, rows) in [
        ("no response", held(), 1, 5),
        ("a body that stops", Fault::stall(40), 1, 5),
        ("no second page", held(), 2, 5 + 4),
    ] {
        let shell = stalling(fault, page);
        let whole = {
            let healthy = Shell::start_with(
                Sandbox::builder()
                    .memories_ai_sessions(7)
                    .memories_ai_page_size(4)
                    .llama_cloud_sessions(5),
            );
            healthy.list("--all -o ndjson").ids()
        };
        let cursors = std::sync::Mutex::new(Vec::new());
        in_parallel(pairs(&ORDERS, &FORMATS), |(order, format)| {
            // The others respond at once. The default number of attempts is made, so only this ends it.
            let arguments = format!("--all --order {order} --page-timeout 3 --attempts 5 -o {format}");
            let ran = run(shell.command(&arguments).env("COLUMNS", "400"));
            let case = format!("{case}, {order} {format}: {ran:?}");
            assert_eq!((ran.code, ids(&ran, format).len()), (3, rows), "{case}");
            assert!(ran.stderr.contains("the page did not arrive within 3 s"), "{case}");
            assert!(ran.stderr.contains("raise --page-timeout"), "{case}");
            if format == "json" {
                let document = parsed(&ran.stdout);
                let error = &document["errors"][0];
                assert_eq!(
                    [&error["kind"], &error["gave_up"], &error["provider"]].map(text),
                    ["timeout", "time", "memories-ai"]
                );
                assert_eq!((&error["attempts"], &document["complete"]), (&1.into(), &false.into()));
            }
            let cursor = cursor(&ran, format).expect("the rest is left");
            cursors.lock().unwrap().push((ids(&ran, format), cursor));
        });
        shell.sandbox.clear_faults();
        for (shown, cursor) in cursors.into_inner().unwrap() {
            let rest = shell.list(&format!("--all -o ndjson --cursor {cursor}"));
            assert_eq!((rest.code, rest.stderr.as_str()), (0, ""), "{case}");
            assert_eq!(sorted([shown, rest.ids()].concat()), sorted(whole.clone()), "{case}");
        }
    }
}

#[test]
fn a_list_that_no_provider_serves_in_time_fails_with_6() {
    let shell = stalling(held(), 1);
    shell.sandbox.always(Provider::LlamaCloud, held());
    let ran = shell.list("--page-timeout 1 --attempts 5 -o ndjson");
    assert_eq!((ran.code, ran.stdout.as_str()), (6, ""));
    let errors = ran.errors();
    let errors: Vec<_> = errors
        .iter()
        .map(|error| (text(&error["provider"]), text(&error["kind"])))
        .collect();
    assert_eq!(errors, [("memories-ai", "timeout"), ("llama-cloud", "timeout")]);
}

#[test]
fn ctrl_c_prints_what_has_arrived_while_a_merge_waits_for_a_provider() {
    let shell = stalling(held(), 1);
    in_parallel(FORMATS, |format| {
        let mut command = shell.command(&format!("--all -o {format}"));
        command.env("TERM", "xterm-256color").env("NO_COLOR", "1");
        let mut terminal = Terminal::start(&command, 400);
        terminal.wait_for(&["llama-cloud 5, done"]);
        assert!(
            !terminal.seen().contains("ses-"),
            "{format}: Memories.ai could have a newer one"
        );
        terminal.press_ctrl_c();
        let left = terminal.end();
        assert_eq!(left.code, 130, "{format}");
        assert_eq!(left.screen.matches("ses-").count(), 5, "{format}: {}", left.screen);
        let message = "interrupted while waiting for memories-ai/default; 5 sessions shown";
        assert!(left.screen.contains(message), "{format}: {}", left.screen);
    });
}

#[test]
fn ctrl_c_prints_no_more_than_the_limit() {
    let shell = stalling(held(), 1);
    for (arguments, progress) in [("--limit 2", "llama-cloud 2"), ("--limit 2 --title .", "llama-cloud 5")] {
        let mut command = shell.command(&format!("{arguments} -o tsv"));
        command.env("TERM", "xterm-256color");
        let mut terminal = Terminal::start(&command, 400);
        terminal.wait_for(&[progress]);
        terminal.press_ctrl_c();
        let left = terminal.end();
        assert_eq!(left.code, 130, "{arguments}");
        assert_eq!(left.screen.matches("ses-").count(), 2, "{arguments}: {}", left.screen);
        assert!(
            left.screen.contains("2 sessions shown, "),
            "{arguments}: {}",
            left.screen
        );
    }
}

/// Somebody who reads in a pager takes longer than a page may. The next page is requested meanwhile.
#[test]
fn a_reader_who_pauses_is_not_taken_for_a_slow_provider() {
    // Pages with several hundred sessions, so that the first one does not fit into a pipe.
    let shell = Shell::start_with_large_pages(Sandbox::builder().llama_cloud_sessions(3_000));
    let mut child = start(&mut shell.command("--provider llama-cloud --all --page-timeout 3 --attempts 5 -o json"));
    let mut byte = [0];
    let mut stdout = child.stdout.take().expect("it is piped");
    stdout.read_exact(&mut byte).expect("the list begins");
    wait_until_stuck(&child);
    std::thread::sleep(Duration::from_secs(4));
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).expect("it is UTF-8");
    let ran = ended(child);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let document = parsed(&format!("{{{rest}"));
    assert_eq!(document["sessions"].as_array().map(Vec::len), Some(3_000));
    assert_eq!(document["complete"], true);
}

/// Starts `doctor` while Memories.ai does not respond.
fn started(shell: &Shell, arguments: &str) -> Child {
    shell
        .sandbox
        .always(Provider::MemoriesAi, Fault::ordinary().with_hold());
    start(&mut doctor(shell, arguments))
}

#[test]
fn a_list_is_printed_while_another_one_does_not_respond_and_ctrl_c_keeps_it() {
    let shell = Shell::start();
    let mut child = started(&shell, "");
    let mut stdout = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let mut line = || stdout.next().map(|line| line.expect("it is UTF-8"));
    assert_eq!(line().as_deref(), Some("llama-cloud"));
    let verdict = std::iter::from_fn(&mut line).find(|line| line.contains("verdict"));
    assert!(verdict.is_some_and(|line| line.ends_with(" ok")));
    interrupt(&child);
    let rest: Vec<String> = std::iter::from_fn(line).collect();
    assert_eq!(rest[..2], ["", "memories-ai"]);
    assert!(
        rest.last()
            .is_some_and(|line| line.contains(" interrupted: no response after ")),
        "{rest:?}"
    );
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((output.status.code(), output.stderr), (Some(130), Vec::new()));
}

#[test]
fn ctrl_c_leaves_a_complete_json_document() {
    let shell = Shell::start();
    let mut child = started(&shell, "-o json -vv");
    // By the time an event says that a response has arrived, nothing else has to be waited for.
    let mut stderr = BufReader::new(child.stderr.take().expect("it is piped")).lines();
    let mut events = std::iter::from_fn(|| stderr.next().map(|line| line.expect("it is UTF-8")));
    let arrived = events.any(|event| event.starts_with("GET …/chat 200 "));
    assert!(arrived);
    interrupt(&child);
    let ran = ended(child);
    assert_eq!(ran.code, 130);
    let lists = parsed(&ran.stdout)["lists"].as_array().expect("a list").clone();
    let verdicts: Vec<_> = lists
        .iter()
        .map(|list| (text(&list["provider"]), text(&list["verdict"])))
        .collect();
    assert_eq!(verdicts, [("memories-ai", "interrupted"), ("llama-cloud", "ok")]);
    assert!(
        lists[0]["page"].is_null() && lists[0]["error"].is_null(),
        "{}",
        lists[0]
    );
}

#[test]
fn page_timeout_limits_the_time_for_each_list() {
    let shell = Shell::start();
    let ran = ended(started(&shell, "--page-timeout 3 -o json"));
    assert_eq!((ran.code, ran.stderr.as_str()), (6, ""));
    let lists = &parsed(&ran.stdout)["lists"];
    assert_eq!(
        [
            &lists[0]["verdict"],
            &lists[0]["error"]["message"],
            &lists[1]["verdict"]
        ]
        .map(text),
        ["timeout", "the page did not arrive within 3 s", "ok"]
    );
}
