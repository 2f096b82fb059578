//! Compares two documents: what changes on the wire.

mod bodies;
mod comparer;
mod components;
mod document;
mod keywords;
mod operations;
mod parameters;
mod properties;
mod reader_limits;
mod schemas;
mod unreported;
mod view;

pub(super) use document::changes;
pub(super) use reader_limits::mark_still_rejected;
pub(super) use unreported::add_unreported;
