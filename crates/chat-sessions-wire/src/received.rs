//! The response to one request, and the slot that passes it from the wire to the caller.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::HeaderMap;

/// The parts of one response.
#[derive(Clone)]
#[non_exhaustive]
pub struct Received {
    /// The HTTP status.
    pub status: u16,
    /// The headers of the response.
    pub headers: HeaderMap,
    /// The body as far as it was read, after decompression; empty if decompression failed.
    pub body: Bytes,
    /// How the body ended.
    pub end: BodyEnd,
}

/// How a body ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyEnd {
    /// The complete body arrived.
    Complete,
    /// The body exceeded the maximum size, and the rest was not read.
    TooLarge,
    /// The connection failed, or a timeout expired, before the end of the body.
    Cut,
    /// The complete body arrived, but in an encoding that was not requested or that is corrupt.
    BadEncoding,
}

/// Where a [`Wire`](crate::Wire) leaves the response to a request. Clones are the same slot.
#[derive(Clone, Debug, Default)]
pub struct ResponseSlot(Arc<Mutex<Option<Received>>>);

impl ResponseSlot {
    /// Takes the response; `None` if none has arrived since the last call.
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
