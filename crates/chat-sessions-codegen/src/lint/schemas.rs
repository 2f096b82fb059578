//! Schemas: keywords that contradict each other, or that need another keyword beside them.

use std::collections::BTreeSet;

use super::checker::Checker;
use crate::spec::grammar::ObjectKind;
use crate::spec::nodes::Node;
use crate::spec::normal::normaliser::Normaliser;
use crate::spec::refs::{self, Located};

impl Checker<'_> {
    pub(super) fn lint_schemas(&mut self) {
        let normaliser = Normaliser::new(self.tree());
        for node in self.nodes().iter() {
            if node.kind == ObjectKind::Schema && node.reference().is_none() {
                self.nullable(node);
                self.contradictions(node, &normaliser);
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
}
