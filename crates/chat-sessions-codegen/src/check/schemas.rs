//! Schemas: types, unions, defaults and the marks for lowering.

use serde_json::Value;

use super::{Checker, is_component, strict};
use crate::lower;
use crate::pointer::Pointer;
use crate::refs::{self, Found, Reach};

const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

/// Keywords that mean nothing without a type.
const BOUNDS: [&str; 8] = [
    "format",
    "maxItems",
    "maxLength",
    "maximum",
    "minItems",
    "minLength",
    "minimum",
    "pattern",
];

impl Checker<'_> {
    pub(super) fn schemas(&mut self, reach: &Reach<'_>) {
        for schema in strict(reach).chain(&reach.answers) {
            self.schema_type(schema);
            self.required(schema);
        }
        for schema in strict(reach) {
            self.strict_schema(schema);
        }
        for schema in &reach.answers {
            self.answer_schema(schema);
        }
    }

    fn schema_type(&mut self, schema: &Found<'_>) {
        if !schema.value.is_object() {
            self.error(
                "schema-type",
                &schema.at,
                "this is not a schema",
                "Write an object with a type.",
            );
            return;
        }
        let at = schema.at.child("type");
        match schema.value.get("type") {
            None => {}
            Some(Value::String(name)) if name == "array" && schema.value.get("items").is_none() => {
                let remedy = "Describe its items; `items: {}` takes any JSON.";
                self.error("schema-type", &schema.at, "an array without items", remedy);
            }
            Some(Value::String(name)) if TYPES.contains(&name.as_str()) => {}
            Some(Value::String(name)) => {
                let message = format!("OpenAPI has no type `{name}`");
                self.error(
                    "schema-type",
                    &at,
                    &message,
                    &format!("Write one of {}.", TYPES.join(", ")),
                );
            }
            Some(_) => {
                let remedy = "Write one type, and `nullable: true` for null; several types are a `oneOf`.";
                self.error("schema-type", &at, "OpenAPI 3.0 takes one type as a text", remedy);
            }
        }
    }

    fn required(&mut self, schema: &Found<'_>) {
        // With `allOf` the property may be in another part.
        if schema.value.get("allOf").is_some() || !schema.value.get("properties").is_some_and(Value::is_object) {
            return;
        }
        let required = schema.value.get("required").and_then(Value::as_array);
        for (index, name) in required.into_iter().flatten().enumerate() {
            let known = name.as_str().is_some_and(|name| {
                schema
                    .value
                    .pointer("/properties")
                    .and_then(|all| all.get(name))
                    .is_some()
            });
            if !known {
                let message = format!("the required property {name} is not described");
                let at = schema.at.child("required").child(index);
                self.error(
                    "schema-required",
                    &at,
                    &message,
                    "Correct the name, or describe the property.",
                );
            }
        }
    }

    /// What stays as it is for requests, and so must be within what the generator takes.
    fn strict_schema(&mut self, schema: &Found<'_>) {
        let has = |name: &str| schema.value.get(name).is_some();
        let typed = [
            "type",
            "enum",
            "allOf",
            "oneOf",
            "anyOf",
            "not",
            "$ref",
            "properties",
            "items",
            "additionalProperties",
        ];
        if !typed.iter().any(|name| has(name)) && BOUNDS.iter().any(|name| has(name)) {
            let message = "a schema with bounds and without a type";
            self.error(
                "schema-type",
                &schema.at,
                message,
                "Say the type that the bounds are for.",
            );
        }
        if has("not") {
            self.error(
                "schema-not",
                &schema.at.child("not"),
                "the generator has no code for `not`",
                "Say what is allowed instead.",
            );
        }
        if let Some(parts) = schema.value.get("anyOf").and_then(Value::as_array) {
            let plain = parts.iter().all(|part| is_scalar(part) && part.get("enum").is_none());
            if !plain {
                let message = "`anyOf` of anything but plain scalars becomes a type that loses data";
                self.error(
                    "schema-any-of",
                    &schema.at.child("anyOf"),
                    message,
                    "Use `oneOf`, or one object with optional properties.",
                );
            }
        }
        if is_component(&schema.at) && has("nullable") && (has("oneOf") || has("anyOf")) {
            let message = "a union that is nullable itself is generated twice under the same name";
            self.error(
                "schema-nullable-union",
                &schema.at,
                message,
                "Put `nullable: true` on the properties that use it.",
            );
        }
        let format = schema.value.get("format").and_then(Value::as_str).unwrap_or_default();
        let needs = match format {
            "date" | "date-time" => Some("chrono"),
            "uuid" => Some("uuid"),
            _ => has("pattern").then_some("regress"),
        };
        if let Some(package) = needs {
            let message = format!("in a request this needs the crate {package}, which the raw crates do not depend on");
            self.error(
                "schema-dependency",
                &schema.at,
                &message,
                "Leave the format or pattern out, and say it in the description.",
            );
        }
        if let Some(default) = schema.value.get("default")
            && !fits(self.tree(), default, schema.value)
        {
            let message = format!("the default {default} does not fit the schema");
            self.error(
                "schema-default",
                &schema.at.child("default"),
                &message,
                "Correct the default or the schema.",
            );
        }
        if lower::mark(schema.value).is_some() {
            let message = "`x-lowering` has a meaning on properties of answers only";
            self.error(
                "lowering-mark",
                &schema.at.child("x-lowering"),
                message,
                "Take the mark out.",
            );
        }
    }

    fn answer_schema(&mut self, schema: &Found<'_>) {
        if let Some(value) = schema.value.get("x-lowering") {
            let of_property = schema.at.parent().and_then(|above| above.parent().map(|_| above));
            let of_property = of_property.is_some_and(|above| above.as_str().ends_with("/properties"));
            if !of_property || !matches!(value.as_str(), Some("id" | "extra")) {
                let at = schema.at.child("x-lowering");
                let remedy = "Write `id` (stays required) or `extra` (stays among the unknown fields) on a property.";
                self.error(
                    "lowering-mark",
                    &at,
                    "lowering does not know this mark in this place",
                    remedy,
                );
            }
        }
        for name in ["oneOf", "anyOf"] {
            let Some(parts) = schema.value.get(name).and_then(Value::as_array) else {
                continue;
            };
            let at = schema.at.child(name);
            let objects: Vec<Found<'_>> = parts
                .iter()
                .enumerate()
                .filter_map(|(index, value)| {
                    refs::resolve(
                        self.tree(),
                        Found {
                            at: at.child(index),
                            value,
                        },
                    )
                })
                .filter(|part| {
                    !is_scalar(part.value) && part.value.get("type") != Some(&Value::String("array".to_owned()))
                })
                .collect();
            if objects.len() > 1 && objects.iter().any(|part| lower::tag(part.value).is_none()) {
                let message = "after lowering every property is optional, so that the first object of this union would take every value";
                let remedy = "Give each object a property with an enum of one value, which stays strict, or describe one object.";
                self.error("union-tag", &at, message, remedy);
            }
        }
    }
}

