//! Values of the right JSON type that OpenAPI forbids all the same: empty lists, keys that exclude
//! each other, and names of what does not exist.

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
        for name in LISTS {
            if get(name).and_then(Value::as_array).is_some_and(Vec::is_empty) {
                self.report(
                    "keyword-value",
                    &node.at.child(name),
                    &format!("`{name}` is empty"),
                    "Fill it, or remove it.",
                );
            }
        }
        if get("multipleOf")
            .and_then(Value::as_f64)
            .is_some_and(|number| number <= 0.0)
        {
            let message = "`multipleOf` is not greater than zero";
            self.report(
                "keyword-value",
                &node.at.child("multipleOf"),
                message,
                "Write the step between two values.",
            );
        }
        if ["readOnly", "writeOnly"]
            .iter()
            .all(|name| get(name) == Some(&Value::Bool(true)))
        {
            let message = "a property cannot be both `readOnly` and `writeOnly`";
            self.report(
                "keyword-value",
                &node.at.child("writeOnly"),
                message,
                "Remove one of them.",
            );
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
        let Some(value) = node.value.get("schema") else { return };
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
