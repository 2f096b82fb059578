//! The JSON document of several transcripts, and the JSON Schema of `show -o json`.

use chat_sessions::Error;
use chat_sessions::model::Transcript;
use schemars::JsonSchema;

use crate::output::json::{ErrorRecord, completeness};
use crate::output::json_text::write_json;
use crate::output::missing::Missing;

/// The version of the document. Increases when a field changes its meaning or disappears; a new field
/// does not change it.
const SCHEMA_VERSION: u32 = 1;

/// How the reading of several sessions ended.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Summary<'a> {
    /// The errors of the sessions that could not be read.
    pub(crate) failures: &'a [&'a Error],
    /// What else is missing.
    pub(crate) missing: &'a [Missing],
}

/// What `chat-sessions show -o json` prints.
// The writer prints transcripts as they arrive. This type is only the schema of the result; a test
// compares both.
#[derive(Debug, JsonSchema)]
#[schemars(rename = "ShownSessions")]
#[serde(untagged)]
#[expect(dead_code, reason = "the variants describe what is printed")]
enum OutputSchema {
    /// One session, if it was requested by itself: with one id, --last or --title.
    One(Box<Transcript>),
    /// Several sessions.
    Several(DocumentSchema),
}

/// Several sessions, in the order of their ids.
#[derive(Debug, JsonSchema)]
#[schemars(rename = "TranscriptList")]
#[expect(dead_code, reason = "the fields describe what is printed")]
struct DocumentSchema {
    /// Increases when a field changes its meaning or disappears.
    schema_version: u32,
    /// The sessions with their messages.
    transcripts: Vec<Transcript>,
    /// One error for each session that could not be read.
    errors: Vec<ErrorRecord>,
    /// The sessions that were not read because of Ctrl-C: one record for each provider and scope.
    missing: Vec<Missing>,
    /// Whether every requested session is there. True if errors and missing are empty, and only then.
    complete: bool,
}

/// Returns the JSON Schema of `show -o json`.
pub(crate) fn schema() -> schemars::Schema {
    let mut schema = schemars::schema_for!(OutputSchema);
    if let Some(list) = schema
        .pointer_mut("/$defs/TranscriptList")
        .and_then(|list| list.as_object_mut())
    {
        list.insert("allOf".to_owned(), std::iter::once(completeness()).collect());
    }
    schema
}

/// Returns the beginning of the document, up to the first transcript.
pub(super) fn start() -> String {
    format!("{{\"schema_version\":{SCHEMA_VERSION},\"transcripts\":[\n")
}

/// Returns the end of the document, from the last transcript on.
pub(super) fn end(summary: Summary<'_>) -> String {
    let errors: Vec<ErrorRecord> = summary.failures.iter().map(|error| ErrorRecord::from(*error)).collect();
    let mut end = b"\n],\"errors\":".to_vec();
    // Serialization cannot fail: the keys are strings and a vector takes everything.
    let _ = write_json(&mut end, &errors);
    end.extend_from_slice(b",\"missing\":");
    let _ = write_json(&mut end, summary.missing);
    let is_complete = summary.failures.is_empty() && summary.missing.is_empty();
    end.extend_from_slice(format!(",\"complete\":{is_complete}}}\n").as_bytes());
    String::from_utf8(end).unwrap_or_default()
}
