//! One request and its response, as an observer sees them on the wire.
//!
//! A capture contains everything: the key, cookies, page tokens and user content. The observer
//! decides what may be kept. Without an observer, nothing is collected.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use http::{HeaderMap, Version};
use reqwest::{Request, Response, Url};

use crate::received::Received;

/// The callback that receives each capture.
pub(crate) type Observer = Arc<dyn Fn(&Capture<'_>) + Send + Sync>;

/// `Capture` is one request and its outcome.
#[non_exhaustive]
pub struct Capture<'a> {
    /// The address, with its query.
    pub url: &'a Url,
    /// The headers of the request, except those that the HTTP client adds to all of its requests.
    pub headers: &'a HeaderMap,
    /// When the request was sent.
    pub started: SystemTime,
    /// The time from then to the headers of the response, or to the failure if there was no
    /// response.
    pub waited: Duration,
    /// The time from the headers of the response to the end of its body.
    pub read: Duration,
    /// The HTTP version of the response.
    pub version: Option<Version>,
    /// The response, as far as it arrived.
    pub received: Option<&'a Received>,
    /// The error that ended the request or its response. If there is neither an error nor a
    /// response, the caller cancelled the request.
    pub error: Option<&'a reqwest::Error>,
}

impl fmt::Debug for Capture<'_> {
    /// Omits the address, the headers and the body.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Capture")
            .field("waited", &self.waited)
            .field("read", &self.read)
            .field("received", &self.received)
            .field("failed", &self.error.is_some())
            .finish_non_exhaustive()
    }
}

/// A pending request with an observer. It also reports when it is dropped, so that cancelled
/// requests are reported too.
pub(crate) struct PendingCapture {
    observer: Observer,
    url: Url,
    headers: HeaderMap,
    started: SystemTime,
    start: Instant,
    answered: Option<(Instant, Version)>,
    reported: bool,
}

impl PendingCapture {
    pub(crate) fn new(observer: &Observer, request: &Request) -> Self {
        Self {
            observer: Arc::clone(observer),
            url: request.url().clone(),
            headers: request.headers().clone(),
            started: SystemTime::now(),
            start: Instant::now(),
            answered: None,
            reported: false,
        }
    }

    /// Records that the headers of the response have arrived.
    pub(crate) fn answered(&mut self, response: &Response) {
        self.answered = Some((Instant::now(), response.version()));
    }

    /// Reports the outcome of the request.
    pub(crate) fn report(&mut self, received: Option<&Received>, error: Option<&reqwest::Error>) {
        self.reported = true;
        let now = Instant::now();
        let at = self.answered.map_or(now, |(at, _)| at);
        (self.observer)(&Capture {
            url: &self.url,
            headers: &self.headers,
            started: self.started,
            waited: at.duration_since(self.start),
            read: now.duration_since(at),
            version: self.answered.map(|(_, version)| version),
            received,
            error,
        });
    }
}

impl Drop for PendingCapture {
    fn drop(&mut self) {
        // The observer is the program's own code. If it panicked during another panic, the program
        // would abort.
        if !self.reported && !std::thread::panicking() {
            self.report(None, None);
        }
    }
}
