//! Two documents compared: what is different on the wire.

mod bodies;
mod comparer;
mod components;
mod document;
mod keywords;
mod operations;
mod parameters;
mod properties;
mod reader_limits;
mod remainder;
mod schemas;
mod view;

pub(super) use document::changes;
pub(super) use reader_limits::mark;
pub(super) use remainder::add;
