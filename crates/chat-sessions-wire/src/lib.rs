//! What all raw clients need on the wire, and nothing else.
//!
//! A generated client returns the typed response or an error. Every provider needs a few more
//! things that the generator does not offer: the key as a sensitive header, no header that the
//! provider did not ask for, a maximum body size, a record of every response (status, headers,
//! bytes), an event for subscribers, and the whole exchange for recorders. They are in this one
//! crate so that the raw crates cannot differ in them. This crate knows no provider, no spec, no
//! retry and no environment.
//!
//! Features: `gzip` requests compressed responses; `tracing` emits an event for every response,
//! under the names that OpenTelemetry gives to HTTP. Neither is on by default.
//!
//! A raw crate holds a [`Wire`] as the inner value of its generated `Client` and forwards its hooks
//! to it: [`Wire::prepare`] before the request, [`Wire::execute`] for it, [`Wire::check_body`]
//! after it. Its methods end with [`decoded()`], and its types are read by [`reading`]
//! and [`union`]. A caller that only wants the response itself passes the request of a raw client to
//! [`Wire::receive`], and its body to [`decode`].

#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]

mod body_buffer;
mod body_end;
mod capture;
mod decoded;
mod encoding;
mod events;
pub mod reading;
mod received;
mod scalar;
mod tolerant;
pub mod union;
mod wire;

pub use body_end::BodyEnd;
pub use capture::Capture;
pub use decoded::{decode, decoded};
pub use received::{ReceiveError, Received};
pub use wire::{MAX_BODY, Wire};
