//! The results of the conformance suite for one source.

use std::fmt;

/// `Conformance` says what was checked of a source, what was skipped, and where it differs from its
/// claims.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
#[must_use = "only this value reports violations"]
pub struct Conformance {
    /// The checks made, each a sentence that holds unless there are violations.
    pub checked: Vec<String>,
    /// The checks not made, and why.
    pub skipped: Vec<Skipped>,
    /// The violations found, each a sentence.
    pub violations: Vec<String>,
}

/// `Skipped` is a check that was not made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Skipped {
    /// The sentence that was not checked.
    pub check: String,
    /// Why it was not checked.
    pub reason: String,
}

impl Conformance {
    /// Returns whether there are no violations.
    #[must_use]
    pub fn conforms(&self) -> bool {
        self.violations.is_empty()
    }

    /// Fails the test if there is a violation.
    ///
    /// # Panics
    ///
    /// Panics with all violations if there are any.
    #[track_caller]
    pub fn assert(&self) {
        assert!(self.conforms(), "the source does not conform:\n{self}");
    }

    pub(super) fn checks(&mut self, sentence: &str) {
        // Some checks are repeated after the list has changed.
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
