//! Output that goes nowhere: a reader that leaves, and a disk that is full.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use chat_sessions_sandbox::Provider;

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
fn no_request_is_started_after_a_write_has_failed() {
    let builder = chat_sessions_sandbox::Sandbox::builder().memories_ai_sessions(3_000);
    let shell = Shell::start_with(builder.llama_cloud_sessions(3_000));
    for provider in [Provider::MemoriesAi, Provider::LlamaCloud] {
        for format in ["tsv", "csv", "json", "ndjson"] {
            shell.sandbox.forget_requests();
            let mut command = shell.command(&format!("--all --provider {provider} -o {format}"));
            let mut child = command
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .expect("the program starts");
            let mut line = String::new();
            let mut reader = BufReader::with_capacity(1, child.stdout.take().expect("it is piped"));
            reader.read_line(&mut line).expect("a line comes");
            drop(reader);
            let asked = shell.sandbox.request_count(provider);
            let output = child.wait_with_output().expect("it ends");
            assert_eq!(
                (output.status.code(), output.stderr.len()),
                (Some(0), 0),
                "{provider} {format}"
            );
            // The rows of a page can be written, and the next one asked for, before the reader leaves; the write of that
            // page's rows fails, and none follows.
            let more = shell.sandbox.request_count(provider) - asked;
            assert!(more <= 1, "{provider} {format}: {more} requests without a reader");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_head_that_has_enough_is_no_failure_of_the_pipe() {
    for format in FORMATS {
        let program = env!("CARGO_BIN_EXE_chat-sessions");
        let script = format!("set -o pipefail; '{program}' list --sandbox --all -o {format} | head -1");
        let output = Command::new("bash")
            .args(["-c", &script])
            .output()
            .expect("there is a bash");
        assert_eq!(output.status.code(), Some(0), "{format}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{format}");
        assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 1, "{format}");
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
        let told = "the output cannot be written: ";
        if format.ends_with("json") {
            let error = &crate::support::parsed(&said)["error"];
            assert_eq!(error["kind"], "output", "{said}");
            assert!(crate::support::text(&error["message"]).starts_with(told), "{said}");
        } else {
            assert!(said.starts_with(&format!("error: {told}")), "{format}: {said}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn help_and_version_are_output_like_any_other() {
    for asked in [&["--help"][..], &["list", "-h"], &["--version"]] {
        let full = std::fs::File::create("/dev/full").expect("Linux has it");
        let output = program().args(asked).stdout(full).output().expect("the program starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{asked:?}: {said}");
        assert!(said.starts_with("error: the output cannot be written: "), "{said}");
        let (code, said) = read_one_line(program().args(asked));
        assert_eq!((code, said.as_str()), (Some(0), ""), "{asked:?}");
    }
}
