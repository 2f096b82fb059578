//! `lint`: what it prints, for people and for programs, and how it exits.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::copy::{Ran, source};

/// Runs the command in the folder of the broken specs.
fn lint(arguments: &[&str]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command
        .current_dir(source("tests/fixtures/specs"))
        .arg("lint")
        .args(arguments);
    Ran::of(&command.output().unwrap())
}

#[test]
fn our_specs_are_the_default_and_clean() {
    let ran = lint(&[]).exits(0);
    assert_eq!(ran.out, "");
    let count = fs::read_dir(source("specs")).unwrap().count();
    assert_eq!(ran.err, format!("{count} files, 0 errors, 0 warnings, 0 notes\n"));
}

#[test]
fn a_finding_is_one_line_and_an_error_is_an_exit_code() {
    let ran = lint(&["misspelled-keyword.yaml"]).exits(1);
    assert_eq!(
        ran.out,
        "misspelled-keyword.yaml:10:61: error[unknown-key] at #/components/schemas/Thing/properties/name/nulable: \
         `nulable` is not a known key here and would be lost silently. \
         Remedy: Did you mean `nullable`? Extensions start with `x-`.\n"
    );
    assert_eq!(ran.err, "1 file, 1 error, 0 warnings, 0 notes\n");
}

#[test]
fn warnings_alone_are_not_a_failure() {
    let ran = lint(&["no-failure.yaml"]).exits(0).prints("warning[response-failure]");
    assert_eq!(ran.err, "1 file, 0 errors, 1 warning, 0 notes\n");
}

#[test]
fn programs_get_one_array_for_all_files() {
    let ran = lint(&["-o", "json", "no-failure.yaml", "yaml-syntax.yaml", "yaml-empty.yaml"]).exits(1);
    assert_eq!(ran.err, "");
    let findings: Vec<Value> = serde_json::from_str(&ran.out).unwrap();
    let files: Vec<&str> = findings
        .iter()
        .map(|finding| finding["file"].as_str().unwrap())
        .collect();
    assert_eq!(files, ["no-failure.yaml", "yaml-syntax.yaml", "yaml-empty.yaml"]);
    let expected = serde_json::json!({
        "rule": "response-failure",
        "severity": "warning",
        "file": "no-failure.yaml",
        "line": 7,
        "column": 7,
        "pointer": "#/paths/~1thing/get/responses",
        "message": "The operation describes no failure response.",
        "remedy": "Describe the response to a rejected request, as 4XX or as `default`.",
    });
    assert_eq!(findings[0], expected);

    assert_eq!(lint(&["--output", "json"]).out, "[]\n");
}

#[test]
fn our_rules_apply_to_our_specs_only_but_by_any_path() {
    // This file lacks evidence, which only our own specs must have.
    lint(&["house-evidence-missing.yaml"]).exits(0);
    lint(&["../../../specs/llama-cloud.yaml", "-o", "json"]).exits(0);
}

#[test]
fn the_table_has_a_line_for_each_rule() {
    let ran = lint(&["--rules"]).exits(0);
    let rules = chat_sessions_codegen::rules();
    assert_eq!(ran.out.lines().count(), rules.len() + 2);
    for rule in rules {
        let row = format!("| `{}` | {} | {} |", rule.name, rule.severity, rule.with_generator);
        assert!(ran.out.contains(&row), "{row}");
    }
}

#[test]
fn what_our_generator_does_not_support_is_an_error_only_on_request() {
    let ran = lint(&["event-stream.yaml"]).exits(0).prints("note[event-stream]");
    assert_eq!(ran.err, "1 file, 0 errors, 0 warnings, 1 note\n");
    let ran = lint(&["--generator", "event-stream.yaml"])
        .exits(1)
        .prints("error[event-stream]");
    assert_eq!(ran.err, "1 file, 1 error, 0 warnings, 0 notes\n");
    lint(&["../valid-spec.yaml"]).exits(0).prints(" 0 errors,");
}

/// `head` closes its end after one line. The command neither panics nor prints about it.
#[test]
fn a_closed_pipe_ends_quietly() {
    for arguments in [
        vec!["--rules"],
        vec!["several-groups.yaml"],
        vec!["-o", "json", "several-groups.yaml"],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        let (log_reader, log_writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command
            .current_dir(source("tests/fixtures/specs"))
            .arg("lint")
            .args(&arguments);
        let expected = i32::from(arguments.contains(&"several-groups.yaml"));
        let ran = Ran::of(&command.stdout(writer).output().unwrap()).exits(expected);
        assert!(
            !ran.err.contains("panicked") && !ran.err.contains("pipe"),
            "{}",
            ran.err
        );
        // Standard error can be closed as well, as with `2>&1 | head`.
        drop(log_reader);
        let status = command
            .stdout(log_writer.try_clone().unwrap())
            .stderr(log_writer)
            .status()
            .unwrap();
        assert_eq!(status.code(), Some(expected), "{arguments:?}");
    }
}

#[test]
fn a_missing_file_is_named() {
    lint(&["no-such.yaml"]).exits(1).prints("no-such.yaml cannot be read");
}
