//! What the generator cannot take and lowering cannot cure, found before the generator sees it.
//!
//! progenitor accepts much of this and writes Rust that does not compile, or panics, or drops it in silence; here each case is
//! a finding with a place and a remedy. What remains unknown is caught in `emit`.

use serde_json::Value;

use crate::finding::{Finding, Findings};
use crate::pointer::Pointer;
use crate::refs::{self, Found, Reach};
use crate::spec::Spec;

mod model;
mod names;
mod operations;
mod references;
mod schemas;

/// Finds what keeps Rust from being generated from a spec.
#[must_use]
pub fn check(spec: &Spec) -> Findings {
    let mut checker = Checker {
        spec,
        findings: Vec::new(),
    };
    checker.document();
    // Nothing below makes sense for another version, or while references lead nowhere or in circles.
    if checker.findings.is_empty() {
        checker.references();
    }
    if checker.findings.is_empty() {
        let reach = refs::reach(spec.tree());
        checker.operations();
        checker.schemas(&reach);
        checker.names(&reach);
        checker.directions(&reach);
    }
    // The model repeats in poorer words what was found above, so it speaks only when nothing was.
    if checker.findings.is_empty() {
        checker.model();
    }
    Findings::new(checker.findings)
}

struct Checker<'s> {
    spec: &'s Spec,
    findings: Vec<Finding>,
}

impl<'s> Checker<'s> {
    fn tree(&self) -> &'s Value {
        self.spec.tree()
    }

    fn error(&mut self, rule: &'static str, at: &Pointer, message: &str, remedy: &str) {
        let finding = self.spec.error(rule, at, message, remedy);
        self.findings.push(finding);
    }

    fn document(&mut self) {
        let tree = self.tree();
        let root = Pointer::root();
        if !tree.is_object() {
            self.error(
                "openapi-version",
                &root,
                "the document is not an object",
                "Write an OpenAPI 3.0.3 document.",
            );
            return;
        }
        let version = tree.get("openapi").and_then(Value::as_str).unwrap_or_default();
        if !version.starts_with("3.0.") {
            let message = format!("the document says OpenAPI `{version}`, and the generator reads 3.0 only");
            let at = root.child("openapi");
            self.error(
                "openapi-version",
                &at,
                &message,
                "Write `openapi: 3.0.3`, with `nullable: true` in place of type lists.",
            );
        }
        let info = tree
            .pointer("/info/version")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if info.is_empty() || !info.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
            let at = root.below(&["info", "version"]);
            let message = "the version is missing or holds other characters than printable ASCII, and the generator makes a header of it";
            self.error("info-version", &at, message, "Write a quoted version such as \"1.2\".");
        }
        if !tree.get("paths").is_some_and(Value::is_object) {
            self.error(
                "paths",
                &root.child("paths"),
                "the document has no paths",
                "Describe at least one operation.",
            );
        }
    }

    /// A schema is either strict, for requests, or a tolerant reader, for answers; it cannot be both.
    fn directions(&mut self, reach: &Reach<'_>) {
        for schema in &reach.requests {
            let shared = reach.answers.iter().any(|answer| answer.at == schema.at);
            // The schemas inside a shared one are shared as well; the outermost, which has a name, is what is to be split.
            if shared && is_component(&schema.at) {
                let message =
                    "this schema is used in a request and in an answer, but requests are strict and answers tolerant";
                let remedy = "Split it into two schemas, one for each direction.";
                self.error("schema-direction", &schema.at, message, remedy);
            }
        }
    }
}

/// Whether a pointer names a schema under `#/components/schemas`, and not a part of one.
fn is_component(at: &Pointer) -> bool {
    at.parent().is_some_and(|above| above.as_str() == "/components/schemas")
}

/// The strict schemas: those of requests and those that nothing uses.
fn strict<'r, 't>(reach: &'r Reach<'t>) -> impl Iterator<Item = &'r Found<'t>> {
    reach.requests.iter().chain(&reach.unused)
}
