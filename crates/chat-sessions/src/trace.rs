//! What is told to whoever subscribes with `tracing`, under the names that OpenTelemetry gives to HTTP.
//!
//! What a single request did is told by the wire below, which knows the address and the status. Here is told what only
//! the engine knows. No event holds a query, a scope, a page token or what a provider said.

use crate::fetch::Retry;

/// Tells that a request is about to be made again.
#[cfg(feature = "tracing")]
pub(crate) fn retry(retry: &Retry<'_>) {
    let error = retry.error;
    tracing::info!(
        provider = retry.provider.as_str(),
        http.request.method = "GET",
        http.response.status_code = error.status(),
        http.request.resend_count = retry.attempt,
        error.r#type = error.kind().as_str(),
        code = error.code(),
        request_id = error.request_id(),
        wait_ms = u64::try_from(retry.wait.as_millis()).unwrap_or(u64::MAX),
        "a request failed and is made again",
    );
}

#[cfg(not(feature = "tracing"))]
pub(crate) fn retry(_: &Retry<'_>) {}
