//! Reads a spec into a tree with source positions, and walks that tree.
//!
//! [`Spec`] holds the tree and the position of every node. `grammar` is OpenAPI 3.0.3 as a table.
//! `nodes` and `refs` walk a document. `normal` is its normal form.

pub(crate) mod discriminator;
mod document;
mod finding;
pub(crate) mod grammar;
mod hash;
pub(crate) mod marks;
pub(crate) mod nodes;
pub(crate) mod normal;
pub(crate) mod null;
pub(crate) mod refs;
pub(crate) mod spellings;

pub use chat_sessions_yaml::{Location, Pointer};
pub use document::Spec;
pub(crate) use finding::sentence;
pub use finding::{Finding, Findings, Severity};
pub use hash::fnv1a64;
