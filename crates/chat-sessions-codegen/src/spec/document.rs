//! A parsed spec: its tree and the source location of every node.

use std::collections::BTreeMap;

use chat_sessions_yaml::{Location, Pointer};
use serde_json::Value;

use super::finding::{Finding, Findings, Severity, sentence};
use super::hash::fnv1a64;

/// The severity of a finding about the text, for any file. OpenAPI recommends YAML 1.2, where an
/// ambiguous scalar is valid, and our own limits make no file invalid.
fn text_severity(rule: &str) -> Severity {
    match rule {
        "yaml-ambiguous" | "yaml-ambiguous-date" | "yaml-ambiguous-letter" => Severity::Warning,
        "yaml-alias" | "yaml-depth" | "yaml-range" | "yaml-type-tag" => Severity::Note,
        _ => Severity::Error,
    }
}

/// An OpenAPI document that was parsed but not yet checked.
#[derive(Clone, Debug)]
pub struct Spec {
    name: String,
    hash: u64,
    tree: Value,
    locations: BTreeMap<Pointer, Location>,
    text_findings: Vec<Finding>,
}

impl Spec {
    /// Parses YAML, of which JSON is a subset. Findings and the header of the generated file refer
    /// to the spec as `name`.
    ///
    /// # Errors
    ///
    /// Fails when the text is not YAML, or holds what JSON does not have, such as an infinite
    /// number or the same key twice. What parsers interpret differently is an error only for
    /// [`check`](crate::check()).
    pub fn parse(name: &str, text: &str) -> Result<Self, Findings> {
        let spec = Self::read(name, text)?;
        let is_error = |finding: &Finding| finding.severity == Severity::Error;
        if spec.text_findings.iter().any(is_error) {
            return Err(Findings::new(spec.text_findings));
        }
        Ok(spec)
    }

    /// Reads as much of a text as possible, so that [`lint`](crate::lint()) can report everything
    /// in one run, and what is wrong with the text besides.
    ///
    /// # Errors
    ///
    /// Fails at a syntax error, and for a text without a document.
    pub fn read(name: &str, text: &str) -> Result<Self, Findings> {
        let parsed = chat_sessions_yaml::parse(text);
        let findings = parsed.errors.into_iter().map(|error| Finding {
            rule: error.rule,
            severity: text_severity(error.rule),
            file: name.to_owned(),
            location: Some(error.location),
            pointer: error.pointer,
            message: sentence(&error.message),
            remedy: error.remedy.to_owned(),
        });
        let findings: Vec<Finding> = findings.collect();
        let Some(tree) = parsed.tree else {
            return Err(Findings::new(findings));
        };
        Ok(Self {
            name: name.to_owned(),
            hash: fnv1a64(text),
            tree,
            locations: parsed.locations,
            text_findings: findings,
        })
    }

    /// What is wrong with the text, with the severity for any file.
    pub(crate) fn text_findings(&self) -> &[Finding] {
        &self.text_findings
    }

    /// The name passed to [`Spec::parse`].
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The hash of the text, which the header of the generated file repeats.
    #[must_use]
    pub fn hash(&self) -> u64 {
        self.hash
    }

    /// The document.
    #[must_use]
    pub fn tree(&self) -> &Value {
        &self.tree
    }

    /// The number of nodes in the document.
    pub(crate) fn size(&self) -> usize {
        self.locations.len()
    }

    /// The location of a node in the text: for a member that of its key, for an item its start.
    #[must_use]
    pub fn location(&self, pointer: &Pointer) -> Option<Location> {
        self.locations.get(pointer).copied()
    }

    /// The location of a node, or of its nearest ancestor that has one.
    pub(crate) fn nearest_location(&self, pointer: &Pointer) -> Option<Location> {
        let mut nearest = Some(pointer.clone());
        while let Some(at) = nearest {
            if let Some(location) = self.location(&at) {
                return Some(location);
            }
            nearest = at.parent();
        }
        None
    }

    /// Creates a finding of severity error.
    pub(crate) fn error(&self, rule: &'static str, pointer: &Pointer, message: &str, remedy: &str) -> Finding {
        self.finding(rule, Severity::Error, pointer, message, remedy)
    }

    /// Creates a finding at a node, or at its nearest ancestor that has a location.
    pub(crate) fn finding(
        &self,
        rule: &'static str,
        severity: Severity,
        pointer: &Pointer,
        message: &str,
        remedy: &str,
    ) -> Finding {
        let location = self.nearest_location(pointer);
        Finding {
            rule,
            severity,
            file: self.name.clone(),
            location,
            pointer: pointer.clone(),
            message: sentence(message),
            remedy: remedy.to_owned(),
        }
    }
}
