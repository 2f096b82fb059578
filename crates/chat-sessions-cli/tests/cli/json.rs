//! JSON and NDJSON: complete, one document, and what the schema says, also when something fails.

use std::collections::HashSet;

use chat_sessions_sandbox::{Fault, Provider};
use serde_json::Value;

use crate::support::{EVIL_TITLES, Shell, chat_sessions, parsed, sorted, text};

fn schema() -> Value {
    parsed(&chat_sessions(&["schema"]).ok())
}

fn assert_valid(document: &Value) {
    let validator = jsonschema::validator_for(&schema()).expect("the schema is one");
    let faults: Vec<String> = validator
        .iter_errors(document)
        .map(|fault| format!("{} at {}", fault, fault.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{faults:?}");
}

#[test]
fn every_session_of_the_sandbox_is_one_line_and_each_id_comes_once() {
    let shell = Shell::start();
    let expected = sorted(shell.held().into_iter().map(|(id, _)| id).collect());
    let own = shell.list("--all -o ndjson");
    let embedded = chat_sessions(&["list", "--sandbox", "--all", "-o", "ndjson"]);
    for ran in [own, embedded] {
        assert_eq!(ran.stdout.lines().count(), expected.len());
        assert_eq!(ran.ids().into_iter().collect::<HashSet<_>>().len(), expected.len());
        assert_eq!(sorted(ran.ids()), expected);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    }
}

#[test]
fn the_sandbox_is_chosen_by_its_flag_even_when_keys_are_set() {
    let shell = Shell::start();
    let ran = shell.list("--sandbox --limit 3 -o ndjson");
    assert_eq!(ran.sessions().len(), 3);
    assert!(shell.sandbox.requests().is_empty(), "the flag means the embedded one");
}

#[test]
fn the_schema_is_the_promise_to_programs() {
    insta::assert_snapshot!("schema", chat_sessions(&["schema"]).ok());
}

#[test]
fn the_json_document_is_one_and_is_what_the_schema_says() {
    let shell = Shell::start();
    for title in EVIL_TITLES {
        let _ = shell.sandbox.insert(Provider::MemoriesAi, None, title);
        let _ = shell.sandbox.insert(Provider::LlamaCloud, None, title);
    }
    let document = parsed(&shell.list("--all -o json").ok());
    assert_valid(&document);
    let sessions = document["sessions"].as_array().expect("a list");
    assert_eq!(sessions.len(), shell.held().len());
    assert_eq!(document["errors"], Value::Array(Vec::new()));
    assert_eq!(document["complete"], true);
    assert_eq!(document["next_cursor"], Value::Null);
}

#[test]
fn a_list_that_a_limit_ended_does_not_say_that_it_is_complete() {
    let document = parsed(&Shell::start().list("--limit 5 -o json").ok());
    assert_valid(&document);
    assert_eq!(document["sessions"].as_array().map(Vec::len), Some(5));
    assert_eq!(document["complete"], false);
    assert!(text(&document["next_cursor"]).starts_with("cs1_"));
}

#[test]
fn an_empty_list_is_a_document_too() {
    let shell = Shell::start();
    let ran = crate::support::run(
        shell
            .command("--provider memories-ai -o json")
            .env("MEMORIES_AI_UNIQUE_ID", "nobody"),
    );
    let document = parsed(&ran.ok());
    assert_valid(&document);
    assert_eq!(document["sessions"], Value::Array(Vec::new()));
    assert_eq!(document["complete"], true);
    assert_eq!(document["next_cursor"], Value::Null);
}

#[test]
fn the_document_is_whole_when_a_provider_fails_half_way() {
    let shell = Shell::start();
    shell.sandbox.next(Provider::LlamaCloud, Fault::ordinary());
    shell.sandbox.always(
        Provider::LlamaCloud,
        Fault::status(503).with_header("x-request-id", "r-1"),
    );
    let ran = shell.list("--all -o json");
    assert_eq!(ran.code, 3);
    let document = parsed(&ran.stdout);
    assert_valid(&document);
    assert_eq!(
        document["sessions"].as_array().map(Vec::len),
        Some(137 + 20),
        "the other provider's sessions and the first page"
    );
    assert_eq!(document["complete"], false);
    assert!(text(&document["next_cursor"]).starts_with("cs1_"));
    assert_eq!(document["errors"].as_array().map(Vec::len), Some(1));
    assert_eq!(ran.errors(), [document["errors"][0].clone()], "both say the same");
    let error = &document["errors"][0];
    assert_eq!(
        [&error["kind"], &error["provider"], &error["request_id"]].map(text),
        ["server", "llama-cloud", "r-1"]
    );
    assert_eq!((&error["status"], &error["temporary"]), (&503.into(), &true.into()));
}

#[test]
fn the_document_is_whole_when_no_request_could_be_made() {
    let no_key = chat_sessions(&["list", "-o", "json"]);
    assert_eq!(no_key.code, 4);
    let wrong = crate::support::run(crate::support::program().args(["list", "-o", "json"]).envs([
        ("LLAMA_CLOUD_API_KEY", "llx-planted"),
        ("LLAMA_CLOUD_BASE_URL", "ftp://127.0.0.1"),
    ]));
    assert_eq!(wrong.code, 8);
    for (ran, kind) in [(no_key, "auth"), (wrong, "config")] {
        let document = parsed(&ran.stdout);
        assert_valid(&document);
        assert_eq!(document["complete"], false);
        assert_eq!(document["errors"][0]["kind"], kind);
        assert_eq!(document["next_cursor"], Value::Null);
        assert_eq!(ran.errors(), [document["errors"][0].clone()]);
    }
}

#[test]
fn every_failed_provider_has_an_error_of_its_own() {
    let shell = Shell::start();
    shell.sandbox.always(Provider::MemoriesAi, Fault::status(500));
    shell.sandbox.always(Provider::LlamaCloud, Fault::status(429));
    let ran = shell.list("-o ndjson");
    let told: Vec<(String, String)> = ran
        .errors()
        .iter()
        .map(|error| (text(&error["provider"]).to_owned(), text(&error["kind"]).to_owned()))
        .collect();
    let expected = [("memories-ai", "server"), ("llama-cloud", "rate-limited")];
    assert_eq!(
        told,
        expected.map(|(provider, kind)| (provider.to_owned(), kind.to_owned()))
    );
    assert_eq!((ran.code, ran.stdout.as_str()), (6, ""), "the first in source order");
}
