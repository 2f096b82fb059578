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
    /// Whether the generator must support the spec, so that what it does not support is an error.
    pub(super) is_generated: bool,
    /// The nodes with findings that are errors for the generator. Less precise checks skip them.
    pub(super) errors: BTreeSet<Pointer>,
    /// The nodes whose text parsers interpret differently. Their values are not judged.
    pub(super) unclear: BTreeSet<Pointer>,
    pub(super) validator: Validator<'s>,
    /// Whether following references may never end.
    pub(super) is_cyclic: bool,
}

impl<'s> Checker<'s> {
    pub(crate) fn new(spec: &'s Spec, is_generated: bool) -> Self {
        let mut findings = spec.text_findings().to_vec();
        for finding in findings.iter_mut().filter(|_| is_generated) {
            finding.severity = rules::severities(finding.rule).1;
        }
        // A date is the same text to all; what is asked is only whether it is a string.
        let unclear = findings.iter().filter(|finding| finding.rule != "yaml-ambiguous-date");
        let unclear: BTreeSet<Pointer> = unclear.map(|finding| finding.pointer.clone()).collect();
        Self {
            spec,
            nodes: nodes::nodes(spec.tree()).into(),
            findings,
            is_generated,
            errors: BTreeSet::new(),
            unclear,
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
        let (severity, with_generator) = rules::severities(rule);
        let severity = if self.is_generated { with_generator } else { severity };
        self.findings
            .push(self.spec.finding(rule, severity, at, message, remedy));
        if with_generator == Severity::Error {
            self.errors.insert(at.clone());
        }
    }

    /// Whether the node has no error yet.
    pub(crate) fn is_new(&self, at: &Pointer) -> bool {
        !self.errors.contains(at)
    }
}
