//! What came back, before it means anything: an answer that decoded, one that did not, one that was refused, or none.
//!
//! The meaning of a status is the same for every provider and is decided here; the meaning of a provider's own codes and
//! bodies is decided in the provider's file.

use std::borrow::Cow;
use std::time::SystemTime;

use chat_sessions_wire::{Received, Wire};
use http::{HeaderMap, HeaderName};
use progenitor_client::{Error as RawError, ResponseValue};
use serde::Serialize;
use serde::de::{DeserializeOwned, Error as _, IgnoredAny};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::connection::{is_about_a_certificate, root_cause};
use super::ledger::{Fate, Ledgered};
use super::retry_after::retry_after;
use super::secrets::Secrets;
use super::snippet::snippet;
use crate::error::{Error, ErrorKind, Result};
use crate::session::{Provider, Scope, Session};
use crate::source::Rejected;

/// How long a name may be that goes into a query, in bytes: gateways refuse a URL of 8 KiB.
const LONGEST_VALUE: usize = 1024;

/// An answer that arrived whole.
#[derive(Debug)]
pub(crate) enum Answer<T> {
    /// Status 200, and the body is what the spec says.
    Decoded(T, Received),
    /// Status 200, and the body is something else, in part or as a whole.
    Undecodable(Received),
    /// Any other status.
    Refused(Received),
}

#[cfg(feature = "fuzzing")]
impl<T> Answer<T> {
    /// Decodes what arrived as a generated client does.
    pub(crate) fn of(received: Received) -> Self
    where
        T: DeserializeOwned,
    {
        if received.status != 200 {
            return Self::Refused(received);
        }
        let decoded = std::str::from_utf8(&received.body).map(serde_json::from_str);
        match decoded {
            Ok(Ok(decoded)) => Self::Decoded(decoded, received),
            Ok(Err(_)) | Err(_) => Self::Undecodable(received),
        }
    }
}

/// Who is asked, for the errors.
#[derive(Clone, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) provider: &'a Provider,
    pub(crate) scope: Option<&'a Scope>,
    pub(crate) key_origin: &'a str,
}

