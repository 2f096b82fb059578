//! Two schemas of one place: what is allowed now and was not, and the other way round.

use std::collections::BTreeMap;

use heck::ToSnakeCase;
use serde_json::Value;

use super::change::{Compatibility, Effect, Side};
use super::document::Comparer;
use super::view::{View, component_name, value_text, with_article};
use crate::lower;
use crate::pointer::Pointer;
use crate::refs::{self, Found};

/// Members of a schema that are written for people.
const TEXTS: [&str; 8] = [
    "deprecated",
    "description",
    "example",
    "externalDocs",
    "readOnly",
    "title",
    "writeOnly",
    "xml",
];

impl<'s> Comparer<'s> {
    /// Compares two schemas and all below them, as they are met on one side.
    pub(super) fn schemas(&mut self, old: &Found<'s>, new: &Found<'s>, side: Side) {
        if !self.seen.insert((old.at.clone(), new.at.clone(), side)) {
            return;
        }
        let (before, after) = self.trees();
        let (before, after) = (View::of(before, old), View::of(after, new));
        self.texts(&before, &after, side);
        if !self.same_schema(&before, &after, side) {
            return;
        }
        if before.variants().is_empty() && after.variants().is_empty() {
            self.plain(&before, &after, side);
        } else {
            self.union(&before, &after, side);
        }
    }

    /// Compares what is written for people on every node that the two views share, and marks those as compared.
    fn texts(&mut self, old: &View<'s>, new: &View<'s>, side: Side) {
        if let (Some(before), Some(after)) = (old.parts.first(), new.parts.first()) {
            self.notes(before, after, &TEXTS);
        }
        for before in &old.parts {
            let Some(name) = component_name(&before.at) else {
                continue;
            };
            let name = self.renamed.get(&name).unwrap_or(&name);
            let at = Pointer::root().below(&["components", "schemas", name]);
            let Some(after) = new.parts.iter().find(|part| part.at == at) else {
                continue;
            };
            let pair = (before.at.clone(), after.at.clone(), side);
            if before.at == old.at && after.at == new.at {
                continue;
            }
            if self.seen.insert(pair) {
                self.notes(before, after, &TEXTS);
            }
        }
    }

    /// Says when another component is meant than before, which by itself is nothing on the wire and another type in Rust; whether
    /// there is any point in comparing the two property by property.
    fn same_schema(&mut self, old: &View<'s>, new: &View<'s>, side: Side) -> bool {
        let label = self.label(&new.at);
        let message = match (&old.component, &new.component) {
            (Some(before), Some(after)) if before != after && self.renamed.get(before) != Some(after) => {
                let (old_tree, new_tree) = self.trees();
                let is_in = |tree: &Value, name: &str| {
                    tree.pointer("/components/schemas")
                        .is_some_and(|all| all.get(name).is_some())
                };
                let both_stay = is_in(new_tree, before) && is_in(old_tree, after);
                let same = match (old.parts.last(), new.parts.last()) {
                    (Some(before), Some(after)) => bare(before.value) == bare(after.value),
                    _ => false,
                };
                if both_stay && !same {
                    let message = format!(
                        "{label} is {} instead of {}",
                        with_article(&format!("`{after}`")),
                        with_article(&format!("`{before}`"))
                    );
                    let on = (side, Effect::Alters);
                    self.add_effect("schema-replaced", on, Some(&old.at), Some(&new.at), &message);
                    return false;
                }
                format!("{label} refers to the schema `{after}` instead of `{before}`")
            }
            (None, Some(after)) => format!("{label} refers to the schema `{after}` instead of describing it in place"),
            (Some(before), None) => format!("{label} describes in place what was the schema `{before}`"),
            _ => return true,
        };
        self.note("schema-reference", Some(&old.at), Some(&new.at), &message);
        true
    }

