//! A parsed spec: its tree and the source location of every node.

use std::collections::BTreeMap;

use serde_json::Value;

use super::finding::{Finding, Findings, Location, Severity, sentence};
use super::hash::fnv1a64;
use super::pointer::Pointer;
use super::yaml;

/// An OpenAPI document that was parsed but not yet checked.
#[derive(Clone, Debug)]
pub struct Spec {
    name: String,
    hash: u64,
    tree: Value,
    locations: BTreeMap<Pointer, Location>,
}

impl Spec {
    /// Parses YAML, of which JSON is a subset. Findings and the header of the generated file refer
    /// to the spec as `name`.
    ///
    /// # Errors
    ///
    /// Fails when the text is not YAML, or when YAML parsers would disagree about its meaning.
    pub fn parse(name: &str, text: &str) -> Result<Self, Findings> {
        let yaml::Parsed {
            tree,
            locations,
            errors,
        } = yaml::parse(text);
        if errors.is_empty() {
            return Ok(Self {
                name: name.to_owned(),
                hash: fnv1a64(text),
                tree,
                locations,
            });
        }
        let findings = errors.into_iter().map(|error| Finding {
            rule: error.rule,
            severity: Severity::Error,
            file: name.to_owned(),
            location: Some(error.location),
            pointer: error.pointer,
            message: sentence(&error.message),
            remedy: error.remedy.to_owned(),
        });
        Err(Findings::new(findings.collect()))
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
