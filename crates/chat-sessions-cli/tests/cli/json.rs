//! JSON and NDJSON: a complete document that matches the schema, also after failures.

use std::collections::HashSet;

use chat_sessions_sandbox::{Fault, Provider};
use serde_json::Value;

use crate::support::{DIFFICULT_TITLES, Shell, chat_sessions, parsed, sorted, text};

fn schema() -> Value {
    parsed(&chat_sessions(&["schema"]).ok())
}

/// Checks a document against the schema.
pub(crate) fn assert_valid(document: &Value) {
    let validator = jsonschema::validator_for(&schema()).expect("the schema is valid");
    let faults: Vec<String> = validator
        .iter_errors(document)
        .map(|fault| format!("{} at {}", fault, fault.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{faults:?}");
}

#[test]
fn ndjson_has_one_line_per_session() {
    let shell = Shell::start();
    let expected = sorted(shell.stored().into_iter().map(|(id, _)| id).collect());
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
fn the_sandbox_option_wins_over_keys_in_the_environment() {
    let shell = Shell::start();
    let ran = shell.list("--sandbox --limit 3 -o ndjson");
    assert_eq!(ran.sessions().len(), 3);
    assert!(
        shell.sandbox.requests().is_empty(),
        "the option means the embedded sandbox"
    );
}

#[test]
fn the_schema_does_not_change_by_accident() {
    insta::assert_snapshot!("schema", chat_sessions(&["schema"]).ok());
}

#[test]
fn the_document_is_valid_json_and_matches_the_schema() {
    let shell = Shell::start();
    for title in DIFFICULT_TITLES {
        let _ = shell.sandbox.insert(Provider::MemoriesAi, None, title);
        let _ = shell.sandbox.insert(Provider::LlamaCloud, None, title);
    }
    let document = parsed(&shell.list("--all -o json").ok());
    assert_valid(&document);
    let sessions = document["sessions"].as_array().expect("a list");
    assert_eq!(sessions.len(), shell.stored().len());
    assert_eq!(document["errors"], Value::Array(Vec::new()));
    assert_eq!(document["complete"], true);
    assert_eq!(document["next_cursor"], Value::Null);
}

#[test]
fn a_list_that_stopped_at_the_limit_is_not_complete() {
    let document = parsed(&Shell::start().list("--limit 5 -o json").ok());
    assert_valid(&document);
    assert_eq!(document["sessions"].as_array().map(Vec::len), Some(5));
    assert_eq!(document["complete"], false);
    assert!(text(&document["next_cursor"]).starts_with("cs2_"));
}

#[test]
fn an_empty_list_is_a_complete_document() {
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
fn the_document_is_complete_if_a_provider_fails_half_way() {
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
    assert!(text(&document["next_cursor"]).starts_with("cs2_"));
    assert_eq!(document["errors"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        ran.errors(),
        [document["errors"][0].clone()],
        "stderr and the document have the same error"
    );
    let error = &document["errors"][0];
    assert_eq!(
        [&error["kind"], &error["provider"], &error["request_id"]].map(text),
        ["server", "llama-cloud", "r-1"]
    );
    assert_eq!((&error["status"], &error["temporary"]), (&503.into(), &true.into()));
}

#[test]
fn the_document_is_complete_if_no_request_could_be_made() {
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
fn every_failed_provider_has_its_own_error() {
    let shell = Shell::start();
    shell.sandbox.always(Provider::MemoriesAi, Fault::status(500));
    shell.sandbox.always(Provider::LlamaCloud, Fault::status(429));
    let ran = shell.list("-o ndjson");
    let errors: Vec<(String, String)> = ran
        .errors()
        .iter()
        .map(|error| (text(&error["provider"]).to_owned(), text(&error["kind"]).to_owned()))
        .collect();
    let expected = [("memories-ai", "server"), ("llama-cloud", "rate-limited")];
    assert_eq!(
        errors,
        expected.map(|(provider, kind)| (provider.to_owned(), kind.to_owned()))
    );
    assert_eq!((ran.code, ran.stdout.as_str()), (6, ""), "the first in source order");
}
