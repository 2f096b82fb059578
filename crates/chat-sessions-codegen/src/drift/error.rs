//! The errors of comparing recorded responses with specs.

use std::error::Error;
use std::fmt;

use crate::spec::Findings;

/// Why responses could not be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DriftError {
    /// A spec cannot be parsed.
    Spec(Findings),
    /// A file has no known format, or its operation cannot be determined.
    Input {
        /// What is wrong, as a sentence.
        message: String,
        /// How to fix it, as a sentence.
        remedy: String,
    },
}

impl DriftError {
    pub(super) fn input(message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::Input {
            message: message.into(),
            remedy: remedy.into(),
        }
    }
}

impl fmt::Display for DriftError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Spec(findings) => findings.fmt(f),
            Self::Input { message, remedy } => write!(f, "{message}. Remedy: {remedy}"),
        }
    }
}

impl Error for DriftError {}
