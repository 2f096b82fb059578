//! Compares recorded responses with the specs, and patches the specs so that they accept them.
//!
//! `input` reads bodies, lines and archives. `detect` finds the operation of each response and
//! validates it. `patch` changes the text of the specs. `report` puts the result into words.
//! `compare` runs them.

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