impl Asked<'_> {
    /// Starts an error of one request.
    pub(crate) fn error(&self, kind: ErrorKind) -> Error {
        Error::new(kind, self.provider.clone())
            .with_scope(self.scope.cloned())
            .with_attempts(1)
    }

    /// Tells where to look when the key is refused.
    pub(crate) fn check_the_key(&self) -> String {
        format!("Check the API key ({}).", self.key_origin)
    }

    /// Refuses a request before it goes out.
    pub(crate) fn refusal(&self, message: impl Into<String>) -> Error {
        self.error(ErrorKind::InvalidRequest)
            .with_attempts(0)
            .with_message(message)
    }

    /// Checks what is to stand in a query. It would be encoded there; but nobody means a control character, and some servers
    /// and logs take one for the end.
    pub(crate) fn check(&self, name: &str, value: &str, hint: &str) -> Result<()> {
        let complaint = if value.is_empty() {
            "is empty"
        } else if value.chars().any(char::is_control) {
            "holds a control character"
        } else if value.len() > LONGEST_VALUE {
            "is longer than 1024 bytes"
        } else {
            return Ok(());
        };
        Err(self.refusal(format!("{name} {complaint}")).with_hint(hint))
    }

    /// Starts an error about an answer, with what helps against its kind wherever no more is known.
    pub(crate) fn error_about(&self, kind: ErrorKind, received: &Received) -> Error {
        let error = self.error(kind);
        let error = match remedy(kind) {
            Some(remedy) => error.with_hint(remedy),
            None => error,
        };
        error
            .with_status(received.status)
            .with_request_id(request_id(&received.headers))
            .with_retry_after(retry_after(&received.headers, SystemTime::now()))
            .with_snippet(snippet(&received.body))
    }

    /// Sorts what a raw operation gave, with the record of what arrived, whose cookies are added to the secrets.
    pub(crate) fn sort<T>(
        &self,
        outcome: std::result::Result<ResponseValue<T>, RawError<()>>,
        wire: &Wire,
        secrets: &mut Secrets,
    ) -> Result<Answer<T>> {
        let received = wire.take_received();
        // Also those of an answer that is cut or too large, since what arrived of it is shown.
        if let Some(received) = &received {
            secrets.add_cookies(&received.headers);
        }
        match (outcome, received) {
            (Ok(value), Some(received)) => Ok(Answer::Decoded(value.into_inner(), received)),
            (Err(RawError::InvalidResponsePayload(..)), Some(received)) => Ok(Answer::Undecodable(received)),
            (Err(RawError::UnexpectedResponse(_) | RawError::ErrorResponse(_)), Some(received)) => {
                Ok(Answer::Refused(received))
            }
            (Err(error), received) => Err(self.without_answer(error, received.as_ref())),
            (Ok(_), None) => Err(self
                .error(ErrorKind::Protocol)
                .with_message("the answer left no record of what arrived")),
        }
    }

    /// Says why a raw operation gave no answer.
    fn without_answer(&self, error: RawError<()>, received: Option<&Received>) -> Error {
        match (error, received) {
            (RawError::CommunicationError(error) | RawError::ResponseBodyError(error), received) => {
                self.broken(&error, received)
            }
            (RawError::Custom(message), Some(received)) => self
                .error_about(ErrorKind::Protocol, received)
                .with_message(message)
                .with_hint("That is no list of sessions; check the base URL and the proxy."),
            // The remaining cases are faults of the request itself, which the builder has checked, or an answer
            // without a record, which the wire does not let happen. The wire's own complaint, above, is about what arrived.
            (error, _) => self.error(ErrorKind::InvalidRequest).with_message(match error {
                RawError::InvalidRequest(message) => message,
                _ => "the request could not be made".to_owned(),
            }),
        }
    }

    /// Says why no whole answer came.
    fn broken(&self, error_below: &reqwest::Error, received: Option<&Received>) -> Error {
        let start = |kind| match received {
            Some(received) => self.error_about(kind, received),
            None => self.error(kind),
        };
        let cause = root_cause(error_below);
        if error_below.is_timeout() {
            return start(ErrorKind::Timeout)
                .with_message("no whole answer came in time")
                .with_hint("Try again, or raise the timeout.");
        }
        if received.is_some() {
            return start(ErrorKind::Connect)
                .with_message(format!("the answer broke off: {cause}"))
                .with_hint("Try again.");
        }
        // The HTTP stack bounds the head of an answer, at some hundred KiB, and says so in these words only.
        if cause.contains("head is too large") {
            return start(ErrorKind::Protocol)
                .with_message("the headers of the answer are too large")
                .with_hint("No provider sends such; check the base URL and the proxy.");
        }
        let error = start(ErrorKind::Connect).with_message(format!("no answer: {cause}"));
        if is_about_a_certificate(error_below) {
            return error
                .with_temporary(false)
                .with_hint("Check the base URL; a certificate authority of your own is added with configure_http.");
        }
        error.with_hint("Check the network, the proxy and the base URL.")
    }

    /// Says what a status other than 200 means, with what the provider said about it.
    pub(crate) fn refused(&self, received: &Received, said: Option<String>) -> Error {
        let status = received.status;
        if (300..400).contains(&status) {
            return self
                .error_about(ErrorKind::Protocol, received)
                .with_message("the answer redirects elsewhere, and redirects are not followed")
                .with_hint("Set the base URL to where the API is.");
        }
        let error = self.error_about(kind_of_status(status), received);
        let said = said.or_else(|| snippet_of_text(received));
        let error = match said {
            Some(said) => error.with_message(as_clause(&said)),
            None => error.with_message(match status {
                100..300 => "the answer has no body where a list of sessions should be",
                401 => "the key was refused",
                403 => "access was denied",
                404 => "there is nothing at this address",
                429 => "too many requests",
                500.. => "the provider failed",
                _ => "the request was refused",
            }),
        };
        match status {
            429 => error.with_temporary(true).with_hint("Wait, then try again."),
            408 | 500.. => error.with_temporary(true).with_hint("Try again later."),
            _ => error,
        }
    }

    /// Says that a body with status 200 is not the answer that the spec describes.
    pub(crate) fn undecodable<T: DeserializeOwned>(&self, received: &Received) -> Error {
        self.undecodable_as(received, |json| located::<T>(json).map(drop))
    }

    fn undecodable_as(&self, received: &Received, decode: fn(&mut Text<'_>) -> Located<()>) -> Error {
        let error = self.error_about(ErrorKind::Protocol, received);
        let body = received.body.trim_ascii_start();
        if body.is_empty() {
            return error
                .with_message("the answer is empty")
                .with_hint("Check the base URL and the proxy.");
        }
        if body.starts_with(b"<") {
            return error
                .with_message("a web page came where JSON should be")
                .with_hint("Check the base URL; a proxy or a login page may be in between.");
        }
        let text = String::from_utf8_lossy(body);
        if serde_json::from_str::<IgnoredAny>(&text).is_err_and(|error| error.is_eof()) {
            return error
                .with_message("the answer ends in the middle of its JSON")
                .with_temporary(true)
                .with_hint("Try again.");
        }
        // What is no text is read up to there, so that it shows where that stands.
        let sound = body.utf8_chunks().next().map_or("", |chunk| chunk.valid());
        let is_text = sound.len() == body.len();
        let mut json = serde_json::Deserializer::from_str(sound);
        let (pointer, reason) = match decode(&mut json) {
            Err((pointer, error)) if !is_text && error.is_eof() => (pointer, "invalid unicode code point".to_owned()),
            Err((pointer, error)) => (pointer, reason(&error)),
            Ok(()) if !is_text || json.end().is_err() => {
                (String::new(), "there is more after the end of the JSON".to_owned())
            }
            Ok(()) => (String::new(), "it holds no list of sessions".to_owned()),
        };
        error
            .with_message(if pointer.is_empty() {
                format!("the answer is not what the documents promise: {reason}")
            } else {
                format!("the answer is not what the documents promise: {reason}, at {pointer}")
            })
            .with_hint("If it stays so, the provider has changed and the spec must follow.")
    }
}

