//! `diff` and the summary of `generate`, as the binary prints them in a small git repository.

use std::fs;

use crate::copy::Copy;

/// A new field of the provider's responses, and the line of the spec before which it goes.
const FIELD: &str = "        shared_access:\n          type: string\n          x-evidence: sdk\n";
const NEXT: &str = "        generated_title:\n";

/// A copy of this workspace with one commit, in which every crate has the workspace's version.
fn repository() -> Copy {
    let copy = Copy::new();
    for package in ["chat-sessions", "llama-cloud-client", "memories-ai-client"] {
        let manifest = format!("[package]\nname = \"{package}\"\nversion.workspace = true\n");
        copy.write(&format!("crates/{package}/Cargo.toml"), &manifest);
    }
    copy.write(
        "crates/chat-sessions/src/provider/field_map.rs",
        "field_map! { \"llama-cloud\" in llama_cloud_client { ChatSession { session_id => [Session.id]; } } }",
    );
    set_version(&copy, "0.1.0");
    copy.git(&["init", "--quiet"]);
    copy.git(&["add", "--all"]);
    copy.git(&["commit", "--quiet", "--message", "first"]);
    copy
}

fn set_version(copy: &Copy, version: &str) {
    copy.write("Cargo.toml", &format!("[workspace.package]\nversion = \"{version}\"\n"));
}

fn add_field(copy: &Copy) {
    let name = "specs/llama-cloud.yaml";
    copy.write(name, &copy.read(name).replacen(NEXT, &format!("{FIELD}{NEXT}"), 1));
}

#[test]
fn unchanged_specs_require_no_version() {
    let repository = repository();
    repository
        .xtask(&["diff", "--check"])
        .exits(0)
        .prints("specs/llama-cloud.yaml: unchanged")
        .prints("specs/memories-ai.yaml: unchanged");
}

#[test]
fn a_new_field_requires_a_version_until_it_is_raised() {
    let repository = repository();
    add_field(&repository);
    repository
        .xtask(&["diff"])
        .exits(0)
        .prints("HEAD:specs/llama-cloud.yaml → specs/llama-cloud.yaml: 1 change")
        .prints("it arrives in `Session::extra` until it has a row")
        .prints("llama-cloud-client: major (0.1.0 → 0.2.0)")
        .prints("chat-sessions: patch (0.1.0 → 0.1.1)");
    repository
        .xtask(&["diff", "--check"])
        .exits(1)
        .prints("llama-cloud-client is at 0.1.0 and was at 0.1.0 in HEAD; it needs 0.2.0 (major)")
        .prints("Remedy: raise `version` in Cargo.toml, for all crates.");

    set_version(&repository, "0.1.1");
    repository
        .xtask(&["diff", "--check"])
        .exits(1)
        .prints("llama-cloud-client is at 0.1.1");
    set_version(&repository, "0.2.0");
    repository.xtask(&["diff", "--check"]).exits(0);

    // A crate's own version counts before the workspace's.
    set_version(&repository, "0.1.1");
    let own = "[package]\nname = \"client\"\nversion = \"0.2.0\"\n";
    repository.write("crates/llama-cloud-client/Cargo.toml", own);
    repository.xtask(&["diff", "--check"]).exits(0);

    // After the commit, HEAD has the change and requires nothing; the commit before still does.
    repository.git(&["commit", "--quiet", "--all", "--message", "second"]);
    repository
        .xtask(&["diff", "--check"])
        .exits(0)
        .prints("llama-cloud.yaml: unchanged");
    repository.write("crates/llama-cloud-client/Cargo.toml", &own.replace("0.2.0", "0.1.5"));
    repository
        .xtask(&["diff", "--check", "--base", "HEAD~1"])
        .exits(1)
        .prints("Remedy: raise `version` in crates/llama-cloud-client/Cargo.toml.");
}

#[test]
fn an_operation_that_the_facade_does_not_call_needs_neither_rows_nor_a_release() {
    let repository = repository();
    let module = "crates/chat-sessions/src/provider/llama_cloud.rs";
    repository.write(module, "client.list_chat_sessions(size)");
    let rows = repository.xtask(&["field-map"]).exits(1);
    let rows = rows.prints("JobMetadata.turns of llama-cloud has no row");
    assert!(!rows.err.contains("ChatSessionDetail"), "{}", rows.err);

    // The same field in a schema of the list, and in one that only the detail has.
    let name = "specs/llama-cloud.yaml";
    let text = repository.read(name);
    let places: Vec<usize> = text.match_indices(NEXT).map(|(at, _)| at).collect();
    for (place, is_read) in [(places[0], true), (places[1], false)] {
        let mut text = text.clone();
        text.insert_str(place, &FIELD.replace("shared_access", "gained"));
        repository.write(name, &text);
        let diff = repository.xtask(&["diff"]).exits(0);
        let needs_a_row = diff.out.contains("until it has a row");
        let rows = repository.xtask(&["field-map"]).exits(1);
        let has_no_row = rows.err.contains(".gained of llama-cloud has no row");
        assert_eq!(
            (needs_a_row, has_no_row),
            (is_read, is_read),
            "{}\n{}",
            diff.out,
            rows.err
        );
    }
}

