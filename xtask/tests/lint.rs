//! `cargo xtask lint` as it is called: what it prints, for people and for programs, and how it exits.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Runs the command in the folder of the broken specs.
fn lint(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .current_dir(root().join("tests/fixtures/specs"))
        .arg("lint")
        .args(arguments)
        .output()
        .unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn our_specs_are_the_default_and_clean() {
    let output = lint(&[]);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    assert_eq!(stdout(&output), "");
    assert_eq!(stderr(&output), "2 files, 0 errors, 0 warnings\n");
}

#[test]
fn a_finding_is_one_line_and_an_error_is_an_exit_code() {
    let output = lint(&["misspelled-keyword.yaml"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        stdout(&output),
        "misspelled-keyword.yaml:10:61: error[unknown-key] at #/components/schemas/Thing/properties/name/nulable: \
         `nulable` is not a known key here and would be lost silently. \
         Remedy: Did you mean `nullable`? Extensions start with `x-`.\n"
    );
    assert_eq!(stderr(&output), "1 file, 1 error, 0 warnings\n");
}

#[test]
fn warnings_alone_are_no_failure() {
    let output = lint(&["no-failure.yaml"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(stdout(&output).contains("warning[response-failure]"));
    assert_eq!(stderr(&output), "1 file, 0 errors, 1 warning\n");
}

#[test]
fn programs_get_one_array_for_all_files() {
    let output = lint(&["-o", "json", "no-failure.yaml", "yaml-syntax.yaml", "yaml-empty.yaml"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stderr(&output), "");
    let findings: Vec<Value> = serde_json::from_str(&stdout(&output)).unwrap();
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

    let none = lint(&["--output", "json"]);
    assert_eq!(stdout(&none), "[]\n");
}

#[test]
fn the_rules_of_the_house_are_for_our_own_specs_by_whatever_name() {
    // The copy lacks evidence, and is not ours.
    let output = lint(&["house-evidence-missing.yaml"]);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));

    let ours = lint(&["../../../specs/llama-cloud.yaml", "-o", "json"]);
    assert_eq!(ours.status.code(), Some(0), "{}", stdout(&ours));
}

#[test]
fn the_table_of_rules_has_a_line_for_each() {
    let output = lint(&["--rules"]);
    assert_eq!(output.status.code(), Some(0));
    let rules = chat_sessions_codegen::rules();
    assert_eq!(stdout(&output).lines().count(), rules.len() + 2);
    for rule in rules {
        assert!(stdout(&output).contains(&format!("| `{}` | {} |", rule.name, rule.severity)));
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let output = lint(&["no-such.yaml"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("no-such.yaml cannot be read"),
        "{}",
        stderr(&output)
    );
}
