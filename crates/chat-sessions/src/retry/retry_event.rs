//! Reports retries to the program: through a callback, and through `tracing` under the names that
//! OpenTelemetry gives to HTTP.
//!
//! No event holds a query, a scope, a page token or a provider's message.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::error::Error;
use crate::model::{Provider, Scope};
use crate::source::Operation;

/// `RetryEvent` reports that a request failed and is about to be retried.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct RetryEvent<'a> {
    /// The source's provider.
    pub provider: &'a Provider,
    /// The source's scope, if it has one.
    pub scope: Option<&'a Scope>,
    /// The operation that failed.
    pub operation: Operation,
    /// The provider's own id of the session that the request is about, if it is about one.
    pub session: Option<&'a str>,
    /// The number of requests made for it so far.
    pub attempt: u32,
    /// The wait before the next request; the account's rate limit may add to it.
    pub wait: Duration,
    /// Why the last request failed.
    pub error: &'a Error,
}

/// The callback for retries.
#[derive(Clone)]
pub(crate) struct OnRetry(pub(crate) Arc<dyn Fn(&RetryEvent<'_>) + Send + Sync>);

impl fmt::Debug for OnRetry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnRetry")
    }
}

/// Emits a `tracing` event for a retry.
#[cfg(feature = "tracing")]
pub(crate) fn emit(retry: &RetryEvent<'_>, max_attempts: u32) {
    let error = retry.error;
    tracing::info!(
        provider = retry.provider.as_str(),
        operation = retry.operation.as_str(),
        http.request.method = "GET",
        http.response.status_code = error.status(),
        http.request.resend_count = retry.attempt,
        max_attempts,
        error.r#type = error.kind().as_str(),
        code = error.code(),
        request_id = error.request_id(),
        wait_ms = u64::try_from(retry.wait.as_millis()).unwrap_or(u64::MAX),
        "a request failed and is retried",
    );
}

#[cfg(not(feature = "tracing"))]
pub(crate) fn emit(_: &RetryEvent<'_>, _: u32) {}
