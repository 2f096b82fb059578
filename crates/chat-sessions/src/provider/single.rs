//! Turns a response about one thing, such as a transcript, into its value. Lists are read by
//! `decode.rs`.

use std::borrow::Cow;

use chat_sessions_wire::{Received, decode};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::config::id_problem;
use crate::error::{Error, ErrorKind, Remedy, Result, display_id};
use crate::provider::repair::repair;
use crate::provider::request_context::RequestContext;
use crate::provider::request_id::request_id;
use crate::redact::Secrets;

/// A value, and the id under which the provider logged the request.
pub(crate) struct Single<T> {
    pub(crate) value: T,
    pub(crate) request_id: Option<String>,
}

impl RequestContext<'_> {
    /// Turns the outcome of a request into a value or an error, without secrets.
    ///
    /// `refused` returns the error for a status other than 200. `build` uses the decoded response.
    /// If the response does not decode as a whole, `build_parts` reads what it can from the JSON, and
    /// `None` means that it can read nothing. Both may take the body once nothing can fail any more.
    pub(crate) fn single<R: DeserializeOwned, T>(
        &self,
        outcome: Result<Received>,
        secrets: &Secrets,
        refused: impl FnOnce(&Self, &Received) -> Error,
        build: impl FnOnce(R, &mut Received) -> Result<T>,
        build_parts: impl FnOnce(Value, &mut Received) -> Option<Result<T>>,
    ) -> Result<Single<T>> {
        let read = |mut received: Received| {
            if received.status != 200 {
                return Err(refused(self, &received));
            }
            let value = match decode(&received.body) {
                Ok(raw) => build(raw, &mut received)?,
                Err(_) => {
                    let parts = json_of(&received.body).and_then(|json| build_parts(json, &mut received));
                    parts.unwrap_or_else(|| Err(self.decode_error::<R>(&received)))?
                }
            };
            let request_id = request_id(&received.headers).map(|id| display_id(&secrets.redact(id)));
            Ok(Single { value, request_id })
        };
        let single = outcome.and_then(read);
        single.map_err(|error| error.redacted(&|text| secrets.redact(text)))
    }

    /// Returns the error of a response without a part that it must have.
    pub(crate) fn missing_part(&self, part: &str, pointer: &str, received: &Received) -> Error {
        self.unexpected(&format!("it has no {part} at {pointer}"), received)
    }

    /// Returns the error of a response that does not match the documents.
    pub(crate) fn unexpected(&self, reason: &str, received: &Received) -> Error {
        self.response_error(ErrorKind::Protocol, received)
            .with_message(format!(
                "the response does not match the provider's documents: {reason}"
            ))
            .with_remedy(Remedy::UpdateSpec)
    }

    /// Checks that a response is about the session of the request.
    pub(crate) fn check_same_session(&self, asked: &str, sent: &str, received: &Received) -> Result<()> {
        if asked == sent {
            return Ok(());
        }
        Err(self
            .response_error(ErrorKind::Protocol, received)
            .with_message("the response is about another session than the requested one")
            .with_remedy(Remedy::UpdateSpec))
    }

    /// Checks the id of a session before it goes into a query.
    pub(crate) fn check_session_id(&self, id: &str) -> Result<()> {
        self.session_id_problem(if id.is_empty() {
            Some("is empty")
        } else {
            id_problem(id)
        })
    }

    /// Checks the id of a session before it goes into a path, where it could lead to another endpoint. A
    /// URL treats a backslash as a slash.
    pub(crate) fn check_session_id_in_path(&self, id: &str) -> Result<()> {
        self.check_session_id(id)?;
        let leads_elsewhere = matches!(id, "." | "..") || id.contains('\\');
        self.session_id_problem(leads_elsewhere.then_some("would change the path of the request"))
    }

    fn session_id_problem(&self, problem: Option<&str>) -> Result<()> {
        match problem {
            Some(problem) => Err(self.reject(format!("the session id {problem}"))),
            None => Ok(()),
        }
    }
}

/// Reads a body as JSON, after a repair if necessary.
fn json_of(body: &[u8]) -> Option<Value> {
    let text = String::from_utf8_lossy(body);
    let value = serde_json::from_str(&text).ok();
    value.or_else(|| match repair(&text) {
        Cow::Borrowed(_) => None,
        Cow::Owned(repaired) => serde_json::from_str(&repaired).ok(),
    })
}
