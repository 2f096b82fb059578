//! `--stats` and `-vv` on terminals of several widths: no line is wider, and no word or id is cut.

use std::fmt::Write;
use std::process::Command;

use chat_sessions_sandbox::{Fault, Paging, Provider, Sandbox};
use unicode_width::UnicodeWidthStr;

use crate::pty::Terminal;
use crate::support::{Shell, in_a_shell};

const WIDTHS: [u16; 4] = [40, 80, 120, 200];

/// Returns what is visible of standard error in a terminal.
fn seen(command: &Command, columns: u16) -> String {
    let without_stdout = in_a_shell(r#"exec "$0" "$@" >/dev/null"#, command);
    let left = Terminal::start(&without_stdout, columns).end();
    for line in left.raw.lines() {
        assert!(line.width() <= usize::from(columns), "{columns}: {line}");
    }
    left.raw.lines().collect::<Vec<_>>().join("\n")
}

/// Takes a snapshot at each width. `run` prepares the sandbox and returns the command.
fn snapshot(name: &str, run: impl Fn() -> (Shell, Command)) {
    let mut all = String::new();
    for columns in WIDTHS {
        let (_shell, command) = run();
        let text = seen(&command, columns);
        writeln!(all, "# {columns} columns\n{text}\n").expect("a text");
    }
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"kB [\d.]+ m?s\b", "kB [time]");
    // Whether a retry has to wait for the rate limit depends on the machine.
    settings.add_filter(r";\s+waited [\d.]+ m?s for the rate limit", "");
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, all));
}

#[test]
fn statistics_fit_the_terminal() {
    snapshot("stats_widths", || {
        let builder = Sandbox::builder().memories_ai_sessions(33).memories_ai_page_size(20);
        let shell = Shell::start_with(builder);
        let retried = |provider, status| {
            let fault = Fault::status(status).with_header("retry-after-ms", "20");
            shell.sandbox.next(provider, fault);
        };
        retried(Provider::MemoriesAi, 502);
        retried(Provider::LlamaCloud, 503);
        retried(Provider::LlamaCloud, 503);
        let bad_item = Paging::InsertItem { at: 3, item: None };
        shell.sandbox.next(Provider::LlamaCloud, Fault::paging(bad_item));
        let command = shell.command("--all --stats -q --attempts 4 --max-pages 3");
        (shell, command)
    });
}

#[test]
fn an_id_that_is_wider_than_the_terminal_is_not_cut() {
    let shell = Shell::start();
    let scope = "a team with a name of more than forty columns";
    let mut command = shell.command("--provider memories-ai --stats -q -o tsv");
    command.env("MEMORIES_AI_UNIQUE_ID", scope);
    command.env("COLUMNS", "40");
    let stderr = crate::support::run(&mut command).stderr;
    let expected = format!("memories-ai/{scope}:\n    1 page, 0 of 0 sessions, exact;\n    ended: empty page\n");
    assert_eq!(stderr, expected);
}

#[test]
fn requests_fit_the_terminal() {
    snapshot("requests_widths", || {
        let shell = Shell::start();
        let fault = Fault::status(503).with_header("retry-after-ms", "20");
        shell
            .sandbox
            .next(Provider::LlamaCloud, fault.with_header("x-request-id", "req-4711"));
        let with_id = Fault::ordinary().with_header("x-request-id", "0af7651916cd43dd8448eb211c80319c");
        shell.sandbox.always(Provider::LlamaCloud, with_id);
        let command = shell.command("--provider llama-cloud -q -vv --limit 30 --attempts 5");
        (shell, command)
    });
    snapshot("numbered_requests_widths", || {
        let shell = Shell::start();
        let command = shell.command("--provider memories-ai -q -vv --limit 30 --read-ahead 0");
        (shell, command)
    });
}
