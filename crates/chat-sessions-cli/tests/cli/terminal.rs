//! `list` in a real terminal: the table, progress, colors, Ctrl-C and resuming.

use std::fmt::Write;
use std::process::Command;
use std::time::Duration;

use chat_sessions_sandbox::{Fault, Provider, Sandbox};

use crate::pty::{Left, Terminal};
use crate::support::{DIFFICULT_TITLES, Shell, is_unsafe};

/// A response that is held back until the faults are cleared.
fn held() -> Fault {
    Fault::ordinary().with_hold()
}

/// The command in a terminal with colors.
fn command(shell: &Shell, arguments: &str) -> Command {
    let mut command = shell.command(arguments);
    command.env("TERM", "xterm-256color");
    command
}

fn shown(shell: &Shell, arguments: &str, columns: u16, environment: &[(&str, &str)]) -> Left {
    let mut command = command(shell, arguments);
    command.envs(environment.iter().copied());
    Terminal::start(&command, columns).end()
}

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"cs2_[\w-]+", "[cursor]");
    settings.add_filter(r"\b\d+ s\b", "[seconds] s");
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// Returns the visible cursor. A line that the terminal wrapped counts as one line.
fn cursor(screen: &str) -> &str {
    let (_, behind) = screen
        .split_once("--cursor ")
        .unwrap_or_else(|| panic!("no cursor is seen in:\n{screen}"));
    behind.split_whitespace().next().expect("it is a word")
}

#[test]
fn a_list_is_interrupted_and_resumed() {
    let builder = Sandbox::builder().memories_ai_sessions(13).memories_ai_page_size(5);
    let shell = Shell::start_with(builder.llama_cloud_sessions(4));
    let mut session = String::new();
    let mut see = |typed: &str, seen: &str| writeln!(session, "$ chat-sessions {typed}\n{seen}\n").expect("a text");

    let whole = shown(&shell, "--all", 80, &[]);
    see("list --all", &whole.screen);

    shell.sandbox.always(Provider::MemoriesAi, held().on_pages(3..));
    let mut terminal = Terminal::start(&command(&shell, "--all"), 80);
    terminal.wait_for(&["memories-ai 10/13", "llama-cloud 4, done"]);
    see("list --all", &terminal.seen());
    terminal.press_ctrl_c();
    let broken = terminal.end();
    assert_eq!(broken.code, 130);
    let seen = broken.without_echo();
    see("list --all   # and then Ctrl-C", &seen);

    shell.sandbox.clear_faults();
    let go_on = cursor(&seen);
    let rest = shown(&shell, &format!("--all --cursor {go_on}"), 80, &[]);
    assert_eq!(rest.code, 0);
    see(&format!("list --all --cursor {go_on}"), &rest.screen);
    snapshot("session", &session);

    let rows = |screen: &str| -> Vec<String> {
        let rows = screen
            .lines()
            .filter(|line| line.starts_with("memories-ai ") || line.starts_with("llama-cloud "));
        rows.map(|row| row.split_whitespace().nth(1).expect("an id").to_owned())
            .collect()
    };
    assert_eq!([rows(&seen), rows(&rest.screen)].concat(), rows(&whole.screen));
}

#[test]
fn progress_shows_retries_and_is_erased_at_the_end() {
    let shell = Shell::start();
    let mut session = String::new();
    for columns in [120, 80, 45, 40] {
        shell.sandbox.clear_faults();
        shell.sandbox.next(Provider::LlamaCloud, Fault::ordinary());
        shell.sandbox.next(
            Provider::LlamaCloud,
            Fault::status(503).with_header("retry-after", "20"),
        );
        shell.sandbox.always(Provider::MemoriesAi, held().on_pages(2..));
        let mut terminal = Terminal::start(&command(&shell, "--all --order arrival --attempts 3"), columns);
        terminal.wait_for(if columns < 80 {
            &["llama-cloud 20, retry in "]
        } else {
            &["20/137", "(HTTP 503)"]
        });
        assert_eq!(terminal.seen().lines().count(), 1, "{}", terminal.seen());
        writeln!(session, "# {columns} columns\n{}\n", terminal.seen()).expect("a text");
        terminal.press_ctrl_c();
        let left = terminal.end();
        assert_eq!(left.code, 130);
        for word in ["retry in", "/137"] {
            assert!(!left.screen.contains(word), "{}", left.screen);
        }
    }
    snapshot("progress", &session);
}

