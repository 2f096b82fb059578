//! Why a document cannot be adopted.

use std::fmt;

/// A document cannot be adopted; the text says why and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdoptError(pub(super) String);

impl fmt::Display for AdoptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for AdoptError {}
