//! The pager of `help`, `--help` and `man` in a real terminal, and manual pages formatted by `man`.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;
use unicode_width::UnicodeWidthStr;

use crate::pty::{Left, Terminal};
use crate::support::{all_cases, in_parallel, is_installed, program};

/// Marks every line, and shows the flags for `less`.
const MARKING_PAGER: &str = "#!/bin/sh\necho \"LESS is $LESS\"; sed 's/^/| /'\n";
/// Shows what `man` was asked.
const FAKE_MAN: &str = "#!/bin/sh\necho 'chat-sessions-list(1)'; echo \"$* $COLUMNS $MANWIDTH\"; grep 'SH NAME'\n";

/// A folder of programs, which are found before those of the system.
fn programs(scripts: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary directory");
    for (name, script) in scripts {
        let path = folder.path().join(name);
        std::fs::write(&path, script).expect("the directory is writable");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("the file is ours");
    }
    folder
}

fn command(folder: &Path, arguments: &str, variables: &[(&str, &str)]) -> Command {
    let mut command = program();
    command
        .env("TERM", "xterm-256color")
        .env("PATH", format!("{}:/usr/bin:/bin", folder.display()))
        .envs(variables.iter().copied())
        .args(arguments.split_whitespace());
    command
}

fn shown(folder: &Path, arguments: &str, variables: &[(&str, &str)]) -> Left {
    Terminal::start(&command(folder, arguments, variables), 100).end()
}

#[test]
fn long_help_and_manual_pages_go_through_the_pager() {
    let folder = programs(&[("pager", MARKING_PAGER), ("man", FAKE_MAN)]);
    for (arguments, text) in [
        ("help", "| Usage: chat-sessions"),
        ("help doctor", "| Usage: chat-sessions doctor"),
        ("--help", "| Usage: chat-sessions"),
        ("doctor --help", "| Usage: chat-sessions doctor"),
        ("config help show", "| Usage: chat-sessions config show"),
        ("man list", "| -l - 100"),
    ] {
        let left = shown(folder.path(), arguments, &[("PAGER", "pager")]);
        assert_eq!(left.code, 0, "{arguments}");
        assert!(
            left.screen.starts_with("LESS is FRX\n| "),
            "{arguments}: {}",
            left.screen
        );
        assert!(left.screen.contains(text), "{arguments}: {}", left.screen);
        assert!(!left.raw.contains('\u{1b}'), "a pager that is not less gets no colors");
    }
    let own = shown(folder.path(), "help", &[("PAGER", "pager"), ("LESS", "-S")]);
    assert!(own.screen.starts_with("LESS is -S\n"), "{}", own.screen);
    // A shell interprets arguments and pipes.
    for pager in ["pager --with arguments", "cat | pager", "pager 2>/dev/null", "  pager "] {
        let left = shown(folder.path(), "help", &[("PAGER", pager)]);
        assert!(left.screen.starts_with("LESS is FRX\n| "), "{pager}: {}", left.screen);
    }
}

#[test]
fn nothing_else_goes_through_a_pager() {
    let folder = programs(&[("pager", MARKING_PAGER), ("man", FAKE_MAN)]);
    let pager = ("PAGER", "pager");
    for (arguments, variables) in [
        ("-h", &[pager][..]),
        ("list -h", &[pager]),
        ("version", &[pager]),
        ("list --sandbox --limit 3", &[pager]),
        ("providers", &[pager]),
        ("help --no-pager", &[pager]),
        ("--no-pager help list", &[pager]),
        ("list --help --no-pager", &[pager]),
        ("man list --no-pager", &[pager]),
        ("help", &[("PAGER", "")]),
        ("help", &[("PAGER", "cat")]),
        ("help", &[pager, ("TERM", "dumb")]),
    ] {
        let left = shown(folder.path(), arguments, variables);
        assert_eq!(left.code, 0, "{arguments}: {}", left.screen);
        assert!(
            !left.screen.contains("LESS is"),
            "{arguments} {variables:?}: {}",
            left.screen
        );
        assert!(!left.screen.is_empty(), "{arguments}");
    }
    for arguments in ["help", "--help", "man"] {
        let piped = crate::support::run(&mut command(folder.path(), arguments, &[pager])).ok();
        assert!(!piped.contains("LESS is"), "{arguments}: {piped}");
    }
}

#[test]
fn a_pager_that_cannot_be_started_is_not_needed() {
    let folder = programs(&[("man", FAKE_MAN), ("not-executable", "")]);
    let plain = folder.path().join("not-executable");
    std::fs::set_permissions(&plain, std::fs::Permissions::from_mode(0o644)).expect("the file is ours");
    for pager in [
        "missing-pager",
        "missing-pager -R",
        "/missing/pager",
        "missing-pager \"$HOME\" 2>/dev/null",
        "not-executable",
        "./missing;exit 127",
    ] {
        for arguments in ["help doctor", "doctor --help", "man list"] {
            let left = shown(folder.path(), arguments, &[("PAGER", pager)]);
            assert_eq!(left.code, 0, "{pager} {arguments}: {}", left.screen);
            let text = if arguments.starts_with("man") {
                "-l - 100"
            } else {
                "Usage: chat-sessions doctor"
            };
            assert!(left.screen.contains(text), "{pager} {arguments}: {}", left.screen);
        }
    }
}

