//! Ctrl-C without a terminal: the output until then, the cursor, and the second Ctrl-C.

use std::io::Read;
use std::process::{Child, Stdio};

use chat_sessions_sandbox::{Fault, Provider, Sandbox};

use crate::support::{Shell, cursor, ended, ids, interrupt, parsed, run, sorted, text, wait_until, wait_until_stuck};

const FORMATS: [&str; 5] = ["table", "tsv", "csv", "json", "ndjson"];

/// Starts a list in which Memories.ai does not respond from this page on.
fn stuck(shell: &Shell, page: u64, arguments: &str) -> Child {
    shell.sandbox.forget_requests();
    let held = Fault::ordinary().with_hold();
    shell.sandbox.always(Provider::MemoriesAi, held.on_pages(page..));
    let child = shell
        .command(arguments)
        .env("COLUMNS", "400")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    wait_until(|| shell.sandbox.request_count(Provider::MemoriesAi) == page);
    // A request is counted when it arrives. By then, the sessions of the page before are written.
    child
}

/// Returns the sessions of `whole` that are in `part`.
fn among(whole: &[String], part: &[String]) -> Vec<String> {
    whole.iter().filter(|id| part.contains(id)).cloned().collect()
}

#[test]
fn sessions_that_have_arrived_are_printed_in_every_format_and_the_cursor_continues() {
    let shell = Shell::start_with(Sandbox::builder().memories_ai_sessions(45).llama_cloud_sessions(15));
    for format in FORMATS {
        let arguments = format!("--all -o {format}");
        shell.sandbox.clear_faults();
        let whole = ids(&run(shell.command(&arguments).env("COLUMNS", "400")), format);
        let child = stuck(&shell, 2, &arguments);
        interrupt(&child);
        let broken = ended(child);
        let asked = shell.sandbox.requests().len();
        assert_eq!(broken.code, 130, "{format}: {broken:?}");
        let shown = ids(&broken, format);
        assert_eq!(
            shown.len(),
            35,
            "{format}: one page of Memories.ai, and all of LlamaCloud"
        );
        assert_eq!(shown, among(&whole, &shown), "{format}: they are in order");
        assert_eq!(broken.stderr.lines().count(), 1, "{format}: {}", broken.stderr);
        let message = "interrupted while waiting for memories-ai/default; 35 sessions shown, more available";
        assert!(broken.stderr.contains(message), "{format}: {}", broken.stderr);
        if format == "json" {
            let document = parsed(&broken.stdout);
            assert_eq!(document["complete"], false);
            let missing = document["missing"].as_array().expect("a list").iter();
            let missing: Vec<_> = missing
                .map(|one| (text(&one["kind"]), text(&one["provider"])))
                .collect();
            assert_eq!(missing, [("interrupted", "memories-ai")]);
        }
        let cursor = cursor(&broken, format).expect("the rest is left");
        shell.sandbox.clear_faults();
        let mut command = shell.command(&format!("{arguments} --cursor {cursor}"));
        let rest = run(command.env("COLUMNS", "400"));
        assert_eq!((rest.code, rest.stderr.as_str()), (0, ""), "{format}");
        // The rest of the provider that was slow comes later than it would have without Ctrl-C.
        let later = ids(&rest, format);
        assert_eq!(later, among(&whole, &later), "{format}: the rest is in order");
        assert_eq!(sorted([shown, later].concat()), sorted(whole), "{format}");
        assert!(asked <= 4, "the interrupted list asked no more: {asked}");
    }
}

#[test]
fn before_the_first_session_there_is_no_cursor() {
    let shell = Shell::start();
    for format in FORMATS {
        let child = stuck(&shell, 1, &format!("--provider memories-ai -o {format}"));
        interrupt(&child);
        let ran = ended(child);
        assert_eq!((ran.code, ids(&ran, format)), (130, vec![]), "{format}");
        assert!(
            ran.stderr
                .contains("interrupted before the first session, while waiting for memories-ai/default; run"),
            "{}",
            ran.stderr
        );
        assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
    }
    let child = stuck(&shell, 1, "--provider memories-ai -q");
    interrupt(&child);
    assert_eq!(ended(child).stderr, "");
}

#[test]
fn the_second_interrupt_ends_the_program_even_while_a_write_blocks() {
    let shell = Shell::start_with(
        Sandbox::builder()
            .memories_ai_sessions(3_000)
            .memories_ai_page_size(1_000),
    );
    let mut child = shell
        .command("--provider memories-ai --all -o json")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut byte = [0];
    let mut unread = child.stdout.take().expect("it is piped");
    unread.read_exact(&mut byte).expect("the page is being written");
    // A page is more than the pipe holds, so the program gets stuck in writing it.
    wait_until_stuck(&child);
    interrupt(&child);
    wait_until_stuck(&child);
    assert_eq!(
        child.try_wait().expect("it can be asked"),
        None,
        "the first one waits for the reader"
    );
    interrupt(&child);
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
}
