//! Collects the findings of one spec.

use std::collections::BTreeSet;
use std::rc::Rc;

use serde_json::Value;

use super::rules;
use crate::spec::nodes::{self, Node};
use crate::spec::{Finding, Findings, Pointer, Severity, Spec};
use crate::validate::Validator;

/// Collects the findings of one spec, for [`check`](crate::check()) and [`lint`](crate::lint()).
pub(crate) struct Checker<'s> {
    pub(super) spec: &'s Spec,
    pub(super) nodes: Rc<[Node<'s>]>,
    pub(super) findings: Vec<Finding>,
    /// The nodes that have errors. Less precise checks skip them.
    pub(super) errors: BTreeSet<Pointer>,
    pub(super) validator: Validator<'s>,
    /// Whether following references may never end.
    pub(super) is_cyclic: bool,
}

impl<'s> Checker<'s> {
    pub(crate) fn new(spec: &'s Spec) -> Self {
        Self {
            spec,
            nodes: nodes::nodes(spec.tree()).into(),
            findings: Vec::new(),
            errors: BTreeSet::new(),
            validator: Validator::new(spec),
            is_cyclic: false,
        }
    }

    pub(crate) fn into_findings(self) -> Findings {
        Findings::new(self.findings)
    }

    pub(crate) fn tree(&self) -> &'s Value {
        self.spec.tree()
    }

    /// Every object of the document; shared, so that findings can be added during iteration.
    pub(crate) fn nodes(&self) -> Rc<[Node<'s>]> {
        Rc::clone(&self.nodes)
    }

    /// Adds a finding with the severity from the table of rules.
    pub(crate) fn report(&mut self, rule: &'static str, at: &Pointer, message: &str, remedy: &str) {
        let severity = rules::severity(rule);
        self.findings
            .push(self.spec.finding(rule, severity, at, message, remedy));
        if severity == Severity::Error {
            self.errors.insert(at.clone());
        }
    }

    /// Whether the node has no error yet.
    pub(crate) fn is_new(&self, at: &Pointer) -> bool {
        !self.errors.contains(at)
    }
}
