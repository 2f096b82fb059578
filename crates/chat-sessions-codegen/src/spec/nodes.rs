//! Finds every object of a document by following the grammar, in document order.
//!
//! What is not part of the grammar is skipped here and reported by `lint/check/keywords`.

use chat_sessions_yaml::Pointer;
use serde_json::Value;

use super::grammar::{ObjectKind, ValueKind};
use super::refs;

/// An object of the document, or a reference that replaces one.
#[derive(Clone)]
pub(crate) struct Node<'t> {
    pub(crate) kind: ObjectKind,
    pub(crate) at: Pointer,
    pub(crate) value: &'t Value,
    /// Whether the author chose its name, as for components, properties and examples.
    pub(crate) is_named: bool,
}

impl<'t> Node<'t> {
    /// The `$ref` that replaces this object, if there is one.
    pub(crate) fn reference(&self) -> Option<&'t str> {
        refs::reference(self.value).filter(|_| self.kind.is_referable())
    }
}

/// Walks a document from its root. References are not followed, so every object occurs once.
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
                // Names are free everywhere else, and there a name that starts with `x-` is an
                // ordinary name.
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

/// Whether a key is an extension, which OpenAPI lets anybody define.
pub(crate) fn is_extension(name: &str) -> bool {
    name.starts_with("x-")
}