/// Makes a session of each item; `None` when one is bad.
pub(crate) fn each<T, E>(
    items: Vec<T>,
    normalise: impl Fn(T) -> std::result::Result<Session, E>,
) -> Option<Vec<Session>> {
    // Collected, the list would be moved again and again as it grows, since nothing tells its length to a result.
    let mut sessions = Vec::with_capacity(items.len());
    for item in items {
        match normalise(item) {
            Ok(session) => sessions.push(session),
            Err(_) => return None,
        }
    }
    Some(sessions)
}

/// Decodes items one by one, so that a bad one costs only itself.
///
/// `list` is the JSON pointer of the list in the answer.
pub(crate) fn decode_each<T: DeserializeOwned>(
    items: &[&RawValue],
    list: &str,
    keep_raw: bool,
    normalise: impl Fn(T) -> std::result::Result<Session, &'static str>,
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

/// Gives an answer as text, and a test for what was no UTF-8 in a part of it: by the sign that stands for that where the whole was
/// none. Elsewhere in it, that may stand where nobody reads it.
pub(crate) fn as_text(body: &[u8]) -> (Cow<'_, str>, impl Fn(&str) -> bool) {
    let text = String::from_utf8_lossy(body);
    let was_text = matches!(text, Cow::Borrowed(_));
    let is_damaged = move |part: &str| !was_text && part.contains(char::REPLACEMENT_CHARACTER);
    (text, is_damaged)
}

/// Gives the fields that the spec has and this crate makes nothing of yet, so that they are kept like unknown ones.
///
/// A spec can gain a field before this crate uses it; the field then has a place in the raw type and is no longer among
/// the unknown ones there. As long as the ledger settles every field this costs nothing.
pub(crate) fn unsettled_fields<T: Ledgered + Serialize>(item: &T) -> Option<Map<String, Value>> {
    if T::SETTLED {
        return None;
    }
    let Ok(Value::Object(mut all)) = serde_json::to_value(item) else {
        return None;
    };
    all.retain(|name, _| T::FIELDS.contains(&name.as_str()) && T::fate(name) == Fate::Unknown);
    Some(all)
}

fn kind_of_status(status: u16) -> ErrorKind {
    match status {
        401 => ErrorKind::Auth,
        402 => ErrorKind::Quota,
        403 => ErrorKind::Permission,
        404 => ErrorKind::NotFound,
        408 => ErrorKind::Timeout,
        409 => ErrorKind::Conflict,
        429 => ErrorKind::RateLimited,
        400..500 => ErrorKind::InvalidRequest,
        500.. => ErrorKind::Server,
        _ => ErrorKind::Protocol,
    }
}

/// Gives what to do about a refusal of this kind, whoever refused.
fn remedy(kind: ErrorKind) -> Option<&'static str> {
    match kind {
        ErrorKind::Quota => Some("Top up the account's credits."),
        ErrorKind::InvalidRequest => Some("Check the scope, the page size and the cursor."),
        ErrorKind::NotFound => Some("Check the scope and the base URL."),
        ErrorKind::Conflict => Some("Try again in a moment."),
        ErrorKind::Server => Some("If it stays so, ask the provider."),
        _ => None,
    }
}

