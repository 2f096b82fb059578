//! One row of the field map.

use std::fmt;

/// What the facade does with a raw field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldTarget {
    /// The field feeds these members of the facade, such as `Session::title`.
    Feeds(Vec<String>),
    /// The field is kept with the unknown fields.
    Unknown,
    /// The field is omitted.
    Omitted,
}

/// One row of the field map.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldMapEntry {
    /// The provider, such as `llama-cloud`.
    pub provider: String,
    /// The schema, such as `ChatSession`.
    pub schema: String,
    /// The field, as spelled in JSON.
    pub field: String,
    /// Whether the raw type lacks the field, so that it arrives among the unknown fields.
    pub is_untyped: bool,
    /// Whether the facade still reads it from the unknown fields, as it did before the spec
    /// described it.
    pub read_from_extra: bool,
    /// What the facade does with it.
    pub target: FieldTarget,
    /// An explanation; empty if there is none.
    pub remark: String,
}

/// The text contains no readable field map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldMapError(pub(super) String);

impl fmt::Display for FieldMapError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot read the field map: {}", self.0)
    }
}

impl std::error::Error for FieldMapError {}
