//! `drift` from a recorded response to a patch. After `git apply`, `generate` works and `drift` is clean.

use std::fs;

use serde_json::Value;

use crate::copy::{Copy, source};

/// A copy with a recorded response, which has a field that LlamaCloud does not document.
fn copy() -> Copy {
    let copy = Copy::new();
    let response = fs::read_to_string(source("tests/fixtures/llama-cloud/shared-access.json")).unwrap();
    copy.write("response.json", &response);
    copy
}

#[test]
fn a_response_becomes_a_patch_that_makes_drift_clean() {
    let copy = copy();
    copy.xtask(&["drift", "response.json"])
        .exits(1)
        .prints("5: warning[field-unknown] at #/components/schemas/ChatSession: The field `shared_access`")
        .prints("+++ b/specs/llama-cloud.yaml")
        .prints("+        shared_access:");

    let drift = copy.xtask(&["drift", "response.json", "--patch", "drift.patch"]);
    let drift = drift.exits(1).prints("apply it with `git apply drift.patch`");
    assert!(!drift.out.contains("+++"), "{}", drift.out);
    copy.git(&["apply", "drift.patch"]);

    let drift = copy.xtask(&["drift", "response.json", "-o", "json"]).exits(0);
    let document: Value = serde_json::from_str(&drift.out).unwrap();
    assert_eq!(
        (&document["responses"], &document["patch"]),
        (&Value::from(1), &Value::from(""))
    );
    for finding in document["findings"].as_array().unwrap() {
        assert_eq!(finding["severity"], "note", "{finding}");
    }

    copy.xtask(&["generate"]).exits(0).prints("pub shared_access: ");
    copy.xtask(&["generate", "--check"]).exits(0);
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let copy = copy();
    copy.write("page.html", "<html>");
    let missing = copy.xtask(&["drift", "nowhere.json"]);
    missing.exits(1).prints("nowhere.json cannot be read");
    let html = copy.xtask(&["drift", "page.html"]);
    html.exits(1).prints("page.html:1:1: this is not JSON. Remedy:");
    copy.xtask(&["drift"]).exits(2);
}

/// A HAR file with one response of a small API.
fn har(url: &str, body: &str) -> String {
    let request = serde_json::json!({"method": "GET", "url": url});
    let response = serde_json::json!({"status": 200, "content": {"mimeType": "application/json", "text": body}});
    serde_json::json!({"log": {"creator": {}, "entries": [{"request": request, "response": response}]}}).to_string()
}

#[test]
fn any_spec_can_be_compared() {
    let copy = copy();
    let spec = fs::read_to_string(source("tests/fixtures/drift/block.yaml")).unwrap();
    copy.write("other/notes.yaml", &spec);
    copy.write(
        "a.har",
        &har("https://notes.example/v1/notes?limit=1", "{\"planted\": 1}"),
    );
    let drift = copy.xtask(&["drift", "a.har", "--spec", "other/notes.yaml", "--patch", "drift.patch"]);
    drift
        .exits(1)
        .prints("other/notes.yaml:47:5: warning[field-unknown] at #/components/schemas/NoteList: The field `planted`");
    copy.git(&["apply", "drift.patch"]);
    assert_ne!(copy.read("other/notes.yaml"), spec);
    // It is not one of our operations.
    copy.xtask(&["drift", "a.har"])
        .exits(2)
        .prints("Nothing was compared: ");
    copy.xtask(&["drift", "a.har", "--spec", "nowhere.yaml"])
        .exits(1)
        .prints("nowhere.yaml cannot be read");
}

#[test]
fn a_run_that_compares_nothing_is_no_success() {
    let copy = copy();
    for (name, text) in [
        ("empty.har", "{\"log\": {\"entries\": []}}".to_owned()),
        ("elsewhere.har", har("https://elsewhere.example/a", "{}")),
    ] {
        copy.write(name, &text);
        let drift = copy.xtask(&["drift", name]).exits(2).prints("Nothing was compared: ");
        assert!(drift.out.contains("0 responses: "), "{}", drift.out);
        let drift = copy.xtask(&["drift", name, "-o", "json"]).exits(2);
        let document: Value = serde_json::from_str(&drift.out).unwrap();
        assert_eq!(document["compared"], 0);
    }
}
