//! Emits a `tracing` span and events for a request: where it went, the response, and how long it took.
//!
//! The names are those of OpenTelemetry for HTTP clients. No event holds a query, a header or a
//! body, because these hold page tokens, keys and user content. Of the query, an event only tells the
//! number of the page, or that there was a page token. The request id comes from a function that
//! knows the secrets.

use std::sync::Arc;

use http::HeaderMap;
use reqwest::Url;

#[cfg(not(feature = "tracing"))]
pub(crate) use disabled::RequestEvents;
#[cfg(feature = "tracing")]
pub(crate) use emitted::RequestEvents;

/// Reads the id under which a request was logged, for the event about its response.
pub(crate) type ReadRequestId = Arc<dyn Fn(&Url, &HeaderMap) -> Option<String> + Send + Sync>;

#[cfg(feature = "tracing")]
mod emitted {
    use std::future::Future;
    use std::time::Instant;

    use reqwest::{Request, Response, Url};
    use tracing::field::Empty;
    use tracing::{Instrument, Span};

    use super::ReadRequestId;

    /// A pending request. Whether there is a subscriber is checked only when there is an event to
    /// emit.
    pub(crate) struct RequestEvents {
        full_url: Url,
        start: Instant,
        span: Span,
    }

    impl RequestEvents {
        /// `resend_count` is how often the request was sent before.
        pub(crate) fn new(request: &Request, resend_count: u32) -> Self {
            let this = Self {
                full_url: request.url().clone(),
                start: Instant::now(),
                span: tracing::info_span!(
                    "request",
                    otel.name = "GET",
                    otel.kind = "client",
                    http.request.method = "GET",
                    url.full = Empty,
                    server.address = Empty,
                    server.port = Empty,
                    http.request.resend_count = (resend_count > 0).then_some(resend_count),
                    http.response.status_code = Empty,
                    error.r#type = Empty,
                ),
            };
            if !this.span.is_disabled() {
                let url = this.url();
                this.span.record("url.full", url.as_str());
                this.span.record("server.address", url.host_str());
                this.span.record("server.port", url.port_or_known_default());
            }
            this
        }

        /// Runs the request inside its span, and drops it there if it is cancelled.
        pub(crate) fn watch<F: Future>(&self, work: F) -> impl Future<Output = F::Output> {
            work.instrument(self.span.clone())
        }

        /// Returns the address for the event.
        fn url(&self) -> Url {
            let mut url = self.full_url.clone();
            url.set_query(None);
            url.set_fragment(None);
            // A URL that cannot have a user name or password has none to remove.
            let _ = url.set_username("");
            let _ = url.set_password(None);
            url
        }

        /// Returns which page was requested: its number, or `next` if the request had a page token.
        fn page(&self) -> Option<String> {
            self.full_url.query_pairs().find_map(|(name, value)| match &*name {
                "page" => value.parse::<u32>().ok().map(|number| number.to_string()),
                "page_token" if !value.is_empty() => Some("next".to_owned()),
                _ => None,
            })
        }

        pub(crate) fn failed(&self, error: &reqwest::Error) {
            self.span.record("error.type", kind(error));
            if !tracing::enabled!(tracing::Level::DEBUG) {
                return;
            }
            let url = self.url();
            tracing::debug!(
                http.request.method = "GET",
                url.full = url.as_str(),
                server.address = url.host_str(),
                server.port = url.port_or_known_default(),
                page = self.page(),
                error.r#type = kind(error),
                duration_ms = self.elapsed(),
                "no response",
            );
        }

        pub(crate) fn answered(
            &self,
            response: &Response,
            bytes: usize,
            cut: Option<&reqwest::Error>,
            request_id: Option<&ReadRequestId>,
        ) {
            let status = response.status();
            self.span.record("http.response.status_code", status.as_u16());
            if let Some(cut) = cut {
                self.span.record("error.type", kind(cut));
            } else if status.is_client_error() || status.is_server_error() {
                self.span.record("error.type", status.as_str());
            }
            if !tracing::enabled!(tracing::Level::DEBUG) {
                return;
            }
            let url = self.url();
            let request_id = request_id.and_then(|read| read(&self.full_url, response.headers()));
            tracing::debug!(
                http.request.method = "GET",
                url.full = url.as_str(),
                server.address = url.host_str(),
                server.port = url.port_or_known_default(),
                page = self.page(),
                http.response.status_code = response.status().as_u16(),
                http.response.body.size = bytes,
                error.r#type = cut.map(kind),
                request_id,
                duration_ms = self.elapsed(),
                "a response",
            );
        }

        fn elapsed(&self) -> u64 {
            u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
        }
    }

    /// Returns the kind of an error without its text, which can hold anything.
    fn kind(error: &reqwest::Error) -> &'static str {
        if error.is_timeout() {
            "timeout"
        } else if error.is_connect() {
            "connect"
        } else if error.is_body() || error.is_decode() {
            "body"
        } else {
            "request"
        }
    }
}

#[cfg(not(feature = "tracing"))]
mod disabled {
    use std::future::Future;

    use reqwest::{Request, Response};

    use super::ReadRequestId;

    pub(crate) struct RequestEvents;

    impl RequestEvents {
        pub(crate) fn new(_: &Request, _: u32) -> Self {
            Self
        }

        pub(crate) fn watch<F: Future>(&self, work: F) -> F {
            work
        }

        pub(crate) fn failed(&self, _: &reqwest::Error) {}

        pub(crate) fn answered(&self, _: &Response, _: usize, _: Option<&reqwest::Error>, _: Option<&ReadRequestId>) {}
    }
}
