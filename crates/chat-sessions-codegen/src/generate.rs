//! Generates Rust text from a spec.
//!
//! [`lower`](lower()) makes a tolerant copy of the document. `emit` runs progenitor over it, and
//! `corrections` and `deserialize` improve the result. `unions` and `parameters` do both for what
//! progenitor ignores: discriminators, and parameters with two spellings. `optional_parameters`
//! collects many optional arguments in a struct, and `request_methods` adds methods that only build
//! the request. `compose` merges what
//! progenitor would merge without an end, and `media_types` names JSON as progenitor does.

mod compose;
mod corrections;
mod deserialize;
mod emit;
mod lower;
mod media_types;
mod nullable;
mod optional_parameters;
mod panic_guard;
mod parameters;
mod prose;
mod recursion;
mod request_methods;
mod serde_attributes;
mod union_impls;
mod unions;

pub(crate) use emit::read_client;
pub use emit::{Generated, generate, header_hash};
pub(crate) use lower::endless_compositions;
pub use lower::lower;
pub(crate) use unions::OPEN_VARIANT;