#[test]
fn progress_leaves_rows_alone_and_is_redrawn_only_if_it_changes() {
    let shell = Shell::start();
    let ids = shell.list("--all --provider llama-cloud -o ndjson").ids();
    let last = ids[39].strip_prefix("llama-cloud:").expect("an id");
    shell.sandbox.always(Provider::LlamaCloud, held().on_pages(3..));
    let mut terminal = Terminal::start(&command(&shell, "--all --provider llama-cloud -o tsv"), 200);
    terminal.wait_for(&["sessions: llama-cloud 40", last]);
    assert_eq!(
        terminal.seen().lines().count(),
        41,
        "the rows, and the progress below them"
    );
    // Long enough to draw it several times more.
    std::thread::sleep(Duration::from_millis(500));
    shell.sandbox.clear_faults();
    let left = terminal.end();
    assert_eq!((left.code, left.screen.lines().count()), (0, 112));
    // Rows erase the line, which is a piece of its own, and it may be drawn again below them.
    let pieces: Vec<&str> = left.raw.split('\r').collect();
    assert!(
        pieces
            .windows(2)
            .all(|pair| pair[0] != pair[1] || !pair[0].contains("sessions: ")),
        "{pieces:?}"
    );
    assert!(
        left.screen.lines().all(|line| line.starts_with("llama-cloud ")),
        "{}",
        left.screen
    );
}

#[test]
fn progress_is_hidden_by_quiet_logs_and_dumb_terminals() {
    let shell = Shell::start();
    let slow = Fault::ordinary().with_delay(Duration::from_millis(300));
    shell.sandbox.always(Provider::LlamaCloud, slow);
    let list = "--provider llama-cloud --limit 3 -o tsv";
    for (arguments, environment) in [
        (format!("{list} -q"), &[][..]),
        (list.to_owned(), &[("TERM", "dumb")]),
        (format!("{list} -v"), &[]),
        (list.to_owned(), &[("CHAT_SESSIONS_LOG", "info")]),
    ] {
        let left = shown(&shell, &arguments, 80, environment);
        assert_eq!(left.code, 0);
        assert!(
            !left.raw.contains('\u{1b}'),
            "{arguments} {environment:?}: {:?}",
            left.raw
        );
    }
}

#[test]
fn the_table_at_each_width_and_color_setting() {
    let shell = Shell::start();
    let list = "--limit 5 -q";
    for columns in [40, 80, 120, 200] {
        snapshot(
            &format!("columns_{columns}"),
            &visible(&shown(&shell, list, columns, &[]).raw),
        );
    }
    let coloured = visible(&shown(&shell, list, 80, &[]).raw);
    let plain = visible(&shown(&shell, list, 80, &[("NO_COLOR", "1")]).raw);
    assert!(coloured.contains("␛["));
    snapshot("no_color", &plain);
    for (arguments, environment, expected) in [
        ("", &[("NO_COLOR", "")][..], &coloured),
        ("", &[("CLICOLOR", "1")], &coloured),
        ("", &[("CLICOLOR", "0")], &plain),
        ("", &[("TERM", "dumb")], &plain),
        ("", &[("TERM", "dumb"), ("CLICOLOR_FORCE", "1")], &coloured),
        ("--color never", &[], &plain),
        ("--color=never", &[("CLICOLOR_FORCE", "1")], &plain),
        ("--color always", &[("NO_COLOR", "1")], &coloured),
        ("--color always", &[("TERM", "dumb")], &coloured),
        ("--color auto", &[("NO_COLOR", "1")], &plain),
    ] {
        let left = shown(&shell, &format!("{list} {arguments}"), 80, environment);
        assert_eq!(&visible(&left.raw), expected, "{arguments} {environment:?}");
    }
}

