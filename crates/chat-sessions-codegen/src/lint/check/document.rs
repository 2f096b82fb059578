//! The document as a whole: its version, and schemas used by both requests and responses.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::lint::checker::Checker;
use crate::spec::Pointer;
use crate::spec::refs::{Reach, is_component_schema};

impl Checker<'_> {
    pub(super) fn document(&mut self) {
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
                    format!("the document is OpenAPI `{version}`, but the generator supports only 3.0"),
                    "Write `openapi: 3.0.3`, and `nullable: true` instead of type lists.",
                ),
                None if tree.get("swagger").is_some() => (
                    "the document is Swagger, the predecessor of OpenAPI 3".to_owned(),
                    "Convert it to OpenAPI 3.0.3 first.",
                ),
                None => (
                    "the document does not state its OpenAPI version as a string".to_owned(),
                    "Write `openapi: 3.0.3`.",
                ),
            };
            self.report("openapi-version", &root.child("openapi"), &message, remedy);
        }
        // A version that is missing or no string has a more precise finding.
        let version = tree.pointer("/info/version").and_then(Value::as_str);
        let is_printable = |text: &str| !text.is_empty() && text.bytes().all(|byte| (0x20..0x7f).contains(&byte));
        if version.is_some_and(|version| !is_printable(version)) {
            let at = root.below(&["info", "version"]);
            let message = "the version, which the client returns as its `api_version`, is empty or not printable ASCII";
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

    /// A schema is either strict, for requests, or a tolerant reader, for responses. It cannot be
    /// both.
    pub(super) fn directions(&mut self, reach: &Reach<'_>) {
        let responses: BTreeSet<&Pointer> = reach.responses.iter().map(|response| &response.at).collect();
        for schema in &reach.requests {
            // Schemas inside a shared schema are shared as well. The one to split is the outermost,
            // which has a name.
            if responses.contains(&schema.at) && is_component_schema(&schema.at) {
                let message =
                    "this schema is used by a request and a response, but requests are strict and responses tolerant";
                let remedy = "Split it into two schemas, one for each direction.";
                self.report("schema-direction", &schema.at, message, remedy);
            }
        }
    }
}
