//! What the generator cannot take and lowering cannot cure, found before the generator sees it.
//!
//! progenitor accepts much of this and writes Rust that does not compile, or panics, or drops it in
//! silence; here each case is a finding with a place and a remedy. What remains unknown is caught
//! in `emit`.

use serde_json::Value;

use super::checker::Checker;
use crate::spec::{Findings, Severity, Spec, refs};

mod document;
mod keywords;
mod model;
mod names;
mod operations;
mod references;
mod schemas;
mod values;

pub(super) use values::ValueRole;

/// Finds what keeps Rust from being generated from a spec.
///
/// It stops after the first group of findings, since the later ones would follow from them;
/// [`lint`](crate::lint()) goes on.
#[must_use]
pub fn check(spec: &Spec) -> Findings {
    let mut checker = Checker::new(spec);
    checker.document();
    // Nothing below makes sense for another version, or while references lead nowhere or in
    // circles.
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

impl Checker<'_> {
    /// Everything that [`check`] knows, without stopping, except for the model, which must come
    /// last; `false` when this is no OpenAPI 3 at all, so that nothing else would make sense.
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

    fn contents(&mut self) {
        let reach = refs::reach(self.tree());
        self.operations();
        self.schemas(&reach);
        self.names(&reach);
        self.directions(&reach);
        self.keywords();
    }
}
