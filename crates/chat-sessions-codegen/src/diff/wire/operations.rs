//! Pairs the operations of two documents, and compares their paths, ids and security.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use super::comparer::Comparer;
use super::security::scheme_identity;
use super::verdicts::Condition;
use crate::diff::change::{Compatibility, Side};
use crate::diff::names::operation_name;
use crate::spec::Pointer;
use crate::spec::normal::wire;
use crate::spec::refs::{self, Located, Operation};

impl<'s> Comparer<'s> {
    /// Pairs the operations: by method and path, then by method and path ignoring the names of
    /// parameters, which are not on the wire, then by operationId.
    pub(super) fn operations(&mut self) {
        let (old, new) = self.trees();
        let mut before: Vec<_> = operations(old).into_iter().map(Some).collect();
        let mut after: Vec<_> = operations(new).into_iter().map(Some).collect();
        let mut pairs = Vec::new();
        for key in [exact_path, path_shape, operation_key] {
            let mut waiting: HashMap<String, Vec<usize>> = HashMap::new();
            for (index, operation) in after.iter().enumerate().rev() {
                if let Some(key) = operation.as_ref().and_then(key) {
                    waiting.entry(key).or_default().push(index);
                }
            }
            for place in &mut before {
                let other = place
                    .as_ref()
                    .and_then(key)
                    .and_then(|key| waiting.get_mut(&key)?.pop());
                if let Some(other) = other.and_then(|index| after[index].take())
                    && let Some(operation) = place.take()
                {
                    pairs.push((operation, other));
                }
            }
        }
        let (before, after): (Vec<_>, Vec<_>) = (
            before.into_iter().flatten().collect(),
            after.into_iter().flatten().collect(),
        );
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
        self.meet(&old.at, &new.at);
        let mut path_names = BTreeMap::new();
        if wire::path(old.path) != wire::path(new.path) || old.method != new.method {
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
        self.content_of(old, new, &path_names, &label);
        self.security(old, new, &label);
        self.operation_servers(old, new, &label);
        self.callbacks(old, new, &label);
        self.run_tasks();
    }

    /// Compares what is sent and received.
    fn content_of(&mut self, old: &Operation<'s>, new: &Operation<'s>, names: &BTreeMap<&str, &str>, label: &str) {
        self.parameters(old, new, names);
        self.body(old, new, label);
        self.responses(old, new, label);
    }

    /// Callbacks, in which the provider is the client, are compared only for equality.
    fn callbacks(&mut self, old: &Operation<'s>, new: &Operation<'s>, label: &str) {
        let find = |tree: &'s Value, operation: &Operation<'s>| {
            let at = operation.at.child("callbacks");
            let callbacks = refs::members(operation.value, "callbacks").filter_map(|(name, value)| {
                let at = at.child(name);
                Some((name, refs::resolve(tree, Located { at, value })?))
            });
            let operations = callbacks.flat_map(|(name, callback)| {
                let operations = refs::path_items(tree, &callback).into_iter();
                operations.map(move |found| (format!("{name} {} {}", found.path, found.method), found))
            });
            operations.collect::<BTreeMap<String, Operation<'s>>>()
        };
        let (before, after) = (find(self.old.tree(), old), find(self.new.tree(), new));
        if before.is_empty() && after.is_empty() {
            return;
        }
        let (outer, mode) = (self.pair, self.mode);
        let pair = self.verdicts.add_pair();
        if !before.keys().eq(after.keys()) {
            self.verdicts.add(pair, Compatibility::Breaking);
        }
        (self.pair, self.mode.is_quiet) = (Some(pair), true);
        for (key, one) in &before {
            if let Some(other) = after.get(key) {
                let is_met = self.old.compared.contains(&one.at) && self.new.compared.contains(&other.at);
                self.meet(&one.at, &other.at);
                self.content_of(one, other, &BTreeMap::new(), label);
                let (item, other_item) = (
                    one.at.parent().unwrap_or_default(),
                    other.at.parent().unwrap_or_default(),
                );
                let servers =
                    |tree: &'s Value, item: &Pointer| tree.pointer(item.as_str()).and_then(|item| item.get("servers"));
                let is_same = servers(self.old.tree(), &item) == servers(self.new.tree(), &other_item)
                    && ["security", "servers"]
                        .iter()
                        .all(|name| one.value.get(name) == other.value.get(name));
                if !is_same {
                    self.verdicts.add(pair, Compatibility::Breaking);
                }
                if !is_met {
                    self.callbacks(one, other, label);
                }
            }
        }
        (self.pair, self.mode) = (outer, mode);
        self.mode.side = Side::Both;
        let at = [old, new].map(|operation| operation.at.child("callbacks"));
        let message = format!("cannot tell: the callbacks of {label} have changed");
        self.check(
            (vec![pair], Condition::Differs),
            "cannot-tell",
            (&at[0], &at[1]),
            &message,
        );
        self.mode = mode;
    }

    /// Compares the servers of an operation if they are not those of the document.
    fn operation_servers(&mut self, old: &Operation<'s>, new: &Operation<'s>, label: &str) {
        let own = |tree: &'s Value, operation: &Operation<'s>| {
            let item = operation.at.parent().unwrap_or_default();
            let node = |at: &Pointer| tree.pointer(at.as_str()).filter(|node| node.get("servers").is_some());
            let found = [operation.at.clone(), item]
                .into_iter()
                .find_map(|at| Some((node(&at)?, at)));
            found.map(|(value, at)| Located { at, value })
        };
        let (before, after) = (own(self.old.tree(), old), own(self.new.tree(), new));
        if before.is_none() && after.is_none() {
            return;
        }
        let root = |value: &'s Value| Located {
            at: Pointer::root(),
            value,
        };
        let (old_tree, new_tree) = self.trees();
        let (before, after) = (
            before.unwrap_or_else(|| root(old_tree)),
            after.unwrap_or_else(|| root(new_tree)),
        );
        self.servers(&before, &after, &format!(" of {label}"));
    }

