//! Output that cannot be written: a closed pipe, and a full disk.

use std::io::{BufRead, BufReader, Read};
use std::process::Command;

use chat_sessions_sandbox::Provider;

use crate::support::{FORMATS, Shell, program, start};

/// Reads one line and closes the pipe. Returns the exit code and standard error.
fn read_one_line(command: &mut Command) -> (Option<i32>, String) {
    let mut child = start(command);
    let mut line = String::new();
    let mut reader = BufReader::with_capacity(1, child.stdout.take().expect("it is piped"));
    reader.read_line(&mut line).expect("a line arrives");
    drop(reader);
    let mut messages = String::new();
    let mut stderr = child.stderr.take().expect("it is piped");
    stderr.read_to_string(&mut messages).expect("it is UTF-8");
    (child.wait().expect("it ends").code(), messages)
}

#[test]
fn a_closed_pipe_ends_the_program_silently() {
    // More output than fits into a pipe, so that the program has to write after it is closed.
    let shell = Shell::start_with(chat_sessions_sandbox::Sandbox::builder().memories_ai_sessions(3_000));
    for format in FORMATS {
        let mut command = shell.command("--all --provider memories-ai --order source -o");
        assert_eq!(read_one_line(command.arg(format)), (Some(0), String::new()), "{format}");
    }
}

#[test]
fn no_request_is_started_after_a_write_has_failed() {
    for provider in [Provider::MemoriesAi, Provider::LlamaCloud] {
        for format in ["tsv", "csv", "json", "ndjson"] {
            // Thirty pages, and nobody reads them: the first write fails.
            let builder = chat_sessions_sandbox::Sandbox::builder().memories_ai_sessions(3_000);
            let shell = Shell::start_with(builder.llama_cloud_sessions(3_000));
            let (reader, writer) = std::io::pipe().expect("the system has pipes");
            drop(reader);
            let output = shell
                .command(&format!("--all --page-size 100 --provider {provider} -o {format}"))
                .stdout(writer)
                .output()
                .expect("the program starts");
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert_eq!((output.status.code(), &*stderr), (Some(0), ""), "{provider} {format}");
            // The first page, and the one that was requested before its sessions were printed.
            let requests = shell.sandbox.request_count(provider);
            assert!((1..=2).contains(&requests), "{provider} {format}: {requests} requests");
        }
    }
}

#[cfg(unix)]
#[test]
fn piping_into_head_succeeds() {
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
fn a_closed_pipe_ends_schema_silently() {
    assert_eq!(read_one_line(program().arg("schema")), (Some(0), String::new()));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let shell = Shell::start();
    for format in FORMATS {
        let full = std::fs::File::create("/dev/full").expect("Linux has it");
        let output = shell
            .command("--all -o")
            .arg(format)
            .stdout(full)
            .output()
            .expect("the program starts");
        let messages = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{format}: {messages}");
        let message = "cannot write the output: ";
        if format.ends_with("json") {
            let error = &crate::support::parsed(&messages)["error"];
            assert_eq!(error["kind"], "output", "{messages}");
            assert!(
                crate::support::text(&error["message"]).starts_with(message),
                "{messages}"
            );
        } else {
            assert!(
                messages.starts_with(&format!("error: {message}")),
                "{format}: {messages}"
            );
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn help_and_version_report_write_errors_too() {
    for arguments in [&["--help"][..], &["list", "-h"], &["--version"]] {
        let full = std::fs::File::create("/dev/full").expect("Linux has it");
        let output = program()
            .args(arguments)
            .stdout(full)
            .output()
            .expect("the program starts");
        let messages = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {messages}");
        assert!(messages.starts_with("error: cannot write the output: "), "{messages}");
        let (code, messages) = read_one_line(program().args(arguments));
        assert_eq!((code, messages.as_str()), (Some(0), ""), "{arguments:?}");
    }
}
