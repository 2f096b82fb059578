//! What the pages show of a terminal: a command after `$`, and what it prints.

use std::path::Path;

use super::page::{Page, tracked};
use crate::pty::Terminal;
use crate::support::program;

/// The width that the pages name.
const COLUMNS: u16 = 80;

/// Returns the commands of a block, each with the lines that follow it.
fn commands(block: &str) -> Vec<(&str, Vec<&str>)> {
    let mut commands: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in block.lines() {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (Some(command), _) => commands.push((command, Vec::new())),
            (None, Some((_, shown))) => shown.push(line),
            (None, None) => {}
        }
    }
    commands
}

/// Runs a command line in a terminal, without a configuration.
fn printed(command: &str) -> Vec<String> {
    let home = tempfile::tempdir().expect("a temporary directory");
    let binary = Path::new(env!("CARGO_BIN_EXE_chat-sessions"));
    let folder = binary.parent().expect("it is in a folder").display();
    let mut shell = std::process::Command::new("sh");
    shell
        .envs(program().get_envs().filter_map(|(name, value)| Some((name, value?))))
        .env("HOME", home.path())
        .env("PATH", format!("{folder}:/usr/bin:/bin"))
        // Without progress and colors.
        .env("TERM", "dumb")
        .args(["-c", command]);
    let left = Terminal::start(&shell, COLUMNS).end();
    left.raw.lines().map(str::to_owned).collect()
}

/// Returns whether a line is the one that the page shows. One that is too long for the page ends in an
/// ellipsis there.
fn is_shown(shown: &str, printed: &str) -> bool {
    shown == printed || shown.strip_suffix(" …").is_some_and(|start| printed.starts_with(start))
}

#[test]
fn the_output_that_a_page_shows_is_what_the_command_prints() {
    let mut compared = 0;
    for path in tracked() {
        let page = Page::read(&path);
        for block in page.blocks.iter().filter(|block| block.language == "text") {
            for (command, shown) in commands(&block.text) {
                let printed = printed(command);
                let is_same = shown.len() == printed.len()
                    && shown
                        .iter()
                        .zip(&printed)
                        .all(|(shown, printed)| is_shown(shown, printed));
                assert!(is_same, "{path}: {command}\n{shown:#?}\n{printed:#?}");
                compared += 1;
            }
        }
    }
    assert!(compared >= 4, "docs/cli.md shows the first five minutes");
}
