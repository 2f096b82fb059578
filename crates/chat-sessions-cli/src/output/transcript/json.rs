//! A transcript as JSON on one line, as the facade serialises it.

use chat_sessions::model::Transcript;

use crate::output::json_text::write_json;

/// Returns the transcript as one JSON object on one line, without a newline.
pub(crate) fn line(transcript: &Transcript) -> String {
    let mut line = Vec::new();
    // Neither can fail: the keys are strings, a vector takes everything, and JSON is UTF-8.
    let _ = write_json(&mut line, transcript);
    String::from_utf8(line).unwrap_or_default()
}
