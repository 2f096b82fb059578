//! What the raw clients share on the wire, and nothing else.
//!
//! A generated client gives the typed answer or an error. Around it, every provider needs the same few things, which
//! the generator does not offer: the key as a sensitive header, no header that the provider did not ask for, an upper
//! bound on the body, a record of what arrived (status, headers, bytes), good or bad, an event for whoever watches, and a look
//! at the whole exchange for whoever records it.
//! They live here once, so that the raw crates cannot differ in them. This crate knows no provider, no spec, no retry and no
//! environment.
//!
//! Features: `gzip` asks for compressed answers; `tracing` makes an event of every answer, under the names that
//! OpenTelemetry gives to HTTP. Neither is on by default.
//!
//! A raw crate holds a [`Wire`] as the inner value of its generated `Client` and forwards its hooks to it:
//! [`Wire::prepare`] before the request, [`Wire::execute`] for it, [`Wire::check_body`] after it. Its methods end with
//! [`decoded()`], and its types are read by [`reading`].

mod body_buffer;
mod capture;
mod decoded;
mod encoding;
mod events;
pub mod reading;
mod received;
mod wire;

pub use capture::Capture;
pub use decoded::decoded;
pub use received::{BodyEnd, Received, ResponseSlot};
pub use wire::{MAX_BODY, Wire};
