//! Why recorded responses could not be compared.

use std::error::Error;
use std::fmt;

use crate::spec::Findings;

/// Why answers could not be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DriftError {
    /// A spec cannot be read.
    Spec(Findings),
    /// A file is in no form that is known, or nothing tells which operation it belongs to.
    Input {
        /// What happened, as a sentence.
        message: String,
        /// What to do about it, as a sentence.
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
