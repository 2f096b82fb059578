//! What is told of a request to whoever subscribes with `tracing`: where it went, what came back, how long it took.
//!
//! The names are those that OpenTelemetry gives to HTTP clients. No event holds a query, a header or a body, since these
//! hold page tokens, keys and what people wrote; the id of the request is told as whoever knows the secrets gives it.

use std::sync::Arc;

use http::HeaderMap;
use reqwest::Url;

#[cfg(not(feature = "tracing"))]
pub(crate) use disabled::RequestEvents;
#[cfg(feature = "tracing")]
pub(crate) use emitted::RequestEvents;

/// Reads the id under which a request was logged, for the event about its answer.
pub(crate) type ReadRequestId = Arc<dyn Fn(&Url, &HeaderMap) -> Option<String> + Send + Sync>;

#[cfg(feature = "tracing")]
mod emitted {
    use std::time::Instant;

    use reqwest::{Request, Response, Url};

    use super::ReadRequestId;

    /// A request under way. Whether somebody watches is asked when there is something to tell.
    pub(crate) struct RequestEvents {
        asked: Url,
        begun: Instant,
    }

    impl RequestEvents {
        pub(crate) fn new(request: &Request) -> Self {
            Self {
                asked: request.url().clone(),
                begun: Instant::now(),
            }
        }

        /// Gives the address as it is told.
        fn url(&self) -> Url {
            let mut url = self.asked.clone();
            url.set_query(None);
            url.set_fragment(None);
            // A URL that has no place for these has none in it either.
            let _ = url.set_username("");
            let _ = url.set_password(None);
            url
        }

        pub(crate) fn failed(&self, error: &reqwest::Error) {
            let url = self.url();
            tracing::debug!(
                http.request.method = "GET",
                url.full = url.as_str(),
                server.address = url.host_str(),
                server.port = url.port_or_known_default(),
                error.r#type = kind(error),
                duration_ms = self.elapsed(),
                "no answer",
            );
        }

        pub(crate) fn answered(
            &self,
            response: &Response,
            bytes: usize,
            cut: Option<&reqwest::Error>,
            request_id: Option<&ReadRequestId>,
        ) {
            if !tracing::enabled!(tracing::Level::DEBUG) {
                return;
            }
            let url = self.url();
            let request_id = request_id.and_then(|read| read(&self.asked, response.headers()));
            tracing::debug!(
                http.request.method = "GET",
                url.full = url.as_str(),
                server.address = url.host_str(),
                server.port = url.port_or_known_default(),
                http.response.status_code = response.status().as_u16(),
                http.response.body.size = bytes,
                error.r#type = cut.map(kind),
                request_id,
                duration_ms = self.elapsed(),
                "an answer",
            );
        }

        fn elapsed(&self) -> u64 {
            u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
        }
    }

    /// Names what went wrong without the words of the error, which can hold anything.
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
    use reqwest::{Request, Response};

    use super::ReadRequestId;

    pub(crate) struct RequestEvents;

    impl RequestEvents {
        pub(crate) fn new(_: &Request) -> Self {
            Self
        }

        pub(crate) fn failed(&self, _: &reqwest::Error) {}

        pub(crate) fn answered(&self, _: &Response, _: usize, _: Option<&reqwest::Error>, _: Option<&ReadRequestId>) {}
    }
}
