//! What is shown of one request and its answer to whoever asked for it, as it went over the wire.
//!
//! It holds everything: the key, cookies, page tokens and what people wrote. What may be kept of it is for the observer to
//! say. Without an observer nothing of this is gathered.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use http::{HeaderMap, Version};
use reqwest::{Request, Response, Url};

use crate::received::Received;

/// Whoever is shown each capture.
pub(crate) type Observer = Arc<dyn Fn(&Capture<'_>) + Send + Sync>;

/// `Capture` is one request and what came of it.
#[non_exhaustive]
pub struct Capture<'a> {
    /// The address, with its query.
    pub url: &'a Url,
    /// The headers of the request, those excepted that the HTTP client adds to all of its requests.
    pub headers: &'a HeaderMap,
    /// When the request was made.
    pub started: SystemTime,
    /// The time from there to the headers of the answer, or to the failure where none came.
    pub waited: Duration,
    /// The time from the headers of the answer to the end of its body.
    pub read: Duration,
    /// The version of HTTP in which an answer came.
    pub version: Option<Version>,
    /// The answer as far as it arrived.
    pub received: Option<&'a Received>,
    /// What broke the request or its answer off. With neither this nor an answer, whoever asked gave up waiting.
    pub error: Option<&'a reqwest::Error>,
}

impl fmt::Debug for Capture<'_> {
    /// Shows neither the address nor a header nor the body.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Capture")
            .field("waited", &self.waited)
            .field("read", &self.read)
            .field("received", &self.received)
            .field("failed", &self.error.is_some())
            .finish_non_exhaustive()
    }
}

/// A request under way, for the one who observes it. It tells when it is dropped, so that also what nobody waits for any more
/// is told.
pub(crate) struct PendingCapture {
    observer: Observer,
    url: Url,
    headers: HeaderMap,
    started: SystemTime,
    begun: Instant,
    answered: Option<(Instant, Version)>,
    told: bool,
}

impl PendingCapture {
    pub(crate) fn new(observer: &Observer, request: &Request) -> Self {
        Self {
            observer: Arc::clone(observer),
            url: request.url().clone(),
            headers: request.headers().clone(),
            started: SystemTime::now(),
            begun: Instant::now(),
            answered: None,
            told: false,
        }
    }

    /// Takes note that the headers of the answer are here.
    pub(crate) fn answered(&mut self, response: &Response) {
        self.answered = Some((Instant::now(), response.version()));
    }

    /// Tells how it ended.
    pub(crate) fn tell(&mut self, received: Option<&Received>, error: Option<&reqwest::Error>) {
        self.told = true;
        let now = Instant::now();
        let at = self.answered.map_or(now, |(at, _)| at);
        (self.observer)(&Capture {
            url: &self.url,
            headers: &self.headers,
            started: self.started,
            waited: at.duration_since(self.begun),
            read: now.duration_since(at),
            version: self.answered.map(|(_, version)| version),
            received,
            error,
        });
    }
}

impl Drop for PendingCapture {
    fn drop(&mut self) {
        // The observer is the program's own, and a panic of its own in the middle of another one would abort the program.
        if !self.told && !std::thread::panicking() {
            self.tell(None, None);
        }
    }
}
