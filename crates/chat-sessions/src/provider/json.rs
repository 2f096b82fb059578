//! Decodes JSON and reports where it fails, without repeating user content.

use std::borrow::Cow;
use std::fmt;

use chat_sessions_wire::Received;
use serde::de::{DeserializeOwned, Error as _, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::error::{CauseText, Error, ErrorKind, Remedy};
use crate::model::Session;
use crate::provider::error_pointer::error_pointer;
use crate::provider::repair::repair;
use crate::provider::request_context::RequestContext;
use crate::source::Rejected;

impl RequestContext<'_> {
    /// Returns the error for a body with status 200 that is not the response that the spec
    /// describes.
    pub(crate) fn decode_error<T: DeserializeOwned>(&self, received: &Received) -> Error {
        self.decode_error_by(received, |json| T::deserialize(json).map(drop))
    }

    fn decode_error_by(&self, received: &Received, decode: fn(&mut Text<'_>) -> serde_json::Result<()>) -> Error {
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
            Err(error) if !is_text && error.is_eof() => {
                (error_pointer(sound, &error), "invalid unicode code point".to_owned())
            }
            Err(error) => (error_pointer(sound, &error), reason(&error)),
            Ok(()) if !is_text || json.end().is_err() => {
                (String::new(), "there is more after the end of the JSON".to_owned())
            }
            Ok(()) => (String::new(), "it has no list of sessions".to_owned()),
        };
        mismatch(error, &reason, &pointer)
    }

    /// Returns the error for a part of a response that has another type than the documents say.
    pub(crate) fn type_error(&self, received: &Received, pointer: &str, error: &serde_json::Error) -> Error {
        mismatch(
            self.response_error(ErrorKind::Protocol, received),
            &reason(error),
            pointer,
        )
    }
}

fn mismatch(error: Error, reason: &str, pointer: &str) -> Error {
    let cause = if pointer.is_empty() {
        reason.to_owned()
    } else {
        format!("{reason}, at {pointer}")
    };
    error
        .with_message(format!("the response does not match the provider's documents: {cause}"))
        .with_source(CauseText(cause))
        .with_remedy(Remedy::UpdateSpec)
}

/// The text of a response, as far as it can be read.
pub(crate) struct BodyText<'a> {
    text: Cow<'a, str>,
    /// Whether the text is not what was sent, because that cannot be read.
    is_altered: bool,
}

impl<'a> BodyText<'a> {
    pub(crate) fn of(body: &'a [u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        let is_altered = matches!(text, Cow::Owned(_));
        if Members::of(&text).is_err()
            && let Cow::Owned(repaired) = repair(&text)
        {
            return Self {
                text: Cow::Owned(repaired),
                is_altered: true,
            };
        }
        Self { text, is_altered }
    }

    pub(crate) fn members(&self) -> serde_json::Result<Members<'_>> {
        Members::of(&self.text)
    }

    /// Whether a part of the text is not what was sent. An id or page token that was altered would
    /// be the wrong one. The replacement character tells, and only in an altered text: a provider
    /// may send it itself.
    pub(crate) fn is_damaged(&self, part: &str) -> bool {
        self.is_altered && part.contains(char::REPLACEMENT_CHARACTER)
    }
}

/// The members of an object, not decoded. If a name occurs twice, the last value counts.
pub(crate) struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'a> Members<'a> {
    pub(crate) fn of(text: &'a str) -> serde_json::Result<Self> {
        serde_json::from_str(text)
    }

    fn find(&self, name: &str) -> Option<&'a str> {
        let (_, value) = self.0.iter().rfind(|(member, _)| member == name)?;
        Some(value.get())
    }

    /// Decodes a member as the type that it must have; `None` if it is missing or null.
    pub(crate) fn get<T: Deserialize<'a>>(&self, name: &str) -> serde_json::Result<Option<T>> {
        self.find(name).map_or(Ok(None), serde_json::from_str)
    }

    /// Decodes a member of any type; `None` if it is missing or null.
    pub(crate) fn value(&self, name: &str) -> Option<Value> {
        let value = self.find(name)?;
        serde_json::from_str(value)
            .or_else(|_| serde_json::from_str(&repair(value)))
            .ok()
            .filter(|value: &Value| !value.is_null())
    }
}

