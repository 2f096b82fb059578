//! TSV and CSV: a program reads back exactly the titles of the provider, whatever they contain.

use std::collections::HashMap;

use chat_sessions_sandbox::Provider;

use crate::support::{DIFFICULT_TITLES, Shell, is_unsafe};

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
    assert!(!tsv.replace(['\t', '\n'], "").contains(is_unsafe), "{tsv:?}");
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
                Some(length @ ('u' | 'U')) => {
                    let digits: String = characters.by_ref().take(if length == 'u' { 4 } else { 8 }).collect();
                    let code = u32::from_str_radix(&digits, 16).expect("these are digits");
                    char::from_u32(code).expect("it is a character")
                }
                other => panic!("unknown escape: {other:?} in {value:?}"),
            },
        });
    }
    plain
}

#[test]
fn a_spreadsheet_gets_every_title_as_a_text() {
    let shell = Shell::start();
    for title in [
        "=HYPERLINK(\"http://127.0.0.1:9/?\"&A1)",
        "@SUM(A1:A9)",
        " +1",
        "one;=1",
        "\u{202e}=1\u{1b}[31m\tx",
        "plain, \"quoted\"\r\nand on two lines",
    ] {
        let _ = shell.sandbox.insert(Provider::LlamaCloud, None, title);
    }
    let csv = shell
        .list("--provider llama-cloud --limit 6 -o csv --spreadsheet --columns title,id,run_turns")
        .ok();
    let csv = csv.strip_prefix('\u{feff}').expect("a byte order mark");
    assert!(csv.starts_with("\"title\",\"id\",\"run_turns\"\r\n"), "{csv}");
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let mut titles: Vec<_> = reader.records().map(|row| row.expect("a row")[0].to_owned()).collect();
    titles.sort();
    assert_eq!(
        titles,
        [
            "' +1",
            "'=1 [31m x",
            "'=HYPERLINK(\"http://127.0.0.1:9/?\"&A1)",
            "'@SUM(A1:A9)",
            "one;'=1",
            "plain, \"quoted\"\nand on two lines",
        ]
    );
    // Ids of Memories.ai have more digits than a spreadsheet keeps.
    let csv = shell
        .list("--provider memories-ai --limit 1 -o csv --spreadsheet --columns id")
        .ok();
    assert!(csv.contains("\r\n\"'7"), "{csv}");
    for format in ["", "-o table", "-o tsv", "-o json", "-o ndjson"] {
        let ran = shell.list(&format!("--spreadsheet {format}"));
        assert_eq!(ran.code, 2, "{format}");
        assert!(ran.stderr.contains("--spreadsheet works with -o csv"), "{}", ran.stderr);
    }
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
