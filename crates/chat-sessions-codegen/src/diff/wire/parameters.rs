//! Compares the parameters of two operations, paired by location and name.

use std::collections::BTreeMap;

use serde_json::Value;

use super::comparer::Comparer;
use super::view::View;
use crate::diff::change::{Compatibility, Effect, Side};
use crate::diff::words::value_text;
use crate::spec::Pointer;
use crate::spec::refs::{self, Located, Operation};

impl<'s> Comparer<'s> {
    pub(super) fn parameters(&mut self, old: &Operation<'s>, new: &Operation<'s>, path_names: &BTreeMap<&str, &str>) {
        let key = |found: &Located<'s>| (text(found.value, "in"), text(found.value, "name"));
        let before: Vec<_> = old.parameters.iter().map(|found| (key(found), found)).collect();
        let mut after: Vec<_> = new.parameters.iter().map(|found| (key(found), found)).collect();
        let mut gone = Vec::new();
        for ((place, name), found) in before {
            let now = if place == "path" {
                path_names.get(name).copied().unwrap_or(name)
            } else {
                name
            };
            match after.iter().position(|(key, _)| *key == (place, now)) {
                Some(index) => {
                    let (_, other) = after.remove(index);
                    self.parameter(found, other);
                }
                None => gone.push((place, name, found)),
            }
        }
        for (place, name, found) in gone {
            let moved = after.iter().position(|((_, other), _)| *other == name);
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
            self.add_effect(kind, (Side::Sent, effect), Some(&at(old)), Some(&at(new)), &message);
        }
        for name in ["style", "explode", "allowReserved"] {
            let (before, after) = (old.value.get(name), new.value.get(name));
            if before != after {
                let words = |value: Option<&Value>| value.map_or_else(|| "the default".to_owned(), value_text);
                let message = format!("{label} has {name} {} instead of {}", words(after), words(before));
                let at = [old, new].map(|found| found.at.child(name));
                let on = (Side::Sent, Compatibility::Breaking);
                self.add("parameter-style", on, Some(&at[0]), Some(&at[1]), &message);
            }
        }
        self.notes(
            old,
            new,
            &["description", "example", "examples", "deprecated", "allowEmptyValue"],
        );
        if let (Some(before), Some(after)) = (member(old, "schema"), member(new, "schema")) {
            let from = self.changes.len();
            self.schemas(&before, &after, Side::Sent);
            if says_default {
                let mut index = 0;
                self.changes.retain(|change| {
                    index += 1;
                    index <= from || change.kind != "default-added"
                });
            }
        }
        self.contents(old, new, Side::Sent);
    }

    fn parameter_words(&self, parameter: &Located<'s>) -> String {
        let tree = self.new.tree();
        let Some(schema) = member(parameter, "schema") else {
            return "a string".to_owned();
        };
        let view = View::of(tree, &schema);
        let default = view.keyword("default").map(value_text);
        let default = default.map(|value| format!(", {value} by default")).unwrap_or_default();
        format!("{}{default}", view.words(tree))
    }
}

fn text<'t>(node: &'t Value, name: &str) -> &'t str {
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