/// A text that is being decoded. All that looks for a place reads from one, since for each other kind of reader the compiler
/// would make a further copy of all that reads a type.
type Text<'a> = serde_json::Deserializer<serde_json::de::StrRead<'a>>;

/// What was decoded, or a JSON pointer to what could not be, with what is wrong there.
type Located<T> = std::result::Result<T, (String, serde_json::Error)>;

/// Decodes a value, and says where it fails.
fn located<T: DeserializeOwned>(json: &mut Text<'_>) -> Located<T> {
    serde_path_to_error::deserialize(json).map_err(|error| (json_pointer(error.path()), error.into_inner()))
}

/// Writes a path of serde's as a JSON pointer (RFC 6901).
fn json_pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(format!("/{index}")),
            Segment::Map { key } => Some(format!("/{}", key.replace('~', "~0").replace('/', "~1"))),
            // The name of an enum's variant stands nowhere in the JSON.
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect()
}

/// Says what serde found wrong, in words that mean something outside this program: without the line and column of a body
/// that is one line, without the name of a Rust type, and without the text that it found, which a person wrote.
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

/// Puts what a provider says into a form that can stand inside a sentence.
pub(crate) fn as_clause(said: &str) -> String {
    said.trim().trim_end_matches('.').to_owned()
}

/// Gives the beginning of a short plain text, such as a gateway's one-line complaint; never of a page or of JSON.
fn snippet_of_text(received: &Received) -> Option<String> {
    const LONGEST: usize = 200;
    let text = std::str::from_utf8(&received.body).ok()?.trim();
    let plain = !text.is_empty() && !text.starts_with(['<', '{', '[', '"']) && !text.contains(char::is_control);
    (plain && text.chars().count() <= LONGEST).then(|| text.to_owned())
}

/// Reads the id under which the provider, or a gateway before it, logged the request.
pub(super) fn request_id(headers: &HeaderMap) -> Option<String> {
    // No document of either provider names one; these are the names in use among gateways.
    const NAMES: [HeaderName; 5] = [
        HeaderName::from_static("x-request-id"),
        HeaderName::from_static("request-id"),
        HeaderName::from_static("x-correlation-id"),
        HeaderName::from_static("x-amzn-requestid"),
        HeaderName::from_static("cf-ray"),
    ];
    // Most answers have none of them and few headers, so that to compare them all is less than to look up each name.
    let rank = |name: &HeaderName| NAMES.iter().position(|known| known == name);
    headers
        .iter()
        .filter_map(|(name, value)| Some((rank(name)?, value)))
        .min_by_key(|(rank, _)| *rank)
        .and_then(|(_, value)| value.to_str().ok())
        .map(ToOwned::to_owned)
}

