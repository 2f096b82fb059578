//! One change in the generated Rust.

use crate::diff::bump::Bump;

/// One change in the generated Rust.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RustChange {
    /// The short, stable name of the kind of change, such as `field-added`.
    pub kind: &'static str,
    /// The type, or the method of `Client`.
    pub item: String,
    /// The field, variant, argument or trait; empty for the item as a whole.
    pub member: String,
    /// The bump that it requires.
    pub bump: Bump,
    /// What changed and what code it breaks, as a clause.
    pub message: String,
}

impl RustChange {
    /// Whether only a doc comment changed.
    #[must_use]
    pub fn is_documentation(&self) -> bool {
        self.kind == "documentation"
    }
}
