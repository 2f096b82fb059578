//! The hints of a schema for lowering: the mark `x-lowering`, and the property that tags an object of a
//! union.

use serde_json::Value;

use super::refs;

/// The tag of an object: its first property whose enum has a single value.
pub(crate) fn tag(schema: &Value) -> Option<&str> {
    let single = |property: &Value| {
        property
            .get("enum")
            .and_then(Value::as_array)
            .is_some_and(|values| values.len() == 1)
    };
    refs::members(schema, "properties")
        .find(|(_, property)| single(property))
        .map(|(name, _)| name.as_str())
}

/// The value of `x-lowering`.
pub(crate) fn mark(schema: &Value) -> Option<&str> {
    schema.get("x-lowering").and_then(Value::as_str)
}
