//! Compares the properties of two objects, the names that they require, and what they say about
//! additional properties.

use std::collections::{BTreeMap, BTreeSet};

use super::comparer::Comparer;
use super::version::Version;
use super::view::View;
use crate::diff::change::{Compatibility, Effect, Side};
use crate::diff::words::value_text;
use crate::rust_names::snake;
use crate::spec::Pointer;
use crate::spec::normal::schema::Place;

/// What an object says about additional properties.
#[derive(PartialEq)]
enum Additional {
    Open,
    Closed,
    Described,
}

impl<'s> Version<'s> {
    /// Whether a property does not exist in a direction: a read-only one is never sent, and a
    /// write-only one never received.
    pub(super) fn is_hidden(&self, place: &Place<'s>, side: Side) -> bool {
        // Most properties say nothing about it.
        let keys = ["$ref", "allOf", "anyOf", "oneOf", "readOnly", "writeOnly"];
        let mut nodes = place.nodes.iter();
        if nodes.all(|node| !keys.iter().any(|key| node.value.get(key).is_some())) {
            return false;
        }
        let schema = self.normal.schema(place);
        match side {
            Side::Sent => schema.is_read_only,
            Side::Received => schema.is_write_only,
            Side::Both | Side::Neither => false,
        }
    }

    /// Notes that what a property says does not matter in a direction in which it does not exist.
    fn settle_hidden(&mut self, view: &View<'s>, side: Side) {
        for place in view.schema.properties.values() {
            if self.is_hidden(place, side) {
                self.settled.insert(place.at());
            }
        }
    }

    fn visible<'v>(&self, view: &'v View<'s>, side: Side) -> BTreeMap<&'s str, &'v Place<'s>> {
        let properties = view.schema.properties.iter();
        let visible = properties.filter(|(_, place)| !self.is_hidden(place, side));
        visible.map(|(name, place)| (*name, place)).collect()
    }

    fn additional(&self, view: &View<'s>) -> Additional {
        match &view.schema.additional {
            Some(place) if place.is_forbidden => Additional::Closed,
            Some(place) if !self.normal.schema(place).is_anything() => Additional::Described,
            _ => Additional::Open,
        }
    }
}

impl<'s> Comparer<'s> {
    pub(super) fn properties(&mut self, old: &View<'s>, new: &View<'s>) {
        let side = self.mode.side;
        self.old.settle_hidden(old, side);
        self.new.settle_hidden(new, side);
        let (before, after) = (self.old.visible(old, side), self.new.visible(new, side));
        let mut gone: BTreeMap<&str, &Place<'s>> = BTreeMap::new();
        let mut fresh = after.clone();
        for (name, place) in &before {
            match fresh.remove(name) {
                Some(other) => {
                    self.inner(place, other);
                }
                None => {
                    gone.insert(name, place);
                }
            }
        }
        // Two spellings of one name are one property with a new spelling.
        for (name, place) in gone.clone() {
            let same = fresh.keys().find(|other| snake(other) == snake(name));
            let Some(other) = same.copied() else { continue };
            let Some(now) = fresh.remove(other) else { continue };
            gone.remove(name);
            let message = format!("{} is now spelled `{other}`", self.old_label(&place.at()));
            let at = (place.at(), now.at());
            self.effect("property-renamed", Effect::Alters, Some(&at.0), Some(&at.1), &message);
            self.inner(place, now);
        }
        for (name, place) in &fresh {
            let hidden = old.schema.properties.get(name);
            self.new_property((old, new), (name, place), hidden);
        }
        for (name, place) in &gone {
            let label = self.old_label(&place.at());
            // A reader may have relied on it, and a writer may still send it.
            match new.schema.properties.get(name) {
                Some(hidden) => {
                    let word = if side == Side::Sent { "read-only" } else { "write-only" };
                    let at = (place.at(), hidden.at());
                    let message = format!("{label} is now {word}");
                    self.effect("property-hidden", Effect::Alters, Some(&at.0), Some(&at.1), &message);
                }
                None => {
                    let message = format!("{label} was removed");
                    self.effect("property-removed", Effect::Alters, Some(&place.at()), None, &message);
                }
            }
        }
        let names: BTreeSet<&str> = old
            .schema
            .required
            .keys()
            .chain(new.schema.required.keys())
            .copied()
            .collect();
        for name in names {
            let is_known = gone.contains_key(name) || fresh.contains_key(name);
            let is_hidden = |view: &View<'s>, visible: &BTreeMap<&str, &Place<'s>>| {
                view.schema.properties.contains_key(name) && !visible.contains_key(name)
            };
            if !is_known && !is_hidden(old, &before) && !is_hidden(new, &after) {
                self.required(old, new, name);
            }
        }
    }

