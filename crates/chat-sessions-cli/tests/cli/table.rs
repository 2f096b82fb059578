//! The table: fitting, truncation and alignment.

use chat_sessions_sandbox::{Provider, Sandbox};
use unicode_width::UnicodeWidthStr;

use crate::support::{DIFFICULT_TITLES, Shell, run};

fn table(shell: &Shell, columns: &str, arguments: &str) -> String {
    run(shell.command(arguments).args(["-o", "table"]).env("COLUMNS", columns)).ok()
}

#[test]
fn the_table_at_eighty_columns() {
    insta::assert_snapshot!("table_80", table(&Shell::start(), "80", "--limit 8"));
}

#[test]
fn the_table_at_forty_columns_keeps_ids_whole() {
    insta::assert_snapshot!("table_40", table(&Shell::start(), "40", "--limit 8"));
}

#[test]
fn a_wide_table_truncates_nothing() {
    // As many rows as are buffered to choose the widths. A longer title after these may be truncated.
    let shell = Shell::start_with(Sandbox::builder().memories_ai_sessions(50).llama_cloud_sessions(50));
    let wide = table(&shell, "400", "--all");
    let stored = shell.stored();
    assert_eq!(wide.lines().count(), stored.len() + 1);
    for (id, title) in stored {
        let id = id.split_once(':').expect("provider and id").1;
        let line = wide.lines().find(|line| line.contains(id)).expect("every id is there");
        let title = title.unwrap_or_else(|| "-".to_owned());
        assert!(single_spaced(line).contains(&single_spaced(&title)), "{line}");
    }
}

fn single_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_long_table_stays_aligned() {
    let shell = Shell::start();
    let printed = table(&shell, "80", "--all");
    assert_eq!(printed.lines().count(), 250);
    assert!(printed.lines().all(|line| line.width() <= 80));
}

#[test]
fn wide_and_difficult_titles_keep_the_columns_aligned() {
    let shell = Shell::start();
    for title in DIFFICULT_TITLES {
        let _ = shell.sandbox.insert(Provider::MemoriesAi, None, title);
    }
    let printed = table(
        &shell,
        "80",
        &format!("--provider memories-ai --limit {}", DIFFICULT_TITLES.len()),
    );
    let mut lines = printed.lines();
    let heading = lines.next().expect("a heading");
    let when = heading.find("WHEN").expect("the heading is ASCII");
    let mut rows = 0;
    for line in lines {
        let time = line.find(" ~2026-").expect("every session has a time") + 1;
        assert_eq!(line[..time].width(), when, "{line}");
        assert!(line.width() <= 80, "{line}");
        assert!(!line.contains(char::is_control), "no control characters: {line:?}");
        rows += 1;
    }
    assert_eq!(
        rows,
        DIFFICULT_TITLES.len(),
        "a line break in a title does not start a line:\n{printed}"
    );
    insta::assert_snapshot!("table_difficult_titles", printed);
}
