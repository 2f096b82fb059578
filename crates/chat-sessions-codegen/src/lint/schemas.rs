//! Schemas: keywords that contradict each other, or that need another keyword beside them.

use serde_json::Value;

use super::checker::Checker;
use super::components::mapped;
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

    /// Every variant must have the discriminator property, and every name of the mapping must lead
    /// to a schema.
    fn discriminator(&mut self, node: &Node<'_>) {
        let Some(discriminator) = node.value.get("discriminator") else {
            return;
        };
        let at = node.at.child("discriminator");
        for (name, target) in refs::members(discriminator, "mapping") {
            let target = target.as_str().unwrap_or_default();
            // References to other files are not checked here.
            if mapped(target).is_some_and(|target| self.tree().pointer(target.as_str()).is_none()) {
                let message = format!("the mapping of `{name}` to `{target}` leads nowhere");
                let remedy = "Correct the name, or describe the schema.";
                self.report("discriminator", &at.below(&["mapping", name]), &message, remedy);
            }
        }
        let property = discriminator.get("propertyName").and_then(Value::as_str);
        for keyword in ["oneOf", "anyOf"] {
            for (index, value) in refs::items(node.value, keyword).enumerate() {
                let part = node.at.child(keyword).child(index);
                let found = refs::resolve(
                    self.tree(),
                    Located {
                        at: part.clone(),
                        value,
                    },
                );
                let (Some(property), Some(found)) = (property, found) else {
                    continue;
                };
                // The properties of a composed variant are spread over its parts.
                let described = refs::members(found.value, "properties").any(|(name, _)| name == property);
                if !described && found.value.get("allOf").is_none() {
                    let message = format!("the variant does not describe the discriminator property `{property}`");
                    let remedy = "Describe the property in each variant, and require it.";
                    self.report("discriminator", &part, &message, remedy);
                }
            }
        }
    }
}