#[test]
fn json_and_markdown_are_for_programs_and_the_changelog() {
    let repository = repository();
    add_field(&repository);
    let json = repository.xtask(&["diff", "-o", "json"]).exits(0);
    let document: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    let change = &document["specs"][0]["changes"][0];
    assert_eq!(change["kind"], "property-added");
    assert_eq!(change["side"], "received");
    assert_eq!(change["wire"], "compatible");
    assert_eq!(document["specs"][0]["raw"]["next"], "0.2.0");
    assert_eq!(document["unchanged"][0], "specs/memories-ai.yaml");
    let markdown = repository.xtask(&["diff", "-o", "markdown"]).exits(0);
    assert!(
        markdown
            .out
            .starts_with("### Breaking Changes\n\n- `llama-cloud-client`, responses: "),
        "{}",
        markdown.out
    );
}

#[test]
fn added_and_removed_specs_are_listed() {
    let repository = repository();
    fs::rename(
        repository.path("specs/memories-ai.yaml"),
        repository.path("specs/other.yaml"),
    )
    .unwrap();
    repository
        .xtask(&["diff"])
        .exits(0)
        .prints("specs/other.yaml: added")
        .prints("specs/memories-ai.yaml: removed");
}

#[test]
fn breaking_changes_exit_with_1_on_request() {
    let repository = repository();
    let name = "specs/llama-cloud.yaml";
    let old = repository.read(name);
    repository.write("old.yaml", &old);
    let breaking = &["diff", "old.yaml", name, "--fail-on", "breaking"];
    repository.xtask(breaking).exits(0);

    // A new field breaks nobody on the wire, although it breaks the generated Rust.
    add_field(&repository);
    repository.xtask(breaking).exits(0);
    repository.xtask(&["diff", "--fail-on", "breaking"]).exits(0);

    let without = repository
        .read(name)
        .replacen(FIELD, "", 1)
        .replacen(NEXT, "        headline:\n", 1);
    repository.write(name, &without);
    repository
        .xtask(breaking)
        .exits(1)
        .prints("1 change is breaking on the wire.");
    repository.xtask(&["diff", "--fail-on", "breaking"]).exits(1);
    repository.xtask(&["diff"]).exits(0);
    repository.xtask(&["diff", "--fail-on", "compatible"]).exits(2);
}

#[test]
fn wrong_arguments_exit_with_2() {
    let repository = repository();
    let file = "specs/llama-cloud.yaml";
    repository.xtask(&["diff", file, file]).exits(0).prints("no changes");
    repository.xtask(&["diff", file, file, "--check"]).exits(2);
    repository.xtask(&["diff", file, file, "--base", "HEAD"]).exits(2);
    repository.xtask(&["diff", file]).exits(2);
    repository
        .xtask(&["diff", "--base", "nowhere"])
        .exits(2)
        .prints("git has no revision `nowhere`");
}

#[test]
fn generate_summarises_the_changes() {
    let repository = repository();
    repository.xtask(&["generate"]).exits(0);
    add_field(&repository);
    let summary = "specs/llama-cloud.yaml since HEAD: 1 change, none breaking on the wire";
    repository.xtask(&["generate", "--check"]).exits(1).prints(summary);
    repository
        .xtask(&["generate"])
        .exits(0)
        .prints(summary)
        .prints("llama-cloud-client: major (0.1.0 → 0.2.0)");
    let again = repository.xtask(&["generate"]).exits(0);
    assert!(
        again.out.lines().all(|line| line.ends_with(": up to date")),
        "{}",
        again.out
    );

    // The generated file is from a spec that was never committed, and the spec changes again.
    let name = "specs/llama-cloud.yaml";
    repository.write(name, &repository.read(name).replacen("shared_access", "access", 1));
    repository
        .xtask(&["generate", "--check"])
        .exits(1)
        .prints("the changes are unknown, because git has no version");
}
