//! The common shape of all values of an undescribed field: their types, without the values.
//!
//! No value is kept, only types and the names of members.

use std::collections::BTreeMap;

use serde_json::Value;

use super::display;

/// An object with more names than this is a map, and its names are data.
pub(in crate::drift) const MAX_NAMES: usize = 32;

/// The depth to which nested objects and arrays are described.
const MAX_DEPTH: usize = 6;

/// The types of the values observed in one place.
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

/// The members of the observed objects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::drift) struct Members {
    pub(in crate::drift) by_name: BTreeMap<String, ValueShape>,
    /// Whether the object is a map: its names are data, or too many, or too deep.
    pub(in crate::drift) is_free: bool,
}

impl ValueShape {
    /// Adds a value.
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
                    // An empty shape allows any items.
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

    /// Adds a value of a query parameter, which is a string whatever it means.
    pub(in crate::drift) fn add_text(&mut self, text: &str) {
        match text {
            "true" | "false" => self.boolean = true,
            _ if is_integer(text) => self.integer = true,
            _ => self.string = true,
        }
    }

    /// Whether null was observed.
    pub(in crate::drift) fn has_null(&self) -> bool {
        self.null
    }

    /// Whether a fractional number was observed.
    pub(in crate::drift) fn has_number(&self) -> bool {
        self.number
    }

    /// The observed types in words.
    pub(in crate::drift) fn words(&self) -> String {
        let mut words: Vec<String> = self.types().into_iter().map(display::with_article).collect();
        if self.null {
            words.push("null".to_owned());
        }
        words.join(" or ")
    }

    /// The observed OpenAPI types except null; with numbers, integers are numbers too.
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

/// Whether a text is the canonical form of a 64-bit integer.
pub(in crate::drift) fn is_integer(text: &str) -> bool {
    text.parse::<i64>().is_ok_and(|number| number.to_string() == text)
}
