//! Ctrl-C without a terminal, SIGTERM and SIGHUP: the output until then, the cursor, and the second
//! Ctrl-C.

use std::io::Read;
use std::process::{Child, ChildStdout, Command};

use chat_sessions_sandbox::{Fault, Provider, Sandbox};

use crate::support::{
    FORMATS, MEMORIES_KEY, Shell, cursor, ended, ids, in_a_shell, interrupt, parsed, program, run, send, sorted, start,
    text, wait_until, wait_until_stuck,
};

/// Starts a list in which Memories.ai does not respond from this page on.
fn stuck(shell: &Shell, page: u64, arguments: &str) -> Child {
    stuck_command(shell, page, shell.command(arguments).env("COLUMNS", "400"))
}

fn stuck_command(shell: &Shell, page: u64, command: &mut Command) -> Child {
    shell.sandbox.forget_requests();
    let held = Fault::ordinary().with_hold();
    shell.sandbox.always(Provider::MemoriesAi, held.on_pages(page..));
    let child = start(command);
    wait_until(|| shell.sandbox.request_count(Provider::MemoriesAi) == page);
    // A request is counted when it arrives. By then, the sessions of the page before are written.
    child
}

/// Starts a list that is stuck in a write: nobody reads its page, which is more than the pipe holds.
fn writing() -> (Shell, Child, ChildStdout) {
    let shell = Shell::start_with(
        Sandbox::builder()
            .memories_ai_sessions(3_000)
            .memories_ai_page_size(1_000),
    );
    let mut child = start(&mut shell.command("--provider memories-ai --all -o json"));
    let mut unread = child.stdout.take().expect("it is piped");
    unread.read_exact(&mut [0]).expect("the page is being written");
    wait_until_stuck(&child);
    (shell, child, unread)
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
    let (_shell, mut child, _unread) = writing();
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

/// The signals that ask a program to end, with the exit code. On other systems it cannot be told
/// whether SIGHUP is ignored, so the program leaves it alone.
const SIGNALS: &[(&str, i32)] = if cfg!(target_os = "linux") {
    &[("TERM", 143), ("HUP", 129)]
} else {
    &[("TERM", 143)]
};

/// The signals that the program obeys here. Whoever starts the tests with `nohup` makes it ignore
/// SIGHUP.
fn obeyed_signals() -> impl Iterator<Item = &'static (&'static str, i32)> {
    const SIGHUP_BIT: u64 = 1;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or_default();
    SIGNALS
        .iter()
        .filter(move |(signal, _)| *signal != "HUP" || ignored & SIGHUP_BIT == 0)
}

#[test]
fn other_signals_end_a_list_like_ctrl_c_however_often_they_are_sent() {
    let shell = Shell::start_with(Sandbox::builder().memories_ai_sessions(45).llama_cloud_sessions(15));
    for (signal, code) in obeyed_signals() {
        for format in FORMATS {
            let arguments = format!("--all -o {format}");
            shell.sandbox.clear_faults();
            let whole = ids(&run(shell.command(&arguments).env("COLUMNS", "400")), format);
            let child = stuck(&shell, 2, &arguments);
            // `timeout` sends SIGTERM twice.
            for _ in 0..5 {
                send(signal, &child);
            }
            let broken = ended(child);
            assert_eq!(broken.code, *code, "{signal} {format}: {broken:?}");
            assert!(
                broken.stderr.starts_with("interrupted ") || format.ends_with("json"),
                "{signal} {format}: {}",
                broken.stderr
            );
            if format == "json" {
                assert_eq!(parsed(&broken.stdout)["complete"], false);
            }
            let cursor = cursor(&broken, format).expect("the rest is left");
            shell.sandbox.clear_faults();
            let mut command = shell.command(&format!("{arguments} --cursor {cursor}"));
            let rest = run(command.env("COLUMNS", "400"));
            assert_eq!((rest.code, rest.stderr.as_str()), (0, ""), "{signal} {format}");
            let joined = [ids(&broken, format), ids(&rest, format)].concat();
            assert_eq!(sorted(joined), sorted(whole), "{signal} {format}");
        }
    }
}

#[test]
fn other_signals_end_doctor_with_a_whole_report() {
    let shell = Shell::start();
    for (signal, code) in obeyed_signals() {
        let mut command = program();
        command
            .env("MEMORIES_AI_API_KEY", MEMORIES_KEY)
            .env("MEMORIES_AI_BASE_URL", shell.sandbox.url())
            .args(["doctor", "-o", "json"]);
        let child = stuck_command(&shell, 1, &mut command);
        send(signal, &child);
        let ran = ended(child);
        assert_eq!(ran.code, *code, "{signal}: {ran:?}");
        assert_eq!(parsed(&ran.stdout)["lists"][0]["verdict"], "interrupted", "{signal}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_signal_that_is_ignored_from_the_start_stays_ignored() {
    // `nohup` does this.
    let shell = Shell::start();
    for signal in ["HUP", "TERM"] {
        let list = shell.command("--limit 30 -o ndjson");
        let mut command = in_a_shell(&format!("trap '' {signal}; exec \"$0\" \"$@\""), &list);
        let child = stuck_command(&shell, 1, &mut command);
        send(signal, &child);
        shell.sandbox.clear_faults();
        let ran = ended(child);
        assert_eq!(
            (ran.code, ids(&ran, "ndjson").len()),
            (0, 30),
            "{signal}: {}",
            ran.stderr
        );
    }
}

#[test]
fn only_ctrl_c_ends_at_once_after_another_signal() {
    let (_shell, mut child, _unread) = writing();
    for signal in ["TERM", "TERM"] {
        send(signal, &child);
        wait_until_stuck(&child);
        assert_eq!(
            child.try_wait().expect("it can be asked"),
            None,
            "it waits for the reader"
        );
    }
    interrupt(&child);
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
}
