//! One row of the field map.

use std::fmt;

/// What becomes of a raw field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldTarget {
    /// It feeds these parts of the facade, such as `Session::title`.
    Feeds(Vec<String>),
    /// It is kept with what no document names.
    Unknown,
    /// It is left out.
    Omitted,
}

/// One row of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldMapEntry {
    /// The provider, such as `llama-cloud`.
    pub provider: String,
    /// The schema, such as `ChatSession`.
    pub schema: String,
    /// The field as it is spelt in JSON.
    pub field: String,
    /// Whether the raw type has no such field, so that it arrives among the unknown ones.
    pub is_untyped: bool,
    /// Whether the facade reads it from among the unknown fields all the same, as it did before the
    /// spec named it.
    pub read_from_extra: bool,
    /// What becomes of it.
    pub target: FieldTarget,
    /// What is to say about that; empty when nothing is.
    pub remark: String,
}

/// The text holds no ledger that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldMapError(pub(super) String);

impl fmt::Display for FieldMapError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the normalisation ledger cannot be read: {}", self.0)
    }
}

impl std::error::Error for FieldMapError {}
