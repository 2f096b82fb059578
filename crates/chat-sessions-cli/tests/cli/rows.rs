//! TSV and CSV: a program reads back exactly the titles of the provider, whatever they contain.

use std::collections::HashMap;

use chat_sessions_sandbox::Provider;

use crate::support::{DIFFICULT_TITLES, Shell};

/// Returns a shell with difficult titles in both lists, and the title of every session.
fn shell_with_difficult_titles() -> (Shell, HashMap<String, String>) {
    let shell = Shell::start();
    for title in DIFFICULT_TITLES {
        let _ = shell.sandbox.insert(Provider::MemoriesAi, None, title);
        let _ = shell.sandbox.insert(Provider::LlamaCloud, None, title);
    }
    let stored = shell.stored().into_iter();
    let titles: HashMap<_, _> = stored.map(|(id, title)| (id, title.unwrap_or_default())).collect();
    for title in DIFFICULT_TITLES {
        assert!(
            titles.values().any(|stored| stored == title),
            "the sandbox changed {title:?}"
        );
    }
    (shell, titles)
}

#[test]
fn csv_round_trips_every_title() {
    let (shell, expected) = shell_with_difficult_titles();
    let csv = shell.list("--all -o csv").ok();
    assert!(
        csv.starts_with("provider,id,title,when,origin\r\n"),
        "a header, and CRLF"
    );
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let rows: Vec<csv::StringRecord> = reader
        .records()
        .map(|row| row.expect("every row has the columns of the header"))
        .collect();
    let titles: HashMap<_, _> = rows
        .iter()
        .map(|row| (format!("{}:{}", &row[0], &row[1]), row[2].to_owned()))
        .collect();
    assert_eq!(rows.len(), expected.len());
    assert_eq!(titles, expected);
}

#[test]
fn tsv_has_one_line_per_session_and_round_trips_every_title() {
    let (shell, expected) = shell_with_difficult_titles();
    let tsv = shell.list("--all -o tsv").ok();
    let rows: Vec<Vec<String>> = tsv
        .strip_suffix('\n')
        .expect("the last line ends")
        .split('\n')
        .map(|line| line.split('\t').map(unescape).collect())
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

/// Decodes the escapes of TSV.
fn unescape(value: &str) -> String {
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
                other => panic!("unknown escape: {other:?} in {value:?}"),
            },
        });
    }
    plain
}

#[test]
fn tsv_is_the_default_in_a_pipe() {
    let shell = Shell::start();
    let piped = shell.list("--limit 7").ok();
    assert_eq!(piped, shell.list("--limit 7 -o tsv").ok());
    assert_eq!(piped.lines().count(), 7);
}

#[test]
fn an_empty_list_has_a_header_in_csv_and_nothing_in_tsv_and_table() {
    let shell = Shell::start();
    let list = |format: &str| {
        let mut command = shell.command("--provider memories-ai");
        crate::support::run(command.env("MEMORIES_AI_UNIQUE_ID", "nobody").args(["-o", format])).ok()
    };
    assert_eq!(list("csv"), "provider,id,title,when,origin\r\n");
    assert_eq!(list("tsv"), "");
    assert_eq!(list("table"), "");
}
