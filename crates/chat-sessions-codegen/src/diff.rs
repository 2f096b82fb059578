//! Compares two versions of a spec and reports the consequences.
//!
//! `wire` compares the documents and `rust` the generated clients. `attribution` assigns each
//! change in the Rust to a change in the document. `facade` looks up what the facade does with each
//! field. `report` writes the result as text, JSON or Markdown. `compare` runs them.

mod attribution;
mod bump;
mod change;
mod compare;
mod facade;
mod names;
mod report;
mod rust;
mod wire;
mod words;

pub use bump::{Bump, RequiredBump, Versions};
pub use change::{Change, Compatibility, NodeLocation, Side};
pub use compare::{Diff, diff};
pub use facade::Facade;
pub use report::changelog;
pub use rust::RustChange;
