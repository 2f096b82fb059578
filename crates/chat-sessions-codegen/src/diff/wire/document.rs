//! Compares what two documents say about the API as a whole: version, servers and security schemes.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use super::comparer::Comparer;
use crate::diff::change::{Change, Compatibility, Side};
use crate::diff::words::value_text;
use crate::spec::normal::wire;
use crate::spec::refs::{self, Located};
use crate::spec::{Pointer, Spec};

/// Every change between two documents, in the order of the new text.
pub(in crate::diff) fn changes(old: &Spec, new: &Spec) -> Vec<Change> {
    let mut comparer = Comparer::new(old, new);
    comparer.find_renamed_components();
    comparer.info();
    let root = |value| Located {
        at: Pointer::root(),
        value,
    };
    comparer.servers(&root(old.tree()), &root(new.tree()), "");
    comparer.security_schemes();
    comparer.unresolved();
    comparer.operations();
    comparer.components();
    comparer.run_tasks();
    comparer.finish()
}

impl<'s> Comparer<'s> {
    fn info(&mut self) {
        let (old, new) = self.trees();
        let at = Pointer::root().child("info");
        let none = Value::Null;
        let [before, after] = [old, new].map(|tree| tree.get("info").unwrap_or(&none));
        let version = |info: &Value| info.get("version").map(value_text).unwrap_or_default();
        if before.get("version") != after.get("version") {
            let place = at.child("version");
            let message = format!("the API version is {} instead of {}", version(after), version(before));
            self.note("version", Some(&place), Some(&place), &message);
        }
        let found = |value| Located { at: at.clone(), value };
        let members = ["title", "description", "termsOfService", "contact", "license"];
        self.notes(&found(before), &found(after), &members);
        let root = |value| Located {
            at: Pointer::root(),
            value,
        };
        self.notes(&root(old), &root(new), &["tags", "externalDocs"]);
    }

