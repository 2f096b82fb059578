//! A transcript as JSON on one line, as the facade serialises it.

use chat_sessions::model::Transcript;

use crate::output::json_text::{write_json, write_pretty_json};

/// Returns the transcript as one JSON object on one line, without a newline.
pub(crate) fn line(transcript: &Transcript) -> String {
    let mut line = Vec::new();
    // Neither can fail: the keys are strings, a vector takes everything, and JSON is UTF-8.
    let _ = write_json(&mut line, transcript);
    String::from_utf8(line).unwrap_or_default()
}

/// Returns the transcript as one JSON object on several lines, without a newline at the end.
pub(crate) fn pretty(transcript: &Transcript) -> String {
    let mut text = Vec::new();
    // Neither can fail, as above.
    let _ = write_pretty_json(&mut text, transcript);
    String::from_utf8(text).unwrap_or_default()
}
