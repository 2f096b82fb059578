//! Compares the parameters of two operations, paired by location and name.

use std::collections::BTreeMap;

use serde_json::Value;

use super::comparer::Comparer;
use super::verdicts::Writing;
use super::version::Version;
use crate::diff::change::{Compatibility, Effect, Side};
use crate::diff::words::value_text;
use crate::spec::Pointer;
use crate::spec::normal::schema::Place;
use crate::spec::normal::types::Types;
use crate::spec::normal::wire;
use crate::spec::refs::{self, Located, Operation};

impl<'s> Comparer<'s> {
    pub(super) fn parameters(&mut self, old: &Operation<'s>, new: &Operation<'s>, path_names: &BTreeMap<&str, &str>) {
        let key = |found: &Located<'s>, names: &BTreeMap<&str, &str>| {
            let (place, name) = (text(found.value, "in"), text(found.value, "name"));
            let name = names.get(name).filter(|_| place == "path").copied().unwrap_or(name);
            (place, wire::parameter_name(place, name))
        };
        // Those that an operation uses are compared with it, and the others are replaced everywhere.
        for (version, operation) in [(&mut self.old, old), (&mut self.new, new)] {
            let item = operation.at.parent().unwrap_or_default();
            version.settled.insert(item.child("parameters"));
        }
        let none = BTreeMap::new();
        let mut after: Vec<_> = new.parameters.iter().map(|found| (key(found, &none), found)).collect();
        let mut gone = Vec::new();
        for found in &old.parameters {
            let key = key(found, path_names);
            match after.iter().position(|(other, _)| *other == key) {
                Some(index) => {
                    let (_, other) = after.remove(index);
                    self.parameter(found, other);
                }
                None => gone.push((key.0, key.1, found)),
            }
        }
        for (place, name, found) in gone {
            let moved = after
                .iter()
                .position(|((_, other), _)| other.eq_ignore_ascii_case(&name));
            if let Some(index) = moved {
                let (_, other) = after.remove(index);
                let label = self.label(&other.at);
                let message = format!("{label} was a {place} parameter");
                let on = (Side::Sent, Compatibility::Breaking);
                let kind = "parameter-moved";
                self.add(kind, on, Some(&found.at), Some(&other.at), &message);
                self.parameter(found, other);
            } else {
                let message = format!("{} was removed", self.old_label(&found.at));
                let on = (Side::Sent, Compatibility::Breaking);
                let kind = if refs::is_dropped_parameter(found.value) {
                    "credential-removed"
                } else {
                    "parameter-removed"
                };
                self.add(kind, on, Some(&found.at), None, &message);
            }
        }
        for (_, found) in after {
            let required = is_required(found);
            let message = format!(
                "{} was added, {}: {}",
                self.label(&found.at),
                if required { "required" } else { "optional" },
                self.parameter_words(found)
            );
            let wire = if required {
                Compatibility::Breaking
            } else {
                Compatibility::Compatible
            };
            let kind = if refs::is_dropped_parameter(found.value) {
                "credential-added"
            } else {
                "parameter-added"
            };
            self.add(kind, (Side::Sent, wire), None, Some(&found.at), &message);
        }
    }

    fn parameter(&mut self, old: &Located<'s>, new: &Located<'s>) {
        if self.is_same(old, new) {
            return;
        }
        self.meet(&old.at, &new.at);
        let label = self.label(&new.at);
        let (was, is) = (is_required(old), is_required(new));
        let default = |found: &Located<'s>| member(found, "schema")?.value.get("default").cloned();
        // "Optional" and its new default are one message.
        let says_default = was && !is && default(old).is_none();
        if was != is {
            let at = |found: &Located<'s>| required_place(found);
            let (kind, effect, mut message) = if is {
                (
                    "parameter-required",
                    Effect::Narrows,
                    format!("{label} is now required"),
                )
            } else {
                ("parameter-optional", Effect::Widens, format!("{label} is now optional"))
            };
            if says_default && let Some(value) = default(new) {
                message.push_str(&format!(", and {} by default", value_text(&value)));
            }
            let wire = effect.on(Side::Sent);
            self.add(kind, (Side::Sent, wire), Some(&at(old)), Some(&at(new)), &message);
        }
        if !self.is_described_alike(old, new, Side::Sent) {
            return;
        }
        self.styles(old, new, text(new.value, "in"), Side::Sent);
        let allows = |found: &Located<'s>| found.value.get("allowEmptyValue") == Some(&Value::Bool(true));
        if allows(old) != allows(new) {
            let (effect, word) = match allows(new) {
                true => (Effect::Widens, "can now"),
                false => (Effect::Narrows, "can no longer"),
            };
            let message = format!("{label} {word} be empty");
            let at = [old, new].map(|found| found.at.clone());
            let wire = effect.on(Side::Sent);
            self.add(
                "parameter-empty",
                (Side::Sent, wire),
                Some(&at[0]),
                Some(&at[1]),
                &message,
            );
        }
        self.notes(old, new, &["description", "example", "examples", "deprecated"]);
        if let (Some(before), Some(after)) = (member(old, "schema"), member(new, "schema")) {
            let from = self.changes.len();
            self.nodes(&before, &after, Side::Sent, Writing::Text);
            if says_default {
                self.run_tasks();
                let mut index = 0;
                self.changes.retain(|change| {
                    index += 1;
                    index <= from || change.kind != "default-added"
                });
            }
        }
        self.contents(old, new, Side::Sent);
    }

    /// Whether a parameter or header is described by a schema, or by content, in both versions.
    pub(super) fn is_described_alike(&mut self, old: &Located<'s>, new: &Located<'s>, side: Side) -> bool {
        let keywords = |found: &Located<'s>| ["schema", "content"].map(|name| found.value.get(name).is_some());
        let is_alike = keywords(old) == keywords(new);
        if !is_alike {
            let message = format!("cannot tell: {} is described in another way", self.label(&new.at));
            let on = (side, Compatibility::Breaking);
            self.add("cannot-tell", on, Some(&old.at), Some(&new.at), &message);
        }
        is_alike
    }

    /// Compares how the values of a parameter or header are written.
    pub(super) fn styles(&mut self, old: &Located<'s>, new: &Located<'s>, place: &str, side: Side) {
        let styles = |version: &Version<'s>, found: &Located<'s>| {
            let schema = member(found, "schema").map(|schema| version.normal.schema(&Place::of(&schema)));
            wire::style(found.value, place, schema.map_or(Types::ANY, |schema| schema.types))
        };
        let (before, after) = (styles(&self.old, old), styles(&self.new, new));
        let label = self.label(&new.at);
        for ((name, was), (_, is)) in before.into_iter().zip(after) {
            if was != is {
                let message = format!("{label} has {name} {} instead of {}", value_text(&is), value_text(&was));
                let at = [old, new].map(|found| found.at.child(name));
                let on = (side, Compatibility::Breaking);
                self.add("parameter-style", on, Some(&at[0]), Some(&at[1]), &message);
            }
        }
    }

    fn parameter_words(&self, parameter: &Located<'s>) -> String {
        let Some(schema) = member(parameter, "schema") else {
            return "a string".to_owned();
        };
        let view = self.new.view(&Place::of(&schema));
        let default = view.schema.default.map(value_text);
        let default = default.map(|value| format!(", {value} by default")).unwrap_or_default();
        format!("{}{default}", view.words(&self.new.normal))
    }
}

pub(super) fn text<'t>(node: &'t Value, name: &str) -> &'t str {
    node.get(name).and_then(Value::as_str).unwrap_or_default()
}

pub(super) fn is_required(node: &Located<'_>) -> bool {
    node.value.get("required") == Some(&Value::Bool(true))
}

/// The pointer to `required` of a node, or else to the node.
pub(super) fn required_place(node: &Located<'_>) -> Pointer {
    match node.value.get("required") {
        Some(_) => node.at.child("required"),
        None => node.at.clone(),
    }
}

/// A member of a node, with its pointer.
pub(super) fn member<'t>(node: &Located<'t>, name: &str) -> Option<Located<'t>> {
    let value = node.value.get(name)?;
    let at = node.at.child(name);
    Some(Located { at, value })
}

/// The members of an object below a node, by name.
pub(super) fn members<'t>(node: &Located<'t>, name: &str) -> BTreeMap<&'t String, Located<'t>> {
    let below = node.at.child(name);
    let found = |(name, value)| {
        let at = below.child(name);
        (name, Located { at, value })
    };
    refs::members(node.value, name).map(found).collect()
}
