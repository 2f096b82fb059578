//! Reads recorded responses: one JSON body, one body per line, or an HTTP archive.

mod exchange;
mod files;
mod foreign;
mod har;
mod query;

pub use exchange::NamedText;
pub(super) use exchange::{Body, Exchange, Request};
pub(super) use files::exchanges;
pub(super) use foreign::value as foreign_value;
pub(super) use query::decode;
