//! A spec: its text, its tree and the places of its nodes.

use std::collections::BTreeMap;

use serde_json::Value;

use super::finding::{Finding, Findings, Location, Severity, sentence};
use super::hash::fnv1a64;
use super::pointer::Pointer;
use super::yaml;

/// An OpenAPI document that was read, and not yet checked.
#[derive(Clone, Debug)]
pub struct Spec {
    name: String,
    hash: u64,
    tree: Value,
    locations: BTreeMap<Pointer, Location>,
}

impl Spec {
    /// Reads YAML, of which JSON is a part. `name` is what findings and the header of the generated
    /// text call the spec.
    ///
    /// # Errors
    ///
    /// Fails when the text is not YAML, or when YAML readers would disagree on what it says.
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

    /// The name that was given to [`Spec::parse`].
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The hash of the text, as the header of the generated text holds it.
    #[must_use]
    pub fn hash(&self) -> u64 {
        self.hash
    }

    /// The document.
    #[must_use]
    pub fn tree(&self) -> &Value {
        &self.tree
    }

    /// Where a node stands in the text: a member at its name, an item at its start.
    #[must_use]
    pub fn location(&self, pointer: &Pointer) -> Option<Location> {
        self.locations.get(pointer).copied()
    }

    /// Where a node stands, or the nearest node above it that the text has.
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

    /// Makes a finding of severity error.
    pub(crate) fn error(&self, rule: &'static str, pointer: &Pointer, message: &str, remedy: &str) -> Finding {
        self.finding(rule, Severity::Error, pointer, message, remedy)
    }

    /// Makes a finding at a node, or at the nearest node above it that the text has.
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
