//! Validates JSON values against the schemas of a spec.
//!
//! Lint validates examples and defaults, drift validates recorded responses.

pub(crate) mod address;
mod bounds;
mod format;
mod mismatch;
mod overlay;
#[cfg(test)]
mod tests;
mod types;
mod union;
mod validation;
mod validator;

pub(crate) use mismatch::{Mismatch, MismatchKind};
pub(crate) use types::name_of_type;
pub(crate) use validator::Validator;
