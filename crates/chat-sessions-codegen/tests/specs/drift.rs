//! Drift: comparing real responses with the specs. The documented examples show only their known
//! contradictions, a patch applies and removes the drift, and no report contains a secret.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chat_sessions_codegen::{NamedText, drift};
use serde_json::{Value, json};

use super::drift_input::{compare, entry, har, patch, read, sources, specs};
use super::planted_drift::{URL, good, small_spec};
use crate::support::snapshot;

#[test]
fn the_documented_examples_have_only_their_known_contradictions() {
    for name in [
        "memories-ai/documented-example",
        "memories-ai/live-capture",
        "llama-cloud/documented-example",
    ] {
        let file = format!("{name}.json");
        let found = compare(&specs(), &file, &read(&format!("tests/fixtures/{file}")));
        assert!(found.is_clean() && found.patched.is_empty());
        // Memories.ai's field table has five fields that neither its example nor a live response
        // has.
        let only_in_the_table = ["page", "total_pages", "session_id", "video_no", "created_time"];
        let expected: &[&str] = if name.starts_with("memories-ai") {
            &only_in_the_table
        } else {
            &[]
        };
        let fields = found
            .deviations
            .iter()
            .map(|deviation| deviation.finding.pointer.as_str().rsplit('/').next().unwrap());
        assert_eq!(fields.collect::<Vec<_>>(), expected);
        snapshot::assert("drift", &name.replace('/', "-"), &found.to_string());
    }
}

#[test]
fn the_spec_accepts_the_spelling_of_the_field_table() {
    let found = compare(
        &specs(),
        "table-spelling.json",
        &read("tests/fixtures/memories-ai/table-spelling.json"),
    );
    assert!(found.is_clean(), "{found}");
}

/// The descriptions say when these are null; the schemas must allow it.
#[test]
fn the_specs_allow_null_where_they_say_that_it_occurs() {
    let never_run = json!({"items": [{
        "session_id": "ses-1", "last_updated_at": "2026-04-22T12:34:41.342245", "generated_title": null,
        "index_ids": null, "job_metadata": null,
    }], "next_page_token": null});
    let failure = json!({"code": "0001", "msg": "video not found", "data": null, "failed": true, "success": false});
    for (name, body) in [("never-run.json", never_run), ("failure.json", failure)] {
        let found = compare(&specs(), name, &body.to_string());
        assert!(found.is_clean(), "{found}");
    }
}

/// A failure looks the same for all operations; a transcript does not.
#[test]
fn transcripts_and_scopes_are_compared_with_their_operations() {
    for name in [
        "transcripts/llama-cloud/all-kinds",
        "transcripts/llama-cloud/type-last",
        "transcripts/llama-cloud/skipped-indexes",
        "transcripts/memories-ai/without-refs",
        "transcripts/memories-ai/with-refs",
        "transcripts/memories-ai/refs-in-thinkings",
        "transcripts/memories-ai/data-null",
        "transcripts/memories-ai/session-not-found",
        "scopes/memories-ai/documented-example",
        "scopes/llama-cloud/projects",
    ] {
        let file = format!("{name}.json");
        let found = compare(&specs(), &file, &read(&format!("tests/fixtures/{file}")));
        assert!(found.is_clean(), "{name}: {found}");
    }
    for name in [
        "image-attachment",
        "tool-results",
        "unknown-events",
        "unknown-fields",
        "untyped-events",
        "wrong-types",
    ] {
        let file = format!("transcripts/llama-cloud/{name}.json");
        let found = compare(&specs(), &file, &read(&format!("tests/fixtures/{file}")));
        assert!(!found.is_clean());
        snapshot::assert("drift", &format!("events-{name}"), &found.to_string());
    }
}