    fn plain(&mut self, old: &View<'s>, new: &View<'s>, side: Side) {
        self.nullable(old, new, side);
        if !self.same_type(old, new, side) {
            return;
        }
        self.keywords(old, new, side);
        self.properties(old, new, side);
        self.additional(old, new, side);
        match (old.found("items"), new.found("items")) {
            (Some(before), Some(after)) => self.schemas(before, after, side),
            (before, after) => {
                // Only one of them is there, and the other takes any item.
                let (kind, effect) = match (&before, &after) {
                    (None, Some(_)) => ("items-described", Effect::Narrows),
                    (Some(_), None) => ("items-undescribed", Effect::Widens),
                    _ => return,
                };
                let label = self.label(&new.at);
                let message = if after.is_some() {
                    format!("the items of {label} are described now")
                } else {
                    format!("the items of {label} are not described any more")
                };
                let at = [before, after].map(|found| found.map(|found| found.at.clone()));
                self.add_effect(kind, (side, effect), at[0].as_ref(), at[1].as_ref(), &message);
            }
        }
    }

    /// Compares the types; whether there is any point in comparing what is below them.
    fn same_type(&mut self, old: &View<'s>, new: &View<'s>, side: Side) -> bool {
        let effect = match (old.kind(), new.kind()) {
            (before, after) if before == after => return true,
            (Some("integer"), Some("number")) | (Some(_), None) => Effect::Widens,
            (Some("number"), Some("integer")) | (None, Some(_)) => Effect::Narrows,
            _ => Effect::Alters,
        };
        let (before, after) = self.trees();
        let label = self.label(&new.at);
        let message = format!("{label} is {} instead of {}", new.words(after), old.words(before));
        let (old_at, new_at) = (old.place("type"), new.place("type"));
        self.add_effect("type-changed", (side, effect), Some(&old_at), Some(&new_at), &message);
        effect != Effect::Alters
    }

    /// A union is compared variant by variant; what is no union counts as a union of one.
    fn union(&mut self, old: &View<'s>, new: &View<'s>, side: Side) {
        let (old_tree, new_tree) = self.trees();
        self.nullable(old, new, side);
        let variants = |view: &View<'s>| -> Vec<Found<'s>> {
            let variants = view.variants();
            if variants.is_empty() {
                return view.parts.last().cloned().into_iter().collect();
            }
            variants
        };
        let before = variants(old);
        let mut after: Vec<_> = variants(new).into_iter().enumerate().collect();
        let mut gone = Vec::new();
        let mut order = Vec::new();
        let mut pairs = Vec::new();
        for variant in before {
            let key = variant_key(old_tree, &variant);
            match after.iter().position(|(_, other)| variant_key(new_tree, other) == key) {
                Some(index) => {
                    let (position, other) = after.remove(index);
                    order.push(position);
                    pairs.push((variant, other));
                }
                None => gone.push(variant),
            }
        }
        let label = self.label(&new.own());
        if pairs.is_empty() {
            let message = format!("{label} is {} instead of {}", new.words(new_tree), old.words(old_tree));
            let on = (side, Effect::Alters);
            self.add_effect("type-changed", on, Some(&old.at), Some(&new.at), &message);
            return;
        }
        for (_, variant) in after {
            let message = format!("{label} can also be {}", View::of(new_tree, &variant).words(new_tree));
            self.add_effect(
                "variant-added",
                (side, Effect::Widens),
                None,
                Some(&variant.at),
                &message,
            );
        }
        for variant in gone {
            let message = format!(
                "{label} cannot be {} any more",
                View::of(old_tree, &variant).words(old_tree)
            );
            self.add_effect(
                "variant-removed",
                (side, Effect::Narrows),
                Some(&variant.at),
                None,
                &message,
            );
        }
        if !order.is_sorted() {
            let message = format!("{label} has its variants in another order");
            self.note("variant-order", Some(&old.at), Some(&new.at), &message);
        }
        if old.keyword("discriminator") != new.keyword("discriminator") {
            let message = format!("{label} tells its variants apart by another discriminator");
            let at = (old.place("discriminator"), new.place("discriminator"));
            self.note("discriminator", Some(&at.0), Some(&at.1), &message);
        }
        for (before, after) in pairs {
            self.schemas(&before, &after, side);
        }
    }

