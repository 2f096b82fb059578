//! Recorded responses against the specs, and the change of the specs that would accept them.
//!
//! `input` reads bodies, lines and archives; `detect` finds the operation and compares; `patch`
//! changes the text of a spec; `report` puts the result into words; `compare` runs them.

mod compare;
mod detect;
mod error;
mod input;
mod patch;
mod report;

pub use compare::{Drift, PatchedSpec, drift};
pub use error::DriftError;
pub use input::NamedText;
pub use report::Deviation;
