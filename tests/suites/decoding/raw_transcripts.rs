//! The bodies of transcripts, scopes and summaries, decoded by the raw clients: what each becomes,
//! and that nothing of it is lost.

use std::fs;
use std::path::{Path, PathBuf};

use llama_cloud_client::types as llama;
use memories_ai_client::types as memories;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::support::snapshot;

#[test]
fn each_memories_ai_transcript_decodes_as_its_snapshot_says() {
    compare_all::<memories::SessionDetailResponse>("transcripts/memories-ai", |_| String::new());
}

#[test]
fn each_llama_cloud_transcript_decodes_as_its_snapshot_says() {
    compare_all::<llama::ChatSessionDetail>("transcripts/llama-cloud", |session| {
        let events = session.events.iter().flatten().map(kind);
        format!("\n\nevents: {}", events.collect::<Vec<_>>().join(", "))
    });
}

#[test]
fn each_summary_decodes_as_its_snapshot_says() {
    compare_all::<llama::ChatSession>("summaries/llama-cloud", |_| String::new());
}

#[test]
fn each_list_of_scopes_decodes_as_its_snapshot_says() {
    compare_all::<memories::UniqueIdsResponse>("scopes/memories-ai", |_| String::new());
    compare_all::<llama::ProjectList>("scopes/llama-cloud", |_| String::new());
}

/// The variant of an event.
fn kind(event: &llama::ChatEvent) -> &'static str {
    match event {
        llama::ChatEvent::StopEvent(_) => "stop",
        llama::ChatEvent::TextDeltaEvent(_) => "text delta",
        llama::ChatEvent::TextEvent(_) => "text",
        llama::ChatEvent::ThinkingDeltaEvent(_) => "thinking delta",
        llama::ChatEvent::ThinkingEvent(_) => "thinking",
        llama::ChatEvent::ToolCallEvent(_) => "tool call",
        llama::ChatEvent::ToolResultEvent(_) => "tool result",
        llama::ChatEvent::UserInputEvent(_) => "user input",
        llama::ChatEvent::Other(_) => "other",
    }
}

/// Compares every success of a folder with its snapshot. Failures are not decoded, and a page is
/// not JSON.
fn compare_all<T: DeserializeOwned + Serialize>(folder: &str, more: impl Fn(&T) -> String) {
    let mut different = Vec::new();
    for path in files(folder) {
        let name = path.file_stem().unwrap().to_str().unwrap();
        if name.contains('.') {
            continue;
        }
        let body = fs::read_to_string(&path).unwrap();
        let text = match serde_json::from_str::<T>(&body) {
            Ok(value) => {
                let again = serde_json::to_value(&value).unwrap();
                assert_kept(&serde_json::from_str(&body).unwrap(), &again, name);
                let decoded = serde_json::to_string_pretty(&value).unwrap();
                format!("{decoded}{}", more(&value))
            }
            Err(error) => format!("not decodable: {error}"),
        };
        let compared = std::panic::catch_unwind(|| snapshot::assert("decoded", &format!("{folder}/{name}"), &text));
        different.extend(compared.err().map(|_| format!("{folder}/{name}")));
    }
    assert!(different.is_empty(), "{different:#?}");
}

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder);
    let entries = fs::read_dir(&folder).expect("the fixtures are in the repository");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 3, "only {} fixtures in {folder:?}", paths.len());
    paths
}

/// Everything that was sent is there again, except that a null of a documented field may be left
/// out.
#[track_caller]
fn assert_kept(sent: &Value, again: &Value, at: &str) {
    match (sent, again) {
        (Value::Object(sent), Value::Object(again)) => {
            for (name, value) in sent
                .iter()
                .filter(|(name, value)| !value.is_null() || again.contains_key(*name))
            {
                assert_kept(value, again.get(name).unwrap_or(&Value::Null), &format!("{at}.{name}"));
            }
            let added: Vec<&String> = again.keys().filter(|name| !sent.contains_key(*name)).collect();
            assert!(added.is_empty(), "{at}: {added:?}");
        }
        (Value::Array(sent), Value::Array(again)) => {
            assert_eq!(sent.len(), again.len(), "{at}");
            for (index, (sent, again)) in sent.iter().zip(again).enumerate() {
                assert_kept(sent, again, &format!("{at}[{index}]"));
            }
        }
        (Value::Number(sent), Value::Number(again)) => assert_eq!(sent.as_f64(), again.as_f64(), "{at}"),
        _ => assert_eq!(sent, again, "{at}"),
    }
}