    fn new_property(
        &mut self,
        (old, new): (&View<'s>, &View<'s>),
        (name, place): (&str, &Place<'s>),
        hidden: Option<&Place<'s>>,
    ) {
        let side = self.mode.side;
        let required = new.schema.required.contains_key(name);
        let view = self.new.view(place);
        let label = self.label(&view.at);
        if let Some(hidden) = hidden {
            let message = format!(
                "{label} is now part of {}",
                if side == Side::Sent { "requests" } else { "responses" }
            );
            let wire = match side {
                Side::Sent if required => Compatibility::Breaking,
                _ => Compatibility::Compatible,
            };
            self.add(
                "property-shown",
                (side, wire),
                Some(&hidden.at()),
                Some(&view.at),
                &message,
            );
            return;
        }
        let mut message = format!("{label} was added: {}", view.words(&self.new.normal));
        if view.is_typed() && view.allows_null() {
            message.push_str(", or null");
        }
        message.push_str(match (side, required) {
            (Side::Received, true) => ", always present",
            (Side::Received, false) => ", not always present",
            (_, true) => ", required",
            (_, false) => ", optional",
        });
        if let Some(default) = view.schema.default {
            message.push_str(&format!(", {} by default", value_text(default)));
        }
        let additional = self.old.additional(old);
        let was_required = old.schema.required.contains_key(name);
        let wire = match side {
            Side::Neither => Compatibility::Same,
            Side::Sent | Side::Both if required && !was_required => Compatibility::Breaking,
            Side::Received | Side::Both if additional == Additional::Closed => Compatibility::Breaking,
            _ => Compatibility::Compatible,
        };
        self.add("property-added", (side, wire), None, Some(&view.at), &message);
        // It could be sent before, as an additional property.
        if let (Additional::Described, Some(before)) = (additional, &old.schema.additional) {
            self.inner(before, place);
        }
    }

    fn required(&mut self, old: &View<'s>, new: &View<'s>, name: &str) {
        let (before, after) = (old.schema.required.get(name), new.schema.required.get(name));
        if before.is_some() == after.is_some() {
            return;
        }
        let described = new.schema.properties.get(name);
        let label = match described {
            Some(property) => self.label(&property.at()),
            None => format!(
                "`{name}` of {}, which describes no such property,",
                self.label(&new.own())
            ),
        };
        let received = self.mode.side == Side::Received;
        let (kind, effect, words) = match after {
            Some(_) if received => ("required-added", Effect::Narrows, "is now always present"),
            Some(_) => ("required-added", Effect::Narrows, "is now required"),
            None if received => ("required-removed", Effect::Widens, "is no longer always present"),
            None => ("required-removed", Effect::Widens, "is now optional"),
        };
        // A list that omits the property has no location for it; use that of the property.
        let at = |listed: Option<&Pointer>, view: &View<'s>| {
            let property = || view.schema.properties.get(name).map(Place::at);
            listed.cloned().or_else(property).unwrap_or_else(|| view.own())
        };
        let (old_at, new_at) = (at(before, old), at(after, new));
        let message = format!("{label} {words}");
        self.effect(kind, effect, Some(&old_at), Some(&new_at), &message);
    }

    pub(super) fn additional(&mut self, old: &View<'s>, new: &View<'s>) {
        use Additional::{Closed, Described, Open};
        const NAME: &str = "additionalProperties";
        let (kind, effect, words) = match (self.old.additional(old), self.new.additional(new)) {
            (Open, Open) | (Closed, Closed) => return,
            (_, Closed) => ("closed", Effect::Narrows, "no longer allows additional properties"),
            (Closed, _) => ("opened", Effect::Widens, "now allows additional properties"),
            (Described, Open) => ("opened", Effect::Widens, "now allows additional properties of any type"),
            (Open, Described) => (
                "closed",
                Effect::Narrows,
                "now restricts additional properties to a schema",
            ),
            (Described, Described) => {
                if let (Some(before), Some(after)) = (&old.schema.additional, &new.schema.additional) {
                    self.inner(before, after);
                }
                return;
            }
        };
        let message = format!("{} {words}", self.label(&new.own()));
        let at = (old.place(NAME), new.place(NAME));
        self.effect(kind, effect, Some(&at.0), Some(&at.1), &message);
    }
}