#[test]
fn requests_of_the_new_operations_are_recognised_by_their_paths() {
    let exchange = |url: &str, file: &str| {
        entry(
            "GET",
            url,
            200,
            "application/json",
            &read(&format!("tests/fixtures/{file}.json")),
        )
    };
    let memories = "https://api.memories.ai/serve/api/v1";
    let llama = "https://api.cloud.llamaindex.ai/api/v1";
    let id = "611587302624489472";
    let archive = har(&[
        exchange(
            &format!("{memories}/get_session_detail?sessionId={id}&session_id={id}&unique_id=default"),
            "transcripts/memories-ai/with-refs",
        ),
        exchange(
            &format!("{memories}/list_unique_ids"),
            "scopes/memories-ai/documented-example",
        ),
        exchange(&format!("{llama}/chat/ses-abc123"), "transcripts/llama-cloud/all-kinds"),
        exchange(
            &format!("{llama}/chat/ses-abc123/summary"),
            "summaries/llama-cloud/never-run",
        ),
        exchange(
            &format!("{llama}/chat/chat/summary?project_id=0b6f3a52-6f5e-4a8e-9d0c-3f1c2f9b7a10"),
            "summaries/llama-cloud/never-run",
        ),
        exchange(&format!("{llama}/projects"), "scopes/llama-cloud/projects"),
    ]);
    let found = compare(&specs(), "walk.har", &archive);
    snapshot::assert("drift", "new-operations", &found.to_string());
}

#[test]
fn the_input_format_is_detected_from_the_content() {
    let body = read("tests/fixtures/memories-ai/live-capture.json");
    let line = serde_json::from_str::<Value>(&body).unwrap().to_string();
    let url = "https://api.memories.ai/serve/api/v1/list_sessions?unique_id=default";
    let mut broken_off = entry("GET", url, 200, "application/json", "{\"code\":");
    broken_off["response"]["_error"] = json!("the response broke off");
    let mut in_base64 = entry("GET", url, 200, "application/json", &STANDARD.encode(&body));
    in_base64["response"]["content"]["encoding"] = json!("base64");
    for (format, text, responses) in [
        ("a body", body.clone(), 1),
        ("an archive in base64", har(&[in_base64]), 1),
        ("a body with a byte order mark", format!("\u{feff}{body}"), 1),
        ("lines", format!("{line}\r\n\r\n{line}\n{line}"), 3),
        (
            "an archive",
            har(&[
                entry("GET", &format!("{url}&page=[redacted]"), 200, "application/json", &body),
                entry("GET", url, 0, "", ""),
                broken_off,
            ]),
            1,
        ),
    ] {
        let found = compare(&specs(), "responses.txt", &text);
        assert_eq!(
            (found.responses, found.deviations.len(), found.is_clean()),
            (responses, 5, true),
            "{format}: {found}"
        );
    }
}

#[test]
fn input_that_cannot_be_compared_is_refused_with_a_remedy() {
    let body = good().to_string();
    let twice = [small_spec("block"), small_spec("flow")].concat();
    let message = |specs: &[(String, String)], text: &str, operation| {
        let responses = [NamedText { name: "a.json", text }];
        drift(&sources(specs), &responses, operation)
            .expect_err("this cannot be compared")
            .to_string()
    };
    let broken = [("broken.yaml".to_owned(), "openapi: [".to_owned())];
    let all = [
        message(&twice, "", None),
        message(&twice, "<html>", None),
        message(&twice, "{\"code\": 1}\n{\"code\": planted}\n", None),
        message(&twice, &body, None),
        message(&twice, "{\"planted\": 1}", None),
        message(&twice, &body, Some("list_notes")),
        message(&twice, &body, Some("nothing")),
        message(&broken, &body, None),
    ];
    let all = all.join("\n");
    assert!(!all.contains("planted"), "{all}");
    snapshot::assert("drift", "refused", &all);

    let named = drift(
        &sources(&specs()),
        &[NamedText {
            name: "a.json",
            text: "{\"planted\": 1}",
        }],
        Some("list_sessions"),
    );
    let named = named.expect("the operation is named").to_string();
    assert!(named.contains("error[field-missing]"), "{named}");
}

