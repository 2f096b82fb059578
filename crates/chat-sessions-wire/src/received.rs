//! What arrived in response to one request, and the slot that hands it from the wire to whoever made the request.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::HeaderMap;

/// What one answer consisted of.
#[derive(Clone)]
#[non_exhaustive]
pub struct Received {
    /// The HTTP status.
    pub status: u16,
    /// The headers of the answer.
    pub headers: HeaderMap,
    /// The body as far as it was read, after decompression; empty where that failed.
    pub body: Bytes,
    /// How the body ended.
    pub end: BodyEnd,
}

/// How a body ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyEnd {
    /// All of it arrived.
    Complete,
    /// It passed the cap, so that the rest was not read.
    TooLarge,
    /// The connection failed, or a timeout struck, before its end.
    Cut,
    /// All of it arrived, in an encoding that was not asked for or that does not hold what it promises.
    BadEncoding,
}

/// Where a [`Wire`](crate::Wire) leaves the response to a request. Clones are the same slot.
#[derive(Clone, Debug, Default)]
pub struct ResponseSlot(Arc<Mutex<Option<Received>>>);

impl ResponseSlot {
    /// Takes the response; `None` when none arrived since it was last taken.
    #[must_use]
    pub fn take(&self) -> Option<Received> {
        self.lock().take()
    }

    pub(crate) fn put(&self, received: Received) {
        *self.lock() = Some(received);
    }

    pub(crate) fn end(&self) -> Option<BodyEnd> {
        self.lock().as_ref().map(|received| received.end)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Received>> {
        // A panic elsewhere cannot leave a half-written record: it is replaced as a whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Received {
    /// Makes the record of an answer that arrived whole, for tests of those who read such records.
    #[must_use]
    pub fn new(status: u16, headers: HeaderMap, body: Bytes) -> Self {
        Self {
            status,
            headers,
            body,
            end: BodyEnd::Complete,
        }
    }
}

impl fmt::Debug for Received {
    /// Shows the status and the length only: headers can hold cookies, and bodies hold what people wrote.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received")
            .field("status", &self.status)
            .field("end", &self.end)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
