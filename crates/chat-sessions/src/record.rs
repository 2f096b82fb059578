//! HTTP exchanges without secrets: for a callback, or recorded as HAR 1.2.

mod exchange;
mod har;
mod observer;
mod recorder;

pub use exchange::{Exchange, ExchangeResponse};
pub(crate) use observer::{ExchangeObserver, ExchangeOptions};
pub use recorder::Recorder;
