//! One difference in the generated Rust.

use crate::diff::bump::Bump;

/// One difference in the generated Rust.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RustChange {
    /// The short, stable name of the kind of difference, such as `field-added`.
    pub kind: &'static str,
    /// The type, or the method of `Client`.
    pub item: String,
    /// The field, variant, argument or trait; empty when the item as a whole is meant.
    pub member: String,
    /// The release that it asks for.
    pub bump: Bump,
    /// What is different and whom it stops, as a clause.
    pub message: String,
}

impl RustChange {
    /// Whether only a doc comment is different.
    #[must_use]
    pub fn is_documentation(&self) -> bool {
        self.kind == "documentation"
    }
}
