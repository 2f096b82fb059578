//! Discriminators: every value must lead to a variant, and every variant must have a value and the
//! property.

use serde_json::Value;

use super::checker::Checker;
use crate::spec::discriminator::{Discriminator, describes, mapped};
use crate::spec::nodes::Node;
use crate::spec::refs::{self, Located};

impl Checker<'_> {
    pub(super) fn discriminator(&mut self, node: &Node<'_>) {
        let Some(discriminator) = node.value.get("discriminator") else {
            return;
        };
        let at = node.at.child("discriminator");
        let schema = Located {
            at: node.at.clone(),
            value: node.value,
        };
        let union = Discriminator::of(self.tree(), &schema);
        for (name, target) in refs::members(discriminator, "mapping") {
            let target = target.as_str().unwrap_or_default();
            // References to other files are not checked here.
            let Some(schema) = mapped(self.tree(), target) else {
                continue;
            };
            let at = at.below(&["mapping", name]);
            if self.tree().pointer(schema.as_str()).is_none() {
                let message = format!("the mapping of `{name}` to `{target}` leads nowhere");
                let remedy = "Correct the name, or describe the schema.";
                self.report("discriminator", &at, &message, remedy);
            } else if let Some(union) = &union
                && union.variants.iter().all(|variant| variant.component.at != schema)
            {
                let message =
                    format!("the mapping of `{name}` leads to `{target}`, which is not a variant of the union");
                let remedy = "Add it to the variants, or remove it from the mapping.";
                self.report("discriminator-variant", &at, &message, remedy);
            }
        }
        for variant in union.iter().flat_map(|union| &union.variants) {
            if variant.values.is_empty() {
                let message = "other variants have all values of the discriminator that would lead to this variant";
                let remedy = "Give it a value of its own in the mapping.";
                self.report("discriminator-variant", &variant.at, message, remedy);
            }
        }
        let Some(property) = discriminator.get("propertyName").and_then(Value::as_str) else {
            return;
        };
        for keyword in ["oneOf", "anyOf"] {
            for (index, value) in refs::items(node.value, keyword).enumerate() {
                let at = node.at.child(keyword).child(index);
                let part = Located { at: at.clone(), value };
                if refs::resolve(self.tree(), part.clone()).is_some() && !describes(self.tree(), &part, property) {
                    let message = format!("the variant does not describe the discriminator property `{property}`");
                    let remedy = "Describe the property in each variant, and require it.";
                    self.report("discriminator-variant", &at, &message, remedy);
                }
            }
        }
    }
}
