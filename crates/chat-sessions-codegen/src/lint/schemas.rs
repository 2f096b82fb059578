//! Schemas: keywords that contradict each other, or that need another keyword beside them.

use serde_json::Value;

use super::checker::Checker;
use crate::spec::grammar::ObjectKind;
use crate::spec::nodes::Node;
use crate::spec::refs::Located;

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
                self.enum_values(&Located {
                    at: node.at.clone(),
                    value: node.value,
                });
                self.discriminator(node);
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
