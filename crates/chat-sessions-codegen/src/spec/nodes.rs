//! Every object of a document, found once along the grammar, in the order of the text's tree.
//!
//! What does not follow the grammar is left out here; `check/keywords` says so.

use serde_json::Value;

use super::grammar::{ObjectKind, ValueKind};
use super::pointer::Pointer;
use super::refs;

/// An object of the document, or a reference in its place.
#[derive(Clone)]
pub(crate) struct Node<'t> {
    pub(crate) kind: ObjectKind,
    pub(crate) at: Pointer,
    pub(crate) value: &'t Value,
    /// Whether it has a name of the author's choice, as components, properties and examples have.
    pub(crate) is_named: bool,
}

impl<'t> Node<'t> {
    /// What the `$ref` in the place of this object says.
    pub(crate) fn reference(&self) -> Option<&'t str> {
        refs::reference(self.value).filter(|_| self.kind.is_referable())
    }
}

/// Walks a document from its root. References are not followed, so that every object comes once.
pub(crate) fn nodes(tree: &Value) -> Vec<Node<'_>> {
    let mut found = Vec::new();
    walk(ObjectKind::Document, Pointer::root(), tree, false, &mut found);
    found
}

fn walk<'t>(kind: ObjectKind, at: Pointer, value: &'t Value, is_named: bool, found: &mut Vec<Node<'t>>) {
    let node = Node {
        kind,
        at,
        value,
        is_named,
    };
    let is_reference = node.reference().is_some();
    found.push(node.clone());
    let Some(members) = value.as_object().filter(|_| !is_reference) else {
        return;
    };
    if kind == ObjectKind::Callback {
        for (name, value) in members.iter().filter(|(name, _)| !is_extension(name)) {
            walk(ObjectKind::PathItem, node.at.child(name), value, true, found);
        }
        return;
    }
    for key in kind.keys() {
        let Some(value) = members.get(key.name) else { continue };
        let at = node.at.child(key.name);
        match (key.shape, value) {
            (ValueKind::One(kind), _) => walk(kind, at, value, false, found),
            (ValueKind::FlagOrSchema, Value::Object(_)) => walk(ObjectKind::Schema, at, value, false, found),
            (ValueKind::List(kind), Value::Array(items)) => {
                for (index, value) in items.iter().enumerate() {
                    walk(kind, at.child(index), value, false, found);
                }
            }
            (ValueKind::Map(kind), Value::Object(members)) => {
                // Everywhere else the names are free, and one that begins with `x-` is a name like
                // any other.
                let extensible = matches!(
                    (node.kind, key.name),
                    (ObjectKind::Document, "paths") | (ObjectKind::Operation, "responses")
                );
                for (name, value) in members.iter().filter(|(name, _)| !(extensible && is_extension(name))) {
                    walk(kind, at.child(name), value, true, found);
                }
            }
            _ => {}
        }
    }
}

/// Whether a key is one that OpenAPI leaves to everybody.
pub(crate) fn is_extension(name: &str) -> bool {
    name.starts_with("x-")
}
