//! TSV and CSV: whatever a title holds, a program reads back what the provider said.

use std::collections::HashMap;

use chat_sessions_sandbox::Provider;

use crate::support::{EVIL_TITLES, Shell};

/// Gives a sandbox with evil titles in both lists, and the title of every session that it holds.
fn evil_shell() -> (Shell, HashMap<String, String>) {
    let shell = Shell::start();
    for title in EVIL_TITLES {
        let _ = shell.sandbox.insert(Provider::MemoriesAi, None, title);
        let _ = shell.sandbox.insert(Provider::LlamaCloud, None, title);
    }
    let held = shell.held().into_iter();
    let titles: HashMap<_, _> = held.map(|(id, title)| (id, title.unwrap_or_default())).collect();
    for title in EVIL_TITLES {
        assert!(
            titles.values().any(|held| held == title),
            "the sandbox changed {title:?}"
        );
    }
    (shell, titles)
}

#[test]
fn csv_read_back_has_the_titles_of_the_provider() {
    let (shell, expected) = evil_shell();
    let csv = shell.list("--all -o csv").ok();
    assert!(
        csv.starts_with("provider,id,title,when,origin\r\n"),
        "a heading, and CRLF"
    );
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let rows: Vec<csv::StringRecord> = reader
        .records()
        .map(|row| row.expect("every row has the columns of the heading"))
        .collect();
    let titles: HashMap<_, _> = rows
        .iter()
        .map(|row| (format!("{}:{}", &row[0], &row[1]), row[2].to_owned()))
        .collect();
    assert_eq!(rows.len(), expected.len());
    assert_eq!(titles, expected);
}

#[test]
fn tsv_is_one_line_a_session_and_its_escapes_read_back() {
    let (shell, expected) = evil_shell();
    let tsv = shell.list("--all -o tsv").ok();
    let rows: Vec<Vec<String>> = tsv
        .strip_suffix('\n')
        .expect("the last line ends")
        .split('\n')
        .map(|line| line.split('\t').map(unescaped).collect())
        .collect();
    assert_eq!(rows.len(), expected.len());
    assert!(rows.iter().all(|row| row.len() == 5), "five columns in each");
    assert!(!tsv.contains('\r'));
    let titles: HashMap<_, _> = rows
        .iter()
        .map(|row| (format!("{}:{}", row[0], row[1]), row[2].clone()))
        .collect();
    assert_eq!(titles, expected);
}

/// Undoes the escapes, as the documentation of the format has them.
fn unescaped(value: &str) -> String {
    let mut characters = value.chars();
    let mut plain = String::new();
    while let Some(character) = characters.next() {
        plain.push(match (character, character == '\\') {
            (character, false) => character,
            (_, true) => match characters.next() {
                Some('t') => '\t',
                Some('n') => '\n',
                Some('r') => '\r',
                Some('\\') => '\\',
                other => panic!("an escape that does not exist: {other:?} in {value:?}"),
            },
        });
    }
    plain
}

#[test]
fn a_pipe_gets_tsv_without_being_asked() {
    let shell = Shell::start();
    let piped = shell.list("--limit 7").ok();
    assert_eq!(piped, shell.list("--limit 7 -o tsv").ok());
    assert_eq!(piped.lines().count(), 7);
}

#[test]
fn an_empty_list_has_a_heading_in_csv_and_nothing_in_tsv() {
    let shell = Shell::start();
    let list = |format: &str| {
        let mut command = shell.command("--provider memories-ai");
        crate::support::run(command.env("MEMORIES_AI_UNIQUE_ID", "nobody").args(["-o", format])).ok()
    };
    assert_eq!(list("csv"), "provider,id,title,when,origin\r\n");
    assert_eq!(list("tsv"), "");
    assert_eq!(list("table"), "");
}
