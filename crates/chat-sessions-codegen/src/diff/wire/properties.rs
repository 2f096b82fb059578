//! Compares the properties of two objects, and their additional properties.

use std::collections::BTreeMap;

use serde_json::Value;

use super::comparer::Comparer;
use super::view::View;
use crate::diff::change::{Compatibility, Effect, Side};
use crate::diff::words::value_text;
use crate::rust_names::snake;
use crate::spec::Pointer;
use crate::spec::refs::Located;

impl<'s> Comparer<'s> {
    pub(super) fn properties(&mut self, old: &View<'s>, new: &View<'s>, side: Side) {
        let mut gone: BTreeMap<&str, &Located<'s>> = BTreeMap::new();
        let mut fresh: BTreeMap<&str, &Located<'s>> = BTreeMap::new();
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
        // Two spellings of one name are one property with a new spelling.
        for (name, before) in gone.clone() {
            let same = fresh.keys().find(|other| snake(other) == snake(name));
            let Some(other) = same.copied() else { continue };
            let Some(after) = fresh.remove(other) else { continue };
            gone.remove(name);
            let message = format!("{} is now spelled `{other}`", self.old_label(&before.at));
            let on = (side, Effect::Alters);
            self.add_effect("property-renamed", on, Some(&before.at), Some(&after.at), &message);
            self.schemas(before, after, side);
        }
        for (name, after) in fresh {
            self.new_property(old, new, (name, after), side);
        }
        for (_, before) in gone {
            let message = format!("{} was removed", self.old_label(&before.at));
            // A reader may have relied on it, and a writer may still send it.
            let on = (side, Effect::Alters);
            self.add_effect("property-removed", on, Some(&before.at), None, &message);
        }
    }

    fn new_property(&mut self, old: &View<'s>, new: &View<'s>, (name, after): (&str, &Located<'s>), side: Side) {
        let tree = self.new.tree();
        let required = new.required.contains_key(name);
        let closed = old.keyword("additionalProperties") == Some(&Value::Bool(false));
        let view = View::of(tree, after);
        let mut message = format!("{} was added: {}", self.label(&after.at), view.words(tree));
        if view.is_typed() && view.allows_null() {
            message.push_str(", or null");
        }
        message.push_str(match (side, required) {
            (Side::Received, true) => ", always present",
            (Side::Received, false) => ", not always present",
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
            Some(_) if received => ("required-added", Effect::Narrows, "is now always present"),
            Some(_) => ("required-added", Effect::Narrows, "is now required"),
            None if received => ("required-removed", Effect::Widens, "is no longer always present"),
            None => ("required-removed", Effect::Widens, "is now optional"),
        };
        // A list that omits the property has no location for it; use that of the property.
        let at = |listed: Option<&Pointer>, view: &View<'s>| {
            listed.cloned().or_else(|| Some(view.properties.get(name)?.at.clone()))
        };
        let (old_at, new_at) = (at(before, old), at(after, new));
        let message = format!("{label} {words}");
        self.add_effect(kind, (side, effect), old_at.as_ref(), new_at.as_ref(), &message);
    }

    pub(super) fn additional(&mut self, old: &View<'s>, new: &View<'s>, side: Side) {
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
                format!("{label} no longer allows additional properties"),
            ),
            (before, _) if before == closed => (
                "opened",
                Effect::Widens,
                format!("{label} now allows additional properties"),
            ),
            (_, after) if is_open(after) => (
                "opened",
                Effect::Widens,
                format!("{label} now allows additional properties of any type"),
            ),
            (before, _) if is_open(before) => (
                "closed",
                Effect::Narrows,
                format!("additional properties of {label} must now match a schema"),
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
}
