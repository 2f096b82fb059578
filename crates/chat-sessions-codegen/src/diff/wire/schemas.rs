//! Compares two schemas: which values become valid and which become invalid.

use serde_json::Value;

use super::comparer::Comparer;
use super::view::View;
use crate::diff::change::{Effect, Side};
use crate::diff::words::with_article;
use crate::spec::refs::{Located, component_name};
use crate::spec::{Pointer, marks};

/// Keywords that are for people.
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
    /// Compares two schemas and everything below them, in one direction.
    pub(super) fn schemas(&mut self, old: &Located<'s>, new: &Located<'s>, side: Side) {
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

    /// Compares the text for people on every node that both views contain, and marks those nodes as
    /// compared.
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

    /// Reports when the schema refers to another component. That changes nothing on the wire by
    /// itself, but the type in Rust. Returns whether to compare the two schemas further.
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
            (None, Some(after)) => format!("{label} refers to the schema `{after}` instead of an inline schema"),
            (Some(before), None) => format!("{label} has an inline schema instead of a reference to `{before}`"),
            _ => return true,
        };
        self.note("schema-reference", Some(&old.at), Some(&new.at), &message);
        true
    }

    fn plain(&mut self, old: &View<'s>, new: &View<'s>, side: Side) {
        self.null(old, new, side);
        if !self.same_type(old, new, side) {
            return;
        }
        self.keywords(old, new, side);
        self.properties(old, new, side);
        self.additional(old, new, side);
        match (old.found("items"), new.found("items")) {
            (Some(before), Some(after)) => self.schemas(before, after, side),
            (before, after) => {
                // Only one of them has `items`; the other allows any item.
                let (kind, effect) = match (&before, &after) {
                    (None, Some(_)) => ("items-described", Effect::Narrows),
                    (Some(_), None) => ("items-undescribed", Effect::Widens),
                    _ => return,
                };
                let label = self.label(&new.at);
                let message = if after.is_some() {
                    format!("the items of {label} now have a schema")
                } else {
                    format!("the items of {label} no longer have a schema")
                };
                let at = [before, after].map(|found| found.map(|found| found.at.clone()));
                self.add_effect(kind, (side, effect), at[0].as_ref(), at[1].as_ref(), &message);
            }
        }
    }

    /// Compares the types. Returns whether to compare the rest of the schemas.
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

    /// Compares a union by variants; any other schema counts as a union with one variant.
    fn union(&mut self, old: &View<'s>, new: &View<'s>, side: Side) {
        let (old_tree, new_tree) = self.trees();
        self.null_beside_variants(old, new, side);
        let variants = |view: &View<'s>| -> Vec<Located<'s>> {
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
            let message = format!(
                "{label} can now also be {}",
                View::of(new_tree, &variant).words(new_tree)
            );
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
                "{label} can no longer be {}",
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
            let message = format!("{label} has another discriminator");
            let at = (old.place("discriminator"), new.place("discriminator"));
            self.note("discriminator", Some(&at.0), Some(&at.1), &message);
        }
        for (before, after) in pairs {
            self.schemas(&before, &after, side);
        }
    }
}

/// What identifies a variant of a union: its component, its tag, or its type.
fn variant_key(tree: &Value, variant: &Located<'_>) -> String {
    let view = View::of(tree, variant);
    if let Some(name) = view.component {
        return format!("component {name}");
    }
    let tag = view.parts.iter().find_map(|part| {
        let name = marks::tag(part.value)?;
        let value = part.value.get("properties")?.get(name)?.get("enum")?.get(0)?;
        Some(format!("tag {name} {value}"))
    });
    tag.unwrap_or_else(|| format!("type {:?}", view.kind()))
}

/// A schema without the text for people, to tell whether two schemas are the same.
pub(super) fn bare(schema: &Value) -> Value {
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