#[test]
fn in_a_pipe_only_the_table_has_colors_and_only_if_forced() {
    let shell = Shell::start();
    for (format, arguments, forced) in [
        ("table", "", false),
        ("table", "CLICOLOR_FORCE", true),
        ("tsv", "CLICOLOR_FORCE", false),
        ("csv", "CLICOLOR_FORCE", false),
        ("json", "CLICOLOR_FORCE", false),
        ("ndjson", "CLICOLOR_FORCE", false),
    ] {
        let mut command = shell.command(&format!("--limit 2 -o {format}"));
        if !arguments.is_empty() {
            command.env(arguments, "1");
        }
        let ran = crate::support::run(&mut command);
        assert_eq!(ran.stdout.contains('\u{1b}'), forced, "{format} {arguments}");
    }
    let failing = Shell::start();
    failing.sandbox.always(Provider::LlamaCloud, Fault::status(503));
    let said = |color: &str| failing.list(&format!("--provider llama-cloud {color}")).stderr;
    assert!(said("").starts_with("error: llama-cloud"), "{:?}", said(""));
    assert!(
        said("--color always").starts_with("\u{1b}[1m\u{1b}[31merror:\u{1b}[0m llama-cloud"),
        "{:?}",
        said("--color always")
    );
}

/// In a pipe, where only standard error is seen, the notice is needed; `selection.rs` checks that.
#[test]
fn a_json_document_on_a_terminal_is_not_followed_by_what_it_says_itself() {
    let shell = Shell::start();
    // Without progress.
    let dumb = [("TERM", "dumb")];
    let noticed = |arguments: &str| -> bool {
        let left = shown(&shell, arguments, 200, &dumb);
        assert_eq!(left.code, 0, "{arguments}: {}", left.raw);
        left.raw.contains("more available")
    };
    for cut in ["--limit 3", "--all --max-pages 1", "--limit 3 --show-cursor"] {
        for format in ["table", "tsv", "csv", "ndjson"] {
            assert!(noticed(&format!("{cut} -o {format}")), "{cut} {format}");
        }
        let left = shown(&shell, &format!("{cut} -o json"), 200, &dumb);
        let document = crate::support::parsed(&left.raw);
        assert_eq!((left.code, &document["complete"]), (0, &false.into()), "{cut}");
    }
    // What the document lacks, and whatever changes the exit code, is said in every format.
    let empty = shown(&shell, "--all --title nothing-has-this-title -o json", 200, &dumb);
    assert!(empty.screen.contains("no session matches"), "{}", empty.screen);
    shell.sandbox.always(Provider::LlamaCloud, Fault::status(503));
    let failed = shown(&shell, "--limit 3 -o json", 200, &dumb);
    assert_eq!(failed.code, 3);
    assert!(failed.raw.contains("{\"error\":"), "{}", failed.screen);
    assert!(!failed.raw.contains("{\"notice\":"), "{}", failed.screen);
}

#[test]
fn no_control_character_reaches_the_terminal_in_any_format() {
    let shell = Shell::start();
    for title in DIFFICULT_TITLES {
        let _ = shell.sandbox.insert(Provider::LlamaCloud, None, title);
    }
    for format in ["table", "tsv", "csv", "json", "ndjson"] {
        let arguments = format!("--provider llama-cloud --limit 14 -q -o {format}");
        let left = shown(&shell, &arguments, 200, &[("NO_COLOR", "1")]);
        assert_eq!(left.code, 0);
        let reaches = |character: char| is_unsafe(character) && !matches!(character, '\n' | '\r' | '\t');
        assert!(!left.raw.contains(reaches), "{format}: {:?}", left.raw);
        // A CR alone would overwrite the start of the line.
        assert!(
            !left.raw.replace("\r\n", "\n").contains('\r'),
            "{format}: {:?}",
            left.raw
        );
    }
}

/// Makes control characters visible.
fn visible(raw: &str) -> String {
    raw.replace("\r\n", "\n").replace('\u{1b}', "␛")
}
