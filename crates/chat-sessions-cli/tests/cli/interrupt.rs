//! Ctrl-C without a terminal: the output until then, the cursor, and the second Ctrl-C.

use std::io::Read;
use std::process::{Child, Command, Stdio};

use chat_sessions_sandbox::{Fault, Provider, Sandbox};

use crate::support::{Ran, Shell, cursor, ids, parsed, run, wait_until};

const FORMATS: [&str; 5] = ["table", "tsv", "csv", "json", "ndjson"];

fn interrupt(child: &Child) {
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(sent.expect("every Unix has it").success());
}

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

fn ended(child: Child) -> Ran {
    let output = child.wait_with_output().expect("it ends");
    Ran {
        code: output.status.code().expect("no signal ended it"),
        stdout: String::from_utf8(output.stdout).expect("it prints UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("it prints UTF-8"),
    }
}

#[test]
fn sessions_read_so_far_are_printed_in_every_format_and_the_cursor_continues() {
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
        assert!(shown.len() >= 20 && shown.len() < 45, "{format}: {} rows", shown.len());
        assert_eq!(broken.stderr.lines().count(), 1, "{format}: {}", broken.stderr);
        let message = format!("interrupted; {} sessions shown, more available", shown.len());
        assert!(broken.stderr.contains(&message), "{format}: {}", broken.stderr);
        if format == "json" {
            assert_eq!(parsed(&broken.stdout)["complete"], false);
        }
        let cursor = cursor(&broken, format).expect("the rest is left");
        shell.sandbox.clear_faults();
        let mut command = shell.command(&format!("{arguments} --cursor {cursor}"));
        let rest = run(command.env("COLUMNS", "400"));
        assert_eq!((rest.code, rest.stderr.as_str()), (0, ""), "{format}");
        assert_eq!([shown, ids(&rest, format)].concat(), whole, "{format}");
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
            ran.stderr.contains("interrupted before the first session"),
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

/// Waits until the program sleeps and has handled every signal. Two signals that arrive before it
/// handles the first count as one.
#[cfg(target_os = "linux")]
fn wait_until_stuck(child: &Child) {
    wait_until(|| {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).expect("it is running");
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            line.expect("Linux has this field").trim()
        };
        let is_handled = |signals: &str| signals.bytes().all(|digit| digit == b'0');
        field("State:").starts_with('S') && is_handled(field("SigPnd:")) && is_handled(field("ShdPnd:"))
    });
}

/// Other systems do not show this, so this waits longer than a busy machine needs.
#[cfg(not(target_os = "linux"))]
fn wait_until_stuck(_: &Child) {
    std::thread::sleep(std::time::Duration::from_secs(1));
}
