//! When the body of the last response had arrived, from the facade's own event about it, and how long
//! something takes from a moment on.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::failure::Failure;
use crate::usage;

/// The moment of the last event about a response.
static LAST: Mutex<Option<Moment>> = Mutex::new(None);

/// A point in time, on the clock and in the CPU time of this process.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    at: Instant,
    cpu: f64,
}

impl Moment {
    pub(super) fn now() -> Result<Self, Failure> {
        Ok(Self {
            cpu: usage::own_cpu()?,
            at: Instant::now(),
        })
    }

    /// The seconds and the CPU time since then.
    pub(super) fn took(self) -> Result<(f64, f64), Failure> {
        let seconds = self.at.elapsed().as_secs_f64();
        Ok((seconds, usage::own_cpu()? - self.cpu))
    }
}

/// Watches for responses from now on.
pub(super) fn watch() -> Result<(), Failure> {
    Ok(tracing::subscriber::set_global_default(Arrivals)?)
}

/// Returns when the body of the last response had arrived.
pub(super) fn last() -> Result<Moment, Failure> {
    let last = LAST.lock().unwrap_or_else(PoisonError::into_inner).take();
    last.ok_or_else(|| "the facade emitted no event about its response".into())
}

/// Receives the events of the crate that reads responses.
struct Arrivals;

impl Subscriber for Arrivals {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        !metadata.is_span() && metadata.target().starts_with("chat_sessions_wire")
    }

    fn event(&self, _: &Event<'_>) {
        *LAST.lock().unwrap_or_else(PoisonError::into_inner) = Moment::now().ok();
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}
