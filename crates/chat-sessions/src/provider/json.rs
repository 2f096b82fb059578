//! Decodes JSON and reports where it fails, without repeating user content.

use std::borrow::Cow;

use chat_sessions_wire::Received;
use serde::de::{DeserializeOwned, Error as _, IgnoredAny};
use serde_json::value::RawValue;

use crate::error::{Error, ErrorKind, Remedy};
use crate::model::Session;
use crate::provider::request_context::RequestContext;
use crate::source::Rejected;

impl RequestContext<'_> {
    /// Returns the error for a body with status 200 that is not the response that the spec
    /// describes.
    pub(crate) fn decode_error<T: DeserializeOwned>(&self, received: &Received) -> Error {
        self.decode_error_by(received, |json| located::<T>(json).map(drop))
    }

    fn decode_error_by(&self, received: &Received, decode: fn(&mut Text<'_>) -> Located<()>) -> Error {
        let error = self.response_error(ErrorKind::Protocol, received);
        let body = received.body.trim_ascii_start();
        if body.is_empty() {
            return error
                .with_message("the response is empty")
                .with_remedy(Remedy::CheckBaseUrl);
        }
        if body.starts_with(b"<") {
            return error
                .with_message("the response is a web page instead of JSON")
                .with_remedy(Remedy::CheckBaseUrl);
        }
        let text = String::from_utf8_lossy(body);
        if serde_json::from_str::<IgnoredAny>(&text).is_err_and(|error| error.is_eof()) {
            return error
                .with_message("the response ends in the middle of its JSON")
                .with_temporary(true)
                .with_remedy(Remedy::Retry);
        }
        // A body that is not text is parsed up to the first bad byte, so that the error shows its
        // position.
        let sound = body.utf8_chunks().next().map_or("", |chunk| chunk.valid());
        let is_text = sound.len() == body.len();
        let mut json = serde_json::Deserializer::from_str(sound);
        let (pointer, reason) = match decode(&mut json) {
            Err((pointer, error)) if !is_text && error.is_eof() => (pointer, "invalid unicode code point".to_owned()),
            Err((pointer, error)) => (pointer, reason(&error)),
            Ok(()) if !is_text || json.end().is_err() => {
                (String::new(), "there is more after the end of the JSON".to_owned())
            }
            Ok(()) => (String::new(), "it has no list of sessions".to_owned()),
        };
        error
            .with_message(if pointer.is_empty() {
                format!("the response does not match the provider's documents: {reason}")
            } else {
                format!("the response does not match the provider's documents: {reason}, at {pointer}")
            })
            .with_remedy(Remedy::UpdateSpec)
    }
}

/// Converts each item to a session; `None` if one is bad.
pub(crate) fn each<T, E>(items: Vec<T>, normalise: impl Fn(T) -> Result<Session, E>) -> Option<Vec<Session>> {
    // `collect` would grow and move the list again and again, because a `Result` does not pass the
    // length on.
    let mut sessions = Vec::with_capacity(items.len());
    for item in items {
        match normalise(item) {
            Ok(session) => sessions.push(session),
            Err(_) => return None,
        }
    }
    Some(sessions)
}

/// Decodes items one by one, so that a bad item does not affect the others.
///
/// `list` is the JSON pointer of the list in the response.
pub(crate) fn decode_each<T: DeserializeOwned>(
    items: &[&RawValue],
    list: &str,
    keep_raw: bool,
    normalise: impl Fn(T) -> Result<Session, &'static str>,
) -> (Vec<Session>, Vec<Rejected>) {
    decode_each_by(items, list, keep_raw, &|item| {
        let raw = located(&mut serde_json::Deserializer::from_str(item))?;
        normalise(raw).map_err(|reason| (String::new(), serde_json::Error::custom(reason)))
    })
}

