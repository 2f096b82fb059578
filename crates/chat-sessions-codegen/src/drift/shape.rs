//! What all sightings of an undescribed value have in common: its types, and a schema that takes them all.
//!
//! No value is kept, only kinds and the names of members.

use std::collections::BTreeMap;

use serde_json::Value;

use super::names;
use super::node::Node;

/// What a description says that was made from answers alone.
pub(super) const SEEN: &str = "Seen in live answers; no document names it.";

/// An object with more names than this is a map, whose names are data.
pub(super) const MOST_NAMES: usize = 32;

/// How deep objects and arrays within each other are described.
const MOST_DEPTH: usize = 6;

/// The kinds of value that were seen at one place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shape {
    null: bool,
    boolean: bool,
    integer: bool,
    number: bool,
    string: bool,
    items: Option<Box<Shape>>,
    members: Option<Members>,
}

/// The members of the objects that were seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Members {
    by_name: BTreeMap<String, Shape>,
    /// Whether the names are data, or too many, or too deep.
    is_free: bool,
}

impl Shape {
    /// Adds one more value.
    pub(super) fn add(&mut self, value: &Value) {
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
                if depth < MOST_DEPTH {
                    items.iter().for_each(|item| shape.add_at(item, depth + 1));
                } else {
                    // Nothing is said of the items, so that any are taken.
                    **shape = Self::default();
                }
            }
            Value::Object(members) => {
                let seen = self.members.get_or_insert_default();
                for (name, value) in members {
                    if seen.is_free || depth >= MOST_DEPTH || !names::is_a_name(name) {
                        seen.is_free = true;
                        break;
                    }
                    seen.by_name.entry(name.clone()).or_default().add_at(value, depth + 1);
                }
                if seen.is_free || seen.by_name.len() > MOST_NAMES {
                    seen.is_free = true;
                    seen.by_name.clear();
                }
            }
        }
    }

    /// Adds a value of a query, which is a text whatever it means.
    pub(super) fn add_text(&mut self, text: &str) {
        match text {
            "true" | "false" => self.boolean = true,
            _ if is_integer(text) => self.integer = true,
            _ => self.string = true,
        }
    }

    /// A schema for values of a query; what is sometimes a text is one.
    pub(super) fn of_text(&self) -> Node {
        let types = self.types();
        let name = if let [only] = types.as_slice() { only } else { "string" };
        Node::Map(vec![("type".to_owned(), Node::text(name))])
    }

    /// Whether null was seen.
    pub(super) fn has_null(&self) -> bool {
        self.null
    }

    /// Whether a number with a fraction was seen.
    pub(super) fn has_number(&self) -> bool {
        self.number
    }

    /// The words for what was seen.
    pub(super) fn words(&self) -> String {
        let mut words: Vec<String> = self.types().into_iter().map(names::with_article).collect();
        if self.null {
            words.push("null".to_owned());
        }
        words.join(" or ")
    }

    /// The types of OpenAPI, null left out; every integer is a number.
    fn types(&self) -> Vec<&'static str> {
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

    /// The members of a schema that takes all of it. `about` stands between the type and the rest.
    pub(super) fn schema(&self, about: Vec<(String, Node)>) -> Vec<(String, Node)> {
        let types = self.types();
        let mut schema = Vec::new();
        if let [only] = types.as_slice() {
            schema.push(("type".to_owned(), Node::text(only)));
            if self.null {
                schema.push(("nullable".to_owned(), Node::Bool(true)));
            }
            schema.extend(about);
            schema.extend(self.inside(only));
        } else {
            schema.extend(about);
            if !types.is_empty() {
                schema.push(("oneOf".to_owned(), Node::List(self.variants())));
            }
        }
        schema
    }

    /// One schema for each type, the first of them nullable when null was seen.
    pub(super) fn variants(&self) -> Vec<Node> {
        let variant = |(index, name): (usize, &&str)| {
            let mut schema = vec![("type".to_owned(), Node::text(name))];
            if self.null && index == 0 {
                schema.push(("nullable".to_owned(), Node::Bool(true)));
            }
            schema.extend(self.inside(name));
            Node::Map(schema)
        };
        self.types().iter().enumerate().map(variant).collect()
    }

    /// What a schema of arrays or objects says about their parts.
    fn inside(&self, name: &str) -> Vec<(String, Node)> {
        match name {
            "array" => {
                let items = self
                    .items
                    .as_deref()
                    .map(|items| items.schema(Vec::new()))
                    .unwrap_or_default();
                vec![("items".to_owned(), Node::Map(items))]
            }
            "object" => match &self.members {
                Some(members) if !members.is_free && !members.by_name.is_empty() => {
                    let properties = members
                        .by_name
                        .iter()
                        .map(|(name, shape)| (name.clone(), Node::Map(shape.described())));
                    vec![("properties".to_owned(), Node::Map(properties.collect()))]
                }
                _ => vec![("additionalProperties".to_owned(), Node::Bool(true))],
            },
            _ => Vec::new(),
        }
    }

    /// The schema of a property, as the house describes properties.
    pub(super) fn described(&self) -> Vec<(String, Node)> {
        self.schema(about())
    }
}

/// What stands in every description that was made from answers alone.
pub(super) fn about() -> Vec<(String, Node)> {
    vec![
        ("description".to_owned(), Node::text(SEEN)),
        ("x-evidence".to_owned(), Node::text("live")),
    ]
}

/// Whether a text is an integer of 64 bits as it would be written.
pub(super) fn is_integer(text: &str) -> bool {
    text.parse::<i64>().is_ok_and(|number| number.to_string() == text)
}
