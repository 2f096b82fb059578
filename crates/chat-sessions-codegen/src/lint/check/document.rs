//! The document as a whole: its version, and schemas that requests and answers share.

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

    /// A schema is either strict, for requests, or a tolerant reader, for answers; it cannot be
    /// both.
    pub(super) fn directions(&mut self, reach: &Reach<'_>) {
        let responses: BTreeSet<&Pointer> = reach.responses.iter().map(|response| &response.at).collect();
        for schema in &reach.requests {
            // The schemas inside a shared one are shared as well; the outermost, which has a name,
            // is what is to be split.
            if responses.contains(&schema.at) && is_component_schema(&schema.at) {
                let message =
                    "this schema is used in a request and in an answer, but requests are strict and answers tolerant";
                let remedy = "Split it into two schemas, one for each direction.";
                self.report("schema-direction", &schema.at, message, remedy);
            }
        }
    }
}
