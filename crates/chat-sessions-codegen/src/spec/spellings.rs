//! Query parameters that are two spellings of one, such as `sessionId` and `session_id`.
//!
//! They become the same Rust argument. If everything else about them is equal, too, a client needs
//! one argument, and sends it under each of the names.

use serde_json::{Map, Value};

use super::refs::{self, Located, Operation};
use crate::rust_names::snake;

/// Keys that say nothing about which values are valid.
const NOTES: [&str; 8] = [
    "deprecated",
    "description",
    "example",
    "examples",
    "externalDocs",
    "name",
    "summary",
    "title",
];

/// The query parameters of an operation that are further spellings of an earlier one, as pairs of
/// the first spelling and another.
pub(crate) fn spellings<'t>(tree: &'t Value, operation: &Operation<'t>) -> Vec<(Located<'t>, Located<'t>)> {
    let mut first: Vec<&Located<'t>> = Vec::new();
    let mut found = Vec::new();
    for parameter in &operation.parameters {
        match first.iter().find(|first| is_spelling(tree, first, parameter)) {
            Some(first) => found.push(((*first).clone(), parameter.clone())),
            None => first.push(parameter),
        }
    }
    found
}

/// Whether two parameters differ in nothing but the spelling of their names.
fn is_spelling(tree: &Value, one: &Located<'_>, other: &Located<'_>) -> bool {
    let (Some(name), Some(other_name)) = (query_name(one.value), query_name(other.value)) else {
        return false;
    };
    name != other_name && snake(name) == snake(other_name) && meaning(tree, one.value) == meaning(tree, other.value)
}

/// The name of a query parameter.
fn query_name(parameter: &Value) -> Option<&str> {
    match refs::parameter_key(parameter) {
        (name, Some("query")) => name,
        _ => None,
    }
}

/// What a parameter says about its values.
fn meaning(tree: &Value, parameter: &Value) -> Map<String, Value> {
    let mut meaning = without_notes(parameter);
    meaning.retain(|name, value| name != "required" || *value == Value::Bool(true));
    if let Some(value) = meaning.get("schema").cloned() {
        let at = super::Pointer::root();
        let schema = refs::resolve(tree, Located { at, value: &value }).map(|found| without_notes(found.value));
        meaning.insert("schema".to_owned(), schema.map_or(value, Value::Object));
    }
    meaning
}

fn without_notes(node: &Value) -> Map<String, Value> {
    let mut members = node.as_object().cloned().unwrap_or_default();
    members.retain(|name, _| !NOTES.contains(&name.as_str()) && !name.starts_with("x-"));
    members
}
