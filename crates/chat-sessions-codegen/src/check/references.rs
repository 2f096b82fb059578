//! References: where they lead, and what stands beside them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Checker;
use crate::pointer::Pointer;
use crate::refs::{self, Found};

impl Checker<'_> {
    pub(super) fn references(&mut self) {
        let tree = self.tree();
        for (path, item) in refs::members(tree, "paths") {
            if refs::reference(item).is_some() {
                let at = Pointer::root().below(&["paths", path]);
                let remedy = "Write the operations of this path here.";
                self.error(
                    "path-reference",
                    &at,
                    "the generator follows no reference in place of a path",
                    remedy,
                );
            }
        }
        let mut found = Vec::new();
        collect(
            &Found {
                at: Pointer::root(),
                value: tree,
            },
            false,
            &mut found,
        );
        for node in &found {
            self.reference(node);
        }
        if self.findings.is_empty() {
            self.circles();
        }
    }

    fn reference(&mut self, node: &Found<'_>) {
        let Some(reference) = refs::reference(node.value) else {
            return;
        };
        let siblings: Vec<&str> = node
            .value
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name.as_str())
            .filter(|name| *name != "$ref")
            .collect();
        if !siblings.is_empty() {
            let message = format!(
                "`{}` beside a $ref is lost, because everything beside a $ref is",
                siblings.join("`, `")
            );
            self.error(
                "reference-siblings",
                &node.at,
                &message,
                "Wrap the reference: `allOf: [{$ref: …}]`.",
            );
        }
        let target = Pointer::from_reference(reference);
        let component = target.as_ref().is_some_and(|target| {
            target.as_str().starts_with("/components/") && target.as_str().matches('/').count() == 3
        });
        if !component {
            let message = format!("the reference `{reference}` names no component of this document");
            self.error(
                "reference-target",
                &node.at,
                &message,
                "Move what is meant under #/components and refer to it there.",
            );
        } else if target.is_none_or(|target| self.tree().pointer(target.as_str()).is_none()) {
            let message = format!("the reference `{reference}` leads nowhere");
            self.error(
                "reference-target",
                &node.at,
                &message,
                "Correct the name, or describe the component.",
            );
        }
    }

    /// Schemas that contain themselves by composition alone have no size and no end; through properties and items they do.
    fn circles(&mut self) {
        let tree = self.tree();
        for kind in [
            "schemas",
            "parameters",
            "responses",
            "requestBodies",
            "headers",
            "examples",
        ] {
            let components = tree
                .get("components")
                .into_iter()
                .flat_map(|components| refs::members(components, kind));
            for (name, value) in components {
                let at = Pointer::root().below(&["components", kind, name]);
                if leads_back(tree, &Found { at: at.clone(), value }) {
                    let remedy = "Break the circle; only properties and items may lead back.";
                    self.error("reference-circle", &at, "this component is composed of itself", remedy);
                }
            }
        }
    }
}

fn leads_back(tree: &Value, start: &Found<'_>) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![start.clone()];
    while let Some(node) = open.pop() {
        let target = refs::reference(node.value).and_then(Pointer::from_reference);
        if let Some(at) = target {
            if at == start.at {
                return true;
            }
            if seen.insert(at.clone())
                && let Some(value) = tree.pointer(at.as_str())
            {
                open.push(Found { at, value });
            }
            continue;
        }
        for name in ["allOf", "oneOf", "anyOf", "not"] {
            let parts = node.value.get(name);
            let parts: &[Value] = match parts {
                Some(Value::Array(parts)) => parts,
                Some(part) => std::slice::from_ref(part),
                None => &[],
            };
            let at = node.at.child(name);
            open.extend(parts.iter().map(|value| Found { at: at.clone(), value }));
        }
    }
    false
}

/// Every object with a `$ref`, examples and the like left out. In a map of names (`named`) no name is a keyword.
fn collect<'t>(node: &Found<'t>, named: bool, found: &mut Vec<Found<'t>>) {
    match node.value {
        Value::Object(members) => {
            if !named && members.get("$ref").is_some_and(Value::is_string) {
                found.push(node.clone());
            }
            for (name, value) in members {
                let data = matches!(name.as_str(), "example" | "default" | "enum" | "value") || name.starts_with("x-");
                if named || !data {
                    let map = !named
                        && matches!(
                            name.as_str(),
                            "properties" | "schemas" | "responses" | "parameters" | "examples"
                        );
                    let at = node.at.child(name);
                    collect(&Found { at, value }, map && value.is_object(), found);
                }
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                let at = node.at.child(index);
                collect(&Found { at, value }, false, found);
            }
        }
        _ => {}
    }
}
