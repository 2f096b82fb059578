//! `show` in a real terminal: each kind of conversation at three widths, colors, progress and the
//! pager.

use std::fmt::Write as _;
use std::process::Command;

use chat_sessions_sandbox::{Conversation, Fault, Operation, Provider};
use unicode_width::UnicodeWidthStr;

use crate::pty::{Left, Terminal};
use crate::support::{Shell, is_unsafe, program, wait_until};

/// A pager that shows how it was called.
const PAGER: &str = "sed 's/^/| /'";

fn command(shell: &Shell, arguments: &str) -> Command {
    let mut command = shell.command_of("show", arguments);
    command.env("TERM", "xterm-256color").env("PATH", "/usr/bin:/bin");
    command
}

fn shown(shell: &Shell, arguments: &str, columns: u16, variables: &[(&str, &str)]) -> Left {
    let mut command = command(shell, arguments);
    command.envs(variables.iter().copied());
    let left = Terminal::start(&command, columns).end();
    assert_eq!(left.code, 0, "{arguments}: {}", left.screen);
    left
}

/// Returns the output without styles; nothing else may control the terminal.
fn plain(raw: &str) -> String {
    // The progress line.
    let raw = raw.replace("\r\n", "\n");
    let mut rest = raw.as_str();
    let mut text = String::new();
    while let Some(start) = rest.find("\u{1b}[") {
        text.push_str(&rest[..start]);
        let end = rest[start..].find('m').expect("a style ends with m");
        let codes = &rest[start + 2..start + end];
        assert!(
            codes.bytes().all(|byte| byte.is_ascii_digit() || byte == b';'),
            "{codes:?}"
        );
        rest = &rest[start + end + 1..];
    }
    text.push_str(rest);
    assert!(!text.replace('\n', "").contains(is_unsafe), "{text:?}");
    text
}

/// Without a progress line, which comes and goes.
const CALM: &str = "-q --no-pager";

#[test]
fn conversations_at_each_width() {
    let shell = Shell::start();
    let id = |provider, kind| shell.sandbox.session_with(provider, kind).expect("there is one");
    for (name, provider, kind, options) in [
        ("ordinary", Provider::MemoriesAi, Conversation::OneTurn, ""),
        ("references", Provider::MemoriesAi, Conversation::References, ""),
        ("scripts", Provider::MemoriesAi, Conversation::Scripts, ""),
        (
            "control_characters",
            Provider::LlamaCloud,
            Conversation::ControlCharacters,
            "--full",
        ),
        ("tables", Provider::LlamaCloud, Conversation::Tables, ""),
        ("code", Provider::LlamaCloud, Conversation::Code, ""),
        ("markup", Provider::LlamaCloud, Conversation::Markup, "--thinking"),
        ("tools", Provider::LlamaCloud, Conversation::Attachments, "--tools"),
        ("failed_turn", Provider::LlamaCloud, Conversation::FailedTurn, ""),
    ] {
        let id = id(provider, kind);
        let mut text = String::new();
        for columns in [40, 80, 120] {
            let left = shown(&shell, &format!("{id} {CALM} {options}"), columns, &[("NO_COLOR", "1")]);
            assert!(!left.raw.contains('\u{1b}'), "{name}");
            let lines = plain(&left.raw);
            for line in lines.lines() {
                // Code and the address are not wrapped, so that they can be copied.
                let is_code = line.starts_with("      ") || line.contains("│     ") || line.starts_with("Session ");
                assert!(
                    is_code || line.width() <= usize::from(columns),
                    "{name} {columns}: {line}"
                );
            }
            // The beginning has every kind of part.
            let beginning: Vec<&str> = lines.lines().take(70).map(str::trim_end).collect();
            writeln!(text, "# {columns} columns\n{}\n", beginning.join("\n")).unwrap();
        }
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(format!("show_{name}"), text); });
    }
}

#[test]
fn colors_and_a_pipe_change_only_the_styles() {
    let shell = Shell::start();
    let id = shell
        .sandbox
        .session_with(Provider::LlamaCloud, Conversation::Tables)
        .expect("there is one");
    let colored = shown(&shell, &format!("{id} {CALM}"), 80, &[]);
    assert!(colored.raw.contains("\u{1b}[1m"), "{}", colored.raw);
    let without = shown(&shell, &format!("{id} {CALM}"), 80, &[("NO_COLOR", "1")]);
    assert_eq!(plain(&colored.raw), plain(&without.raw));
    let piped = crate::support::run(command(&shell, &format!("{id} -o text")).env("COLUMNS", "80")).ok();
    assert_eq!(piped, plain(&without.raw));
    insta::with_settings!({ omit_expression => true }, {
        let beginning: Vec<&str> = colored.raw.lines().take(40).collect();
        insta::assert_snapshot!("show_colors", beginning.join("\n").replace('\u{1b}', "ESC"));
    });
}

#[test]
fn a_text_of_two_megabytes_is_shown_whole() {
    let shell = Shell::start();
    for provider in [Provider::MemoriesAi, Provider::LlamaCloud] {
        let id = shell
            .sandbox
            .session_with(provider, Conversation::LongText)
            .expect("there is one");
        let text = crate::support::run(command(&shell, &format!("{id} -o text")).env("COLUMNS", "40")).ok();
        assert!(text.len() > 2 << 20, "{provider}: {}", text.len());
        assert!(!text.replace('\n', "").contains(is_unsafe));
        let lines = text.lines().filter(|line| !line.starts_with("Session "));
        let widest = lines.map(UnicodeWidthStr::width).max();
        assert!(widest <= Some(40), "{provider}: {widest:?}");
        let lines: Vec<&str> = text.lines().collect();
        let ends = [&lines[..20], &["…"], &lines[lines.len() - 20..]].concat().join("\n");
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!(format!("show_long_text_{provider}"), ends);
        });
    }
}

