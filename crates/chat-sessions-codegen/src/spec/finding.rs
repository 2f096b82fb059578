//! Findings: what is wrong with a spec, where, and what to do about it.

use std::error::Error;
use std::fmt;

use serde_json::{Value, json};

use super::pointer::Pointer;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Severity {
    /// Worth knowing; nothing is to be done.
    Note,
    /// Worth a look; generation goes on.
    Warning,
    /// Nothing can be generated, or what the spec says is not true.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// A position in the text of a spec; both numbers count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// One thing that is wrong with a spec.
///
/// Prints as `file:line:column: error[rule] at #/pointer: message Remedy: remedy`, which editors
/// and terminals link.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The short, stable name of what was violated, such as `schema-type`.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The name of the spec as it was given to [`Spec::parse`](crate::Spec::parse).
    pub file: String,
    /// Where in the text; `None` when the text has no such place.
    pub location: Option<Location>,
    /// Where in the document.
    pub pointer: Pointer,
    /// What is wrong, as a sentence.
    pub message: String,
    /// What to do about it, as a sentence.
    pub remedy: String,
}

impl Finding {
    /// The finding as JSON: `rule`, `severity`, `file`, `line`, `column`, `pointer`, `message` and
    /// `remedy`, of which `line` and `column` are null where the text has no such place. These
    /// names stay.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "rule": self.rule,
            "severity": self.severity.to_string(),
            "file": self.file,
            "line": self.location.map(|location| location.line),
            "column": self.location.map(|location| location.column),
            "pointer": self.pointer.to_string(),
            "message": self.message,
            "remedy": self.remedy,
        })
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(Location { line, column }) = self.location {
            write!(f, ":{line}:{column}")?;
        }
        let Self {
            rule,
            severity,
            pointer,
            message,
            remedy,
            ..
        } = self;
        write!(f, ": {severity}[{rule}] at {pointer}: {message} Remedy: {remedy}")
    }
}

/// All findings of one run, in the order of the text; never empty when returned as an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings(Vec<Finding>);

impl Findings {
    /// Sorts the findings by their place, so that the same spec always gives the same list.
    #[must_use]
    pub fn new(mut findings: Vec<Finding>) -> Self {
        findings.sort_by(|a, b| (a.location, &a.pointer, a.rule).cmp(&(b.location, &b.pointer, b.rule)));
        findings.dedup();
        Self(findings)
    }

    /// Iterates over the findings.
    pub fn iter(&self) -> std::slice::Iter<'_, Finding> {
        self.0.iter()
    }

    /// Whether one of the findings keeps anything from being generated.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'a> IntoIterator for &'a Findings {
    type Item = &'a Finding;
    type IntoIter = std::slice::Iter<'a, Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, finding) in self.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{finding}")?;
        }
        Ok(())
    }
}

impl Error for Findings {}

/// Gives a message the full stop that it may lack.
pub(crate) fn sentence(message: &str) -> String {
    let message = message.trim_end();
    let mut chars = message.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    let stop = if message.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{stop}", chars.as_str())
}