    /// What a reference to another file leads to is not known, nor is what leads nowhere.
    fn unresolved(&mut self) {
        let (old, new) = self.trees();
        if old == new {
            return;
        }
        let find = |tree: &'s Value| {
            let mut found = BTreeMap::new();
            let mut known = HashMap::new();
            find_unresolved(tree, (tree, false), &mut Vec::new(), &mut known, &mut found);
            found
        };
        let (before, after) = (find(old), find(new));
        let mut open = after.iter().chain(&before).filter(|(at, reference)| {
            let is_elsewhere = Pointer::from_reference(reference).is_none();
            is_elsewhere || before.get(at) != after.get(at)
        });
        if let Some((at, reference)) = open.next() {
            let message = format!("cannot tell: what `{reference}` leads to is not in the document; bundle it first");
            let at = (
                before.contains_key(at).then_some(at),
                after.contains_key(at).then_some(at),
            );
            self.add(
                "cannot-tell",
                (Side::Both, Compatibility::Breaking),
                at.0,
                at.1,
                &message,
            );
        }
    }

    /// Compares the servers of two objects by URL. The first one is the default of a client.
    pub(super) fn servers(&mut self, old: &Located<'s>, new: &Located<'s>, owner: &str) {
        let urls = |found: &Located<'s>| -> Vec<(String, Located<'s>)> {
            let at = found.at.child("servers");
            let servers = refs::items(found.value, "servers").enumerate();
            let servers = servers.filter_map(|(index, value)| {
                let at = at.child(index);
                Some((wire::server_url(value.get("url")?.as_str()?), Located { at, value }))
            });
            let mut servers: Vec<_> = servers.collect();
            if servers.is_empty() {
                servers.push((
                    "/".to_owned(),
                    Located {
                        at,
                        value: &Value::Null,
                    },
                ));
            }
            servers
        };
        let (before, after) = (urls(old), urls(new));
        for (url, server) in &after {
            match before.iter().find(|(other, _)| other == url) {
                Some((_, was)) => {
                    self.meet(&was.at, &server.at);
                    self.notes(was, server, &["description"]);
                    self.variables(was, server, url);
                }
                None => {
                    let message = format!("the server `{url}`{owner} was added");
                    let on = (Side::Sent, Compatibility::Compatible);
                    self.add("server-added", on, None, Some(&server.at), &message);
                }
            }
        }
        for (url, server) in &before {
            if !after.iter().any(|(other, _)| other == url) {
                let message = format!("the server `{url}`{owner} was removed");
                let on = (Side::Sent, Compatibility::Breaking);
                self.add("server-removed", on, Some(&server.at), None, &message);
            }
        }
        if let ([(was, _), _, ..], [(is, at), ..]) = (before.as_slice(), after.as_slice())
            && was != is
            && before.iter().any(|(other, _)| other == is)
        {
            let message = format!("the server `{is}`{owner} is now the first");
            self.note("server-order", Some(&old.at.child("servers")), Some(&at.at), &message);
        }
    }

    /// Compares the variables of a server: their defaults, and the values that are allowed.
    fn variables(&mut self, old: &Located<'s>, new: &Located<'s>, url: &str) {
        for (name, after) in refs::members(new.value, "variables") {
            let before = old
                .value
                .get("variables")
                .and_then(|all| all.get(name))
                .unwrap_or(&Value::Null);
            let values = |variable: &Value| {
                let values = variable.get("enum").and_then(Value::as_array);
                values.map(|values| values.iter().map(Value::to_string).collect::<BTreeSet<String>>())
            };
            let (was, is) = (values(before), values(after));
            let narrows = match (&was, &is) {
                (Some(was), Some(is)) => !was.is_subset(is),
                (None, is) => is.is_some(),
                (_, None) => false,
            };
            let wire = match before.get("default") != after.get("default") || narrows {
                true => Compatibility::Breaking,
                false if was != is => Compatibility::Compatible,
                false => continue,
            };
            let at = [old, new].map(|found| found.at.below(&["variables", name]));
            let message = format!("the variable `{name}` of the server `{url}` has other values");
            self.add(
                "server-variable",
                (Side::Sent, wire),
                Some(&at[0]),
                Some(&at[1]),
                &message,
            );
        }
    }
}

/// Finds the references to what is not in the document. Names such as those of properties may be
/// anything, and what is below examples and extensions is not part of the document.
fn find_unresolved<'t>(
    tree: &'t Value,
    (node, are_names): (&'t Value, bool),
    path: &mut Vec<Cow<'t, str>>,
    known: &mut HashMap<&'t str, bool>,
    found: &mut BTreeMap<Pointer, String>,
) {
    const NAMES: [&str; 13] = [
        "callbacks",
        "content",
        "encoding",
        "headers",
        "links",
        "mapping",
        "parameters",
        "paths",
        "properties",
        "requestBodies",
        "responses",
        "schemas",
        "securitySchemes",
    ];
    const DATA: [&str; 5] = ["default", "enum", "example", "examples", "value"];
    match node {
        Value::Object(members) => {
            let reference = refs::reference(node).filter(|_| !are_names);
            if let Some(reference) = reference {
                let is_known = *known.entry(reference).or_insert_with(|| {
                    let target = Pointer::from_reference(reference);
                    target.is_some_and(|target| tree.pointer(target.as_str()).is_some())
                });
                if !is_known {
                    let steps: Vec<&str> = path.iter().map(AsRef::as_ref).collect();
                    found.insert(Pointer::root().below(&steps), reference.to_owned());
                }
            }
            for (name, value) in members {
                if are_names || !(DATA.contains(&name.as_str()) || name.starts_with("x-")) {
                    path.push(Cow::Borrowed(name));
                    let are_names = !are_names && NAMES.contains(&name.as_str());
                    find_unresolved(tree, (value, are_names), path, known, found);
                    path.pop();
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(Cow::Owned(index.to_string()));
                find_unresolved(tree, (item, false), path, known, found);
                path.pop();
            }
        }
        _ => {}
    }
}
