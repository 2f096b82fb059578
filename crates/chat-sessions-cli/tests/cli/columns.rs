//! `--columns` and `--fields`: what of a session is printed, under the same names everywhere.

use chat_sessions_sandbox::{Fault, Provider};
use serde_json::Value;

use crate::support::{Ran, Shell, chat_sessions, parsed, run};

const ALL: &str = "provider,id,title,when,origin,scope,created_at,created_origin,updated_at,updated_origin,resources,access,\
                   run_duration_ms,run_is_error,run_error,run_input_tokens,run_output_tokens,run_turns,run_export_config_ids,extra";

/// A shell with one session that has everything, and one that has nothing but its id.
fn shell() -> Shell {
    let body = r#"{"items":[{"session_id":"full","generated_title":"Everything,\tin one","last_updated_at":"2026-04-22T12:34:41.342245",
        "index_ids":["idx-1","idx-2"],"shared_access":"read_only","region":"eu",
        "job_metadata":{"duration_ms":1234.5,"is_error":true,"error":"It broke\noff","total_input_tokens":10,
        "total_output_tokens":20,"turns":3,"export_config_ids":["e1","e2"]}},{"session_id":"bare"}]}"#;
    let shell = Shell::start();
    shell
        .sandbox
        .always(Provider::LlamaCloud, Fault::raw(200, "application/json", body));
    shell
}

fn list(shell: &Shell, arguments: &[&str]) -> Ran {
    let mut command = shell.command("--provider llama-cloud --order source");
    run(command.args(arguments).env("COLUMNS", "80"))
}

#[test]
fn every_column_has_its_value_in_every_format() {
    let shell = shell();
    let mut shown = String::new();
    for format in ["csv", "tsv", "table"] {
        shown.push_str(&format!(
            "# {format}\n{}\n",
            list(&shell, &["-o", format, "--columns", ALL]).ok()
        ));
    }
    insta::with_settings!({omit_expression => true}, {
        insta::assert_snapshot!("columns", shown.replace("\r\n", "\n"));
    });
}

#[test]
fn columns_come_in_the_order_in_which_they_are_named() {
    let shell = shell();
    let csv = list(
        &shell,
        &["-o", "csv", "--columns", "title,id", "--columns", "run_turns"],
    )
    .ok();
    assert_eq!(
        csv,
        "title,id,run_turns\r\n\"Everything,\tin one\",full,3\r\n,bare,\r\n"
    );
    assert_eq!(list(&shell, &["--columns", "id"]).ok(), "full\nbare\n");
}

#[test]
fn the_chosen_members_are_printed_in_their_order_and_follow_the_schema() {
    let shell = shell();
    let schema = parsed(&chat_sessions(&["schema"]).ok());
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    let whole = parsed(&list(&shell, &["-o", "json"]).ok());
    let names = [
        "provider",
        "id",
        "scope",
        "title",
        "created_at",
        "updated_at",
        "resources",
        "access",
        "last_run",
        "extra",
    ];
    for fields in [
        vec!["id"],
        vec!["title", "id", "title"],
        vec!["updated_at", "last_run", "extra"],
        names.to_vec(),
    ] {
        let document = list(&shell, &["-o", "json", "--fields", &fields.join(",")]).ok();
        let lines = list(&shell, &["-o", "ndjson", "--fields", &fields.join(",")]).ok();
        let document = parsed(&document);
        assert!(validator.is_valid(&document), "{fields:?}");
        let sessions = document["sessions"].as_array().expect("a list");
        for (index, session) in sessions.iter().enumerate() {
            let members = session.as_object().expect("an object");
            assert!(members.keys().all(|name| fields.contains(&name.as_str())));
            for name in &fields {
                assert_eq!(session[name], whole["sessions"][index][name], "{name}");
            }
        }
        let parsed_lines: Vec<Value> = lines.lines().map(parsed).collect();
        assert_eq!(&parsed_lines, sessions);
    }
    let line = list(&shell, &["-o", "ndjson", "--fields", "title,id,title"]).ok();
    assert_eq!(
        line.lines().next(),
        Some(r#"{"title":"Everything,\tin one","id":"full"}"#)
    );
    // A document that says that its sessions are whole must have whole ones, and a part no other members.
    let mut wrong = parsed(&list(&shell, &["-o", "json", "--fields", "id"]).ok());
    wrong["fields"] = Value::Null;
    assert!(!validator.is_valid(&wrong));
    wrong["fields"] = serde_json::json!(["id"]);
    wrong["sessions"][0]["colour"] = "red".into();
    assert!(!validator.is_valid(&wrong));
}

#[test]
fn a_name_that_is_none_is_refused_with_those_that_are_and_the_one_that_was_meant() {
    for (option, name, meant, known) in [
        ("--columns", "titel", "'title'", "run_input_tokens"),
        ("--columns", "created", "'created_at'", "origin"),
        ("--fields", "last-run", "'last_run'", "created_at"),
        ("--fields", "when", "", "updated_at"),
    ] {
        let ran = chat_sessions(&["list", "--sandbox", "-o", "json", option, name]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{name}");
        assert!(
            ran.stderr.contains(meant) && ran.stderr.contains(known),
            "{}",
            ran.stderr
        );
    }
    let ran = chat_sessions(&["list", "--sandbox", "--colums", "id"]);
    assert!(ran.code == 2 && ran.stderr.contains("'--columns'"), "{}", ran.stderr);
}

#[test]
fn columns_are_for_rows_and_fields_for_json() {
    for (arguments, told) in [
        (["-o", "json", "--columns", "id"], "choose with --fields"),
        (["-o", "ndjson", "--columns", "id"], "choose with --fields"),
        (["-o", "table", "--fields", "id"], "choose with --columns"),
        (["-o", "csv", "--fields", "id"], "choose with --columns"),
    ] {
        let ran = chat_sessions(&[&["list", "--sandbox"], &arguments[..]].concat());
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(ran.stderr.contains(told), "{}", ran.stderr);
    }
}
