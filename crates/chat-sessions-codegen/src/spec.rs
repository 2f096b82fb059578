//! Reading a spec: text to a tree with positions, and the ways through that tree.
//!
//! [`yaml`] reads the text, [`Spec`] keeps the tree and the position of every node, [`grammar`] is
//! the OpenAPI 3.0.3 text as a table, and [`nodes`] and [`refs`] walk a document.

mod document;
mod finding;
pub(crate) mod grammar;
mod hash;
pub(crate) mod marks;
pub(crate) mod nodes;
mod pointer;
pub(crate) mod refs;
mod yaml;

pub use document::Spec;
pub(crate) use finding::sentence;
pub use finding::{Finding, Findings, Location, Severity};
pub use hash::fnv1a64;
pub use pointer::Pointer;
