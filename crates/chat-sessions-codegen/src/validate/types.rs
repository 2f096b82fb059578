//! The OpenAPI types of schemas and values.

use serde_json::{Map, Value};

/// Whether `additionalProperties` is a schema that constrains the members.
pub(super) fn says_something(others: &Value) -> bool {
    others.as_object().is_some_and(|others| !others.is_empty())
}

/// The type of a schema: the one it states, or the one its properties or items imply.
pub(super) fn type_of(keywords: &Map<String, Value>) -> Option<&str> {
    let stated = keywords.get("type").and_then(Value::as_str);
    stated
        .or_else(|| keywords.contains_key("properties").then_some("object"))
        .or_else(|| keywords.contains_key("items").then_some("array"))
}

pub(super) fn is_of_type(value: &Value, expected: &str) -> bool {
    match expected {
        "array" => value.is_array(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "object" => value.is_object(),
        "string" => value.is_string(),
        _ => true,
    }
}

/// The OpenAPI type of a value.
pub(crate) fn name_of_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
