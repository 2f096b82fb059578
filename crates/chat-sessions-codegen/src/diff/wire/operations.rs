//! Pairs the operations of two documents, and compares their paths, ids and security.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::comparer::Comparer;
use crate::diff::change::{Compatibility, Side};
use crate::diff::names::operation_name;
use crate::spec::Pointer;
use crate::spec::refs::{self, Located, Operation};

impl<'s> Comparer<'s> {
    /// Pairs the operations: by method and path, then by operationId, then by method and path
    /// ignoring parameter names.
    pub(super) fn operations(&mut self) {
        let (old, new) = self.trees();
        let mut before = refs::operations(old);
        let mut after = refs::operations(new);
        let mut pairs = Vec::new();
        for same in [same_path, same_id, same_shape] {
            let mut index = 0;
            while index < before.len() {
                if let Some(other) = after.iter().position(|other| same(&before[index], other)) {
                    pairs.push((before.remove(index), after.remove(other)));
                } else {
                    index += 1;
                }
            }
        }
        for gone in &before {
            let message = format!("{} {} was removed{}", method(gone), gone.path, known_as(old, gone));
            let kind = "operation-removed";
            self.add(
                kind,
                (Side::Sent, Compatibility::Breaking),
                Some(&gone.at),
                None,
                &message,
            );
        }
        for added in &after {
            let message = format!("{} {} was added{}", method(added), added.path, known_as(new, added));
            let kind = "operation-added";
            self.add(
                kind,
                (Side::Sent, Compatibility::Compatible),
                None,
                Some(&added.at),
                &message,
            );
        }
        for (old, new) in &pairs {
            self.operation(old, new);
        }
    }

    fn operation(&mut self, old: &Operation<'s>, new: &Operation<'s>) {
        let label = operation_name(self.new.tree(), new.path, new.method).0;
        let mut path_names = BTreeMap::new();
        if shape(old.path) != shape(new.path) || old.method != new.method {
            let message = format!(
                "{label} moved from {} {} to {} {}",
                method(old),
                old.path,
                method(new),
                new.path
            );
            let on = (Side::Sent, Compatibility::Breaking);
            self.add("operation-moved", on, Some(&old.at), Some(&new.at), &message);
        } else if old.path != new.path {
            let message = format!(
                "{label} has other parameter names in its path: {} instead of {}",
                new.path, old.path
            );
            self.note("path-names", Some(&old.at), Some(&new.at), &message);
            path_names.extend(braces(old.path).into_iter().zip(braces(new.path)));
        }
        if operation_id(old) != operation_id(new) {
            let [before, after] = [old, new].map(|operation| operation_id(operation).unwrap_or("none"));
            let message = format!(
                "the operation {} {} has the id `{after}` instead of `{before}`",
                method(new),
                new.path
            );
            let at = [old, new].map(|operation| operation.at.child("operationId"));
            self.note("operation-renamed", Some(&at[0]), Some(&at[1]), &message);
        }
        let found = |operation: &Operation<'s>| Located {
            at: operation.at.clone(),
            value: operation.value,
        };
        let texts = ["summary", "description", "tags", "deprecated", "externalDocs"];
        self.notes(&found(old), &found(new), &texts);
        self.parameters(old, new, &path_names);
        self.body(old, new, &label);
        self.responses(old, new, &label);
        self.security(old, new, &label);
    }

    /// Security is a list of alternatives, each a set of schemes that are needed together.
    fn security(&mut self, old: &Operation<'s>, new: &Operation<'s>, label: &str) {
        let (before, old_at) = security(self.old.tree(), old);
        let (after, new_at) = security(self.new.tree(), new);
        if before == after {
            return;
        }
        let inherited = old_at.as_str() == "/security" && new_at.as_str() == "/security";
        let who = if inherited {
            "the API".to_owned()
        } else {
            label.to_owned()
        };
        let words = |ways: &BTreeSet<String>| -> String {
            let ways: Vec<&str> = ways.iter().map(String::as_str).collect();
            ways.join(" or ")
        };
        let open = "no key".to_owned();
        // An alternative that still exists keeps working.
        let lost = before.iter().any(|way| !after.contains(way)) && !after.contains(&open);
        let wire = if lost {
            Compatibility::Breaking
        } else {
            Compatibility::Compatible
        };
        let message = format!("{who} requires {} instead of {}", words(&after), words(&before));
        let kind = "security-changed";
        self.add(kind, (Side::Sent, wire), Some(&old_at), Some(&new_at), &message);
    }
}

fn same_path(old: &Operation<'_>, new: &Operation<'_>) -> bool {
    (old.path, old.method) == (new.path, new.method)
}

fn same_id(old: &Operation<'_>, new: &Operation<'_>) -> bool {
    operation_id(old).is_some() && operation_id(old) == operation_id(new)
}

fn same_shape(old: &Operation<'_>, new: &Operation<'_>) -> bool {
    (shape(old.path), old.method) == (shape(new.path), new.method)
}

fn operation_id<'t>(operation: &Operation<'t>) -> Option<&'t str> {
    operation.value.get("operationId")?.as_str()
}

fn method(operation: &Operation<'_>) -> String {
    operation.method.to_uppercase()
}

fn known_as(tree: &Value, operation: &Operation<'_>) -> String {
    let (_, id) = operation_name(tree, operation.path, operation.method);
    id.map(|id| format!(" (`{id}`)")).unwrap_or_default()
}

/// The parameter names in a path.
fn braces(path: &str) -> Vec<&str> {
    let parts = path.split('{').skip(1);
    parts
        .filter_map(|part| part.split_once('}').map(|(name, _)| name))
        .collect()
}

/// A path without its parameter names, which are not on the wire.
fn shape(path: &str) -> String {
    braces(path)
        .into_iter()
        .fold(path.to_owned(), |path, name| path.replace(&format!("{{{name}}}"), "{}"))
}

/// The security alternatives of an operation, its own or the document's, and their pointer.
fn security(tree: &Value, operation: &Operation<'_>) -> (BTreeSet<String>, Pointer) {
    let own = operation.value.get("security");
    let at = match own {
        Some(_) => operation.at.child("security"),
        None => Pointer::root().child("security"),
    };
    let ways = own.or_else(|| tree.get("security")).and_then(Value::as_array);
    let mut all: BTreeSet<String> = ways
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .map(|way| {
            let schemes = way.iter().map(|(name, scopes)| match scopes.as_array() {
                Some(scopes) if !scopes.is_empty() => {
                    let scopes: Vec<&str> = scopes.iter().filter_map(Value::as_str).collect();
                    format!("`{name}` ({})", scopes.join(", "))
                }
                _ => format!("`{name}`"),
            });
            let schemes: Vec<String> = schemes.collect();
            if schemes.is_empty() {
                "no key".to_owned()
            } else {
                schemes.join(" and ")
            }
        })
        .collect();
    if all.is_empty() {
        all.insert("no key".to_owned());
    }
    (all, at)
}
