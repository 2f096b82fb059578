//! The invariants in a made-up workspace with one provider: it has no violation, and each one that is added is found.

use std::fs;

use tempfile::TempDir;

use super::*;

/// The files of the workspace.
const FILES: [&str; 11] = [
    "crates/a-third-client/src/lib.rs",
    "crates/chat-sessions-codegen/src/lib.rs",
    "crates/chat-sessions-sandbox/src/dialect/a_third.rs",
    "crates/chat-sessions-sandbox/src/main.rs",
    "crates/chat-sessions-wire/src/lib.rs",
    "crates/chat-sessions/src/lib.rs",
    "crates/chat-sessions/src/pagination/walk.rs",
    "crates/chat-sessions/src/provider/a_third.rs",
    "specs/a-third.yaml",
    "tests/fixtures/a-third/documented-example.json",
    "xtask/src/main.rs",
];

/// The workspace with more text in one file, or without it.
fn workspace(file: &str, text: Option<&str>) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    for name in FILES.into_iter().chain([file]) {
        let path = root.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "").unwrap();
    }
    let secrets = "pub struct Given {\n}\n\npub struct ApiKey {\n}\n\npub struct Wire {\n}\n";
    fs::write(root.path().join("crates/chat-sessions-wire/src/secrets.rs"), secrets).unwrap();
    match text {
        Some(text) => fs::write(root.path().join(file), text).unwrap(),
        None => fs::remove_file(root.path().join(file)).unwrap(),
    }
    root
}

#[test]
fn what_the_invariants_allow_passes() {
    for (file, text) in [
        (
            "crates/chat-sessions/src/lib.rs",
            "// a_third_client is named in a comment",
        ),
        ("crates/chat-sessions-codegen/src/lib.rs", "openapiv3::OpenAPI"),
        ("crates/chat-sessions-wire/src/lib.rs", "loop {"),
        (
            "crates/chat-sessions/src/provider/a_third.rs",
            "a_third_client::Client; reqwest::Client",
        ),
        ("crates/chat-sessions/src/http.rs", "reqwest::Client"),
        ("crates/chat-sessions/src/config/base_url.rs", "reqwest::Url"),
        ("crates/chat-sessions-sandbox/src/main.rs", "println!(\"\")"),
        (
            "crates/chat-sessions/src/lib.rs",
            "#[derive(Clone)]\npub struct ApiKey {",
        ),
    ] {
        let found = violations(workspace(file, Some(text)).path()).unwrap();
        assert!(found.is_empty(), "{text}: {found:?}");
    }
}

#[test]
fn every_violation_is_found_once() {
    let facade = "crates/chat-sessions/src/lib.rs";
    let walk = "crates/chat-sessions/src/pagination/walk.rs";
    let raw = "crates/a-third-client/src/lib.rs";
    for (invariant, file, text) in [
        (1, facade, "openapiv3::OpenAPI"),
        (2, raw, "std::env::args()"),
        (2, raw, "while x {}"),
        (2, "crates/chat-sessions-wire/src/lib.rs", "retry_after"),
        (3, facade, "use a_third_client::Client;"),
        (3, facade, "progenitor_client"),
        (3, facade, "reqwest::Client"),
        (4, walk, "http::Method"),
        (4, walk, "Provider::AThird"),
        (4, "crates/chat-sessions/src/walk/step.rs", "crate::provider::x"),
        (5, "crates/chat-sessions/src/deep/x.rs", "println!(\"\")"),
        (5, facade, "impl Display for ApiKey {"),
        (5, facade, "#[derive(Debug)]\npub struct ApiKey {"),
        (5, facade, "#[derive(Clone, Serialize)]\npub struct ApiKey(String);"),
        (8, "xtask/src/main.rs", "[\"a-third\"]"),
    ] {
        let found = violations(workspace(file, Some(text)).path()).unwrap();
        let [found] = found.as_slice() else {
            panic!("{text}: {found:?}");
        };
        assert!(
            found.starts_with(file) && found.ends_with(&format!("invariant {invariant}.")),
            "{found}"
        );
    }
}

#[test]
fn a_provider_is_complete_or_reported() {
    for (file, part) in [
        ("crates/a-third-client/src/lib.rs", "raw client"),
        ("crates/chat-sessions/src/provider/a_third.rs", "module in the facade"),
        (
            "crates/chat-sessions-sandbox/src/dialect/a_third.rs",
            "module in the sandbox",
        ),
        ("tests/fixtures/a-third/documented-example.json", "documented example"),
    ] {
        let found = violations(workspace(file, None).path()).unwrap();
        let expected = format!("specs/a-third.yaml has no {part}, against invariant 8.");
        assert!(found.iter().any(|found| found.starts_with(&expected)), "{found:?}");
    }
    let found = violations(workspace("crates/a-fourth-client/src/lib.rs", Some("")).path()).unwrap();
    let [found] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert!(
        found.starts_with("crates/a-fourth-client has no spec, against invariant 8."),
        "{found}"
    );
}

#[test]
fn a_secret_that_was_renamed_is_reported() {
    let file = "crates/chat-sessions-wire/src/secrets.rs";
    let found = violations(workspace(file, Some("pub struct Given {}\npub struct Wire {}")).path()).unwrap();
    let [found] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert!(found.starts_with("No file declares `ApiKey` (invariant 5)."), "{found}");
}

#[test]
fn a_rule_that_searches_no_file_is_reported() {
    let found = violations(workspace("crates/chat-sessions/src/pagination/walk.rs", None).path()).unwrap();
    assert!(
        found
            .iter()
            .all(|found| found.contains("(invariant 4). Remedy: correct the paths")),
        "{found:?}"
    );
    assert_eq!(found.len(), 2);
}
