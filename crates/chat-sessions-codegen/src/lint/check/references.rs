//! References: their targets, and the keys beside them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::lint::checker::Checker;
use crate::spec::grammar::{ObjectKind, ValueKind};
use crate::spec::nodes::Node;
use crate::spec::{Pointer, refs};

impl Checker<'_> {
    /// Whether the document refers to others. That is one finding, since nothing is known about
    /// what they say.
    pub(super) fn other_documents(&mut self) -> bool {
        let nodes = self.nodes();
        let references: Vec<(Pointer, &str)> = nodes.iter().flat_map(to_other_documents).collect();
        let Some((at, first)) = references.first() else {
            return false;
        };
        let message = match references.len() {
            1 => format!("the reference `{first}` leads to another document, which is not read"),
            count => {
                format!("{count} references lead to other documents, which are not read; the first is `{first}`")
            }
        };
        let remedy = "Bundle it first: write all documents into one, for example with `redocly bundle`.";
        self.report("reference-external", at, &message, remedy);
        true
    }

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
        let nodes = self.nodes();
        let kinds = match nodes.iter().any(is_inner) {
            true => nodes.iter().map(|node| (node.at.clone(), node.kind)).collect(),
            false => BTreeMap::new(),
        };
        for node in nodes.iter() {
            self.reference(node, &kinds);
        }
        self.cycles();
    }

    /// `kinds` are the kinds of all nodes, if a reference leads to a part of a component.
    fn reference(&mut self, node: &Node<'_>, kinds: &BTreeMap<Pointer, ObjectKind>) {
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
        self.target(node, reference, kinds);
    }

    fn target(&mut self, node: &Node<'_>, reference: &str, kinds: &BTreeMap<Pointer, ObjectKind>) {
        let target = Pointer::from_reference(reference);
        let found = target
            .as_ref()
            .filter(|target| self.tree().pointer(target.as_str()).is_some());
        let Some(target) = found else {
            let message = format!("the reference `{reference}` leads nowhere");
            let remedy = "Correct the name, or describe the component.";
            self.report("reference-target", &node.at, &message, remedy);
            return;
        };
        // Path items are not components; the path has a finding of its own.
        let Some(expected) = node.kind.components() else { return };
        let list = list_of_components(target);
        let is_wrong = match &list {
            Some(list) => list != expected,
            None => kinds.get(target).is_some_and(|kind| *kind != node.kind),
        };
        if is_wrong {
            let noun = kinds.get(target).map(|kind| format!("a {}", kind.noun()));
            let found = list.or(noun).unwrap_or_default();
            let message = format!(
                "the reference `{reference}` leads to {found}, but this must be a {}",
                node.kind.noun()
            );
            let remedy = format!("Refer to a component under #/components/{expected}.");
            self.report("reference-target", &node.at, &message, &remedy);
        } else if list.is_none() {
            let message = format!("the reference `{reference}` leads to a part of the document that has no name");
            let remedy = format!("Move the part to #/components/{expected}, and refer to it in both places.");
            self.report("reference-inner", &node.at, &message, &remedy);
        }
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

/// The references to other documents in an object: in its place, or in the place of one of its
/// maps.
fn to_other_documents<'t>(node: &Node<'t>) -> Vec<(Pointer, &'t str)> {
    // An empty reference is to the document that contains it.
    let is_other = |reference: &&str| !reference.is_empty() && !reference.starts_with('#');
    let own = refs::reference(node.value).filter(is_other);
    let mut found: Vec<(Pointer, &str)> = own.map(|reference| (node.at.clone(), reference)).into_iter().collect();
    if node.reference().is_none() {
        for key in node
            .kind
            .keys()
            .iter()
            .filter(|key| matches!(key.shape, ValueKind::Map(_)))
        {
            let reference = node.value.get(key.name).and_then(refs::reference).filter(is_other);
            found.extend(reference.map(|reference| (node.at.child(key.name), reference)));
        }
    }
    found
}

/// Whether a node is a reference to something else than a component.
fn is_inner(node: &Node<'_>) -> bool {
    let target = node.reference().and_then(Pointer::from_reference);
    target.is_some_and(|target| list_of_components(&target).is_none())
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
    open.extend(
        nodes
            .iter()
            .filter_map(Node::reference)
            .filter_map(Pointer::from_reference),
    );
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