fn is_scalar(schema: &Value) -> bool {
    matches!(
        schema.get("type").and_then(Value::as_str),
        Some("boolean" | "integer" | "number" | "string")
    )
}

/// Whether a default can be a value of its schema, as far as types, enums and bounds tell. The generator panics on most that
/// cannot.
fn fits(tree: &Value, default: &Value, schema: &Value) -> bool {
    let found = Found {
        at: Pointer::root(),
        value: schema,
    };
    let Some(Found { value: schema, .. }) = refs::resolve(tree, found) else {
        return true;
    };
    if default.is_null() {
        return schema.get("nullable") == Some(&Value::Bool(true));
    }
    let of_type = match schema.get("type").and_then(Value::as_str) {
        Some("array") => default.is_array(),
        Some("boolean") => default.is_boolean(),
        Some("integer") => default.is_i64() || default.is_u64(),
        Some("number") => default.is_number(),
        Some("object") => default.is_object(),
        Some("string") => default.is_string(),
        _ => true,
    };
    let in_enum = schema
        .get("enum")
        .and_then(Value::as_array)
        .is_none_or(|values| values.contains(default));
    let bound = |name: &str| schema.get(name).and_then(Value::as_f64);
    let number = default.as_f64();
    let above = number
        .zip(bound("minimum"))
        .is_none_or(|(number, minimum)| number >= minimum);
    let below = number
        .zip(bound("maximum"))
        .is_none_or(|(number, maximum)| number <= maximum);
    let items = schema.get("items").zip(default.as_array());
    let items = items.is_none_or(|(inner, items)| items.iter().all(|item| fits(tree, item, inner)));
    let parts = refs::members(schema, "properties").all(|(name, inner)| match default.get(name) {
        Some(value) => fits(tree, value, inner),
        None => true,
    });
    let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
    let complete = required
        .filter_map(Value::as_str)
        .all(|name| !default.is_object() || default.get(name).is_some());
    of_type && in_enum && above && below && items && parts && complete
}