    fn properties(&mut self, old: &View<'s>, new: &View<'s>, side: Side) {
        let mut gone: BTreeMap<&str, &Found<'s>> = BTreeMap::new();
        let mut fresh: BTreeMap<&str, &Found<'s>> = BTreeMap::new();
        for (name, before) in &old.properties {
            match new.properties.get(name) {
                Some(after) => {
                    self.required(old, new, name, side);
                    self.schemas(before, after, side);
                }
                None => {
                    gone.insert(name, before);
                }
            }
        }
        fresh.extend(
            new.properties
                .iter()
                .filter(|(name, _)| !old.properties.contains_key(*name))
                .map(|(name, found)| (*name, found)),
        );
        // Two spellings of one name are one property that is spelt differently now.
        for (name, before) in gone.clone() {
            let same = fresh.keys().find(|other| other.to_snake_case() == name.to_snake_case());
            let Some(other) = same.copied() else { continue };
            let Some(after) = fresh.remove(other) else { continue };
            gone.remove(name);
            let message = format!("{} is spelt `{other}` now", self.old_label(&before.at));
            let on = (side, Effect::Alters);
            self.add_effect("property-renamed", on, Some(&before.at), Some(&after.at), &message);
            self.schemas(before, after, side);
        }
        for (name, after) in fresh {
            self.new_property(old, new, (name, after), side);
        }
        for (_, before) in gone {
            let message = format!("{} is gone", self.old_label(&before.at));
            // A reader may have relied on it, and a writer now writes what nobody knows.
            let on = (side, Effect::Alters);
            self.add_effect("property-removed", on, Some(&before.at), None, &message);
        }
    }

