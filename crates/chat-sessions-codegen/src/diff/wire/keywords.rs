//! Compares the keywords that constrain a value: enum, format, bounds, pattern and default, and
//! whether null is valid.

use std::cmp::Ordering;

use serde_json::Value;

use super::comparer::Comparer;
use super::view::View;
use crate::diff::change::{Compatibility, Effect, Side};
use crate::diff::words::value_text;

/// Bounds that allow less when they increase.
const LOWER: [&str; 4] = ["minItems", "minLength", "minProperties", "minimum"];
/// Bounds that allow less when they decrease.
const UPPER: [&str; 4] = ["maxItems", "maxLength", "maxProperties", "maximum"];
/// Bounds that are set or not.
const FLAGS: [&str; 3] = ["exclusiveMaximum", "exclusiveMinimum", "uniqueItems"];
/// Bounds without an order.
const OTHER: [&str; 3] = ["multipleOf", "not", "pattern"];

impl Comparer<'_> {
    pub(super) fn keywords(&mut self, old: &View<'_>, new: &View<'_>, side: Side) {
        self.values(old, new, side);
        // A change of type implies a change of format.
        if old.kind() == new.kind() {
            self.format(old, new, side);
        }
        for name in LOWER {
            self.bound(name, Ordering::Greater, old, new, side);
        }
        for name in UPPER {
            self.bound(name, Ordering::Less, old, new, side);
        }
        for name in OTHER {
            self.bound(name, Ordering::Equal, old, new, side);
        }
        for name in FLAGS {
            let is_set = |view: &View<'_>| view.keyword(name) == Some(&Value::Bool(true));
            let (effect, word) = match (is_set(old), is_set(new)) {
                (false, true) => (Effect::Narrows, "has"),
                (true, false) => (Effect::Widens, "no longer has"),
                _ => continue,
            };
            let message = format!("{} {word} {name}", self.label(&new.subject(name)));
            let at = (old.place(name), new.place(name));
            self.add_effect("bound-changed", (side, effect), Some(&at.0), Some(&at.1), &message);
        }
        self.default(old, new, side);
    }

    /// Reports when null becomes valid or invalid. If any JSON was or becomes valid, the change of
    /// the type already covers null.
    pub(super) fn null(&mut self, old: &View<'_>, new: &View<'_>, side: Side) {
        if old.is_typed() == new.is_typed() {
            self.null_change(old, new, (old.allows_null(), new.allows_null()), side);
        }
    }

    /// The same for two unions, whose variants are compared on their own.
    pub(super) fn null_beside_variants(&mut self, old: &View<'_>, new: &View<'_>, side: Side) {
        if !old.variants().is_empty() && !new.variants().is_empty() {
            let allowed = (old.allows_null_beside_variants(), new.allows_null_beside_variants());
            self.null_change(old, new, allowed, side);
        }
    }

    fn null_change(&mut self, old: &View<'_>, new: &View<'_>, allowed: (bool, bool), side: Side) {
        let label = self.label(&new.at);
        match allowed {
            (false, true) => {
                let at = (&old.at, new.nullable_place());
                let message = format!("{label} can now be null");
                self.add_effect(
                    "null-allowed",
                    (side, Effect::Widens),
                    Some(at.0),
                    Some(&at.1),
                    &message,
                );
            }
            (true, false) => {
                let at = (old.nullable_place(), &new.at);
                let message = format!("{label} can no longer be null");
                self.add_effect(
                    "null-forbidden",
                    (side, Effect::Narrows),
                    Some(&at.0),
                    Some(at.1),
                    &message,
                );
            }
            _ => {}
        }
    }

    fn values(&mut self, old: &View<'_>, new: &View<'_>, side: Side) {
        let (before, after) = (old.values(), new.values());
        if before == after {
            return;
        }
        let label = self.label(&new.subject("enum"));
        let at = (old.place("enum"), new.place("enum"));
        let list = |values: &[&Value]| {
            let values: Vec<String> = values.iter().map(|value| value_text(value)).collect();
            values.join(", ")
        };
        let changes = match (&before, &after) {
            (None, None) => return,
            (None, Some(after)) => {
                let message = format!("{label} now allows only the values {}", list(after));
                vec![("enum-closed", Effect::Narrows, message)]
            }
            (Some(before), None) => {
                let message = format!("{label} now allows any value, not only {}", list(before));
                vec![("enum-opened", Effect::Widens, message)]
            }
            (Some(before), Some(after)) => {
                let without = |all: &[&Value], others: &[&Value]| -> String {
                    let rest: Vec<&Value> = all.iter().copied().filter(|value| !others.contains(value)).collect();
                    list(&rest)
                };
                let (fresh, gone) = (without(after, before), without(before, after));
                let mut changes = Vec::new();
                if !fresh.is_empty() {
                    changes.push((
                        "enum-value-added",
                        Effect::Widens,
                        format!("{label} can now also be {fresh}"),
                    ));
                }
                if !gone.is_empty() {
                    let message = format!("{label} can no longer be {gone}");
                    changes.push(("enum-value-removed", Effect::Narrows, message));
                }
                changes
            }
        };
        for (kind, effect, message) in changes {
            self.add_effect(kind, (side, effect), Some(&at.0), Some(&at.1), &message);
        }
    }

    fn format(&mut self, old: &View<'_>, new: &View<'_>, side: Side) {
        let (before, after) = (old.text("format"), new.text("format"));
        if before == after {
            return;
        }
        let label = self.label(&new.subject("format"));
        let (effect, message) = match (before, after) {
            (None, None) => return,
            (None, Some(after)) => (Effect::Narrows, format!("{label} now has the format `{after}`")),
            (Some(before), None) => (Effect::Widens, format!("{label} no longer has the format `{before}`")),
            (Some(before), Some(after)) => {
                let effect = match (before, after) {
                    ("int32", "int64") | ("float", "double") => Effect::Widens,
                    ("int64", "int32") | ("double", "float") => Effect::Narrows,
                    _ => Effect::Alters,
                };
                let message = format!("{label} has the format `{after}` instead of `{before}`");
                (effect, message)
            }
        };
        let at = (old.place("format"), new.place("format"));
        self.add_effect("format-changed", (side, effect), Some(&at.0), Some(&at.1), &message);
    }

    /// Compares one bound. `narrower` is how a new bound that allows less compares with the old
    /// one.
    fn bound(&mut self, name: &str, narrower: Ordering, old: &View<'_>, new: &View<'_>, side: Side) {
        let (before, after) = (old.keyword(name), new.keyword(name));
        if before == after {
            return;
        }
        let label = self.label(&new.subject(name));
        let (effect, message) = match (before, after) {
            (None, Some(after)) => (
                Effect::Narrows,
                format!("{label} now has the {name} {}", value_text(after)),
            ),
            (Some(before), None) => {
                let message = format!("{label} no longer has a {name}; it was {}", value_text(before));
                (Effect::Widens, message)
            }
            (Some(before), Some(after)) => {
                let order = after.as_f64().zip(before.as_f64());
                let order = order.and_then(|(after, before)| after.partial_cmp(&before));
                let effect = match order {
                    _ if narrower == Ordering::Equal => Effect::Alters,
                    Some(order) if order == narrower => Effect::Narrows,
                    Some(_) => Effect::Widens,
                    None => Effect::Alters,
                };
                let message = format!(
                    "{label} has the {name} {} instead of {}",
                    value_text(after),
                    value_text(before)
                );
                (effect, message)
            }
            (None, None) => return,
        };
        let at = (old.place(name), new.place(name));
        self.add_effect("bound-changed", (side, effect), Some(&at.0), Some(&at.1), &message);
    }

    /// A default is the server's value for what was not sent. Documenting one changes nothing;
    /// changing one does.
    fn default(&mut self, old: &View<'_>, new: &View<'_>, side: Side) {
        let (before, after) = (old.keyword("default"), new.keyword("default"));
        if before == after {
            return;
        }
        let label = self.label(&new.subject("default"));
        let sent = matches!(side, Side::Sent | Side::Both);
        let (kind, wire, message) = match (before, after) {
            (Some(before), Some(after)) => {
                let wire = if sent {
                    Compatibility::Breaking
                } else {
                    Compatibility::Same
                };
                let message = format!(
                    "the default of {label} is {} instead of {}",
                    value_text(after),
                    value_text(before)
                );
                ("default-changed", wire, message)
            }
            (None, Some(after)) => {
                let message = format!("the default of {label} is now documented: {}", value_text(after));
                ("default-added", Compatibility::Same, message)
            }
            (Some(before), None) => {
                let message = format!(
                    "the default of {label} is no longer documented; it was {}",
                    value_text(before)
                );
                ("default-removed", Compatibility::Same, message)
            }
            (None, None) => return,
        };
        let at = (old.place("default"), new.place("default"));
        self.add(kind, (side, wire), Some(&at.0), Some(&at.1), &message);
    }
}
