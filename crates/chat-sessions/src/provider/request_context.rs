//! The source of a request, for its errors.

use std::time::SystemTime;

use chat_sessions_wire::Received;

use crate::config::id_problem;
use crate::error::{Error, ErrorKind, Remedy, Result};
use crate::model::{Provider, Scope};
use crate::provider::request_id::request_id;
use crate::provider::retry_after::retry_after;
use crate::redact::snippet;

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

    /// Checks that there is a tokio runtime, which the HTTP client needs. Without one, it would panic.
    pub(crate) fn check_runtime(&self) -> Result<()> {
        match tokio::runtime::Handle::try_current() {
            Ok(_) => Ok(()),
            Err(_) => Err(self.error(ErrorKind::Config).outside_runtime()),
        }
    }

    /// Checks an id for the query. Only `with_scope`, which cannot fail, lets a wrong one get here.
    pub(crate) fn check_query_value(&self, name: &str, value: &str, default: &'static str) -> Result<()> {
        match id_problem(value) {
            Some(problem) => Err(self
                .reject(format!("{name} {problem}"))
                .with_remedy(Remedy::OmitSetting { default })),
            None => Ok(()),
        }
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