impl<'a> Deserialize<'a> for Members<'a> {
    fn deserialize<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;

        impl<'a> Visitor<'a> for Collect {
            type Value = Members<'a>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<Members<'a>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Collect)
    }
}

/// Reads a value as a type. It is read from its text, because the compiler would copy all decoding
/// code for a second kind of input, and only a response that does not decode as a whole gets here.
pub(crate) fn typed<T: DeserializeOwned>(value: &Value) -> serde_json::Result<T> {
    serde_json::from_str(&value.to_string())
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
    body: &BodyText<'_>,
    items: &[&RawValue],
    list: &str,
    keep_raw: bool,
    normalise: impl Fn(T) -> Result<Session, &'static str>,
) -> (Vec<Session>, Vec<Rejected>) {
    decode_each_by(body, items, list, keep_raw, &|item| {
        let raw = serde_json::from_str(item).map_err(|error| (error_pointer(item, &error), error))?;
        normalise(raw).map_err(|reason| (String::new(), serde_json::Error::custom(reason)))
    })
}

fn decode_each_by(
    body: &BodyText<'_>,
    items: &[&RawValue],
    list: &str,
    keep_raw: bool,
    decode: &dyn Fn(&str) -> Located<Session>,
) -> (Vec<Session>, Vec<Rejected>) {
    let mut sessions = Vec::with_capacity(items.len());
    let mut rejected = Vec::new();
    for (index, item) in items.iter().enumerate() {
        match decode_item(body, item.get(), decode) {
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

/// Decodes an item, after a repair if necessary.
fn decode_item(body: &BodyText<'_>, item: &str, decode: &dyn Fn(&str) -> Located<Session>) -> Located<Session> {
    let mut is_altered = body.is_altered;
    let session = decode(item).or_else(|error| match repair(item) {
        Cow::Borrowed(_) => Err(error),
        Cow::Owned(repaired) => {
            is_altered = true;
            decode(&repaired)
        }
    })?;
    // The sessions of two damaged ids could not be told apart.
    if is_altered && session.id.as_str().contains(char::REPLACEMENT_CHARACTER) {
        let reason = "its id holds a character that is not Unicode";
        return Err((String::new(), serde_json::Error::custom(reason)));
    }
    Ok(session)
}

/// The text that is being decoded. All decoding reads from this type, because the compiler would copy
/// its code for each further kind of reader.
type Text<'a> = serde_json::Deserializer<serde_json::de::StrRead<'a>>;

/// The decoded value, or a JSON pointer to the error and the error.
type Located<T> = Result<T, (String, serde_json::Error)>;

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
    // The name of a field can be in front.
    let cut = quoted
        .into_iter()
        .find_map(|kind| found.find(kind).map(|at| &found[..at + kind.len()]));
    let found = cut.unwrap_or(found);
    match expected {
        Some(expected) if expected.starts_with("struct ") || expected == "a map" => {
            format!("{found}, expected an object")
        }
        Some(expected) => format!("{found}, expected {expected}"),
        None => found.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use chat_sessions_wire::Received;
    use http::HeaderMap;
    use serde_json::Value;

    use super::{BodyText, RequestContext};
    use crate::model::Provider;

    #[test]
    fn bytes_that_are_not_text_damage_only_the_part_that_they_are_in() {
        let body = BodyText::of(b"{\"a\": \"read, \xff, read\"}");
        assert!(body.is_damaged("read, \u{fffd}, read") && !body.is_damaged("read"));
        // A provider may send the replacement character itself.
        assert!(!BodyText::of("{\"a\": \"\u{fffd}\"}".as_bytes()).is_damaged("\u{fffd}"));
        // A name that cannot be read alters the text too.
        assert!(BodyText::of(br#"{"\udc00": 1}"#).is_damaged("\u{fffd}"));
    }

    #[test]
    fn a_reason_has_no_user_content() {
        for (text, expected) in [
            (
                r#"invalid type: string "a secret plan", expected i64 at line 1 column 9"#,
                "invalid type: string, expected i64",
            ),
            // A union puts the name of the field in front.
            (
                r#"id: invalid type: string "a secret plan", expected i64 at line 1 column 9"#,
                "id: invalid type: string, expected i64",
            ),
        ] {
            let error = <serde_json::Error as serde::de::Error>::custom(text);
            assert_eq!(super::reason(&error), expected);
        }
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
