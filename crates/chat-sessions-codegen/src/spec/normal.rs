//! The normal form of a document: what it means on the wire, however it is written.
//!
//! [`normaliser`] merges everything that applies to one value: references, `allOf`, and the same
//! property in two parts. It fills in defaults and drops keywords that cannot apply. [`wire`] does
//! the same for names, media types and parameters. Schemas are normalised one level at a time, so
//! that recursive ones stay finite.

mod merge;
pub(crate) mod normaliser;
pub(crate) mod number;
pub(crate) mod schema;
pub(crate) mod types;
pub(crate) mod wire;
