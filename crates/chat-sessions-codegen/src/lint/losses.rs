//! What is in a document and does not get into the generated Rust, though the rest of it does.

use serde_json::Value;

use super::checker::Checker;
use crate::spec::grammar::ObjectKind;
use crate::spec::nodes::Node;
use crate::spec::refs::{self, Located};

/// Keywords that say something about values of one type only.
const OF_ONE_TYPE: [(&str, &[&str]); 16] = [
    ("additionalProperties", &["object"]),
    ("exclusiveMaximum", &["integer", "number"]),
    ("exclusiveMinimum", &["integer", "number"]),
    ("items", &["array"]),
    ("maxItems", &["array"]),
    ("maxLength", &["string"]),
    ("maxProperties", &["object"]),
    ("maximum", &["integer", "number"]),
    ("minItems", &["array"]),
    ("minLength", &["string"]),
    ("minProperties", &["object"]),
    ("minimum", &["integer", "number"]),
    ("multipleOf", &["integer", "number"]),
    ("pattern", &["string"]),
    ("properties", &["object"]),
    ("uniqueItems", &["array"]),
];

impl Checker<'_> {
    pub(super) fn losses(&mut self) {
        let reach = refs::reach(self.tree());
        for schema in reach.strict() {
            self.additional(schema);
        }
        for node in self.nodes().iter().filter(|node| node.reference().is_none()) {
            match node.kind {
                ObjectKind::RequestBody => self.optional_body(node),
                ObjectKind::Parameter => self.ignored_parameter(node),
                ObjectKind::Schema => self.idle_keywords(node),
                _ => {}
            }
        }
    }

    /// The type generator has a place for unknown properties when they are described by a schema,
    /// and none for `true`.
    fn additional(&mut self, schema: &Located<'_>) {
        let has_properties = refs::members(schema.value, "properties").next().is_some();
        if has_properties && schema.value.get("additionalProperties") == Some(&Value::Bool(true)) {
            let message =
                "beside properties, `additionalProperties: true` gives the generated type no place for others";
            let remedy = "Write `additionalProperties: {}`, which says the same and does.";
            self.report(
                "schema-additional",
                &schema.at.child("additionalProperties"),
                message,
                remedy,
            );
        }
    }

    fn optional_body(&mut self, node: &Node<'_>) {
        if node.value.get("required") != Some(&Value::Bool(true)) {
            let message = "the request body is optional, and the generated method asks for it in any case";
            let remedy = "Write `required: true` if the provider needs it, which is what the generated client takes for granted.";
            self.report("request-body-optional", &node.at, message, remedy);
        }
    }

    /// OpenAPI says so itself, of these three.
    fn ignored_parameter(&mut self, node: &Node<'_>) {
        let (name, place) = refs::parameter_key(node.value);
        let (Some(name), Some("header")) = (name, place) else {
            return;
        };
        let remedy = match name.to_ascii_lowercase().as_str() {
            "authorization" => "Describe it under securitySchemes, and name it under `security`.",
            "accept" | "content-type" => "Leave it out; the media types under `content` say it.",
            _ => return,
        };
        let message = format!("readers of OpenAPI ignore a header parameter named `{name}`");
        self.report("parameter-ignored", &node.at, &message, remedy);
    }

    fn idle_keywords(&mut self, node: &Node<'_>) {
        let Some(name) = node.value.get("type").and_then(Value::as_str) else {
            return;
        };
        let known = OF_ONE_TYPE.iter().any(|(_, types)| types.contains(&name)) || name == "boolean";
        for (keyword, types) in OF_ONE_TYPE.iter().filter(|_| known) {
            if node.value.get(keyword).is_some() && !types.contains(&name) {
                let message = format!("`{keyword}` says nothing about the type {name}");
                let remedy = "Correct the type, or take the keyword out.";
                self.report("schema-keyword", &node.at.child(keyword), &message, remedy);
            }
        }
    }
}
