//! Compares two schemas in normal form: which values become valid and which become invalid.

use serde_json::Value;

use super::comparer::{Comparer, Task};
use super::verdicts::{Condition, Mode, Pair, Writing};
use super::view::View;
use crate::diff::change::{Effect, Side};
use crate::diff::words::with_article;
use crate::spec::Pointer;
use crate::spec::normal::schema::{Place, TEXTS};
use crate::spec::normal::types::Types;
use crate::spec::refs::{self, Located, component_name};

impl<'s> Comparer<'s> {
    /// Compares two schemas and everything below them, in one direction. Returns their pair, or
    /// nothing if they are the same.
    pub(super) fn schemas(&mut self, old: &Place<'s>, new: &Place<'s>, mode: Mode) -> Option<Pair> {
        if let ([before], [after]) = (old.nodes.as_slice(), new.nodes.as_slice())
            && old.is_forbidden == new.is_forbidden
            && self.is_same(before, after)
        {
            return None;
        }
        let resolved = (self.old.normal.resolved(old), self.new.normal.resolved(new));
        let numbers = (self.old.normal.id(&resolved.0), self.new.normal.id(&resolved.1));
        let pair = self.verdicts.pair(numbers.0, numbers.1, mode);
        if let Some(outer) = self.pair {
            self.verdicts.contains(outer, pair);
        }
        if self
            .met
            .insert((self.old.normal.id(old), self.new.normal.id(new), mode))
        {
            self.tasks.push(Task {
                old: old.clone(),
                new: new.clone(),
                mode,
                pair,
            });
        }
        Some(pair)
    }

    /// Compares the schemas of two nodes.
    pub(super) fn nodes(&mut self, old: &Located<'s>, new: &Located<'s>, side: Side, writing: Writing) {
        let mode = Mode {
            side,
            writing,
            is_quiet: self.mode.is_quiet,
        };
        self.schemas(&Place::of(old), &Place::of(new), mode);
    }

    /// Compares two places inside the schemas that are being compared.
    pub(super) fn inner(&mut self, old: &Place<'s>, new: &Place<'s>) -> Option<Pair> {
        let mut mode = self.mode;
        if mode.writing == Writing::Parts {
            let types = [self.old.normal.schema(old).types, self.new.normal.schema(new).types];
            mode.writing = match types[0].or(types[1]).without(Types::NULL) {
                // Each item is a part.
                Types::ARRAY => Writing::Parts,
                types if types.has(Types::ARRAY.or(Types::OBJECT)) => Writing::Json,
                _ => Writing::Text,
            };
        }
        self.schemas(old, new, mode)
    }

    /// Compares all schemas that wait for it.
    pub(super) fn run_tasks(&mut self) {
        let before = (self.pair, self.mode);
        while let Some(task) = self.tasks.pop() {
            (self.pair, self.mode) = (Some(task.pair), task.mode);
            if self.follow(&task) {
                continue;
            }
            let (old, new) = (self.old.view(&task.old), self.new.view(&task.new));
            self.place(&old, &new, task.pair);
        }
        (self.pair, self.mode) = before;
    }

    /// Two schemas that are written the same can only differ in what they refer to. Follows the
    /// references of simple ones, without bringing them into normal form. Returns whether it did.
    fn follow(&mut self, task: &Task<'s>) -> bool {
        let (Some(old), Some(new)) = (written_once(&task.old), written_once(&task.new)) else {
            return false;
        };
        let (Some(before), Some(after)) = (
            refs::resolve(self.old.tree(), old.clone()),
            refs::resolve(self.new.tree(), new.clone()),
        ) else {
            return false;
        };
        let is_same = old.value == new.value && before.at == after.at && before.value == after.value;
        if !is_same || !is_simple(before.value) {
            return false;
        }
        self.meet(&old.at, &new.at);
        self.meet(&before.at, &after.at);
        if self.compared.insert(task.pair) {
            let mut sites = Vec::new();
            find_sites(&before, after.value, &mut sites);
            for (one, other) in sites {
                if !self.is_hidden_target(&one, &other) {
                    self.inner(&Place::of(&one), &Place::of(&other));
                }
            }
        }
        true
    }

    /// Whether a reference of a property leads to what does not exist in this direction.
    fn is_hidden_target(&mut self, old: &Located<'s>, new: &Located<'s>) -> bool {
        let side = self.mode.side;
        let can_hide = |tree: &'s Value, node: &Located<'s>| {
            let target = refs::resolve(tree, node.clone());
            target.is_none_or(|target| {
                ["readOnly", "writeOnly", "allOf"]
                    .iter()
                    .any(|name| target.value.get(name).is_some())
            })
        };
        if !can_hide(self.old.tree(), old) && !can_hide(self.new.tree(), new) {
            return false;
        }
        let hidden = [
            self.old.is_hidden(&Place::of(old), side),
            self.new.is_hidden(&Place::of(new), side),
        ];
        if hidden == [true, true] {
            self.old.settled.insert(old.at.clone());
            self.new.settled.insert(new.at.clone());
        }
        hidden == [true, true]
    }

