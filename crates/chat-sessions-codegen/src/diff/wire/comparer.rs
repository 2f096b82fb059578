//! Collects the changes between two documents.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::diff::change::{Change, Compatibility, Effect, NodeLocation, Side};
use crate::diff::names::names;
use crate::diff::words::{value_text, with_article};
use crate::spec::refs::Located;
use crate::spec::{Pointer, Spec, sentence};

/// Compares two documents and collects the changes.
pub(super) struct Comparer<'s> {
    pub(super) old: &'s Spec,
    pub(super) new: &'s Spec,
    pub(super) changes: Vec<Change>,
    /// The pairs of schemas already compared, by direction, since most are reached several times.
    pub(super) seen: BTreeSet<(Pointer, Pointer, Side)>,
    /// The components that were renamed, by their old name.
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

    /// Adds a change of the set of valid values; variance decides whether it is breaking.
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

    /// Adds a change that affects no program.
    pub(super) fn note(&mut self, kind: &'static str, old: Option<&Pointer>, new: Option<&Pointer>, message: &str) {
        self.add(kind, (Side::Neither, Compatibility::Same), old, new, message);
    }

    /// The name of a new node in a sentence.
    pub(super) fn label(&self, new: &Pointer) -> String {
        names(self.new.tree(), new).label
    }

    /// The name of an old node in a sentence.
    pub(super) fn old_label(&self, old: &Pointer) -> String {
        names(self.old.tree(), old).label
    }

    /// Compares members that are for people, of which only equality matters.
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
            let noun = if name.ends_with('s') {
                name.to_owned()
            } else {
                with_article(name)
            };
            let (kind, message) = match (name, before, after) {
                ("x-evidence", _, after) => (
                    "evidence",
                    format!("the evidence of {label} is now {}", evidence(after)),
                ),
                ("x-lowering", _, Some(mark)) => (
                    "lowering",
                    format!("{label} now has the lowering mark {}", value_text(mark)),
                ),
                ("x-lowering", ..) => ("lowering", format!("{label} no longer has a lowering mark")),
                ("deprecated", _, Some(Value::Bool(true))) => ("deprecated", format!("{label} is now deprecated")),
                ("deprecated", ..) => ("deprecated", format!("{label} is no longer deprecated")),
                (_, None, _) => (kind_of(name), format!("{label} now has {noun}")),
                (_, _, None) => (kind_of(name), format!("{label} no longer has {noun}")),
                (_, Some(Value::String(before)), Some(Value::String(after))) => (
                    kind_of(name),
                    format!("the {name} of {label} changed: {}", excerpt(before, after)),
                ),
                _ => (kind_of(name), format!("the {name} of {label} changed")),
            };
            self.note(kind, old_at.as_ref(), new_at.as_ref(), &message);
        }
    }

    /// A schema that is used in both directions reports each change twice. They are merged into one
    /// with the more severe effect.
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

/// The kind of a note, by the member that it is about.
fn kind_of(member: &str) -> &'static str {
    match member {
        "description" | "summary" => "description",
        "title" => "title",
        "example" | "examples" => "example",
        "tags" => "tags",
        _ => "annotation",
    }
}

/// The difference between two texts: the words between their common start and end.
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
        ([], []) => "only whitespace".to_owned(),
        (gone, []) => format!("without {}", quote(gone)),
        ([], fresh) => format!("with {}", quote(fresh)),
        (gone, fresh) => format!("{} instead of {}", quote(fresh), quote(gone)),
    }
}

/// The evidence of a node in words.
fn evidence(marks: Option<&Value>) -> String {
    let words: Vec<&str> = match marks {
        Some(Value::String(mark)) => vec![mark],
        Some(Value::Array(marks)) => marks.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if words.is_empty() {
        return "missing".to_owned();
    }
    words.join(", ")
}
