//! Merges the nodes that apply to one value into a schema in normal form.
//!
//! A property in two parts is the intersection of both. Keywords that cannot apply to the types, or
//! that change nothing, are dropped.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::Value;

use super::number::Decimal;
use super::schema::{Bound, Place, Schema, canonical, is_text, stricter};
use super::types::Types;
use crate::spec::refs::Located;

/// Keywords that count something, with the type that they apply to.
const COUNTS: [(&str, Types); 6] = [
    ("maxItems", Types::ARRAY),
    ("maxLength", Types::STRING),
    ("maxProperties", Types::OBJECT),
    ("minItems", Types::ARRAY),
    ("minLength", Types::STRING),
    ("minProperties", Types::OBJECT),
];

/// A schema that is being merged.
pub(super) struct Merge<'t> {
    pub(super) schema: Schema<'t>,
    objects: Vec<ObjectPart<'t>>,
}

impl<'t> Merge<'t> {
    pub(super) fn new() -> Self {
        Self {
            schema: Schema::anything(),
            objects: Vec::new(),
        }
    }

    /// Merges the keywords of one schema object.
    pub(super) fn keywords(&mut self, node: &Located<'t>) {
        let schema = &mut self.schema;
        let get = |name: &str| node.value.get(name);
        let is_set = |name: &str| get(name) == Some(&Value::Bool(true));
        let mut object = ObjectPart {
            properties: BTreeMap::new(),
            additional: None,
        };
        for (name, value) in node.value.as_object().into_iter().flatten() {
            let at = || node.at.child(name);
            let inner = || Located { at: at(), value };
            let number = || value.as_number().and_then(Decimal::of);
            match (name.as_str(), value) {
                ("type", Value::String(word)) if Types::named(word).is_some() => {
                    let null = if is_set("nullable") { Types::NULL } else { Types::NONE };
                    let types = Types::named(word).unwrap_or(Types::ANY).or(null);
                    schema.own_types = schema.own_types.and(types);
                }
                ("enum", Value::Array(values)) => {
                    let types = values.iter().map(Types::of).fold(Types::NONE, Types::or);
                    schema.own_types = schema.own_types.and(types);
                    let mut merged: Vec<&'t Value> = values.iter().filter(|value| !value.is_null()).collect();
                    if let Some(others) = &schema.values {
                        let others: HashSet<String> = others.iter().map(|value| canonical(value)).collect();
                        merged.retain(|value| others.contains(&canonical(value)));
                    }
                    schema.values = Some(merged);
                }
                // For a form on a screen: every string is a valid password.
                ("format", Value::String(format)) if format == "password" => {}
                ("format", Value::String(format)) => {
                    schema.formats.insert(format);
                }
                ("pattern", Value::String(pattern)) => {
                    schema.patterns.insert(pattern);
                }
                ("minimum" | "maximum", Value::Number(_)) if number().is_some() => {
                    let (bound, flag) = if name == "minimum" {
                        (&mut schema.minimum, "exclusiveMinimum")
                    } else {
                        (&mut schema.maximum, "exclusiveMaximum")
                    };
                    let added = number().map(|value| Bound {
                        value,
                        is_exclusive: is_set(flag),
                    });
                    *bound = stricter(*bound, added, name == "maximum");
                }
                ("exclusiveMinimum" | "exclusiveMaximum" | "nullable", Value::Bool(_)) => {}
                ("multipleOf", Value::Number(_)) if number().is_some_and(Decimal::is_positive) => {
                    match (schema.multiple_of, number()) {
                        (Some(one), Some(other)) if one.least_common_multiple(other).is_none() => {
                            schema.unknown.insert(name, value);
                        }
                        (Some(one), Some(other)) => schema.multiple_of = one.least_common_multiple(other),
                        (_, other) => schema.multiple_of = other,
                    }
                }
                ("uniqueItems", Value::Bool(flag)) => schema.has_unique_items |= flag,
                ("items", Value::Object(_)) => schema.items.get_or_insert_with(Place::anything).nodes.push(inner()),
                ("properties", Value::Object(properties)) => {
                    let located = properties.iter().map(|(property, value)| {
                        let at = at().child(property);
                        (property.as_str(), Located { at, value })
                    });
                    object.properties = located.collect();
                }
                ("additionalProperties", Value::Bool(true)) => {}
                ("additionalProperties", Value::Bool(false)) => {
                    object.additional = Some(Place {
                        nodes: vec![inner()],
                        is_forbidden: true,
                    });
                }
                ("additionalProperties", Value::Object(members)) => {
                    if members.keys().any(|key| !is_text(key)) {
                        object.additional = Some(Place::of(&inner()));
                    }
                }
                ("required", Value::Array(names)) => {
                    for (index, name) in names.iter().enumerate() {
                        if let Some(name) = name.as_str() {
                            schema.required.entry(name).or_insert_with(|| at().child(index));
                        }
                    }
                }
                ("not", Value::Object(_)) => {
                    if !schema.not.iter().any(|other| other.value == value) {
                        schema.not.push(inner());
                    }
                }
                ("default", _) => schema.default = schema.default.or(Some(value)),
                ("readOnly", Value::Bool(flag)) => schema.is_read_only |= flag,
                ("writeOnly", Value::Bool(flag)) => schema.is_write_only |= flag,
                ("allOf" | "oneOf" | "anyOf", Value::Array(_)) | ("discriminator", Value::Object(_)) => {}
                (name, _) if is_text(name) => {}
                (name, _) => {
                    if let Some((count, _)) = COUNTS.into_iter().find(|(count, _)| *count == name)
                        && let Some(value) = number()
                    {
                        let is_upper = count.starts_with("max");
                        let bound = |value| Bound {
                            value,
                            is_exclusive: false,
                        };
                        let before = schema.counts.get(count).copied().map(bound);
                        let merged = stricter(before, Some(bound(value)), is_upper);
                        schema.counts.extend(merged.map(|bound| (count, bound.value)));
                    } else {
                        schema.unknown.insert(name, value);
                    }
                }
            }
        }
        if !object.properties.is_empty() || object.additional.is_some() {
            self.objects.push(object);
        }
    }