    fn place(&mut self, old: &View<'s>, new: &View<'s>, pair: Pair) {
        self.texts(old, new);
        if !self.same_schema(old, new) {
            return;
        }
        self.default(old, new);
        if let Some((before, after)) = self.plain_and_union(old, new) {
            if self.compared.insert(pair) {
                self.variants(old, new, (&before, &after));
            }
            return;
        }
        if !self.types(old, new) || !self.compared.insert(pair) {
            return;
        }
        self.constraints(old, new);
        if old.schema.types.and(new.schema.types).has(Types::OBJECT) {
            self.properties(old, new);
            self.additional(old, new);
        }
        self.items(old, new);
        self.negations(old, new);
        self.unions(old, new);
        self.subtypes(old, new);
        for name in ["discriminator", "unknown"] {
            self.rest(name, old, new);
        }
    }

    /// Compares the text for people on every node that both views contain, and marks those nodes as
    /// compared.
    fn texts(&mut self, old: &View<'s>, new: &View<'s>) {
        let members = &[&TEXTS[..], &["readOnly", "writeOnly"]].concat();
        if let (Some(before), Some(after)) = (old.schema.parts.first(), new.schema.parts.first()) {
            self.notes(before, after, members);
        }
        let names = |view: &View<'s>| -> Vec<&'s Value> {
            view.schema
                .parts
                .iter()
                .filter_map(|part| part.value.get("xml"))
                .collect()
        };
        if self.mode.writing == Writing::Xml && names(old) != names(new) {
            let what = format!("{} has other names in XML", self.label(&new.own()));
            self.cannot_tell(&old.place("xml"), &new.place("xml"), &what);
        }
        for before in &old.schema.parts {
            let is_new = self.old.compared.insert(before.at.clone());
            let Some(name) = component_name(&before.at) else {
                continue;
            };
            let name = self.renamed.get(&name).unwrap_or(&name);
            let at = Pointer::root().below(&["components", "schemas", name]);
            let Some(after) = new.schema.parts.iter().find(|part| part.at == at) else {
                continue;
            };
            if is_new && (before.at != old.at || after.at != new.at) {
                self.notes(before, after, members);
            }
        }
        for after in &new.schema.parts {
            self.new.compared.insert(after.at.clone());
        }
        self.old.settle_without_effect(old);
        self.new.settle_without_effect(new);
    }

    /// Reports when the schema refers to another component. That changes nothing on the wire by
    /// itself, but the type in Rust. Returns whether to report what differs between the schemas.
    fn same_schema(&mut self, old: &View<'s>, new: &View<'s>) -> bool {
        let words = match (&old.schema.component, &new.schema.component) {
            (Some(before), Some(after)) if before != after && self.renamed.get(before) != Some(after) => {
                let (old_tree, new_tree) = self.trees();
                let is_in = |tree: &Value, name: &str| {
                    tree.pointer("/components/schemas")
                        .is_some_and(|all| all.get(name).is_some())
                };
                if self.mode.is_quiet {
                    return true;
                }
                if is_in(new_tree, before) && is_in(old_tree, after) {
                    self.replaced(old, new, (before, after));
                    return false;
                }
                format!("refers to the schema `{after}` instead of `{before}`")
            }
            (None, Some(after)) => format!("refers to the schema `{after}` instead of an inline schema"),
            (Some(before), None) => format!("has an inline schema instead of a reference to `{before}`"),
            _ => return true,
        };
        let message = format!("{} {words}", self.label(&new.at));
        self.note("schema-reference", Some(&old.at), Some(&new.at), &message);
        true
    }

    /// Reports another schema in one change, which is as grave as what differs between the two.
    fn replaced(&mut self, old: &View<'s>, new: &View<'s>, (before, after): (&str, &str)) {
        let message = format!(
            "{} is {} instead of {}",
            self.label(&new.at),
            with_article(&format!("`{after}`")),
            with_article(&format!("`{before}`"))
        );
        let node = |view: &View<'s>| view.schema.parts.last().map(Place::of);
        let pair = node(old).zip(node(new)).and_then(|(before, after)| {
            let mode = Mode {
                is_quiet: true,
                ..self.mode
            };
            self.schemas(&before, &after, mode)
        });
        let pairs = pair.into_iter().collect();
        self.check(
            (pairs, Condition::Always),
            "schema-replaced",
            (&old.at, &new.at),
            &message,
        );
    }

