//! What the conformance suite found out about a source.

use std::fmt;

/// `Conformance` says what was checked of a source, what could not be, and what it does otherwise than it claims.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
#[must_use = "a source that does not conform is only told about here"]
pub struct Conformance {
    /// What was checked, each a sentence that holds unless there are violations.
    pub checked: Vec<String>,
    /// What was not checked, and why.
    pub skipped: Vec<Skipped>,
    /// What is wrong, each a sentence.
    pub violations: Vec<String>,
}

/// `Skipped` is a check that was not made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Skipped {
    /// The sentence that was not checked.
    pub check: String,
    /// Why not.
    pub reason: String,
}

impl Conformance {
    /// Says whether nothing is wrong.
    #[must_use]
    pub fn conforms(&self) -> bool {
        self.violations.is_empty()
    }

    /// Ends the test when something is wrong.
    ///
    /// # Panics
    ///
    /// Panics with everything that was found when there is a violation.
    #[track_caller]
    pub fn assert(&self) {
        assert!(self.conforms(), "the source does not conform:\n{self}");
    }

    pub(super) fn checks(&mut self, sentence: &str) {
        // Some are checked again after the list has changed.
        if !self.checked.iter().any(|checked| checked == sentence) {
            self.checked.push(sentence.to_owned());
        }
    }

    pub(super) fn skips(&mut self, sentence: &str, reason: &str) {
        self.skipped.push(Skipped {
            check: sentence.to_owned(),
            reason: reason.to_owned(),
        });
    }

    pub(super) fn expect(&mut self, holds: bool, violation: impl FnOnce() -> String) {
        if !holds {
            self.violations.push(violation());
        }
    }
}

impl fmt::Display for Conformance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for violation in &self.violations {
            writeln!(f, "violated  {violation}")?;
        }
        for check in &self.checked {
            writeln!(f, "checked   {check}")?;
        }
        for Skipped { check, reason } in &self.skipped {
            writeln!(f, "skipped   {check}: {reason}")?;
        }
        Ok(())
    }
}
