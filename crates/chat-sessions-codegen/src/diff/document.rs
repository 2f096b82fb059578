//! Two documents: what is said about the API as a whole, the pairing of their operations, and the schemas that none reaches.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::change::{Change, Compatibility, Effect, Side, Spot};
use super::names::names;
use super::view::{value_text, with_article};
use crate::pointer::Pointer;
use crate::refs::{self, Found};
use crate::spec::{Spec, sentence};

/// Compares two documents and collects what is different.
pub(super) struct Comparer<'s> {
    pub(super) old: &'s Spec,
    pub(super) new: &'s Spec,
    pub(super) changes: Vec<Change>,
    /// The pairs of schemas that were compared, on which side, since most are reached several times.
    pub(super) seen: BTreeSet<(Pointer, Pointer, Side)>,
    /// The components that only changed their name.
    pub(super) renamed: BTreeMap<String, String>,
}

/// Every change between two documents, in the order of the new text.
pub(super) fn changes(old: &Spec, new: &Spec) -> Vec<Change> {
    let mut comparer = Comparer {
        old,
        new,
        changes: Vec::new(),
        seen: BTreeSet::new(),
        renamed: BTreeMap::new(),
    };
    comparer.find_renamed_components();
    comparer.info();
    comparer.servers();
    comparer.security_schemes();
    comparer.operations();
    comparer.components();
    comparer.finish()
}

impl<'s> Comparer<'s> {
    pub(super) fn trees(&self) -> (&'s Value, &'s Value) {
        (self.old.tree(), self.new.tree())
    }

    /// Adds a change. The message becomes a sentence.
    pub(super) fn add(
        &mut self,
        kind: &'static str,
        (side, wire): (Side, Compatibility),
        old: Option<&Pointer>,
        new: Option<&Pointer>,
        message: &str,
    ) {
        self.changes.push(Change {
            kind,
            side,
            wire,
            message: sentence(message),
            old: old.map(|at| Spot::of(self.old, at)),
            new: new.map(|at| Spot::of(self.new, at)),
            rust: Vec::new(),
            facade: Vec::new(),
            shared: false,
            refused: false,
        });
    }

    /// Adds a change of what is allowed, which variance judges.
    pub(super) fn add_effect(
        &mut self,
        kind: &'static str,
        (side, effect): (Side, Effect),
        old: Option<&Pointer>,
        new: Option<&Pointer>,
        message: &str,
    ) {
        self.add(kind, (side, effect.on(side)), old, new, message);
    }

    /// Adds something that no program notices.
    pub(super) fn note(&mut self, kind: &'static str, old: Option<&Pointer>, new: Option<&Pointer>, message: &str) {
        self.add(kind, (Side::Neither, Compatibility::Same), old, new, message);
    }

    /// What people call the new node.
    pub(super) fn label(&self, new: &Pointer) -> String {
        names(self.new.tree(), new).label
    }

    /// What people called the old node.
    pub(super) fn old_label(&self, old: &Pointer) -> String {
        names(self.old.tree(), old).label
    }

