//! Findings: what is wrong with a spec, where, and how to fix it.

use std::error::Error;
use std::fmt;

use chat_sessions_yaml::{Location, Pointer};
use serde_json::{Value, json};

/// The severity of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Severity {
    /// Not supported by the generator, or for information.
    Note,
    /// Worth a look; generation continues.
    Warning,
    /// Forbidden by OpenAPI, or contradicts the provider; for a spec that is to be generated, also
    /// what the generator does not support.
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

/// One problem in a spec.
///
/// Prints as `file:line:column: error[rule] at #/pointer: message Remedy: remedy`, which editors
/// and terminals turn into a link.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The short, stable name of the violated rule, such as `schema-type`.
    pub rule: &'static str,
    /// How severe it is.
    pub severity: Severity,
    /// The name of the spec, as passed to [`Spec::parse`](crate::Spec::parse).
    pub file: String,
    /// The position in the text; `None` when the node is not in the text.
    pub location: Option<Location>,
    /// The node in the document.
    pub pointer: Pointer,
    /// What is wrong, as a sentence.
    pub message: String,
    /// How to fix it, as a sentence.
    pub remedy: String,
}

impl Finding {
    /// The finding as JSON: `rule`, `severity`, `file`, `line`, `column`, `pointer`, `message` and
    /// `remedy`. `line` and `column` are null when the node is not in the text. These names are
    /// stable.
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

/// All findings of one run, in source order; never empty when returned as an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings(Vec<Finding>);

impl Findings {
    /// Sorts the findings by location, so that the same spec always yields the same list.
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

    /// Whether any finding prevents generation.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// Whether there are no findings.
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

/// Turns a message into a sentence: a capital letter first, a full stop at the end.
pub(crate) fn sentence(message: &str) -> String {
    let message = message.trim_end();
    let mut chars = message.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    let stop = if message.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{stop}", chars.as_str())
}
