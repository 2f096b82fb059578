//! The table: what fits, what is cut, and that its columns stand below each other.

use chat_sessions_sandbox::{Provider, Sandbox};
use unicode_width::UnicodeWidthStr;

use crate::support::{EVIL_TITLES, Shell, run};

fn table(shell: &Shell, columns: &str, arguments: &str) -> String {
    run(shell.command(arguments).args(["-o", "table"]).env("COLUMNS", columns)).ok()
}

#[test]
fn the_table_at_eighty_columns() {
    insta::assert_snapshot!("table_80", table(&Shell::start(), "80", "--limit 8"));
}

#[test]
fn the_table_at_forty_columns_keeps_the_ids_whole_and_a_little_of_the_title() {
    insta::assert_snapshot!("table_40", table(&Shell::start(), "40", "--limit 8"));
}

#[test]
fn the_table_with_room_cuts_nothing() {
    // As many rows as are looked at before the widths are settled; behind them a longer title may be cut.
    let shell = Shell::start_with(Sandbox::builder().memories_ai_sessions(50).llama_cloud_sessions(50));
    let wide = table(&shell, "400", "--all");
    let held = shell.held();
    assert_eq!(wide.lines().count(), held.len() + 1);
    for (id, title) in held {
        let id = id.split_once(':').expect("provider and id").1;
        let line = wide.lines().find(|line| line.contains(id)).expect("every id is there");
        let title = title.unwrap_or_else(|| "-".to_owned());
        assert!(one_spaced(line).contains(&one_spaced(&title)), "{line}");
    }
}

fn one_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_table_of_many_rows_is_written_as_they_come_and_stays_aligned() {
    let shell = Shell::start();
    let printed = table(&shell, "80", "--all");
    assert_eq!(printed.lines().count(), 250);
    assert!(printed.lines().all(|line| line.width() <= 80));
}

#[test]
fn wide_and_evil_titles_keep_the_columns_aligned() {
    let shell = Shell::start();
    for title in EVIL_TITLES {
        let _ = shell.sandbox.insert(Provider::MemoriesAi, None, title);
    }
    let printed = table(&shell, "80", "--provider memories-ai --limit 12");
    let mut lines = printed.lines();
    let heading = lines.next().expect("a heading");
    let when = heading.find("WHEN").expect("the heading is ASCII");
    let mut rows = 0;
    for line in lines {
        let time = line.find(" 2026-").expect("every session has a time") + 1;
        assert_eq!(line[..time].width(), when, "{line}");
        assert!(line.width() <= 80, "{line}");
        assert!(
            !line.contains(char::is_control),
            "nothing that steers a terminal: {line:?}"
        );
        rows += 1;
    }
    assert_eq!(rows, 12, "a line break in a title begins no line:\n{printed}");
    insta::assert_snapshot!("table_evil_titles", printed);
}
