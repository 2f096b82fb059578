//! Finds what the generator cannot handle and lowering cannot fix, before the generator runs.
//!
//! For much of this, progenitor writes Rust that does not compile, panics, or silently drops
//! something. Here each case is a finding with a location and a remedy. `generate/emit` catches the
//! cases that have no rule yet.

use serde_json::Value;

use super::checker::Checker;
use crate::spec::{Finding, Findings, Severity, Spec, refs};

mod combinations;
mod document;
mod keywords;
mod model;
mod names;
mod operations;
mod references;
mod schemas;
mod values;

pub(super) use values::ValueRole;

/// Finds what prevents a spec from being generated.
///
/// Stops after the first group of findings, since later ones would follow from them. For all
/// findings, use [`lint`](crate::lint()).
#[must_use]
pub fn check(spec: &Spec) -> Findings {
    let mut checker = Checker::new(spec, true);
    // Warnings do not prevent generation.
    checker.findings.retain(is_error);
    if checker.findings.is_empty() {
        checker.document();
    }
    // The rest makes no sense for another version, or while references are broken or cyclic.
    if checker.findings.is_empty() && !checker.other_documents() {
        checker.references();
    }
    if checker.findings.is_empty() {
        checker.contents();
        checker.findings.retain(is_error);
    }
    // The model reports the same problems in vaguer words, so it runs only when there are none.
    if checker.findings.is_empty() {
        checker.model();
    }
    Findings::new(checker.findings)
}

fn is_error(finding: &Finding) -> bool {
    finding.severity == Severity::Error
}

impl Checker<'_> {
    /// Runs all checks without stopping, except the model, which must come last. Returns `false`
    /// when this is not OpenAPI 3, or only a part of a document, so that nothing else would make
    /// sense.
    pub(crate) fn everything(&mut self) -> bool {
        self.document();
        let version = self.tree().get("openapi").and_then(Value::as_str);
        if !version.is_some_and(|version| version.starts_with("3.")) {
            return false;
        }
        if self.other_documents() {
            return false;
        }
        self.references();
        self.contents();
        true
    }

    /// Finds only what makes it pointless to look at anything else.
    pub(crate) fn only_obstacles(&mut self) {
        self.document();
        self.other_documents();
        self.findings
            .retain(|finding| matches!(finding.rule, "openapi-version" | "reference-external"));
    }

    fn contents(&mut self) {
        let reach = refs::reach(self.tree());
        self.operations();
        self.schemas(&reach);
        self.names(&reach);
        self.directions(&reach);
        self.keywords();
        self.recursion();
    }
}
