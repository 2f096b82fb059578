//! One disagreement between a value and a schema.

use crate::spec::Pointer;

/// One disagreement between a value and a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mismatch {
    /// The schema that disagrees, references followed.
    pub(crate) schema: Pointer,
    /// The outermost schema over the value: the property, the items or the root, before references
    /// and parts are followed.
    pub(crate) outer_schema: Pointer,
    /// Where in the value, as a JSON pointer; for a missing property the object that lacks it, for
    /// an unknown one itself.
    pub(crate) path: String,
    /// What disagrees.
    pub(crate) kind: MismatchKind,
}

/// The kinds of disagreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum MismatchKind {
    /// The value is of another JSON type; both are words of OpenAPI.
    Type { expected: String, found: &'static str },
    /// The value is null, and the schema is not nullable.
    Null,
    /// The enum does not list the value.
    EnumValue,
    /// A required property is not there.
    Missing { name: String },
    /// No schema describes the property. It is reported whatever `additionalProperties` says,
    /// unless that is a schema which says something; `closed` tells that it is `false`.
    Unknown { name: String, closed: bool },
    /// The text, or number, is not of the format.
    Format { format: String },
    /// A time that would be a `date-time` if it had a zone.
    NoZone,
    /// A bound, named by its keyword, is not kept. `pattern` and `uniqueItems` are among them.
    Bound { keyword: &'static str },
    /// No variant of a union takes the value, and none is so near that its own mismatches would
    /// tell more.
    NoVariant,
    /// More than one variant of a `oneOf` takes the value.
    SeveralVariants,
    /// The schema under `not` takes the value.
    Not,
}

impl Mismatch {
    /// Whether this is a property that nothing describes, which alone makes no value invalid unless
    /// the schema is closed.
    pub(crate) fn is_unknown(&self) -> bool {
        matches!(self.kind, MismatchKind::Unknown { closed: false, .. })
    }
}
