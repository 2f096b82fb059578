//! Turns a response about one thing, such as a transcript, into its value. Lists are read by
//! `decode.rs`.

use std::borrow::Cow;

use chat_sessions_wire::Received;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::config::id_problem;
use crate::error::{Error, ErrorKind, Remedy, Result};
use crate::provider::repair::repair;
use crate::provider::request_context::RequestContext;
use crate::provider::response::Response;
use crate::redact::Secrets;

impl RequestContext<'_> {
    /// Turns the outcome of a request into a value or an error, without secrets.
    ///
    /// `refused` returns the error for a status other than 200. `build` uses the decoded response.
    /// If the response does not decode as a whole, `build_parts` reads what it can from the JSON, and
    /// `None` means that it can read nothing.
    pub(crate) fn single<R: DeserializeOwned, T>(
        &self,
        outcome: Result<Response<R>>,
        secrets: &Secrets,
        refused: impl FnOnce(&Self, &Received) -> Error,
        build: impl FnOnce(R, &Received) -> Result<T>,
        build_parts: impl FnOnce(Value, &Received) -> Option<Result<T>>,
    ) -> Result<T> {
        let decode = |response| match response {
            Response::Decoded(raw, received) => build(raw, &received),
            Response::Undecodable(received) => {
                let parts = json_of(&received.body).and_then(|json| build_parts(json, &received));
                parts.unwrap_or_else(|| Err(self.decode_error::<R>(&received)))
            }
            Response::Refused(received) => Err(refused(self, &received)),
        };
        let value = outcome.and_then(decode);
        value.map_err(|error| error.redacted(&|text| secrets.redact(text)))
    }

    /// Returns the error of a response without the list that it is about.
    pub(crate) fn missing_list(&self, pointer: &str, received: &Received) -> Error {
        self.response_error(ErrorKind::Protocol, received)
            .with_message(format!(
                "the response does not match the provider's documents: it has no list at {pointer}"
            ))
            .with_remedy(Remedy::UpdateSpec)
    }

    /// Checks the id of a session before it goes into an address.
    pub(crate) fn check_session_id(&self, id: &str) -> Result<()> {
        // In a path, these would lead to another endpoint.
        let problem = match id {
            "" => Some("is empty"),
            "." | ".." => Some("would change the path of the request"),
            _ => id_problem(id),
        };
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
