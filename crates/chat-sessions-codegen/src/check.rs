//! What the generator cannot take and lowering cannot cure, found before the generator sees it.
//!
//! progenitor accepts much of this and writes Rust that does not compile, or panics, or drops it in silence; here each case is
//! a finding with a place and a remedy. What remains unknown is caught in `emit`.

use std::collections::BTreeSet;
use std::rc::Rc;

use serde_json::Value;

use crate::finding::{Finding, Findings, Severity};
use crate::instance::Instances;
use crate::nodes::{self, Node};
use crate::pointer::Pointer;
use crate::refs::{self, Found, Reach};
use crate::rules;
use crate::spec::Spec;

mod keywords;
mod model;
mod names;
mod operations;
mod references;
mod schemas;
mod values;

pub(crate) use values::Role;

/// Finds what keeps Rust from being generated from a spec.
///
/// It stops after the first group of findings, since the later ones would follow from them; [`lint`](crate::lint()) goes on.
#[must_use]
pub fn check(spec: &Spec) -> Findings {
    let mut checker = Checker::new(spec);
    checker.document();
    // Nothing below makes sense for another version, or while references lead nowhere or in circles.
    if checker.findings.is_empty() {
        checker.references();
    }
    if checker.findings.is_empty() {
        checker.contents();
        // Rust can be generated in spite of the others.
        checker.findings.retain(|finding| finding.severity == Severity::Error);
    }
    // The model repeats in poorer words what was found above, so it speaks only when nothing was.
    if checker.findings.is_empty() {
        checker.model();
    }
    Findings::new(checker.findings)
}

/// Collects the findings of one spec, for [`check`] and for lint.
pub(crate) struct Checker<'s> {
    spec: &'s Spec,
    nodes: Rc<[Node<'s>]>,
    findings: Vec<Finding>,
    /// Where there are errors; what is less exact keeps silent there.
    errors: BTreeSet<Pointer>,
    instances: Instances<'s>,
    /// Whether following references may never end.
    is_circular: bool,
}

impl<'s> Checker<'s> {
    pub(crate) fn new(spec: &'s Spec) -> Self {
        Self {
            spec,
            nodes: nodes::nodes(spec.tree()).into(),
            findings: Vec::new(),
            errors: BTreeSet::new(),
            instances: Instances::new(spec),
            is_circular: false,
        }
    }

    /// Everything that [`check`] knows, without stopping, except for the model, which must come last; `false` when this is
    /// no OpenAPI 3 at all, so that nothing else would make sense.
    pub(crate) fn everything(&mut self) -> bool {
        self.document();
        let version = self.tree().get("openapi").and_then(Value::as_str);
        if !version.is_some_and(|version| version.starts_with("3.")) {
            return false;
        }
        self.references();
        self.contents();
        true
    }

    pub(crate) fn into_findings(self) -> Findings {
        Findings::new(self.findings)
    }

    pub(crate) fn tree(&self) -> &'s Value {
        self.spec.tree()
    }

    /// Every object of the document; shared, so that findings can be added meanwhile.
    pub(crate) fn nodes(&self) -> Rc<[Node<'s>]> {
        Rc::clone(&self.nodes)
    }

    /// Adds a finding; the table of rules says how bad it is.
    pub(crate) fn report(&mut self, rule: &'static str, at: &Pointer, message: &str, remedy: &str) {
        let severity = rules::severity(rule);
        self.findings
            .push(self.spec.finding(rule, severity, at, message, remedy));
        if severity == Severity::Error {
            self.errors.insert(at.clone());
        }
    }

    /// Whether no error was found at a node so far.
    pub(crate) fn is_new(&self, at: &Pointer) -> bool {
        !self.errors.contains(at)
    }

    fn contents(&mut self) {
        let reach = refs::reach(self.tree());
        self.operations();
        self.schemas(&reach);
        self.names(&reach);
        self.directions(&reach);
        self.keywords();
    }

    fn document(&mut self) {
        let tree = self.tree();
        let root = Pointer::root();
        if !tree.is_object() {
            self.report(
                "openapi-version",
                &root,
                "the document is not an object",
                "Write an OpenAPI 3.0.3 document.",
            );
            return;
        }
        let version = tree.get("openapi").and_then(Value::as_str);
        if !version.is_some_and(|version| version.starts_with("3.0.")) {
            let (message, remedy) = match version {
                Some(version) => (
                    format!("the document says OpenAPI `{version}`, and the generator reads 3.0 only"),
                    "Write `openapi: 3.0.3`, with `nullable: true` in place of type lists.",
                ),
                None if tree.get("swagger").is_some() => (
                    "the document is of Swagger, which came before OpenAPI 3".to_owned(),
                    "Convert it to OpenAPI 3.0.3 first.",
                ),
                None => (
                    "the document does not say its version of OpenAPI as a text".to_owned(),
                    "Write `openapi: 3.0.3`.",
                ),
            };
            self.report("openapi-version", &root.child("openapi"), &message, remedy);
        }
        let info = tree
            .pointer("/info/version")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if info.is_empty() || !info.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
            let at = root.below(&["info", "version"]);
            let message = "the version is missing or holds other characters than printable ASCII, and the client gives it as its `api_version`";
            self.report("info-version", &at, message, "Write a quoted version such as \"1.2\".");
        }
        if !tree.get("paths").is_some_and(Value::is_object) {
            self.report(
                "paths",
                &root.child("paths"),
                "the document has no paths",
                "Describe at least one operation.",
            );
        }
    }

    /// A schema is either strict, for requests, or a tolerant reader, for answers; it cannot be both.
    fn directions(&mut self, reach: &Reach<'_>) {
        let answers: BTreeSet<&Pointer> = reach.answers.iter().map(|answer| &answer.at).collect();
        for schema in &reach.requests {
            // The schemas inside a shared one are shared as well; the outermost, which has a name, is what is to be split.
            if answers.contains(&schema.at) && is_component(&schema.at) {
                let message =
                    "this schema is used in a request and in an answer, but requests are strict and answers tolerant";
                let remedy = "Split it into two schemas, one for each direction.";
                self.report("schema-direction", &schema.at, message, remedy);
            }
        }
    }
}

/// Whether a pointer names a schema under `#/components/schemas`, and not a part of one.
pub(crate) fn is_component(at: &Pointer) -> bool {
    at.parent().is_some_and(|above| above.as_str() == "/components/schemas")
}

/// The strict schemas: those of requests and those that nothing uses.
pub(crate) fn strict<'r, 't>(reach: &'r Reach<'t>) -> impl Iterator<Item = &'r Found<'t>> {
    reach.requests.iter().chain(&reach.unused)
}
