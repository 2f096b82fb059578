//! A spec: its text, its tree and the places of its nodes.

use std::collections::BTreeMap;

use serde_json::Value;

use super::finding::{Finding, Findings, Place, Severity, sentence};
use super::hash::fnv1a64;
use super::pointer::Pointer;
use super::yaml;

/// An OpenAPI document that was read, and not yet checked.
#[derive(Clone, Debug)]
pub struct Spec {
    name: String,
    hash: u64,
    tree: Value,
    places: BTreeMap<Pointer, Place>,
}

impl Spec {
    /// Reads YAML, of which JSON is a part. `name` is what findings and the header of the generated text call the spec.
    ///
    /// # Errors
    ///
    /// Fails when the text is not YAML, or when YAML readers would disagree on what it says.
    pub fn parse(name: &str, text: &str) -> Result<Self, Findings> {
        let yaml::Read { tree, places, faults } = yaml::read(text);
        if faults.is_empty() {
            return Ok(Self {
                name: name.to_owned(),
                hash: fnv1a64(text),
                tree,
                places,
            });
        }
        let findings = faults.into_iter().map(|fault| Finding {
            rule: fault.rule,
            severity: Severity::Error,
            file: name.to_owned(),
            place: Some(fault.place),
            pointer: fault.pointer,
            message: sentence(&fault.message),
            remedy: fault.remedy.to_owned(),
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
    pub fn place(&self, pointer: &Pointer) -> Option<Place> {
        self.places.get(pointer).copied()
    }

    /// Where a node stands, or the nearest node above it that the text has.
    pub(crate) fn nearest_place(&self, pointer: &Pointer) -> Option<Place> {
        let mut nearest = Some(pointer.clone());
        while let Some(at) = nearest {
            if let Some(place) = self.place(&at) {
                return Some(place);
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
        let place = self.nearest_place(pointer);
        Finding {
            rule,
            severity,
            file: self.name.clone(),
            place,
            pointer: pointer.clone(),
            message: sentence(message),
            remedy: remedy.to_owned(),
        }
    }
}