#[cfg(test)]
mod tests {
    use chat_sessions_wire::Received;
    use http::HeaderMap;
    use progenitor_client::{Error as RawError, ResponseValue};
    use serde::Serialize;
    use serde_json::{Value, json};

    use super::{Asked, LONGEST_VALUE, as_text, unsettled_fields};
    use crate::error::ErrorKind;
    use crate::key::ApiKey;
    use crate::provider::ledger::{Fate, Ledgered, Row};
    use crate::provider::secrets::Secrets;
    use crate::session::Provider;

    const ASKED: Asked<'_> = Asked {
        provider: &Provider::LLAMA_CLOUD,
        scope: None,
        key_origin: "api_key",
    };

    #[test]
    fn what_goes_into_a_query_has_a_longest_length() {
        let checked = |length| ASKED.check("the project", &"x".repeat(length), "Leave it out.");
        assert!(checked(LONGEST_VALUE).is_ok());
        for length in [LONGEST_VALUE + 1, 2 * LONGEST_VALUE] {
            let error = checked(length).expect_err("it is too long");
            assert_eq!(error.message(), "the project is longer than 1024 bytes");
        }
    }

    #[test]
    fn what_is_no_text_does_harm_only_where_it_stands() {
        let (text, is_damaged) = as_text(b"read, \xff, read");
        assert!(is_damaged(&text) && !is_damaged("read"));
        // A provider may send the sign itself.
        let (text, is_damaged) = as_text("read, \u{fffd}, read".as_bytes());
        assert!(!is_damaged(&text));
    }

    #[test]
    fn a_request_that_cannot_be_made_says_why() {
        let wire = llama_cloud_client::wire("sk-sandbox").expect("it can stand in a header");
        let mut secrets = Secrets::new(&ApiKey::from("sk-sandbox"), []);
        let refused = RawError::<()>::InvalidRequest("no such path".to_owned());
        let outcome = Err::<ResponseValue<()>, _>(refused);
        let error = ASKED.sort(outcome, &wire, &mut secrets).expect_err("it was refused");
        assert_eq!(
            (error.kind(), error.message()),
            (ErrorKind::InvalidRequest, "no such path")
        );
    }

    #[test]
    fn an_answer_that_decodes_and_is_none_says_why() {
        for (body, reason) in [
            ("{} {}", "there is more after the end of the JSON"),
            ("{}", "it holds no list of sessions"),
        ] {
            let received = Received::new(200, HeaderMap::new(), body.into());
            assert_eq!(
                ASKED.undecodable::<Value>(&received).message(),
                format!("the answer is not what the documents promise: {reason}")
            );
        }
    }

    #[test]
    fn a_field_that_the_spec_gained_is_kept_until_the_ledger_settles_it() {
        #[derive(Serialize)]
        struct Raw {
            id: &'static str,
            gained: &'static str,
            noted: &'static str,
            beside: u8,
        }
        impl Ledgered for Raw {
            const FIELDS: &'static [&'static str] = &["id", "gained", "noted"];
            const ROWS: &'static [Row] = &[
                Row {
                    field: "id",
                    fate: Fate::Settled,
                },
                Row {
                    field: "noted",
                    fate: Fate::Unknown,
                },
            ];
        }
        let raw = Raw {
            id: "1",
            gained: "value",
            noted: "value",
            beside: 1,
        };
        let kept = json!(unsettled_fields(&raw));
        assert_eq!(kept, json!({ "gained": "value", "noted": "value" }));
    }
}
