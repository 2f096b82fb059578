//! The difference between two versions of a spec, and what follows from it.
//!
//! `wire` compares the documents, `rust` the generated clients, `attribution` joins the two,
//! `facade` looks up what the facade makes of each field, and `report` writes the result as text,
//! JSON or Markdown.

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
