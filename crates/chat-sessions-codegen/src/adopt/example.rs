//! The example of a response: that of the document, or one made from its schemas.

use serde_json::{Map, Value, json};

use super::error::AdoptError;
use super::parts::Parts;
use crate::spec::Pointer;
use crate::spec::refs::{self, Located};

/// How deep an example is made from schemas, so that a schema that contains itself has an end.
const DEPTH: usize = 8;

/// Puts the example at the place where the rules of this repository expect it, and returns it.
pub(super) fn documented(
    tree: &mut Value,
    at: &Pointer,
    parts: &Parts,
    notes: &mut Vec<String>,
) -> Result<Value, AdoptError> {
    let content = at.below(&["responses", "200", "content", "application/json"]);
    let found = published(tree, &content, parts).filter(|value| holds_items(value, parts));
    let (value, evidence, summary) = match found {
        Some(value) => (value, "example", "The example of the document."),
        None => {
            notes.push("The document has no example of a response; one was made from its schemas.".to_owned());
            let value = tree.pointer(parts.response.as_str()).unwrap_or(&Value::Null);
            let made = made(
                tree,
                Located {
                    at: parts.response.clone(),
                    value,
                },
                "",
                DEPTH,
            );
            (
                made,
                "inferred",
                "Made from the schemas, because the document has no example.",
            )
        }
    };
    let examples = json!({ "documented": { "summary": summary, "x-evidence": evidence, "value": value } });
    let Some(Value::Object(content)) = tree.pointer_mut(content.as_str()) else {
        return Err(AdoptError("The success response has no JSON.".to_owned()));
    };
    content.remove("example");
    content.insert("examples".to_owned(), examples);
    Ok(value)
}

/// The first example of the response that the document has.
fn published(tree: &Value, content: &Pointer, parts: &Parts) -> Option<Value> {
    let content = tree.pointer(content.as_str())?;
    let named = content
        .get("examples")
        .and_then(Value::as_object)
        .and_then(|all| all.values().next());
    let named = named.map(
        |example| match refs::reference(example).and_then(Pointer::from_reference) {
            Some(at) => tree.pointer(at.as_str()).unwrap_or(example),
            None => example,
        },
    );
    let of_schema = || tree.pointer(parts.response.as_str())?.get("example");
    let found = content
        .get("example")
        .or_else(|| named?.get("value"))
        .or_else(of_schema);
    found.cloned()
}

/// Whether an example has at least one item.
fn holds_items(example: &Value, parts: &Parts) -> bool {
    let items = parts.way().iter().try_fold(example, |value, name| value.get(name));
    items.and_then(Value::as_array).is_some_and(|items| !items.is_empty())
}

/// A value that fits a schema.
fn made(tree: &Value, found: Located<'_>, name: &str, depth: usize) -> Value {
    let Some(found) = refs::resolve(tree, found) else {
        return Value::Null;
    };
    let schema = found.value;
    for key in ["example", "default"] {
        if let Some(value) = schema.get(key) {
            return value.clone();
        }
    }
    if let Some(first) = refs::items(schema, "enum").next() {
        return first.clone();
    }
    if depth == 0 {
        return Value::Null;
    }
    for key in ["allOf", "oneOf", "anyOf"] {
        if let Some(value) = refs::items(schema, key).next() {
            let at = found.at.child(key).child(0);
            return made(tree, Located { at, value }, name, depth - 1);
        }
    }
    let inner = |key: &str| {
        schema.get(key).map(|value| Located {
            at: found.at.child(key),
            value,
        })
    };
    match schema.get("type").and_then(Value::as_str) {
        Some("array") => inner("items").map_or_else(|| json!([]), |items| json!([made(tree, items, name, depth - 1)])),
        Some("integer") => json!(schema.get("minimum").and_then(Value::as_i64).unwrap_or(1)),
        Some("number") => json!(schema.get("minimum").and_then(Value::as_f64).unwrap_or(1.5)),
        Some("boolean") => json!(false),
        Some("string") => text(schema, name),
        _ => {
            let properties = refs::members(schema, "properties").map(|(name, value)| {
                let at = found.at.below(&["properties", name]);
                (name.clone(), made(tree, Located { at, value }, name, depth - 1))
            });
            Value::Object(properties.collect::<Map<_, _>>())
        }
    }
}

fn text(schema: &Value, name: &str) -> Value {
    json!(match schema.get("format").and_then(Value::as_str) {
        Some("date-time") => "2026-04-22T12:34:41Z",
        Some("date") => "2026-04-22",
        Some("uuid") => "0b6f3a52-6f5e-4a8e-9d0c-3f1c2f9b7a10",
        Some("uri" | "url") => "https://api.example/1",
        Some("email") => "person@example.com",
        _ if name.ends_with("id") => "id-1",
        _ if name.is_empty() => "text",
        _ => name,
    })
}