#[test]
fn leaving_the_pager_early_ends_the_program_quietly() {
    let folder = programs(&[]);
    for (pager, screen) in [("true", ""), ("head -1", "Examples:"), ("false", "")] {
        let left = shown(folder.path(), "help list", &[("PAGER", pager)]);
        assert_eq!((left.code, left.screen.as_str()), (0, screen), "{pager}");
    }
}

#[test]
fn ctrl_c_belongs_to_the_pager() {
    let waiting = "#!/bin/sh\ntrap 'echo caught; exit' INT\ncat >/dev/null\necho ready\nwhile :; do sleep 0.02; done\n";
    let folder = programs(&[("pager", waiting)]);
    let mut terminal = Terminal::start(&command(folder.path(), "help", &[("PAGER", "pager")]), 80);
    terminal.wait_for(&["ready"]);
    terminal.press_ctrl_c();
    let left = terminal.end();
    assert_eq!(
        (left.code, left.without_echo().lines().last()),
        (0, Some("caught")),
        "{}",
        left.screen
    );
}

#[test]
fn without_a_working_man_the_page_is_help() {
    let pager = [("PAGER", "cat")];
    for man in [
        "#!/bin/sh\nexit 1\n",
        // Some systems install this in its place.
        "#!/bin/sh\ncat >/dev/null; echo 'This system has been minimized.'\n",
        "#!/bin/sh\ncat >/dev/null; echo 'chat-sessions-doctor(1)'; exit 3\n",
    ] {
        let folder = programs(&[("man", man)]);
        let left = shown(folder.path(), "man doctor", &pager);
        assert_eq!(left.code, 0, "{man}");
        assert!(
            left.screen.contains("Usage: chat-sessions doctor"),
            "{man}: {}",
            left.screen
        );
    }
    let page = crate::support::chat_sessions(&["man", "list"]).ok();
    assert!(
        page.contains(".SH NAME"),
        "anywhere but on a terminal, it is the source of the page"
    );
    assert_eq!(page, crate::support::chat_sessions(&["man", "ls"]).ok());
}

#[test]
fn a_real_man_and_less_show_the_page() {
    if !is_installed("man") || !is_installed("less") {
        eprintln!("skipped: man or less is not installed");
        return;
    }
    let folder = programs(&[]);
    for variables in [&[][..], &[("PAGER", "cat")], &[("LESS", "FX")]] {
        let left = shown(folder.path(), "man config show", variables);
        assert_eq!(left.code, 0, "{variables:?}");
        for text in ["chat-sessions-config-show(1)", "SYNOPSIS", "--origin"] {
            assert!(left.screen.contains(text), "{variables:?}: {}", left.screen);
        }
    }
}

#[test]
fn a_manual_page_fits_the_terminal() {
    if !is_installed("man") {
        eprintln!("skipped: man is not installed");
        return;
    }
    let folder = programs(&[]);
    let cat = ("PAGER", "cat");
    let lines = |command: &str, columns: u16, variables: &[(&str, &str)]| -> Vec<String> {
        let command = self::command(folder.path(), &format!("man {command}"), variables);
        let left = Terminal::start(&command, columns).end();
        assert!(left.raw.contains("SYNOPSIS"), "{command:?}: {}", left.raw);
        left.raw.lines().map(str::to_owned).collect()
    };
    let widest = |lines: &[String]| lines.iter().map(|line| line.width()).max().unwrap_or_default();
    let narrow = crate::help::COMMANDS.map(|command| (command, 40));
    let narrow = narrow.into_iter().step_by(if all_cases() { 1 } else { 3 });
    let wide = [("list", 80), ("config", 80), ("list", 120)];
    in_parallel(narrow.chain(wide), |(command, columns)| {
        for line in lines(command, columns, &[cat]) {
            // A path and a line of the configuration file cannot be broken.
            let is_unbreakable = line.split_whitespace().count() == 1 || line.contains("base_url = ");
            assert!(
                line.width() <= usize::from(columns) || is_unbreakable,
                "{columns}: {line}"
            );
        }
    });
    // The text fills the width that the user prefers, or that of the terminal.
    for (columns, variables, width) in [
        (120, &[cat][..], 112..=120),
        (0, &[cat], 74..=80),
        (120, &[cat, ("MANWIDTH", "70")], 64..=70),
        (60, &[cat, ("MANWIDTH", "100")], 94..=100),
        (120, &[cat, ("MANWIDTH", "")], 112..=120),
        (120, &[cat, ("COLUMNS", "90")], 84..=90),
    ] {
        let widest = widest(&lines("list", columns, variables));
        assert!(width.contains(&widest), "{columns} {variables:?}: {widest}");
    }
}
