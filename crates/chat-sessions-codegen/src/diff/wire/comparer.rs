//! Collects the changes between two documents.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::Value;

use super::sameness::Sameness;
use super::verdicts::{Check, Condition, Mode, Pair, Verdicts, Writing};
use super::version::Version;
use crate::diff::change::{Change, Compatibility, Effect, NodeLocation, Side};
use crate::diff::words::{value_text, with_article};
use crate::spec::normal::schema::Place;
use crate::spec::refs::Located;
use crate::spec::{Pointer, Spec, sentence};

/// Two places whose schemas are still to be compared.
pub(super) struct Task<'s> {
    pub(super) old: Place<'s>,
    pub(super) new: Place<'s>,
    pub(super) mode: Mode,
    pub(super) pair: Pair,
}

/// Compares two documents and collects the changes.
pub(super) struct Comparer<'s> {
    pub(super) old: Version<'s>,
    pub(super) new: Version<'s>,
    pub(super) changes: Vec<Change>,
    pub(super) sameness: Sameness,
    /// A queue instead of recursion, since documents are nested over thousands of components.
    pub(super) tasks: Vec<Task<'s>>,
    /// The places already compared, since most are reached several times.
    pub(super) met: HashSet<(usize, usize, Mode)>,
    /// The pairs of schemas that are compared beyond what depends on the place.
    pub(super) compared: HashSet<Pair>,
    pub(super) verdicts: Verdicts,
    /// What is being compared, and how.
    pub(super) pair: Option<Pair>,
    pub(super) mode: Mode,
    /// The components that were renamed, by their old name.
    pub(super) renamed: BTreeMap<String, String>,
}

impl<'s> Comparer<'s> {
    pub(super) fn new(old: &'s Spec, new: &'s Spec) -> Self {
        Self {
            old: Version::new(old),
            new: Version::new(new),
            changes: Vec::new(),
            sameness: Sameness::of(old.tree(), new.tree()),
            tasks: Vec::new(),
            met: HashSet::new(),
            compared: HashSet::new(),
            verdicts: Verdicts::default(),
            pair: None,
            mode: Mode {
                side: Side::Neither,
                writing: Writing::Json,
                is_quiet: false,
            },
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
        if let Some(pair) = self.pair {
            self.verdicts.add(pair, wire);
        }
        if !self.mode.is_quiet {
            let change = self.change(kind, (side, wire), old, new, message);
            self.changes.push(change);
        }
    }

    fn change(
        &self,
        kind: &'static str,
        (side, wire): (Side, Compatibility),
        old: Option<&Pointer>,
        new: Option<&Pointer>,
        message: &str,
    ) -> Change {
        Change {
            kind,
            side,
            wire,
            message: sentence(message),
            old: old.map(|at| NodeLocation::of(self.old.spec, at)),
            new: new.map(|at| NodeLocation::of(self.new.spec, at)),
            rust: Vec::new(),
            facade: Vec::new(),
            shares_rust_change: false,
            still_rejected: false,
        }
    }

    /// Adds a change of the set of valid values; variance decides whether it is breaking.
    pub(super) fn effect(
        &mut self,
        kind: &'static str,
        effect: Effect,
        old: Option<&Pointer>,
        new: Option<&Pointer>,
        message: &str,
    ) {
        let side = self.mode.side;
        self.add(kind, (side, effect.on(side)), old, new, message);
    }

    /// Adds a change whose effect is unknown, which counts as breaking.
    pub(super) fn cannot_tell(&mut self, old: &Pointer, new: &Pointer, what: &str) {
        let message = format!("cannot tell: {what}");
        self.effect("cannot-tell", Effect::Alters, Some(old), Some(new), &message);
    }

    /// Adds a change that is reported if the condition holds when everything is compared.
    pub(super) fn check(
        &mut self,
        (pairs, condition): (Vec<Pair>, Condition),
        kind: &'static str,
        (old, new): (&Pointer, &Pointer),
        message: &str,
    ) {
        let side = self.mode.side;
        let change = self.change(kind, (side, Effect::Alters.on(side)), Some(old), Some(new), message);
        self.verdicts.checks.push(Check {
            pairs,
            condition,
            owner: self.pair,
            is_quiet: self.mode.is_quiet,
            change,
        });
    }

    /// Adds a change that affects no program.
    pub(super) fn note(&mut self, kind: &'static str, old: Option<&Pointer>, new: Option<&Pointer>, message: &str) {
        self.add(kind, (Side::Neither, Compatibility::Same), old, new, message);
    }

    /// Notes that two objects are compared.
    pub(super) fn meet(&mut self, old: &Pointer, new: &Pointer) {
        self.old.compared.insert(old.clone());
        self.new.compared.insert(new.clone());
    }

    /// Whether two nodes mean the same because they are written the same.
    pub(super) fn is_same(&mut self, old: &Located<'s>, new: &Located<'s>) -> bool {
        let is_same = self.sameness.is_same(old, new);
        if is_same && old.at != new.at {
            self.old.settled.insert(old.at.clone());
            self.new.settled.insert(new.at.clone());
        }
        is_same
    }

    /// The name of a new node in a sentence.
    pub(super) fn label(&self, new: &Pointer) -> String {
        self.new.label(new)
    }

    /// The name of an old node in a sentence.
    pub(super) fn old_label(&self, old: &Pointer) -> String {
        self.old.label(old)
    }

    /// Compares members that are for people, of which only equality matters.
    pub(super) fn notes(&mut self, old: &Located<'_>, new: &Located<'_>, members: &[&str]) {
        if old.value == new.value {
            return;
        }
        let is_mark = |name: &&String| name.starts_with("x-");
        let nodes = [old.value, new.value].into_iter().filter_map(Value::as_object);
        let marks = nodes.flat_map(|node| node.keys().filter(is_mark));
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
        self.changes.extend(self.verdicts.finish());
        let mut merged: Vec<Change> = Vec::new();
        let mut places = HashMap::new();
        for change in self.changes {
            let pointer = |node: &Option<NodeLocation>| node.as_ref().map(|node| node.pointer.clone());
            let key = (
                change.kind,
                change.message.clone(),
                pointer(&change.old),
                pointer(&change.new),
            );
            let place = *places.entry(key).or_insert(merged.len());
            match merged.get_mut(place) {
                Some(other) => {
                    if other.side != change.side {
                        other.side = Side::Both;
                    }
                    other.wire = other.wire.max(change.wire);
                }
                None => merged.push(change),
            }
        }
        super::unreported::add_unreported(&mut merged, &self.old, &self.new);
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