/// An archive can contain any number of names and values. They must not make the comparison slow or
/// the report long.
#[test]
fn a_thousand_names_and_values_are_reported_once() {
    const COUNT: usize = 1000;
    let word = |index: usize| {
        let letter = |index: usize| char::from(b'a' + u8::try_from(index % 26).unwrap());
        format!("w{}{}{}", letter(index), letter(index / 26), letter(index / 676))
    };
    let mut body = good();
    let note = body["notes"][0].clone();
    let notes = (0..COUNT).map(|index| {
        let mut note = note.clone();
        note["state"] = json!(word(index));
        note
    });
    body["notes"] = notes.collect();
    let queries: Vec<String> = (0..COUNT).map(|index| format!("{}=1", word(index))).collect();
    let mut entries = vec![entry(
        "GET",
        &format!("{URL}&{}", queries.join("&")),
        200,
        "application/json",
        &body.to_string(),
    )];
    for index in 0..COUNT {
        let elsewhere = format!("http://127.0.0.1/v1/{}", word(index));
        entries.push(entry("GET", &elsewhere, 200, "application/json", "{}"));
        let status = u16::try_from(600 + index).unwrap();
        entries.push(entry("GET", URL, status, "", ""));
    }
    let specs = small_spec("flow");
    let found = compare(&specs, "a.har", &har(&entries));
    snapshot::assert("drift", "thousands", &format!("{found}"));
}

#[test]
fn reports_and_patches_contain_no_secret() {
    const SECRET: &str = "sk-planted-secret-0123456789abcdef";
    let mut body = good();
    let note = body["notes"][0].as_object_mut().unwrap();
    note.insert(SECRET.to_owned(), json!(SECRET));
    note.insert("token".to_owned(), json!(SECRET));
    note.insert("nested".to_owned(), json!({SECRET: {SECRET: SECRET}, "list": [SECRET]}));
    note.insert("state".to_owned(), json!(SECRET));
    note.insert("made_at".to_owned(), json!(SECRET));
    note.insert("size".to_owned(), json!(SECRET));
    note.insert("author".to_owned(), json!(SECRET));
    let good_one = entry("GET", URL, 200, "application/json", &good().to_string());
    let url = format!(
        "http://{SECRET}:{SECRET}@127.0.0.1/{SECRET}/v1/notes?limit={SECRET}&{SECRET}={SECRET}&kind={SECRET}&after={SECRET}#{SECRET}"
    );
    let mut planted = entry("GET", &url, 200, "application/json", &body.to_string());
    for side in ["request", "response"] {
        planted[side]["headers"] =
            json!([{"name": "authorization", "value": SECRET}, {"name": SECRET, "value": SECRET}]);
        planted[side]["cookies"] = json!([{"name": SECRET, "value": SECRET}]);
    }
    planted["comment"] = json!(SECRET);
    let elsewhere = format!("http://127.0.0.1/v1/{SECRET}/{SECRET}");
    let text = har(&[
        good_one,
        planted,
        entry(SECRET, &elsewhere, 200, SECRET, SECRET),
        entry(
            "GET",
            &format!("https://{SECRET}.example/{SECRET}"),
            200,
            SECRET,
            SECRET,
        ),
        entry("GET", URL, 200, &format!("text/{SECRET}"), SECRET),
        entry("GET", URL, 200, "application/json", &format!("\"{SECRET}")),
        entry(
            "GET",
            URL,
            401,
            "application/json",
            &json!({ SECRET: SECRET }).to_string(),
        ),
        entry(
            "GET",
            URL,
            500,
            "application/json",
            &json!({ SECRET: SECRET }).to_string(),
        ),
    ]);
    let specs = small_spec("block");
    let found = compare(&specs, "a.har", &text);
    let patch = patch(&specs, &found);
    snapshot::assert("drift", "secrets", &format!("{found}\n\n{patch}"));
    for output in [
        found.to_string(),
        found.to_json().to_string(),
        format!("{found:?}"),
        patch,
    ] {
        assert!(
            !output.contains("planted") && !output.contains("planted-secret") && !output.contains("0123456789"),
            "{output}"
        );
    }
}
