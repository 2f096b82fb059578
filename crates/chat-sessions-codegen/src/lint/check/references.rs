//! References: their targets, and the keys beside them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::lint::checker::Checker;
use crate::spec::grammar::ObjectKind;
use crate::spec::nodes::Node;
use crate::spec::{Pointer, refs};

impl Checker<'_> {
    pub(super) fn references(&mut self) {
        let tree = self.tree();
        for (path, item) in refs::members(tree, "paths") {
            if refs::reference(item).is_some() {
                let at = Pointer::root().below(&["paths", path]);
                let remedy = "Write the operations of this path here.";
                self.report(
                    "path-reference",
                    &at,
                    "the generator does not follow a $ref in place of a path",
                    remedy,
                );
            }
        }
        for node in self.nodes().iter() {
            self.reference(node);
        }
        self.cycles();
    }

    fn reference(&mut self, node: &Node<'_>) {
        let Some(reference) = node.reference() else {
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
                "`{}` beside a $ref is ignored, like everything beside a $ref",
                siblings.join("`, `")
            );
            let remedy = match (node.kind, siblings.as_slice()) {
                // Wrapped in `allOf`, `nullable` would have no effect either.
                (ObjectKind::Schema, ["nullable"]) => {
                    format!("Move it to {reference}, beside the type there; or remove it, if null is valid there.")
                }
                (ObjectKind::Schema, names) if names.contains(&"nullable") => {
                    format!(
                        "Wrap the reference: `allOf: [{{$ref: …}}]`; move `nullable` to {reference}, beside the type there."
                    )
                }
                (ObjectKind::Schema, _) => "Wrap the reference: `allOf: [{$ref: …}]`.".to_owned(),
                _ => "Remove it, or replace the reference with its target.".to_owned(),
            };
            self.report("reference-siblings", &node.at, &message, &remedy);
        }
        let target = Pointer::from_reference(reference);
        let list = target.as_ref().and_then(list_of_components);
        // Cycles of such references are not detected.
        self.is_cyclic |= target.is_some() && list.is_none();
        let (message, remedy) = match (node.kind.components(), target, list) {
            // Path items are not components; the path has a finding of its own.
            (None, ..) => return,
            (_, None, _) | (_, _, None) => (
                format!("the reference `{reference}` is not to a component of this document"),
                "Move the target to #/components and refer to it there.".to_owned(),
            ),
            (Some(_), Some(target), _) if self.tree().pointer(target.as_str()).is_none() => (
                format!("the reference `{reference}` leads nowhere"),
                "Correct the name, or describe the component.".to_owned(),
            ),
            (Some(expected), Some(_), Some(list)) if list != expected => (
                format!(
                    "the reference `{reference}` leads to {list}, but this must be a {}",
                    node.kind.noun()
                ),
                format!("Refer to a component under #/components/{expected}."),
            ),
            _ => return,
        };
        self.report("reference-target", &node.at, &message, &remedy);
    }

    /// Schemas that contain themselves through composition alone have no size and no end. Through
    /// properties and items they may.
    fn cycles(&mut self) {
        let mut graph = composition(self.tree(), &self.nodes);
        // What is composed only of finished components cannot be part of a cycle. In a sound
        // document, nothing remains.
        let mut users: BTreeMap<&Pointer, Vec<&Pointer>> = BTreeMap::new();
        let mut open: Vec<&Pointer> = Vec::new();
        let mut waiting: BTreeMap<&Pointer, usize> = BTreeMap::new();
        for (at, parts) in &graph {
            for part in parts {
                users.entry(part).or_default().push(at);
            }
            waiting.insert(at, parts.len());
            if parts.is_empty() {
                open.push(at);
            }
        }
        let mut ended: BTreeSet<Pointer> = BTreeSet::new();
        while let Some(at) = open.pop() {
            ended.insert(at.clone());
            for user in users.get(at).into_iter().flatten() {
                if let Some(count) = waiting.get_mut(user) {
                    *count -= 1;
                    if *count == 0 {
                        open.push(user);
                    }
                }
            }
        }
        graph.retain(|at, _| !ended.contains(at));
        for at in graph.keys().filter(|at| leads_back(&graph, at)) {
            self.is_cyclic = true;
            let remedy = "Break the cycle; only properties and items may lead back.";
            self.report("reference-cycle", at, "this component is composed of itself", remedy);
        }
    }
}

/// The map of components that a pointer leads into, such as `schemas`.
fn list_of_components(target: &Pointer) -> Option<String> {
    let mut names = target.as_str().strip_prefix("/components/")?.split('/');
    let list = names.next()?.to_owned();
    (names.next().is_some() && names.next().is_none()).then_some(list)
}

/// The composition of components and of other targets of references.
fn composition(tree: &Value, nodes: &[Node<'_>]) -> BTreeMap<Pointer, BTreeSet<Pointer>> {
    let mut graph = BTreeMap::new();
    let components = nodes.iter().filter(|node| list_of_components(&node.at).is_some());
    let mut open: Vec<Pointer> = components.map(|node| node.at.clone()).collect();
    while let Some(at) = open.pop() {
        if graph.contains_key(&at) {
            continue;
        }
        let parts = tree.pointer(at.as_str()).map(targets).unwrap_or_default();
        open.extend(parts.iter().cloned());
        graph.insert(at, parts);
    }
    graph
}

/// The targets of a node's references, at the node itself or within its composition.
fn targets(node: &Value) -> BTreeSet<Pointer> {
    let mut found = BTreeSet::new();
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        if let Some(reference) = refs::reference(node) {
            found.extend(Pointer::from_reference(reference));
            continue;
        }
        for name in ["allOf", "oneOf", "anyOf", "not"] {
            match node.get(name) {
                Some(Value::Array(parts)) => open.extend(parts),
                Some(part) => open.push(part),
                None => {}
            }
        }
    }
    found
}

fn leads_back(graph: &BTreeMap<Pointer, BTreeSet<Pointer>>, start: &Pointer) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![start];
    while let Some(at) = open.pop() {
        for part in graph.get(at).into_iter().flatten() {
            if part == start {
                return true;
            }
            if seen.insert(part) {
                open.push(part);
            }
        }
    }
    false
}
