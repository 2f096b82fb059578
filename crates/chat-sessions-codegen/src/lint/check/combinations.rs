//! Keywords that OpenAPI lets anybody combine, but for which the generator has no type.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::lint::checker::Checker;
use crate::spec::refs::Located;
use crate::validate::name_of_type;

/// The keywords for values of each type.
const OF_TYPES: [(&str, &[&str]); 4] = [
    (
        "objects",
        &[
            "properties",
            "additionalProperties",
            "required",
            "minProperties",
            "maxProperties",
        ],
    ),
    ("lists", &["items", "minItems", "maxItems", "uniqueItems"]),
    ("strings", &["minLength", "maxLength", "pattern"]),
    (
        "numbers",
        &[
            "minimum",
            "maximum",
            "multipleOf",
            "exclusiveMinimum",
            "exclusiveMaximum",
        ],
    ),
];

/// Keywords that compose a schema of others.
const COMPOSITIONS: [&str; 4] = ["allOf", "anyOf", "not", "oneOf"];

/// Formats in a request that have findings of their own, or that lowering removes.
const OTHER_FORMATS: [&str; 3] = ["date", "date-time", "uuid"];

impl Checker<'_> {
    /// Checks a schema of a request, which lowering leaves as it is.
    pub(super) fn strict_combinations(&mut self, schema: &Located<'_>) {
        let Some(keywords) = schema.value.as_object() else {
            return;
        };
        self.two_unions(schema, keywords);
        self.mixed_types(schema, keywords, true);
        self.lone_exclusive(schema, keywords);
        self.misplaced_format(schema, keywords);
        self.mixed_enum(schema, keywords);
    }

    /// Checks a schema of a response, from which lowering removes bounds, formats and enums.
    pub(super) fn response_combinations(&mut self, schema: &Located<'_>) {
        let Some(keywords) = schema.value.as_object() else {
            return;
        };
        self.two_unions(schema, keywords);
        self.mixed_types(schema, keywords, false);
    }

    fn two_unions(&mut self, schema: &Located<'_>, keywords: &Map<String, Value>) {
        if keywords.contains_key("oneOf") && keywords.contains_key("anyOf") {
            let message = "the generator does not support `anyOf` beside `oneOf`";
            let remedy = "Write one of them as a part of an `allOf`.";
            self.report("schema-mixed", &schema.at.child("anyOf"), message, remedy);
        }
    }

    fn mixed_types(&mut self, schema: &Located<'_>, keywords: &Map<String, Value>, is_request: bool) {
        let has = |name: &&str| keywords.contains_key(*name);
        if has(&"type") || COMPOSITIONS.iter().any(has) {
            return;
        }
        let count = if is_request { OF_TYPES.len() } else { 2 };
        let used = OF_TYPES[..count].iter().filter(|(_, names)| names.iter().any(has));
        let mut used: Vec<&str> = used.map(|(noun, _)| *noun).collect();
        if is_request && has(&"enum") {
            used.push("enums");
        }
        if let [first, second, ..] = used.as_slice() {
            let message = format!("the schema has keywords for {first} and for {second}, and no type");
            let remedy = "Add the type, or write a `oneOf` of a schema for each type.";
            self.report("schema-mixed", &schema.at, &message, remedy);
        }
    }

    fn lone_exclusive(&mut self, schema: &Located<'_>, keywords: &Map<String, Value>) {
        let is_number = keywords
            .get("type")
            .is_some_and(|name| name == "integer" || name == "number");
        for (exclusive, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
            let is_set = keywords.get(exclusive) == Some(&Value::Bool(true));
            if is_set && !keywords.contains_key(bound) && !is_number {
                let message = format!("`{exclusive}` has no effect without `{bound}`, and the generator panics at it");
                let remedy = format!("Write `{bound}`, or remove it.");
                self.report("schema-mixed", &schema.at.child(exclusive), &message, &remedy);
            }
        }
    }

    fn misplaced_format(&mut self, schema: &Located<'_>, keywords: &Map<String, Value>) {
        let format = keywords.get("format").and_then(Value::as_str);
        if format.is_none_or(|format| OTHER_FORMATS.contains(&format)) {
            return;
        }
        let place = match keywords.get("type").and_then(Value::as_str) {
            Some(name @ ("array" | "boolean" | "object")) => format!("the type {name}"),
            Some(_) => return,
            None => {
                let others = ["allOf", "oneOf", "properties", "items", "additionalProperties"];
                match others.into_iter().find(|name| keywords.contains_key(*name)) {
                    Some(name) => format!("`{name}`"),
                    None => return,
                }
            }
        };
        let message = format!("the generator knows no format for {place}");
        let remedy = "Remove the format, and explain it in the description.";
        self.report("schema-format", &schema.at.child("format"), &message, remedy);
    }

    fn mixed_enum(&mut self, schema: &Located<'_>, keywords: &Map<String, Value>) {
        let Some(Value::Array(values)) = keywords.get("enum").filter(|_| self.is_new(&schema.at.child("enum"))) else {
            return;
        };
        let at = schema.at.child("enum");
        let types = values.iter().filter(|value| !value.is_null()).map(|value| match value {
            // Integers are numbers, too.
            Value::Number(_) => "number",
            value => name_of_type(value),
        });
        let types: BTreeSet<&str> = types.collect();
        let is_typed = keywords.contains_key("type");
        let is_nullable = keywords.get("nullable") == Some(&Value::Bool(true));
        if types.len() > 1 && !is_typed {
            let message = "the enum lists values of several types, for which there is no Rust type";
            let remedy = "Write a `oneOf` with an enum for each type.";
            self.report("schema-enum", &at, message, remedy);
        } else if types.is_empty() && is_typed && !values.is_empty() {
            let message = "the enum lists nothing but null";
            let remedy = "Remove the type and `nullable`, or list other values.";
            self.report("schema-enum", &at, message, remedy);
        } else if !is_typed && is_nullable && values.contains(&Value::Null) {
            let message = "the enum lists null without a type beside `nullable`";
            let remedy = "Add the type of the other values.";
            self.report("schema-enum", &at, message, remedy);
        }
    }
}