    /// Compares what is written for people: members of two nodes of which no program knows more than whether they are equal.
    pub(super) fn notes(&mut self, old: &Found<'_>, new: &Found<'_>, members: &[&str]) {
        let is_mark = |name: &String| name.starts_with("x-");
        let marks = [old.value, new.value]
            .into_iter()
            .filter_map(Value::as_object)
            .flat_map(|node| node.keys().filter(|name| is_mark(name)));
        let all: BTreeSet<&str> = members.iter().copied().chain(marks.map(String::as_str)).collect();
        for name in all {
            let (before, after) = (old.value.get(name), new.value.get(name));
            if before == after {
                continue;
            }
            let old_at = before.map(|_| old.at.child(name));
            let new_at = after.map(|_| new.at.child(name));
            let label = self.label(&new.at);
            let (kind, message) = match (name, before, after) {
                ("x-evidence", _, after) => ("evidence", format!("{label} is known {}", evidence(after))),
                ("x-lowering", _, Some(mark)) => {
                    ("lowering", format!("{label} is lowered as {} now", value_text(mark)))
                }
                ("x-lowering", ..) => ("lowering", format!("{label} has no mark for lowering any more")),
                ("deprecated", _, Some(Value::Bool(true))) => ("deprecated", format!("{label} is deprecated now")),
                ("deprecated", ..) => ("deprecated", format!("{label} is not deprecated any more")),
                (_, None, _) => (kind_of(name), format!("{label} has {} now", with_article(name))),
                (_, _, None) => (kind_of(name), format!("{label} has no {name} any more")),
                (_, Some(Value::String(before)), Some(Value::String(after))) => (
                    kind_of(name),
                    format!("{label} has another {name}: {}", excerpt(before, after)),
                ),
                _ if name.ends_with('s') => (kind_of(name), format!("{label} has other {name}")),
                _ => (kind_of(name), format!("{label} has another {name}")),
            };
            self.note(kind, old_at.as_ref(), new_at.as_ref(), &message);
        }
    }

    fn info(&mut self) {
        let (old, new) = self.trees();
        let at = Pointer::root().child("info");
        let none = Value::Null;
        let [before, after] = [old, new].map(|tree| tree.get("info").unwrap_or(&none));
        let version = |info: &Value| info.get("version").map(value_text).unwrap_or_default();
        if before.get("version") != after.get("version") {
            let place = at.child("version");
            let message = format!(
                "the API calls itself version {} instead of {}",
                version(after),
                version(before)
            );
            self.note("version", Some(&place), Some(&place), &message);
        }
        let found = |value| Found { at: at.clone(), value };
        let members = ["title", "description", "termsOfService", "contact", "license"];
        self.notes(&found(before), &found(after), &members);
        let root = |value| Found {
            at: Pointer::root(),
            value,
        };
        self.notes(&root(old), &root(new), &["tags", "externalDocs"]);
    }

    /// Servers are compared by their URL. The first one is where a client goes that was told nothing.
    fn servers(&mut self) {
        let (old, new) = self.trees();
        let at = Pointer::root().child("servers");
        let urls = |tree: &'s Value| -> Vec<(&'s str, Found<'s>)> {
            let servers = tree.get("servers").and_then(Value::as_array).into_iter().flatten();
            let servers = servers.enumerate().filter_map(|(index, value)| {
                let at = at.child(index);
                Some((value.get("url")?.as_str()?, Found { at, value }))
            });
            servers.collect()
        };
        let (before, after) = (urls(old), urls(new));
        for (url, server) in &after {
            match before.iter().find(|(other, _)| other == url) {
                Some((_, was)) => self.notes(was, server, &["description", "variables"]),
                None => {
                    let message = format!("the server `{url}` is new");
                    let on = (Side::Sent, Compatibility::Compatible);
                    self.add("server-added", on, None, Some(&server.at), &message);
                }
            }
        }
        for (url, server) in &before {
            if !after.iter().any(|(other, _)| other == url) {
                let message = format!("the server `{url}` is gone");
                let on = (Side::Sent, Compatibility::Breaking);
                self.add("server-removed", on, Some(&server.at), None, &message);
            }
        }
    }

    fn security_schemes(&mut self) {
        let (old, new) = self.trees();
        let at = Pointer::root().below(&["components", "securitySchemes"]);
        let schemes = |tree: &'s Value| -> BTreeMap<&'s String, &'s Value> {
            let components = tree.get("components");
            components
                .into_iter()
                .flat_map(|components| refs::members(components, "securitySchemes"))
                .collect()
        };
        let (before, after) = (schemes(old), schemes(new));
        for (name, scheme) in &after {
            let place = at.child(name);
            let Some(was) = before.get(name) else {
                let message = format!("the security scheme `{name}` is new: {}", scheme_words(scheme));
                self.note("security-scheme-added", None, Some(&place), &message);
                continue;
            };
            if scheme_words(was) != scheme_words(scheme) {
                let message = format!(
                    "the security scheme `{name}` is {} instead of {}",
                    scheme_words(scheme),
                    scheme_words(was)
                );
                let kind = "security-scheme-changed";
                self.add(
                    kind,
                    (Side::Sent, Compatibility::Breaking),
                    Some(&place),
                    Some(&place),
                    &message,
                );
            }
            let found = |value| Found {
                at: place.clone(),
                value,
            };
            self.notes(&found(was), &found(scheme), &["description", "bearerFormat"]);
        }
        for name in before.keys().filter(|name| !after.contains_key(*name)) {
            let message = format!("the security scheme `{name}` is gone");
            self.note("security-scheme-removed", Some(&at.child(name)), None, &message);
        }
    }

    /// A schema that is met on both sides gives each change twice; they become one, as grave as the graver one.
    fn finish(mut self) -> Vec<Change> {
        let mut merged: Vec<Change> = Vec::new();
        for change in self.changes.drain(..) {
            let same = merged.iter_mut().find(|other| {
                other.kind == change.kind
                    && other.message == change.message
                    && (&other.old, &other.new) == (&change.old, &change.new)
            });
            match same {
                Some(other) => {
                    if other.side != change.side {
                        other.side = Side::Both;
                    }
                    other.wire = other.wire.max(change.wire);
                }
                None => merged.push(change),
            }
        }
        merged.sort_by_cached_key(|change| {
            let place = |spot: &Spot| spot.place;
            (change.spot().and_then(place), change.kind, change.message.clone())
        });
        merged
    }
}

