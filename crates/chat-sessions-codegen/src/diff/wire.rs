//! Compares two documents: what changes on the wire.
//!
//! Both are brought into normal form, see `spec/normal`. What is compared by `schemas` and its
//! neighbours is the set of valid values: whether it gets wider or narrower, and whether that
//! breaks the side that sends or the side that receives. What cannot be decided counts as breaking.

mod bodies;
mod comparer;
mod components;
mod constraints;
mod document;
mod encodings;
mod operations;
mod parameters;
mod properties;
mod reader_limits;
mod sameness;
mod schemas;
mod security;
mod unions;
mod unreported;
mod variants;
mod verdicts;
mod version;
mod view;

pub(super) use document::changes;
pub(super) use reader_limits::mark_still_rejected;
