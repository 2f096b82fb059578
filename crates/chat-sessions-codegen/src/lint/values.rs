//! Validates examples and defaults against their schemas.

use serde_json::Value;

use super::check::ValueRole;
use super::checker::Checker;
use crate::spec::Pointer;
use crate::spec::grammar::ObjectKind;
use crate::spec::nodes::Node;
use crate::spec::normal::wire;
use crate::spec::refs::{self, Located};

impl Checker<'_> {
    pub(super) fn values(&mut self) {
        for node in self.nodes().iter().filter(|node| node.reference().is_none()) {
            match node.kind {
                ObjectKind::Schema => {
                    self.examples(node, &node.at);
                    self.default(&Located {
                        at: node.at.clone(),
                        value: node.value,
                    });
                }
                ObjectKind::Parameter | ObjectKind::Header => self.examples(node, &node.at.child("schema")),
                ObjectKind::MediaType => self.examples(node, &node.at.child("schema")),
                _ => {}
            }
        }
    }

    /// The example of a node, and its named examples.
    fn examples(&mut self, node: &Node<'_>, schema: &Pointer) {
        // In other media types, a string is the body as it is sent, and anything else its fields.
        let is_body =
            |value: &Value| node.kind == ObjectKind::MediaType && value.is_string() && !wire::is_json(&node.at.name());
        if let Some(example) = node.value.get("example").filter(|value| !is_body(value)) {
            self.value(ValueRole::Example, &node.at.child("example"), example, schema);
        }
        // In a schema, `examples` is a keyword of OpenAPI 3.1 with another meaning.
        let named = refs::members(node.value, "examples").filter(|_| node.kind != ObjectKind::Schema);
        for (name, value) in named {
            let at = node.at.below(&["examples", name]);
            let example = refs::resolve(self.tree(), Located { at, value });
            if let Some((at, value)) =
                example.and_then(|found| Some((found.at.child("value"), found.value.get("value")?)))
                && !is_body(value)
            {
                self.value(ValueRole::Example, &at, value, schema);
            }
        }
    }
}
