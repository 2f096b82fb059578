//! What the generator cannot take and lowering cannot cure, found before the generator sees it.

use crate::finding::Findings;
use crate::spec::Spec;

/// Finds what keeps Rust from being generated from a spec.
#[must_use]
pub fn check(_spec: &Spec) -> Findings {
    Findings::default()
}
