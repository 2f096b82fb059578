//! Output that goes nowhere: a reader that leaves, and a disk that is full.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use crate::support::{Shell, program};

const FORMATS: [&str; 5] = ["table", "tsv", "csv", "json", "ndjson"];

/// Reads one line and leaves; gives the exit code and what was said about it.
fn read_one_line(command: &mut Command) -> (Option<i32>, String) {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut line = String::new();
    let mut reader = BufReader::with_capacity(1, child.stdout.take().expect("it is piped"));
    reader.read_line(&mut line).expect("a line comes");
    drop(reader);
    let mut said = String::new();
    let mut stderr = child.stderr.take().expect("it is piped");
    stderr.read_to_string(&mut said).expect("it is UTF-8");
    (child.wait().expect("it ends").code(), said)
}

#[test]
fn a_reader_that_leaves_is_a_quiet_end() {
    // More than any pipe holds, so that the program must meet the closed end.
    let shell = Shell::start_with(chat_sessions_sandbox::Sandbox::builder().memories_ai_sessions(3_000));
    for format in FORMATS {
        let mut command = shell.command("--all --provider memories-ai --order source -o");
        assert_eq!(read_one_line(command.arg(format)), (Some(0), String::new()), "{format}");
    }
}

#[test]
fn a_reader_of_the_schema_that_leaves_is_a_quiet_end() {
    assert_eq!(read_one_line(program().arg("schema")), (Some(0), String::new()));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_and_is_told() {
    let shell = Shell::start();
    for format in FORMATS {
        let full = std::fs::File::create("/dev/full").expect("Linux has it");
        let output = shell
            .command("--all -o")
            .arg(format)
            .stdout(full)
            .output()
            .expect("the program starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{format}: {said}");
        assert!(
            said.starts_with("error: the output cannot be written: "),
            "{format}: {said}"
        );
    }
}
