//! Moves null from the components of requests to the schemas that refer to them.
//!
//! In OpenAPI 3.0.3 a reference cannot carry `nullable`, so a spec puts it on the component. The
//! generator would make that component a type around an `Option`, and every use of it another. What
//! is meant is an `Option` of the plain type in each field. Responses need no such move, because
//! there every property is nullable after lowering.

use serde_json::{Map, Value};

use crate::spec::Pointer;
use crate::spec::null::allows_null;
use crate::spec::refs::{self, Located, is_component_schema};

/// Removes null from the components among the schemas that stay strict, and returns the schemas
/// inside them that must allow it instead, deepest first.
///
/// `original` is the document before lowering, `tree` the one that is lowered.
pub(super) fn move_from_components(original: &Value, tree: &mut Value, strict: &[Pointer]) -> Vec<Pointer> {
    for at in strict.iter().filter(|at| is_component_schema(at)) {
        if let Some(schema) = tree.pointer_mut(at.as_str()) {
            forbid_null(schema);
        }
    }
    let mut places: Vec<Pointer> = strict
        .iter()
        .filter_map(|at| original.pointer(at.as_str()).map(|value| (at, value)))
        .flat_map(|(at, value)| fields(at, value))
        .filter(|at| allows(original, at) && !allows(tree, at))
        .collect();
    places.sort();
    places.reverse();
    places
}

fn allows(tree: &Value, at: &Pointer) -> bool {
    let value = tree.pointer(at.as_str());
    value.is_some_and(|value| allows_null(tree, &Located { at: at.clone(), value }))
}

/// The schemas of the properties, items and additional properties of a schema.
fn fields(at: &Pointer, schema: &Value) -> Vec<Pointer> {
    let properties = refs::members(schema, "properties").map(|(name, _)| at.below(&["properties", name]));
    let others = ["items", "additionalProperties"].into_iter();
    let others = others.filter(|name| schema.get(name).is_some_and(Value::is_object));
    properties.chain(others.map(|name| at.child(name))).collect()
}

/// Removes null from a schema and from the inline schemas for the same value.
fn forbid_null(schema: &mut Value) {
    let Some(keywords) = schema.as_object_mut() else { return };
    keywords.remove("nullable");
    forbid_in_enum(keywords);
    for name in ["allOf", "oneOf", "anyOf"] {
        if let Some(parts) = keywords.get_mut(name).and_then(Value::as_array_mut) {
            parts.iter_mut().for_each(forbid_null);
        }
    }
}

/// An enum of nothing but null stays, since an empty one would allow no value at all.
fn forbid_in_enum(keywords: &mut Map<String, Value>) {
    let values = keywords.get_mut("enum").and_then(Value::as_array_mut);
    if let Some(values) = values
        && !values.iter().all(Value::is_null)
    {
        values.retain(|value| !value.is_null());
    }
}
