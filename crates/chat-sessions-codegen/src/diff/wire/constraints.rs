//! Compares the keywords that constrain a value: its types and null, enum, format, bounds, pattern
//! and default.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use serde_json::Value;

use super::comparer::Comparer;
use super::verdicts::Writing;
use super::version::Version;
use super::view::View;
use crate::diff::change::{Compatibility, Effect, Side};
use crate::diff::words::value_text;
use crate::spec::normal::number::Decimal;
use crate::spec::normal::schema::{Bound, canonical};
use crate::spec::normal::types::Types;

/// Formats that include another.
const WIDER_FORMATS: [(&str, &str); 3] = [("int32", "int64"), ("float", "double"), ("int32", "double")];

/// The effect of a set that becomes another; `None` if it stays.
fn effect_of(is_within_new: bool, is_within_old: bool) -> Option<Effect> {
    match (is_within_new, is_within_old) {
        (true, true) => None,
        (true, false) => Some(Effect::Widens),
        (false, true) => Some(Effect::Narrows),
        (false, false) => Some(Effect::Alters),
    }
}

impl<'s> Comparer<'s> {
    /// Compares the types and whether null is valid. Returns whether to compare the rest.
    pub(super) fn types(&mut self, old: &View<'s>, new: &View<'s>) -> bool {
        let are_unions = !old.schema.unions.is_empty() && !new.schema.unions.is_empty();
        // The variants of unions are compared on their own, and so are the types that they exclude.
        if are_unions && old.schema.types == new.schema.types {
            return true;
        }
        let types = |version: &Version<'s>, view: &View<'s>| {
            if !are_unions {
                return view.schema.types;
            }
            let unions = view
                .schema
                .unions
                .iter()
                .map(|union| version.normal.variant_types(union));
            view.schema
                .own_types
                .or(Types::ANY.without(unions.fold(Types::ANY, Types::and)))
        };
        let (before, after) = (types(&self.old, old), types(&self.new, new));
        if old.is_typed() == new.is_typed() {
            self.null(old, new, (before.has(Types::NULL), after.has(Types::NULL)));
        }
        let (before, after) = (before.without(Types::NULL), after.without(Types::NULL));
        // Any scalar that is written as text is a string.
        let with_text = |view: &View<'s>, types: Types, other: Types| {
            let is_text = self.mode.writing == Writing::Text && view.schema.is_any_text();
            let scalars = other.and(Types::BOOLEAN.or(Types::NUMBER));
            types.or(if is_text { scalars } else { Types::NONE })
        };
        let (before, after) = (with_text(old, before, after), with_text(new, after, before));
        let effect = match effect_of(before.is_within(after), after.is_within(before)) {
            _ if old.schema.is_anything() && new.schema.is_anything() => return false,
            _ if new.schema.is_anything() => Effect::Widens,
            _ if old.schema.is_anything() => Effect::Narrows,
            Some(effect) => effect,
            None => return true,
        };
        let message = format!(
            "{} is {} instead of {}",
            self.label(&new.at),
            new.words(&self.new.normal),
            old.words(&self.old.normal)
        );
        let (old_at, new_at) = (old.place("type"), new.place("type"));
        self.effect("type-changed", effect, Some(&old_at), Some(&new_at), &message);
        effect != Effect::Alters && !old.schema.is_anything() && !new.schema.is_anything()
    }

    fn null(&mut self, old: &View<'s>, new: &View<'s>, allowed: (bool, bool)) {
        if allowed.0 == allowed.1 {
            return;
        }
        let label = self.label(&new.at);
        match allowed {
            (false, true) => {
                let (old_at, new_at) = (&old.at, new.nullable_place());
                let message = format!("{label} can now be null");
                self.effect("null-allowed", Effect::Widens, Some(old_at), Some(&new_at), &message);
            }
            (true, false) => {
                let (old_at, new_at) = (old.nullable_place(), &new.at);
                let message = format!("{label} can no longer be null");
                self.effect("null-forbidden", Effect::Narrows, Some(&old_at), Some(new_at), &message);
            }
            _ => {}
        }
    }

    pub(super) fn constraints(&mut self, old: &View<'s>, new: &View<'s>) {
        self.values(old, new);
        self.formats(old, new);
        let (before, after) = (&old.schema, &new.schema);
        let counts: BTreeSet<&str> = before.counts.keys().chain(after.counts.keys()).copied().collect();
        for name in counts {
            let of = |value: Option<&Decimal>| {
                value.map(|value| Bound {
                    value: *value,
                    is_exclusive: false,
                })
            };
            self.bound(
                name,
                (old, new),
                (of(before.counts.get(name)), of(after.counts.get(name))),
            );
        }
        self.bound("minimum", (old, new), (before.minimum, after.minimum));
        self.bound("maximum", (old, new), (before.maximum, after.maximum));
        self.multiples(old, new);
        self.patterns(old, new);
        if before.has_unique_items != after.has_unique_items {
            let (effect, word) = match after.has_unique_items {
                true => (Effect::Narrows, "has"),
                false => (Effect::Widens, "no longer has"),
            };
            self.keyword("uniqueItems", (old, new), effect, |label| {
                format!("{label} {word} uniqueItems")
            });
        }
    }

    /// Adds a change of a keyword.
    fn keyword(
        &mut self,
        name: &str,
        (old, new): (&View<'s>, &View<'s>),
        effect: Effect,
        message: impl FnOnce(String) -> String,
    ) {
        let message = message(self.label(&new.subject(name)));
        let at = (old.place(name), new.place(name));
        self.effect("bound-changed", effect, Some(&at.0), Some(&at.1), &message);
    }

    fn values(&mut self, old: &View<'s>, new: &View<'s>) {
        let (before, after) = (&old.schema.values, &new.schema.values);
        if before.is_none() && after.is_none() {
            return;
        }
        let label = self.label(&new.subject("enum"));
        let at = (old.place("enum"), new.place("enum"));
        let list = |values: &[&Value]| {
            let values: Vec<String> = values.iter().map(|value| value_text(value)).collect();
            values.join(", ")
        };
        let changes = match (before, after) {
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
                    let others: BTreeSet<String> = others.iter().map(|value| self.text_of(value)).collect();
                    let rest = all.iter().copied();
                    let rest: Vec<&Value> = rest.filter(|value| !others.contains(&self.text_of(value))).collect();
                    list(&rest)
                };
                let (fresh, gone) = (without(after, before), without(before, after));
                let mut changes = Vec::new();
                if !fresh.is_empty() {
                    let message = format!("{label} can now also be {fresh}");
                    changes.push(("enum-value-added", Effect::Widens, message));
                }
                if !gone.is_empty() {
                    let message = format!("{label} can no longer be {gone}");
                    changes.push(("enum-value-removed", Effect::Narrows, message));
                }
                changes
            }
        };
        for (kind, effect, message) in changes {
            self.effect(kind, effect, Some(&at.0), Some(&at.1), &message);
        }
    }

    /// What a value of an enum looks like on the wire.
    fn text_of(&self, value: &Value) -> String {
        match value {
            Value::String(text) if self.mode.writing == Writing::Text => text.clone(),
            other => canonical(other),
        }
    }

    fn formats(&mut self, old: &View<'s>, new: &View<'s>) {
        let (before, after) = (&old.schema.formats, &new.schema.formats);
        let effect = match effect_of(before.is_superset(after), after.is_superset(before)) {
            None => return,
            Some(effect) => effect,
        };
        let types = |view: &View<'s>| view.schema.types.without(Types::NULL);
        // A change of type implies a change of format in the same direction.
        let is_implied = match effect {
            Effect::Widens => types(old).is_within(types(new)),
            Effect::Narrows => types(new).is_within(types(old)),
            Effect::Alters => false,
        };
        if types(old) != types(new) && is_implied {
            return;
        }
        let (was, is) = (before.iter().next().copied(), after.iter().next().copied());
        let (effect, words) = match (was, is) {
            (_, Some(is)) if before.is_empty() => (effect, format!("now has the format `{is}`")),
            (Some(was), _) if after.is_empty() => (effect, format!("no longer has the format `{was}`")),
            (Some(was), Some(is)) if before.len() == 1 && after.len() == 1 => {
                let effect = match () {
                    () if WIDER_FORMATS.contains(&(was, is)) => Effect::Widens,
                    () if WIDER_FORMATS.contains(&(is, was)) => Effect::Narrows,
                    () => Effect::Alters,
                };
                (effect, format!("has the format `{is}` instead of `{was}`"))
            }
            _ => (effect, "has other formats".to_owned()),
        };
        let message = format!("{} {words}", self.label(&new.subject("format")));
        let at = (old.place("format"), new.place("format"));
        self.effect("format-changed", effect, Some(&at.0), Some(&at.1), &message);
    }

    /// Compares a lower or an upper bound.
    fn bound(&mut self, name: &str, views: (&View<'s>, &View<'s>), bounds: (Option<Bound>, Option<Bound>)) {
        let words = |Bound { value, is_exclusive }: Bound| {
            let exclusive = if is_exclusive { ", exclusive" } else { "" };
            format!("`{value}`{exclusive}")
        };
        let (effect, message) = match bounds {
            (before, after) if before == after => return,
            (None, Some(after)) => (Effect::Narrows, format!("now has the {name} {}", words(after))),
            (Some(before), None) => (
                Effect::Widens,
                format!("no longer has a {name}; it was {}", words(before)),
            ),
            (Some(before), Some(after)) => {
                let order = after.value.compare(before.value);
                let order = if name.starts_with("max") {
                    order.map(Ordering::reverse)
                } else {
                    order
                };
                let effect = match order.map(|order| order.then(after.is_exclusive.cmp(&before.is_exclusive))) {
                    Some(Ordering::Greater) => Effect::Narrows,
                    Some(_) => Effect::Widens,
                    None => Effect::Alters,
                };
                (
                    effect,
                    format!("has the {name} {} instead of {}", words(after), words(before)),
                )
            }
            (None, None) => return,
        };
        self.keyword(name, views, effect, |label| format!("{label} {message}"));
    }

    fn multiples(&mut self, old: &View<'s>, new: &View<'s>) {
        let (effect, message) = match (old.schema.multiple_of, new.schema.multiple_of) {
            (before, after) if before == after => return,
            (None, Some(after)) => (Effect::Narrows, format!("now has the multipleOf `{after}`")),
            (Some(before), None) => (Effect::Widens, format!("no longer has a multipleOf; it was `{before}`")),
            (Some(before), Some(after)) => {
                let effect = match (before.is_multiple_of(after), after.is_multiple_of(before)) {
                    (Some(true), _) => Effect::Widens,
                    (_, Some(true)) => Effect::Narrows,
                    _ => Effect::Alters,
                };
                (effect, format!("has the multipleOf `{after}` instead of `{before}`"))
            }
            (None, None) => return,
        };
        self.keyword("multipleOf", (old, new), effect, |label| format!("{label} {message}"));
    }

    /// Regular expressions are compared only for equality.
    fn patterns(&mut self, old: &View<'s>, new: &View<'s>) {
        let (before, after) = (&old.schema.patterns, &new.schema.patterns);
        let list = |patterns: &BTreeSet<&str>| {
            let patterns: Vec<String> = patterns.iter().map(|pattern| value_text(&(*pattern).into())).collect();
            patterns.join(" and ")
        };
        let effect = match effect_of(before.is_superset(after), after.is_superset(before)) {
            None => return,
            Some(effect) => effect,
        };
        let (is, was) = (list(after), list(before));
        if effect == Effect::Alters {
            let label = self.label(&new.subject("pattern"));
            let at = (old.place("pattern"), new.place("pattern"));
            self.cannot_tell(&at.0, &at.1, &format!("{label} has the pattern {is} instead of {was}"));
            return;
        }
        let words = match effect {
            Effect::Narrows => format!("now has the pattern {is}"),
            _ => format!("no longer has a pattern; it was {was}"),
        };
        self.keyword("pattern", (old, new), effect, |label| format!("{label} {words}"));
    }

    /// A default is the server's value for what was not sent. Documenting one changes nothing;
    /// changing one does.
    pub(super) fn default(&mut self, old: &View<'s>, new: &View<'s>) {
        let (before, after) = (old.schema.default, new.schema.default);
        if before.map(canonical) == after.map(canonical) {
            return;
        }
        let label = self.label(&new.subject("default"));
        let side = self.mode.side;
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
