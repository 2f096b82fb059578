//! Specs and HTTP archives that the drift tests compare, and the patches that result.

use std::fs;
use std::path::Path;

use chat_sessions_codegen::{Deviation, Drift, NamedText, Severity, drift};
use serde_json::{Value, json};
use similar::TextDiff;

/// Reads a file of the workspace, for a test of any of its packages.
pub(crate) fn read(name: &str) -> String {
    let mut folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let root = folders.find(|folder| folder.join("Cargo.lock").is_file());
    fs::read_to_string(root.expect("this is a workspace").join(name)).expect("the file is in the repository")
}

/// Returns both providers' specs, with the names that a patch has for them.
pub(crate) fn specs() -> Vec<(String, String)> {
    ["specs/llama-cloud.yaml", "specs/memories-ai.yaml"]
        .map(|name| (name.to_owned(), read(name)))
        .to_vec()
}

pub(crate) fn sources(texts: &[(String, String)]) -> Vec<NamedText<'_>> {
    texts.iter().map(|(name, text)| NamedText { name, text }).collect()
}

/// Compares one text with specs.
pub(crate) fn compare(specs: &[(String, String)], name: &str, text: &str) -> Drift {
    drift(&sources(specs), &[NamedText { name, text }], None).expect("the responses can be read")
}

/// Writes an archive of these entries, as a recorder does.
pub(crate) fn har(entries: &[Value]) -> String {
    let log = json!({"version": "1.2", "creator": {"name": "suite", "version": "1"}, "entries": entries});
    json!({ "log": log }).to_string()
}

/// Writes one entry of an archive.
pub(crate) fn entry(method: &str, url: &str, status: u16, media_type: &str, body: &str) -> Value {
    json!({
        "startedDateTime": "2026-04-22T12:34:41Z",
        "time": 12,
        "request": {"method": method, "url": url, "httpVersion": "HTTP/1.1", "headers": [], "queryString": [], "cookies": []},
        "response": {
            "status": status, "statusText": "", "httpVersion": "HTTP/1.1", "headers": [], "cookies": [],
            "content": {"size": body.len(), "mimeType": media_type, "text": body},
        },
    })
}

/// Returns all patches as one text.
pub(crate) fn patch(specs: &[(String, String)], found: &Drift) -> String {
    let mut patch = String::new();
    for new in &found.patched {
        let (name, old) = specs
            .iter()
            .find(|(name, _)| *name == new.name)
            .expect("a patch belongs to a spec");
        let diff = TextDiff::from_lines(old.as_str(), new.text.as_str());
        patch += &diff
            .unified_diff()
            .header(&format!("a/{name}"), &format!("b/{name}"))
            .to_string();
    }
    patch
}

/// Returns the specs with the patches applied.
pub(crate) fn patched(specs: &[(String, String)], found: &Drift) -> Vec<(String, String)> {
    let mut specs = specs.to_vec();
    for new in &found.patched {
        for (name, text) in &mut specs {
            if *name == new.name {
                text.clone_from(&new.text);
            }
        }
    }
    specs
}

pub(crate) fn is_note(deviation: &Deviation) -> bool {
    deviation.finding.severity == Severity::Note
}
