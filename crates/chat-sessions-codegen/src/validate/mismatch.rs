//! One mismatch between a value and a schema.

use crate::spec::Pointer;

/// One mismatch between a value and a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mismatch {
    /// The schema that the value does not match, references resolved.
    pub(crate) schema: Pointer,
    /// The outermost schema for this part of the value: the property, the items or the root, before
    /// references and parts are followed.
    pub(crate) outer_schema: Pointer,
    /// Where in the value, as a JSON pointer. For a missing property this is the object that lacks
    /// it, for an unknown property the property itself.
    pub(crate) path: String,
    /// What does not match.
    pub(crate) kind: MismatchKind,
}

/// The kinds of mismatch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum MismatchKind {
    /// The value has another JSON type. Both names are OpenAPI types.
    Type { expected: String, found: &'static str },
    /// The value is null, which the schema does not allow.
    Null,
    /// The enum does not list the value.
    EnumValue,
    /// A required property is missing.
    Missing { name: String },
    /// No schema describes the property. Reported whatever `additionalProperties` says, unless that
    /// is a non-empty schema; `closed` means that it is `false`.
    Unknown { name: String, closed: bool },
    /// The string or number does not match the format.
    Format { format: String },
    /// A time that would be a `date-time` if it had a time zone.
    NoZone,
    /// The value violates a bound, named by its keyword. `pattern` and `uniqueItems` count as
    /// bounds.
    Bound { keyword: &'static str },
    /// The value matches no variant of a union, and none is so close that its own mismatches would
    /// say more.
    NoVariant,
    /// The value matches more than one variant of a `oneOf`.
    SeveralVariants,
    /// The value matches the schema under `not`.
    Not,
}

impl Mismatch {
    /// Whether this is an undescribed property. By itself that makes a value invalid only if the
    /// schema is closed.
    pub(crate) fn is_unknown(&self) -> bool {
        matches!(self.kind, MismatchKind::Unknown { closed: false, .. })
    }
}
