//! Which source a request belongs to, for its errors.

use chat_sessions_wire::Received;
use std::time::SystemTime;

use crate::error::{Error, ErrorKind, Result};
use crate::model::{Provider, Scope};
use crate::provider::request_id::request_id;
use crate::provider::retry_after::retry_after;
use crate::redact::snippet;

/// How long a name may be that goes into a query, in bytes: gateways refuse a URL of 8 KiB.
const LONGEST_VALUE: usize = 1024;

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

#[cfg(test)]
mod tests {
    use super::{Asked, LONGEST_VALUE};
    use crate::model::Provider;

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
}