fn decode_each_by(
    items: &[&RawValue],
    list: &str,
    keep_raw: bool,
    decode: &dyn Fn(&str) -> Located<Session>,
) -> (Vec<Session>, Vec<Rejected>) {
    let mut sessions = Vec::with_capacity(items.len());
    let mut rejected = Vec::new();
    for (index, item) in items.iter().enumerate() {
        match decode(item.get()) {
            Ok(mut session) => {
                if keep_raw {
                    session.raw = Some(item.get().to_owned());
                }
                sessions.push(session);
            }
            Err((pointer, error)) => {
                rejected.push(Rejected::new(
                    index,
                    format!("{list}/{index}{pointer}"),
                    reason(&error),
                    item.get(),
                ));
            }
        }
    }
    (sessions, rejected)
}

/// Returns a response as text, and a function that says whether a part of it was not UTF-8. The
/// function looks for the replacement character, and only if the whole was not UTF-8; bad bytes
/// elsewhere do no harm.
pub(crate) fn as_text(body: &[u8]) -> (Cow<'_, str>, impl Fn(&str) -> bool) {
    let text = String::from_utf8_lossy(body);
    let was_text = matches!(text, Cow::Borrowed(_));
    let is_damaged = move |part: &str| !was_text && part.contains(char::REPLACEMENT_CHARACTER);
    (text, is_damaged)
}

/// The text that is being decoded. All functions that locate an error read from this type, because
/// the compiler would copy all decoding code for each further kind of reader.
type Text<'a> = serde_json::Deserializer<serde_json::de::StrRead<'a>>;

/// The decoded value, or a JSON pointer to the error and the error.
type Located<T> = Result<T, (String, serde_json::Error)>;

/// Decodes a value, and reports where it fails.
fn located<T: DeserializeOwned>(json: &mut Text<'_>) -> Located<T> {
    serde_path_to_error::deserialize(json).map_err(|error| (json_pointer(error.path()), error.into_inner()))
}

/// Converts a serde path to a JSON pointer (RFC 6901).
fn json_pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(format!("/{index}")),
            Segment::Map { key } => Some(format!("/{}", key.replace('~', "~0").replace('/', "~1"))),
            // The name of an enum variant is not in the JSON.
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect()
}

/// Returns the message of a serde error, in words that make sense outside this program: without the
/// line and column of a body that is one line, without the name of a Rust type, and without the
/// text found there, which is user content.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    let (found, expected) = match text.split_once(", expected ") {
        Some((found, expected)) => (found, Some(expected)),
        None => (text, None),
    };
    let quoted = ["invalid type: string", "invalid value: string"];
    let found = quoted.into_iter().find(|kind| found.starts_with(kind)).unwrap_or(found);
    match expected {
        Some(expected) if expected.starts_with("struct ") => format!("{found}, expected an object"),
        Some(expected) => format!("{found}, expected {expected}"),
        None => found.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use chat_sessions_wire::Received;
    use http::HeaderMap;
    use serde_json::Value;

    use super::{RequestContext, as_text};
    use crate::model::Provider;

    #[test]
    fn what_is_no_text_does_harm_only_where_it_stands() {
        let (text, is_damaged) = as_text(b"read, \xff, read");
        assert!(is_damaged(&text) && !is_damaged("read"));
        // A provider may send the replacement character itself.
        let (text, is_damaged) = as_text("read, \u{fffd}, read".as_bytes());
        assert!(!is_damaged(&text));
    }

    #[test]
    fn an_answer_that_decodes_and_is_none_says_why() {
        let asked = RequestContext {
            provider: &Provider::LLAMA_CLOUD,
            scope: None,
            key_origin: "api_key",
        };
        for (body, reason) in [
            ("{} {}", "there is more after the end of the JSON"),
            ("{}", "it has no list of sessions"),
        ] {
            let received = Received::new(200, HeaderMap::new(), body.into());
            assert_eq!(
                asked.decode_error::<Value>(&received).message(),
                format!("the response does not match the provider's documents: {reason}")
            );
        }
    }
}