    fn new_property(&mut self, old: &View<'s>, new: &View<'s>, (name, after): (&str, &Found<'s>), side: Side) {
        let tree = self.new.tree();
        let required = new.required.contains_key(name);
        let closed = old.keyword("additionalProperties") == Some(&Value::Bool(false));
        let view = View::of(tree, after);
        let mut message = format!("{} is new: {}", self.label(&after.at), view.words(tree));
        if view.is_nullable() {
            message.push_str(", or null");
        }
        message.push_str(match (side, required) {
            (Side::Received, true) => ", always there",
            (Side::Received, false) => ", not always there",
            (_, true) => ", required",
            (_, false) => ", optional",
        });
        if let Some(default) = view.keyword("default") {
            message.push_str(&format!(", {} by default", value_text(default)));
        }
        let wire = match side {
            Side::Neither => Compatibility::Same,
            Side::Sent | Side::Both if required => Compatibility::Breaking,
            Side::Received | Side::Both if closed => Compatibility::Breaking,
            _ => Compatibility::Compatible,
        };
        self.add("property-added", (side, wire), None, Some(&after.at), &message);
    }

    fn required(&mut self, old: &View<'s>, new: &View<'s>, name: &str, side: Side) {
        let (before, after) = (old.required.get(name), new.required.get(name));
        if before.is_some() == after.is_some() {
            return;
        }
        let Some(property) = new.properties.get(name) else {
            return;
        };
        let label = self.label(&property.at);
        let received = side == Side::Received;
        let (kind, effect, words) = match after {
            Some(_) if received => ("required-added", Effect::Narrows, "is always there now"),
            Some(_) => ("required-added", Effect::Narrows, "is required now"),
            None if received => ("required-removed", Effect::Widens, "need not be there any more"),
            None => ("required-removed", Effect::Widens, "is optional now"),
        };
        // What is gone has no place of its own: the property has one on both sides.
        let at = [before, after].map(|place| place.cloned().unwrap_or_else(|| property.at.clone()));
        let old_at = old
            .properties
            .get(name)
            .map_or_else(|| at[0].clone(), |found| found.at.clone());
        let old_at = before.cloned().unwrap_or(old_at);
        self.add_effect(
            kind,
            (side, effect),
            Some(&old_at),
            Some(&at[1]),
            &format!("{label} {words}"),
        );
    }

    fn additional(&mut self, old: &View<'s>, new: &View<'s>, side: Side) {
        const NAME: &str = "additionalProperties";
        let (before, after) = (old.keyword(NAME), new.keyword(NAME));
        let is_open = |value: Option<&Value>| match value {
            None | Some(Value::Bool(true)) => true,
            Some(value) => value.as_object().is_some_and(serde_json::Map::is_empty),
        };
        let closed = Some(&Value::Bool(false));
        let label = self.label(&new.own());
        let (kind, effect, message) = match (before, after) {
            _ if is_open(before) && is_open(after) || before == after => return,
            (_, after) if after == closed => (
                "closed",
                Effect::Narrows,
                format!("{label} takes no other properties any more"),
            ),
            (before, _) if before == closed => {
                ("opened", Effect::Widens, format!("{label} takes other properties now"))
            }
            (_, after) if is_open(after) => (
                "opened",
                Effect::Widens,
                format!("{label} takes other properties of any type now"),
            ),
            (before, _) if is_open(before) => (
                "closed",
                Effect::Narrows,
                format!("other properties of {label} must follow a schema now"),
            ),
            _ => {
                if let (Some(before), Some(after)) = (old.found(NAME), new.found(NAME)) {
                    self.schemas(before, after, side);
                }
                return;
            }
        };
        let at = (old.place(NAME), new.place(NAME));
        self.add_effect(kind, (side, effect), Some(&at.0), Some(&at.1), &message);
    }

    /// Finds components that have another name and the same content, references to themselves aside.
    pub(super) fn find_renamed_components(&mut self) {
        let (old, new) = self.trees();
        let (before, after) = (refs::component_schemas(old), refs::component_schemas(new));
        let is_in = |all: &[Found<'_>], at: &Pointer| all.iter().any(|found| &found.at == at);
        let gone: Vec<_> = before.iter().filter(|found| !is_in(&after, &found.at)).collect();
        let mut fresh: Vec<_> = after.iter().filter(|found| !is_in(&before, &found.at)).collect();
        for found in gone {
            let (Some(name), value) = (component_name(&found.at), found.value) else {
                continue;
            };
            let same = fresh.iter().position(|other| bare(other.value) == bare(value));
            let Some(other) = same.map(|index| fresh.remove(index)) else {
                let message = format!("the schema `{name}` is gone");
                self.note("schema-removed", Some(&found.at), None, &message);
                continue;
            };
            let Some(now) = component_name(&other.at) else { continue };
            let message = format!("the schema `{name}` is called `{now}` now");
            self.note("schema-renamed", Some(&found.at), Some(&other.at), &message);
            self.renamed.insert(name, now);
        }
        for found in fresh {
            let name = component_name(&found.at).unwrap_or_default();
            let message = format!("the schema `{name}` is new");
            self.note("schema-added", None, Some(&found.at), &message);
        }
    }

    /// Compares the components that no operation led to.
    pub(super) fn components(&mut self) {
        let (old, new) = self.trees();
        let after = refs::component_schemas(new);
        for before in refs::component_schemas(old) {
            let Some(name) = component_name(&before.at) else {
                continue;
            };
            let at = Pointer::root().below(&["components", "schemas", self.renamed.get(&name).unwrap_or(&name)]);
            let Some(other) = after.iter().find(|other| other.at == at) else {
                continue;
            };
            let sides = [Side::Sent, Side::Received, Side::Both];
            let met = sides
                .iter()
                .any(|side| self.seen.contains(&(before.at.clone(), at.clone(), *side)));
            if !met {
                self.schemas(&before, other, Side::Neither);
            }
        }
    }
}

/// What tells a variant of a union from the others: its component, its tag, or its type.
fn variant_key(tree: &Value, variant: &Found<'_>) -> String {
    let view = View::of(tree, variant);
    if let Some(name) = view.component {
        return format!("component {name}");
    }
    let tag = view.parts.iter().find_map(|part| {
        let name = lower::tag(part.value)?;
        let value = part.value.get("properties")?.get(name)?.get("enum")?.get(0)?;
        Some(format!("tag {name} {value}"))
    });
    tag.unwrap_or_else(|| format!("type {:?}", view.kind()))
}

/// A schema without what is written for people, to tell whether two are the same.
fn bare(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => {
            let kept = members.iter().filter(|(name, value)| {
                let text = TEXTS.contains(&name.as_str()) && !value.is_object();
                !text && !name.starts_with("x-")
            });
            Value::Object(kept.map(|(name, value)| (name.clone(), bare(value))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(bare).collect()),
        other => other.clone(),
    }
}
