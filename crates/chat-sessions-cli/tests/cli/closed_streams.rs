//! Standard streams that are closed when the program starts, and `/dev/null` in place of them.

use std::fs::OpenOptions;
use std::process::{Command, Stdio};

use chat_sessions_sandbox::{Fault, Provider};

use crate::support::{FORMATS, Ran, Shell, ids, in_a_shell, parsed, program, run, text};

/// Runs a command with some streams redirected by a shell, such as `>&-`.
fn redirected(command: &Command, redirections: &str) -> Ran {
    run(&mut in_a_shell(&format!("exec \"$0\" \"$@\" {redirections}"), command))
}

#[test]
fn a_closed_standard_output_is_an_error_of_list_before_any_request() {
    let shell = Shell::start();
    for format in FORMATS {
        let ran = redirected(&shell.command(&format!("-o {format}")), ">&-");
        assert_eq!((ran.code, ran.stderr.lines().count()), (1, 1), "{format}: {ran:?}");
        let message = "cannot write the output: standard output is closed";
        if format.ends_with("json") {
            let error = &parsed(&ran.stderr)["error"];
            assert_eq!(
                (text(&error["kind"]), text(&error["message"])),
                ("output", message),
                "{format}"
            );
        } else {
            assert_eq!(ran.stderr, format!("error: {message}\n"), "{format}");
        }
    }
    assert!(shell.sandbox.requests().is_empty());
}

#[test]
fn a_closed_standard_output_is_an_error_of_every_command_that_prints() {
    for arguments in [
        "--help",
        "-h",
        "--version",
        "help",
        "help list",
        "list --help",
        "version",
        "ls --sandbox",
        "schema",
        "providers",
        "providers -o json",
        "doctor --sandbox",
        "config show",
        "config path",
        "config help",
        "completions bash",
        "man",
        "man list",
        "sandbox",
    ] {
        let mut command = program();
        command.env("HOME", "/nonexistent").args(arguments.split(' '));
        for (redirections, lines) in [(">&-", 1), (">&- <&-", 1), (">&- 2>&-", 0)] {
            let ran = redirected(&command, redirections);
            assert_eq!(ran.code, 1, "{arguments} {redirections}: {ran:?}");
            assert_eq!(ran.stderr.lines().count(), lines, "{arguments} {redirections}: {ran:?}");
        }
    }
    // Nothing is printed here.
    let folder = tempfile::tempdir().expect("a temporary directory");
    let mut pages = program();
    pages.args(["man", "--dir"]).arg(folder.path());
    assert_eq!(redirected(&pages, ">&-").ok(), "");
    let usage = redirected(program().arg("lst"), ">&-");
    assert_eq!(
        usage.code, 2,
        "a mistake in the arguments is reported as such: {usage:?}"
    );
}

#[test]
fn a_null_device_takes_everything_in_whatever_mode_it_is_open() {
    let open = |read: bool| {
        let file = OpenOptions::new().read(read).write(true).open("/dev/null");
        file.expect("every Unix has it")
    };
    let shell = Shell::start();
    // Rust and shells open it for writing, and Python for reading too.
    for output in [Stdio::null(), open(false).into(), open(true).into()] {
        let mut command = shell.command("--limit 3 -q");
        let status = command.stdout(output).status().expect("the program starts");
        assert_eq!(status.code(), Some(0));
    }
    assert_eq!(redirected(&shell.command("--limit 3 -q"), ">/dev/null").ok(), "");
    assert_eq!(redirected(&shell.command("--limit 3 -q"), "<>/dev/null >&0").ok(), "");
}

#[test]
fn a_closed_standard_error_changes_neither_output_nor_exit_code() {
    let shell = Shell::start();
    for arguments in ["--limit 30 -o ndjson", "--limit 30 -o ndjson -vv --stats"] {
        let ran = redirected(&shell.command(arguments), "2>&-");
        assert_eq!((ran.code, ids(&ran, "ndjson").len()), (0, 30), "{arguments}");
        let ran = redirected(&shell.command(arguments), "<&- 2>&-");
        assert_eq!((ran.code, ids(&ran, "ndjson").len()), (0, 30), "{arguments}");
    }
    shell.sandbox.always(Provider::LlamaCloud, Fault::status(429));
    for (arguments, code) in [("--provider llama-cloud", 5), ("--all", 3), ("--bogus", 2)] {
        assert_eq!(redirected(&shell.command(arguments), "2>&-").code, code, "{arguments}");
    }
}
