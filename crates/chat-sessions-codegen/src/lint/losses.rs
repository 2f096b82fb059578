//! What a document says that is lost in the generated Rust.

use serde_json::Value;

use super::checker::Checker;
use crate::spec::grammar::ObjectKind;
use crate::spec::nodes::Node;
use crate::spec::refs::{self, Located};

/// Keywords that apply to values of certain types only.
const OF_ONE_TYPE: [(&str, &[&str]); 17] = [
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
    ("required", &["object"]),
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

    /// The type generator keeps unknown properties when `additionalProperties` is a schema, but not
    /// when it is `true`.
    fn additional(&mut self, schema: &Located<'_>) {
        let has_properties = refs::members(schema.value, "properties").next().is_some();
        if has_properties && schema.value.get("additionalProperties") == Some(&Value::Bool(true)) {
            let message = "with `additionalProperties: true` beside properties, the generated type does not keep additional properties";
            let remedy = "Write `additionalProperties: {}`, which means the same and keeps them.";
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
            let message = "the request body is optional, but the generated method requires it";
            let remedy = "Write `required: true` if the provider needs it; the generated client always sends it.";
            self.report("request-body-optional", &node.at, message, remedy);
        }
    }

    /// OpenAPI itself ignores header parameters with these three names.
    fn ignored_parameter(&mut self, node: &Node<'_>) {
        let (name, place) = refs::parameter_key(node.value);
        let (Some(name), Some("header")) = (name, place) else {
            return;
        };
        let remedy = match name.to_ascii_lowercase().as_str() {
            "authorization" => "Describe it under securitySchemes, and name it under `security`.",
            "accept" | "content-type" => "Remove it; the media types under `content` express it.",
            _ => return,
        };
        let message = format!("OpenAPI readers ignore a header parameter named `{name}`");
        self.report("parameter-ignored", &node.at, &message, remedy);
    }

    fn idle_keywords(&mut self, node: &Node<'_>) {
        let Some(name) = node.value.get("type").and_then(Value::as_str) else {
            return;
        };
        let known = OF_ONE_TYPE.iter().any(|(_, types)| types.contains(&name)) || name == "boolean";
        for (keyword, types) in OF_ONE_TYPE.iter().filter(|_| known) {
            let at = node.at.child(keyword);
            if node.value.get(keyword).is_some() && !types.contains(&name) && self.is_new(&at) {
                let message = format!("`{keyword}` has no effect on the type {name}");
                let remedy = "Correct the type, or remove the keyword.";
                self.report("schema-keyword", &at, &message, remedy);
            }
        }
    }
}
