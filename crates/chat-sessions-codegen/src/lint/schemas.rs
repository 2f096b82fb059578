//! Schemas: keywords that contradict each other, or that need another keyword beside them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::checker::Checker;
use crate::spec::grammar::ObjectKind;
use crate::spec::nodes::Node;
use crate::spec::refs::{self, Located};

/// Pairs of lower and upper bounds.
const BOUNDS: [(&str, &str); 4] = [
    ("minimum", "maximum"),
    ("minItems", "maxItems"),
    ("minLength", "maxLength"),
    ("minProperties", "maxProperties"),
];

impl Checker<'_> {
    pub(super) fn lint_schemas(&mut self) {
        for node in self.nodes().iter() {
            if node.kind == ObjectKind::Schema && node.reference().is_none() {
                self.nullable(node);
                self.bounds(node);
                self.required_twice(node);
                self.pattern(node);
                self.enum_values(&Located {
                    at: node.at.clone(),
                    value: node.value,
                });
                self.discriminator(node);
            }
        }
    }

    fn required_twice(&mut self, node: &Node<'_>) {
        let mut seen = BTreeSet::new();
        for (index, name) in refs::items(node.value, "required").enumerate() {
            let Some(name) = name.as_str() else { continue };
            if !seen.insert(name) {
                let at = node.at.child("required").child(index);
                let message = format!("`required` lists `{name}` twice");
                self.report("required-twice", &at, &message, "Keep one of them.");
            }
        }
    }

    fn bounds(&mut self, node: &Node<'_>) {
        for (lower, upper) in BOUNDS {
            let bound = |name: &str| node.value.get(name).and_then(Value::as_f64);
            if let (Some(least), Some(most)) = (bound(lower), bound(upper))
                && least > most
            {
                let message = format!("`{lower}` {least} is greater than `{upper}` {most}, so no value is valid");
                self.report("schema-bounds", &node.at.child(lower), &message, "Correct one of them.");
            }
        }
    }
}
