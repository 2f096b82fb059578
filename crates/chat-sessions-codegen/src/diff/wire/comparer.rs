//! Two documents: what is said about the API as a whole, the pairing of their operations, and the
//! schemas that none reaches.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::diff::change::{Change, Compatibility, Effect, NodeLocation, Side};
use crate::diff::names::names;
use crate::diff::words::{value_text, with_article};
use crate::spec::refs::Located;
use crate::spec::{Pointer, Spec, sentence};

/// Compares two documents and collects what is different.
pub(super) struct Comparer<'s> {
    pub(super) old: &'s Spec,
    pub(super) new: &'s Spec,
    pub(super) changes: Vec<Change>,
    /// The pairs of schemas that were compared, on which side, since most are reached several
    /// times.
    pub(super) seen: BTreeSet<(Pointer, Pointer, Side)>,
    /// The components that only changed their name.
    pub(super) renamed: BTreeMap<String, String>,
}

impl<'s> Comparer<'s> {
    pub(super) fn new(old: &'s Spec, new: &'s Spec) -> Self {
        Self {
            old,
            new,
            changes: Vec::new(),
            seen: BTreeSet::new(),
            renamed: BTreeMap::new(),
        }
    }

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
            old: old.map(|at| NodeLocation::of(self.old, at)),
            new: new.map(|at| NodeLocation::of(self.new, at)),
            rust: Vec::new(),
            facade: Vec::new(),
            shares_rust_change: false,
            still_rejected: false,
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

    /// Compares what is written for people: members of two nodes of which no program knows more
    /// than whether they are equal.
    pub(super) fn notes(&mut self, old: &Located<'_>, new: &Located<'_>, members: &[&str]) {
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

    /// A schema that is met on both sides gives each change twice; they become one, as grave as the
    /// graver one.
    pub(super) fn finish(mut self) -> Vec<Change> {
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
            let location = |node: &NodeLocation| node.location;
            (
                change.location().and_then(location),
                change.kind,
                change.message.clone(),
            )
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

/// What is different between two texts for people: the words between those that they have in
/// common.
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
