//! What all sightings of an undescribed value have in common: its types, and a schema that takes
//! them all.
//!
//! No value is kept, only kinds and the names of members.

use std::collections::BTreeMap;

use serde_json::Value;

use super::display;

/// An object with more names than this is a map, whose names are data.
pub(in crate::drift) const MAX_NAMES: usize = 32;

/// How deep objects and arrays within each other are described.
const MAX_DEPTH: usize = 6;

/// The kinds of value that were seen at one place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::drift) struct ValueShape {
    pub(in crate::drift) null: bool,
    pub(in crate::drift) boolean: bool,
    pub(in crate::drift) integer: bool,
    pub(in crate::drift) number: bool,
    pub(in crate::drift) string: bool,
    pub(in crate::drift) items: Option<Box<ValueShape>>,
    pub(in crate::drift) members: Option<Members>,
}

/// The members of the objects that were seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::drift) struct Members {
    pub(in crate::drift) by_name: BTreeMap<String, ValueShape>,
    /// Whether the names are data, or too many, or too deep.
    pub(in crate::drift) is_free: bool,
}

impl ValueShape {
    /// Adds one more value.
    pub(in crate::drift) fn add(&mut self, value: &Value) {
        self.add_at(value, 0);
    }

    fn add_at(&mut self, value: &Value, depth: usize) {
        match value {
            Value::Null => self.null = true,
            Value::Bool(_) => self.boolean = true,
            Value::Number(number) if number.is_f64() => self.number = true,
            Value::Number(_) => self.integer = true,
            Value::String(_) => self.string = true,
            Value::Array(items) => {
                let shape = self.items.get_or_insert_default();
                if depth < MAX_DEPTH {
                    items.iter().for_each(|item| shape.add_at(item, depth + 1));
                } else {
                    // Nothing is said of the items, so that any are taken.
                    **shape = Self::default();
                }
            }
            Value::Object(members) => {
                let seen = self.members.get_or_insert_default();
                for (name, value) in members {
                    if seen.is_free || depth >= MAX_DEPTH || !display::is_a_name(name) {
                        seen.is_free = true;
                        break;
                    }
                    seen.by_name.entry(name.clone()).or_default().add_at(value, depth + 1);
                }
                if seen.is_free || seen.by_name.len() > MAX_NAMES {
                    seen.is_free = true;
                    seen.by_name.clear();
                }
            }
        }
    }

    /// Adds a value of a query, which is a text whatever it means.
    pub(in crate::drift) fn add_text(&mut self, text: &str) {
        match text {
            "true" | "false" => self.boolean = true,
            _ if is_integer(text) => self.integer = true,
            _ => self.string = true,
        }
    }

    /// Whether null was seen.
    pub(in crate::drift) fn has_null(&self) -> bool {
        self.null
    }

    /// Whether a number with a fraction was seen.
    pub(in crate::drift) fn has_number(&self) -> bool {
        self.number
    }

    /// The words for what was seen.
    pub(in crate::drift) fn words(&self) -> String {
        let mut words: Vec<String> = self.types().into_iter().map(display::with_article).collect();
        if self.null {
            words.push("null".to_owned());
        }
        words.join(" or ")
    }

    /// The types of OpenAPI, null left out; every integer is a number.
    pub(in crate::drift) fn types(&self) -> Vec<&'static str> {
        [
            (self.boolean, "boolean"),
            (self.integer && !self.number, "integer"),
            (self.number, "number"),
            (self.string, "string"),
            (self.items.is_some(), "array"),
            (self.members.is_some(), "object"),
        ]
        .into_iter()
        .filter_map(|(seen, name)| seen.then_some(name))
        .collect()
    }
}

/// Whether a text is an integer of 64 bits as it would be written.
pub(in crate::drift) fn is_integer(text: &str) -> bool {
    text.parse::<i64>().is_ok_and(|number| number.to_string() == text)
}
