//! The response to one request, why there is none, and the slot that passes a response from the wire
//! to the caller of a raw client.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::header::CONTENT_ENCODING;
use http::{HeaderMap, HeaderValue};

use crate::body_end::BodyEnd;
use crate::encoding;

/// The parts of one response.
#[derive(Clone)]
#[non_exhaustive]
pub struct Received {
    /// The HTTP status.
    pub status: u16,
    /// The headers of the response.
    pub headers: HeaderMap,
    /// The body as far as it was read, after decompression and without a byte order mark of UTF-8;
    /// empty if decompression failed.
    pub body: Bytes,
    /// How the body ended.
    pub end: BodyEnd,
}

/// Why [`Wire::receive`](crate::Wire::receive) returns no response.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReceiveError {
    /// There was no response, or its body broke off.
    Transport {
        /// The HTTP client's error.
        error: reqwest::Error,
        /// The response, as far as it arrived.
        received: Option<Received>,
    },
    /// The body must not be decoded.
    Body {
        /// What is wrong with it.
        problem: String,
        /// The response, as far as it was read.
        received: Received,
    },
}

impl ReceiveError {
    /// Returns the response, as far as it arrived; `None` if there was none.
    #[must_use]
    pub fn received(&self) -> Option<&Received> {
        match self {
            Self::Transport { received, .. } => received.as_ref(),
            Self::Body { received, .. } => Some(received),
        }
    }
}

impl fmt::Display for ReceiveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport { received: None, .. } => f.write_str("there is no response"),
            Self::Transport { received: Some(_), .. } => f.write_str("the response breaks off"),
            Self::Body { problem, .. } => f.write_str(problem),
        }
    }
}

impl std::error::Error for ReceiveError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Transport { error, .. } => Some(error),
            Self::Body { .. } => None,
        }
    }
}

/// Where [`Wire::execute`](crate::Wire::execute) leaves the response. Clones are the same slot.
#[derive(Clone, Debug, Default)]
pub(crate) struct ResponseSlot(Arc<Mutex<Option<Received>>>);

impl ResponseSlot {
    /// Takes the response; `None` if none has arrived since the last call.
    pub(crate) fn take(&self) -> Option<Received> {
        self.lock().take()
    }

    pub(crate) fn put(&self, received: Received) {
        *self.lock() = Some(received);
    }

    /// Calls a function with the response without taking it.
    pub(crate) fn inspect<T>(&self, look: impl FnOnce(&Received) -> Option<T>) -> Option<T> {
        self.lock().as_ref().and_then(look)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Received>> {
        // A panic elsewhere cannot leave a half-written record, because it is replaced as a whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Received {
    /// Creates the record of a complete response, for tests of code that reads such records.
    #[must_use]
    pub fn new(status: u16, headers: HeaderMap, body: Bytes) -> Self {
        Self {
            status,
            headers,
            body,
            end: BodyEnd::Complete,
        }
    }

    /// Takes the body, and returns it if it is to be kept.
    ///
    /// A large body that nobody needs any more should be freed before its values are converted, so
    /// that the two are not in memory together.
    pub fn take_body(&mut self, keep: bool) -> Option<Bytes> {
        let body = std::mem::take(&mut self.body);
        keep.then_some(body)
    }

    /// Returns what is wrong with the encoding of the body, if its end is
    /// [`BadEncoding`](BodyEnd::BadEncoding).
    #[must_use]
    pub fn encoding_problem(&self) -> Option<String> {
        let header = self.headers.get(CONTENT_ENCODING).map(HeaderValue::as_bytes);
        (self.end == BodyEnd::BadEncoding).then(|| encoding::problem(header, &self.body))
    }
}

impl fmt::Debug for Received {
    /// Prints only the status and the length: headers can hold cookies, and bodies hold user
    /// content.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received")
            .field("status", &self.status)
            .field("end", &self.end)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
