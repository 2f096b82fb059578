//! What OpenAPI forbids although the JSON type is right: empty lists, keys that exclude each other,
//! and references by name to something that does not exist.

use std::collections::BTreeSet;

use serde_json::Value;

use super::checker::Checker;
use crate::spec::Pointer;
use crate::spec::grammar::ObjectKind;
use crate::spec::nodes::Node;
use crate::spec::normal::normaliser::Normaliser;
use crate::spec::normal::schema::Place;
use crate::spec::refs::{self, Located};

/// Lists that must not be empty. That of an `enum` has a rule of its own.
const LISTS: [&str; 4] = ["allOf", "anyOf", "oneOf", "required"];

impl<'s> Checker<'s> {
    pub(super) fn forbidden(&mut self) {
        let nodes = self.nodes();
        let operations = nodes.iter().filter(|node| node.kind == ObjectKind::Operation);
        let ids: BTreeSet<&str> = operations
            .filter_map(|node| node.value.get("operationId")?.as_str())
            .collect();
        let normaliser = Normaliser::new(self.tree());
        for node in nodes.iter().filter(|node| node.reference().is_none()) {
            match node.kind {
                ObjectKind::Schema => self.schema(node),
                ObjectKind::Parameter | ObjectKind::Header => self.only_media_type(node),
                ObjectKind::MediaType => self.encoded_properties(node, &normaliser),
                ObjectKind::Example => self.excluded(node, "value", "externalValue"),
                ObjectKind::Link => {
                    self.excluded(node, "operationId", "operationRef");
                    self.linked(node, &ids);
                }
                _ => {}
            }
        }
    }

    fn schema(&mut self, node: &Node<'s>) {
        let get = |name: &str| node.value.get(name);
        let mut report = |name: &str, message: &str, remedy: &str| {
            self.report("keyword-value", &node.at.child(name), message, remedy);
        };
        for name in LISTS {
            if get(name).and_then(Value::as_array).is_some_and(Vec::is_empty) {
                report(name, &format!("`{name}` is empty"), "Fill it, or remove it.");
            }
        }
        let step = get("multipleOf").and_then(Value::as_f64);
        if step.is_some_and(|step| step <= 0.0) {
            let remedy = "Write the step between two values.";
            report("multipleOf", "`multipleOf` is not greater than zero", remedy);
        }
        let is_set = |name: &str| get(name) == Some(&Value::Bool(true));
        if is_set("readOnly") && is_set("writeOnly") {
            let message = "a property cannot be both `readOnly` and `writeOnly`";
            report("writeOnly", message, "Remove one of them.");
        }
    }

    fn only_media_type(&mut self, node: &Node<'s>) {
        let content = node.value.get("content").and_then(Value::as_object);
        if content.is_some_and(|content| content.len() != 1) {
            let message = format!("the content of a {} must have exactly one media type", node.kind.noun());
            self.report(
                "keyword-value",
                &node.at.child("content"),
                &message,
                "Keep the one that is sent.",
            );
        }
    }

    fn excluded(&mut self, node: &Node<'s>, name: &str, other: &str) {
        if [name, other].iter().all(|name| node.value.get(name).is_some()) {
            let message = format!("`{name}` and `{other}` are mutually exclusive");
            self.report("keyword-value", &node.at.child(other), &message, "Remove one of them.");
        }
    }

    fn linked(&mut self, node: &Node<'s>, ids: &BTreeSet<&str>) {
        let text = |name: &str| node.value.get(name).and_then(Value::as_str);
        let is_there = |reference: &str| {
            let target = Pointer::from_reference(reference);
            target.is_some_and(|target| self.tree().pointer(target.as_str()).is_some())
        };
        let (name, target) = match (text("operationId"), text("operationRef")) {
            (Some(id), _) if !ids.contains(id) => ("operationId", id),
            (_, Some(reference)) if reference.starts_with('#') && !is_there(reference) => ("operationRef", reference),
            _ => return,
        };
        let message = format!("the link leads to the operation `{target}`, which does not exist");
        let remedy = "Correct the name, or remove the link.";
        self.report("reference-target", &node.at.child(name), &message, remedy);
    }

    /// An encoding is that of a property. Those of unions are not known exactly.
    fn encoded_properties(&mut self, node: &Node<'s>, normaliser: &Normaliser<'s>) {
        let Some(value) = node
            .value
            .get("schema")
            .filter(|_| node.value.get("encoding").is_some())
        else {
            return;
        };
        let at = node.at.child("schema");
        let schema = normaliser.schema(&Place::of(&Located { at, value }));
        if !schema.unions.is_empty() {
            return;
        }
        for (name, _) in refs::members(node.value, "encoding") {
            if !schema.properties.contains_key(name.as_str()) {
                let message = format!("the schema has no property `{name}` to encode");
                let at = node.at.below(&["encoding", name]);
                self.report(
                    "keyword-value",
                    &at,
                    &message,
                    "Correct the name, or describe the property.",
                );
            }
        }
    }
}