/// Notes by the names of the members that they are about.
fn kind_of(member: &str) -> &'static str {
    match member {
        "description" | "summary" => "description",
        "title" => "title",
        "example" | "examples" => "example",
        "tags" => "tags",
        _ => "annotation",
    }
}

/// What is different between two texts for people: the words between those that they have in common.
fn excerpt(before: &str, after: &str) -> String {
    const LONGEST: usize = 24;
    let (before, after): (Vec<&str>, Vec<&str>) =
        (before.split_whitespace().collect(), after.split_whitespace().collect());
    let start = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
    let (before, after) = (&before[start..], &after[start..]);
    let ends = before.iter().rev().zip(after.iter().rev());
    let end = ends.take_while(|(a, b)| a == b).count();
    let quote = |words: &[&str]| {
        let more = if words.len() > LONGEST { " …" } else { "" };
        format!("“{}{more}”", words[..words.len().min(LONGEST)].join(" "))
    };
    let (before, after) = (&before[..before.len() - end], &after[..after.len() - end]);
    match (before, after) {
        ([], []) => "only its spaces are different".to_owned(),
        (gone, []) => format!("without {}", quote(gone)),
        ([], fresh) => format!("with {}", quote(fresh)),
        (gone, fresh) => format!("{} in place of {}", quote(fresh), quote(gone)),
    }
}

/// How a thing is known, by its evidence marks.
fn evidence(marks: Option<&Value>) -> String {
    let words: Vec<&str> = match marks {
        Some(Value::String(mark)) => vec![mark],
        Some(Value::Array(marks)) => marks.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if words.is_empty() {
        return "without evidence".to_owned();
    }
    format!("from other evidence: {}", words.join(", "))
}

/// What a client does for a security scheme.
fn scheme_words(scheme: &Value) -> String {
    let text = |name: &str| scheme.get(name).and_then(Value::as_str).unwrap_or("?");
    match text("type") {
        "apiKey" => format!("a key in the {} `{}`", text("in"), text("name")),
        "http" => format!("HTTP {}", text("scheme")),
        other => {
            let details: Vec<String> = ["flows", "openIdConnectUrl"]
                .iter()
                .filter_map(|name| scheme.get(*name).map(Value::to_string))
                .collect();
            format!("{other} {}", details.join(" ")).trim_end().to_owned()
        }
    }
}