    fn items(&mut self, old: &View<'s>, new: &View<'s>) {
        let described =
            |place: &&Place<'s>, normal: &super::version::Version<'s>| !normal.normal.schema(place).is_anything();
        let before = old.schema.items.as_ref().filter(|place| described(place, &self.old));
        let after = new.schema.items.as_ref().filter(|place| described(place, &self.new));
        let (kind, effect, words) = match (before, after) {
            (Some(before), Some(after)) => {
                self.inner(before, after);
                return;
            }
            (None, None) => return,
            // Only one of them describes its items; the other allows any item.
            (None, Some(_)) => ("items-described", Effect::Narrows, "now have a schema"),
            (Some(_), None) if !new.schema.types.has(Types::ARRAY) => return,
            (Some(_), None) => ("items-undescribed", Effect::Widens, "no longer have a schema"),
        };
        if effect == Effect::Narrows && !old.schema.types.has(Types::ARRAY) {
            return;
        }
        let message = format!("the items of {} {words}", self.label(&new.own()));
        let at = [before, after].map(|place| place.map(Place::at));
        self.effect(kind, effect, at[0].as_ref(), at[1].as_ref(), &message);
    }

    /// Compares what has no rule of its own for equality.
    fn rest(&mut self, name: &str, old: &View<'s>, new: &View<'s>) {
        if name == "unknown" {
            let (before, after) = (&old.schema.unknown, &new.schema.unknown);
            for key in before.keys().chain(after.keys()) {
                if before.get(key) != after.get(key) {
                    let (old_at, new_at) = (old.place(key), new.place(key));
                    let label = self.label(&new.subject(key));
                    self.cannot_tell(&old_at, &new_at, &format!("`{key}` of {label} is not defined here"));
                    return;
                }
            }
            return;
        }
        // The discriminators of two unions are compared by what they mean.
        if !old.schema.unions.is_empty() && !new.schema.unions.is_empty() {
            return;
        }
        let written = |view: &View<'s>| {
            let mut parts = view.schema.parts.iter();
            parts.find_map(|part| part.value.get(name))
        };
        if written(old) != written(new) {
            let label = self.label(&new.subject(name));
            let (old_at, new_at) = (old.place(name), new.place(name));
            self.cannot_tell(&old_at, &new_at, &format!("{label} has another {name}"));
        }
    }
}

/// The only node of a place.
fn written_once<'p, 's>(place: &'p Place<'s>) -> Option<&'p Located<'s>> {
    place
        .nodes
        .first()
        .filter(|_| place.nodes.len() == 1 && !place.is_forbidden)
}

/// Whether a schema and the schemas in it are neither composed nor limited to one direction.
fn is_simple(schema: &Value) -> bool {
    const OTHERS: [&str; 7] = [
        "allOf",
        "anyOf",
        "discriminator",
        "not",
        "oneOf",
        "readOnly",
        "writeOnly",
    ];
    let Some(members) = schema.as_object() else {
        return !schema.is_array();
    };
    !OTHERS.iter().any(|name| members.contains_key(*name))
        && refs::members(schema, "properties").all(|(_, inner)| is_simple(inner))
        && ["items", "additionalProperties"]
            .iter()
            .all(|name| members.get(*name).is_none_or(is_simple))
}

/// The references in two schemas that are written the same, as pairs.
fn find_sites<'s>(old: &Located<'s>, new: &'s Value, found: &mut Vec<(Located<'s>, Located<'s>)>) {
    if refs::reference(old.value).is_some() {
        let other = Located {
            at: old.at.clone(),
            value: new,
        };
        found.push((old.clone(), other));
        return;
    }
    let mut inner = |at: &dyn Fn() -> Pointer, value: &'s Value, other: Option<&'s Value>| {
        // Most schemas hold no others.
        let holds = ["$ref", "properties", "items", "additionalProperties"];
        if let Some(other) = other.filter(|_| holds.iter().any(|name| value.get(name).is_some())) {
            find_sites(&Located { at: at(), value }, other, found);
        }
    };
    let others = new.get("properties");
    for (name, value) in refs::members(old.value, "properties") {
        let at = || old.at.child("properties").child(name);
        inner(&at, value, others.and_then(|others| others.get(name)));
    }
    for name in ["items", "additionalProperties"] {
        if let Some(value) = old.value.get(name) {
            inner(&|| old.at.child(name), value, new.get(name));
        }
    }
}