#[test]
fn a_transcript_that_is_longer_than_the_screen_goes_through_the_pager() {
    let shell = Shell::start();
    let id = |kind| {
        shell
            .sandbox
            .session_with(Provider::LlamaCloud, kind)
            .expect("there is one")
    };
    let (long, short) = (id(Conversation::ManyTurns), id(Conversation::OneTurn));
    let pager = ("PAGER", PAGER);
    let paged = shown(&shell, &format!("{long} -q"), 80, &[pager]);
    assert!(paged.raw.starts_with("| "), "{}", &paged.raw[..200]);
    assert!(!paged.raw.contains('\u{1b}'), "a pager that is not less gets no styles");
    let _ = plain(&paged.raw);
    for (arguments, variables) in [
        (format!("{short} -q"), vec![pager]),
        (format!("{long} -q --no-pager"), vec![pager]),
        (format!("{long} -q"), vec![("PAGER", "cat")]),
        (format!("{long} -q"), vec![pager, ("TERM", "dumb")]),
        (format!("{long} -q -o md"), vec![pager]),
        (format!("{long} -q"), vec![("PAGER", "missing-pager")]),
    ] {
        let left = shown(&shell, &arguments, 80, &variables);
        assert!(!left.raw.starts_with("| "), "{arguments} {variables:?}");
        assert!(left.raw.len() > 300, "{arguments} {variables:?}: {}", left.raw);
    }
    // Several short ones are one long text.
    let ids = shell.sandbox.session_ids(Provider::LlamaCloud, None)[..40].join(" ");
    assert!(shown(&shell, &format!("{ids} -q"), 80, &[pager]).raw.starts_with("| "));
    // Leaving the pager early is no failure.
    shown(&shell, &format!("{long} -q"), 80, &[("PAGER", "true")]);
}

#[test]
fn ctrl_c_belongs_to_the_pager() {
    let shell = Shell::start();
    let folder = tempfile::tempdir().expect("a temporary directory");
    let (script, caught, end) = (
        folder.path().join("pager"),
        folder.path().join("caught"),
        folder.path().join("end"),
    );
    let lines = [
        "#!/bin/sh".to_owned(),
        format!("trap 'echo caught >> {}' INT", caught.display()),
        "cat > /dev/null; echo ready".to_owned(),
        format!("while ! test -e {}; do sleep 0.02; done", end.display()),
    ];
    std::fs::write(&script, lines.join("\n")).expect("the directory is ours");
    let id = shell
        .sandbox
        .session_with(Provider::LlamaCloud, Conversation::ManyTurns)
        .expect("there is one");
    let mut command = command(&shell, &format!("{id} -q"));
    command.env("PAGER", format!("sh {}", script.display()));
    let mut terminal = Terminal::start(&command, 80);
    terminal.wait_for(&["ready"]);
    // Neither the first one nor the second one ends the program.
    for number in 1..=2 {
        terminal.press_ctrl_c();
        wait_until(|| {
            let caught = std::fs::read_to_string(&caught).unwrap_or_default();
            caught.lines().count() >= number
        });
    }
    std::fs::write(&end, "").expect("the directory is ours");
    assert_eq!(terminal.end().code, 0);
}

#[test]
fn progress_shows_how_many_sessions_have_arrived() {
    let shell = Shell::start();
    let llama = shell.sandbox.session_ids(Provider::LlamaCloud, None);
    let memories = shell.sandbox.session_ids(Provider::MemoriesAi, None);
    let held = Fault::ordinary().with_hold().on_operations([Operation::SessionDetail]);
    shell.sandbox.always(Provider::MemoriesAi, held);
    let arguments = format!("{} {} {}", llama[0], llama[1], memories[0]);
    let mut terminal = Terminal::start(command(&shell, &arguments).env("PAGER", "cat"), 80);
    terminal.wait_for(&["sessions: 2/3"]);
    terminal.press_ctrl_c();
    let left = terminal.end();
    assert_eq!(left.code, 130);
    let screen = left.without_echo();
    assert!(
        screen.contains("interrupted; 2 of 3 sessions shown, 1 not read"),
        "{screen}"
    );
    assert!(!screen.contains("sessions: 2/3"), "the line is erased: {screen}");
    assert!(screen.contains(&llama[1]), "{screen}");
}

#[test]
fn raw_bodies_are_safe_on_a_terminal() {
    let shell = Shell::start();
    let id = shell
        .sandbox
        .session_with(Provider::LlamaCloud, Conversation::ControlCharacters)
        .expect("there is one");
    let left = shown(&shell, &format!("{id} {CALM} --raw"), 80, &[]);
    let _ = plain(&left.raw);
    let mut usage = program();
    usage.args(["show", "a\u{1b}[31mb"]).env("TERM", "xterm-256color");
    let left = Terminal::start(&usage, 80).end();
    assert_eq!(left.code, 2);
    assert!(!left.raw.contains("\u{1b}[31mb"), "{}", left.raw);
}