    /// Security is a list of alternatives, each a set of schemes that are needed together.
    fn security(&mut self, old: &Operation<'s>, new: &Operation<'s>, label: &str) {
        let (old_tree, new_tree) = self.trees();
        let (before, old_at) = security(old_tree, new_tree, old);
        let (after, new_at) = security(new_tree, old_tree, new);
        let ways = |all: &[Way]| -> BTreeSet<_> { all.iter().map(|way| way.schemes.clone()).collect() };
        if ways(&before) == ways(&after) {
            return;
        }
        let inherited = old_at.as_str() == "/security" && new_at.as_str() == "/security";
        let who = if inherited {
            "the API".to_owned()
        } else {
            label.to_owned()
        };
        let words = |ways: &[Way]| -> String {
            let ways: BTreeSet<&str> = ways.iter().map(|way| way.words.as_str()).collect();
            let ways: Vec<&str> = ways.into_iter().collect();
            ways.join(" or ")
        };
        // An alternative keeps working while another requires no more than it.
        let works = |way: &Way| after.iter().any(|other| other.requires_at_most(way));
        let wire = if before.iter().all(works) {
            Compatibility::Compatible
        } else {
            Compatibility::Breaking
        };
        let message = format!("{who} requires {} instead of {}", words(&after), words(&before));
        let kind = "security-changed";
        self.add(kind, (Side::Sent, wire), Some(&old_at), Some(&new_at), &message);
    }
}

/// One alternative of the security of an operation: the schemes that are needed together, each with
/// its scopes.
struct Way {
    schemes: BTreeMap<String, BTreeSet<String>>,
    words: String,
}

impl Way {
    fn requires_at_most(&self, other: &Self) -> bool {
        self.schemes.iter().all(|(scheme, scopes)| {
            let given = other.schemes.get(scheme);
            given.is_some_and(|given| scopes.is_subset(given))
        })
    }
}

/// Every operation, also those of a path item that is a reference.
fn operations(tree: &Value) -> Vec<Operation<'_>> {
    let mut found = refs::operations(tree);
    for (path, value) in refs::members(tree, "paths").filter(|(_, item)| refs::reference(item).is_some()) {
        let at = Pointer::root().below(&["paths", path]);
        let item = refs::resolve(tree, Located { at, value });
        found.extend(item.iter().flat_map(|item| refs::path_item(tree, path, item)));
    }
    found
}

fn exact_path(operation: &Operation<'_>) -> Option<String> {
    Some(format!("{} {}", operation.method, operation.path))
}

fn path_shape(operation: &Operation<'_>) -> Option<String> {
    Some(format!("{} {}", operation.method, wire::path(operation.path)))
}

fn operation_key(operation: &Operation<'_>) -> Option<String> {
    operation_id(operation).map(str::to_owned)
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

/// The security alternatives of an operation, its own or the document's, and their pointer.
fn security(tree: &Value, other: &Value, operation: &Operation<'_>) -> (Vec<Way>, Pointer) {
    let own = operation.value.get("security");
    let at = match own {
        Some(_) => operation.at.child("security"),
        None => Pointer::root().child("security"),
    };
    let scheme = |tree: &Value, name: &str| tree.get("components")?.get("securitySchemes")?.get(name).cloned();
    // A scheme that was renamed is known by what it requires.
    let identity = |name: &String| match scheme(tree, name) {
        Some(found) if scheme(other, name).is_none() => scheme_identity(&found, &|_| true),
        _ => name.clone(),
    };
    let ways = own.or_else(|| tree.get("security")).and_then(Value::as_array);
    let mut all: Vec<Way> = ways
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .map(|way| {
            let scopes = |scopes: &Value| -> BTreeSet<String> {
                let scopes = scopes.as_array().into_iter().flatten();
                scopes.filter_map(Value::as_str).map(str::to_owned).collect()
            };
            let words = way.iter().map(|(name, value)| {
                let scopes: Vec<String> = scopes(value).into_iter().collect();
                match scopes.as_slice() {
                    [] => format!("`{name}`"),
                    scopes => format!("`{name}` ({})", scopes.join(", ")),
                }
            });
            let words: Vec<String> = words.collect();
            Way {
                schemes: way
                    .iter()
                    .map(|(name, value)| (identity(name), scopes(value)))
                    .collect(),
                words: if words.is_empty() {
                    "no key".to_owned()
                } else {
                    words.join(" and ")
                },
            }
        })
        .collect();
    if all.is_empty() {
        all.push(Way {
            schemes: BTreeMap::new(),
            words: "no key".to_owned(),
        });
    }
    (all, at)
}
