//! The source of a request, for its errors.

use std::time::SystemTime;

use chat_sessions_wire::Received;

use crate::error::{Error, ErrorKind, Remedy, Result};
use crate::model::{Provider, Scope};
use crate::provider::request_id::request_id;
use crate::provider::retry_after::retry_after;
use crate::redact::snippet;

/// The maximum length of a query value, in bytes: gateways refuse a URL of 8 KiB.
const MAX_VALUE_BYTES: usize = 1024;

/// The source of a request, for its errors.
#[derive(Clone, Debug)]
pub(crate) struct RequestContext<'a> {
    pub(crate) provider: &'a Provider,
    pub(crate) scope: Option<&'a Scope>,
    pub(crate) key_origin: &'a str,
}

impl RequestContext<'_> {
    /// Creates an error of one request.
    pub(crate) fn error(&self, kind: ErrorKind) -> Error {
        Error::new(kind, self.provider.clone())
            .with_scope(self.scope.cloned())
            .with_attempts(1)
    }

    /// Returns the remedy for a refused key.
    pub(crate) fn check_key(&self) -> Remedy {
        Remedy::CheckApiKey {
            origin: self.key_origin.to_owned(),
            other_region: None,
        }
    }

    /// Creates the error of a request that is refused before it is sent.
    pub(crate) fn reject(&self, message: impl Into<String>) -> Error {
        self.error(ErrorKind::InvalidRequest)
            .with_attempts(0)
            .with_message(message)
    }

    /// Checks a query value. A control character would be encoded, but it is never intended, and
    /// some servers and logs treat it as the end.
    pub(crate) fn check_query_value(&self, name: &str, value: &str, default: &'static str) -> Result<()> {
        let complaint = if value.is_empty() {
            "is empty"
        } else if value.chars().any(char::is_control) {
            "holds a control character"
        } else if value.len() > MAX_VALUE_BYTES {
            "is longer than 1024 bytes"
        } else {
            return Ok(());
        };
        Err(self
            .reject(format!("{name} {complaint}"))
            .with_remedy(Remedy::OmitSetting { default }))
    }

    /// Creates an error about a response, with the remedy for its kind unless a caller knows
    /// better.
    pub(crate) fn response_error(&self, kind: ErrorKind, received: &Received) -> Error {
        let error = self.error(kind);
        let error = match remedy(kind) {
            Some(remedy) => error.with_remedy(remedy),
            None => error,
        };
        error
            .with_status(received.status)
            .with_request_id(request_id(&received.headers))
            .with_retry_after(retry_after(&received.headers, SystemTime::now()))
            .with_snippet(snippet(&received.body))
    }
}

/// Returns the remedy for a refusal of this kind by any provider.
fn remedy(kind: ErrorKind) -> Option<Remedy> {
    match kind {
        ErrorKind::Quota => Some(Remedy::AddCredits),
        ErrorKind::InvalidRequest => Some(Remedy::CheckRequest),
        ErrorKind::NotFound => Some(Remedy::CheckScope { settings: &["scope"] }),
        ErrorKind::Conflict => Some(Remedy::Retry),
        ErrorKind::Server => Some(Remedy::ContactProvider),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_VALUE_BYTES, RequestContext};
    use crate::model::Provider;

    const ASKED: RequestContext<'_> = RequestContext {
        provider: &Provider::LLAMA_CLOUD,
        scope: None,
        key_origin: "api_key",
    };

    #[test]
    fn what_goes_into_a_query_has_a_longest_length() {
        let checked = |length| ASKED.check_query_value("the project", &"x".repeat(length), "the default");
        assert!(checked(MAX_VALUE_BYTES).is_ok());
        for length in [MAX_VALUE_BYTES + 1, 2 * MAX_VALUE_BYTES] {
            let error = checked(length).expect_err("it is too long");
            assert_eq!(error.message(), "the project is longer than 1024 bytes");
        }
    }
}