    /// Merges the objects, and drops what cannot apply or changes nothing.
    pub(super) fn finish(mut self) -> Schema<'t> {
        self.merge_objects();
        let mut schema = self.schema;
        if schema.own_types.has(Types::FRACTION) && schema.multiple_of.is_some_and(Decimal::is_integer) {
            schema.own_types = schema.own_types.without(Types::FRACTION);
        }
        if !schema.own_types.has(Types::FRACTION) {
            let whole = |bound: Option<Bound>, is_upper: bool| {
                let Bound { value, is_exclusive } = bound?;
                let signed = |value: Decimal| if is_upper { value.negated() } else { value };
                Some(match signed(value).ceiling(is_exclusive) {
                    Some(value) => Bound {
                        value: signed(value),
                        is_exclusive: false,
                    },
                    None => Bound { value, is_exclusive },
                })
            };
            schema.minimum = whole(schema.minimum, false);
            schema.maximum = whole(schema.maximum, true);
            let multiple = schema.multiple_of;
            let multiple = multiple.map(|one| one.least_common_multiple(Decimal::ONE).unwrap_or(one));
            schema.multiple_of = multiple.filter(|one| *one != Decimal::ONE);
        }
        if !schema.own_types.has(Types::NUMBER) {
            (schema.minimum, schema.maximum, schema.multiple_of) = (None, None, None);
        }
        if !schema.own_types.has(Types::STRING) {
            schema.patterns.clear();
        }
        if !schema.own_types.has(Types::ARRAY) {
            (schema.items, schema.has_unique_items) = (None, false);
        }
        if !schema.own_types.has(Types::OBJECT) {
            schema.properties.clear();
            schema.required.clear();
            schema.additional = None;
        }
        let own_types = schema.own_types;
        let applies = |name: &str| {
            COUNTS
                .iter()
                .any(|(count, types)| *count == name && own_types.has(*types))
        };
        schema.counts.retain(|name, value| {
            let is_zero = name.starts_with("min") && !value.is_positive();
            applies(name) && !is_zero
        });
        if let Some(mut values) = schema.values.take() {
            values.retain(|value| own_types.has(Types::of(value)) && schema.is_in_bounds(value));
            let mut seen = HashSet::new();
            values.retain(|value| seen.insert(canonical(value)));
            // The bounds have done their work.
            (schema.minimum, schema.maximum, schema.multiple_of) = (None, None, None);
            schema.counts.retain(|name, _| !name.ends_with("Length"));
            let types = values.iter().map(|value| Types::of(value)).fold(Types::NONE, Types::or);
            schema.own_types = own_types.and(types.or(Types::NULL));
            let both = types == Types::BOOLEAN && values.len() == 2;
            schema.values = (!both).then_some(values);
        }
        schema
    }

    /// A part forbids or restricts the properties that only other parts describe.
    fn merge_objects(&mut self) {
        let names: BTreeSet<&'t str> = self
            .objects
            .iter()
            .flat_map(|part| part.properties.keys().copied())
            .collect();
        for name in names {
            let mut place = Place::anything();
            // First those that describe the property, so that messages point to them.
            for part in &self.objects {
                place.nodes.extend(part.properties.get(name).cloned());
            }
            for part in self.objects.iter().filter(|part| !part.properties.contains_key(name)) {
                if let Some(additional) = &part.additional {
                    place.add(additional);
                }
            }
            self.schema.properties.insert(name, place);
        }
        for additional in self.objects.iter().filter_map(|part| part.additional.as_ref()) {
            self.schema
                .additional
                .get_or_insert_with(Place::anything)
                .add(additional);
        }
    }
}

/// The properties of one part of a schema, and what the part says about additional ones.
struct ObjectPart<'t> {
    properties: BTreeMap<&'t str, Located<'t>>,
    additional: Option<Place<'t>>,
}

impl Schema<'_> {
    /// Whether the bounds allow a value of an enum.
    fn is_in_bounds(&self, value: &Value) -> bool {
        match value {
            Value::Number(number) => {
                let Some(number) = Decimal::of(number) else { return true };
                let is_beyond = |bound: Option<Bound>, is_upper: bool| {
                    let own = Bound {
                        value: number,
                        is_exclusive: false,
                    };
                    bound.is_some() && stricter(bound, Some(own), is_upper) != Some(own)
                };
                let is_multiple = self
                    .multiple_of
                    .is_none_or(|one| number.is_multiple_of(one) != Some(false));
                is_multiple && !is_beyond(self.minimum, false) && !is_beyond(self.maximum, true)
            }
            Value::String(text) => {
                let length = Decimal::of(&text.chars().count().into());
                let order = |name: &str| {
                    length
                        .zip(self.counts.get(name).copied())
                        .and_then(|(a, b)| a.compare(b))
                };
                order("minLength").is_none_or(Ordering::is_ge) && order("maxLength").is_none_or(Ordering::is_le)
            }
            _ => true,
        }
    }
}
