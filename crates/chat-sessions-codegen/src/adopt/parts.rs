//! Finds the parts of a list in its document: the array of items, the schema of an item, its id.

use serde_json::{Value, json};

use super::error::AdoptError;
use super::fields::{Field, FieldKind, fields, named};
use crate::rust_names::snake;
use crate::spec::Pointer;
use crate::spec::refs::{self, Located};

/// Where the parts of a list are in the document.
pub(super) struct Parts {
    pub(super) response: Pointer,
    /// The properties from the response to the array.
    way: Vec<String>,
    pub(super) item: Pointer,
    pub(super) id: String,
}

impl Parts {
    /// The names of the properties from the response to the array of items.
    pub(super) fn way(&self) -> &[String] {
        &self.way
    }
}

/// Finds the array of items in the response, and the id of an item.
pub(super) fn locate(tree: &Value, at: &Pointer) -> Result<Parts, AdoptError> {
    let response = at.below(&["responses", "200", "content", "application/json", "schema"]);
    let value = tree.pointer(response.as_str()).ok_or_else(|| {
        AdoptError(
            "The operation has no success response with JSON. Remedy: choose the operation that lists.".to_owned(),
        )
    })?;
    let response = component(tree, Located { at: response, value })?;
    let mut open = vec![(Vec::new(), response.clone())];
    while let Some((way, schema)) = open.pop() {
        for (name, value) in refs::members(schema.value, "properties") {
            let at = schema.at.below(&["properties", name]);
            let Some(property) = unwrapped(tree, Located { at, value }) else {
                continue;
            };
            let way: Vec<String> = way.iter().chain([name]).cloned().collect();
            let items = property.value.get("items").map(|value| Located {
                at: property.at.child("items"),
                value,
            });
            if let Some(item) = items.and_then(|items| unwrapped(tree, items))
                && item.value.get("properties").is_some()
            {
                let item = component(tree, item)?;
                let id = id_of(item.value, &item.at)?;
                return Ok(Parts {
                    response: response.at,
                    way,
                    item: item.at,
                    id,
                });
            }
            if property.value.get("properties").is_some() && way.len() < 2 {
                open.insert(0, (way, property));
            }
        }
    }
    Err(AdoptError(
        "The response has no array of objects. Remedy: choose the operation that lists; a response that is an array \
         itself is not supported, write its module by hand."
            .to_owned(),
    ))
}

/// A schema behind references and behind an `allOf` with a single part.
pub(super) fn unwrapped<'t>(tree: &'t Value, found: Located<'t>) -> Option<Located<'t>> {
    let found = refs::resolve(tree, found)?;
    match found.value.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
        Some([only]) if found.value.get("properties").is_none() => {
            let at = found.at.child("allOf").child(0);
            refs::resolve(tree, Located { at, value: only })
        }
        _ => Some(found),
    }
}

/// A schema that must be a component, because a generated type needs a name that stays.
fn component<'t>(tree: &'t Value, found: Located<'t>) -> Result<Located<'t>, AdoptError> {
    let at = found.at.clone();
    match unwrapped(tree, found) {
        Some(found) if refs::is_component_schema(&found.at) => Ok(found),
        _ => Err(AdoptError(format!(
            "The schema at {at} has no name. Remedy: move it to components/schemas in a copy of the document, and refer \
             to it there."
        ))),
    }
}

fn id_of(item: &Value, at: &Pointer) -> Result<String, AdoptError> {
    let all = fields(item);
    let kinds = [FieldKind::Text, FieldKind::Integer];
    let own = format!("{}_id", snake(&at.name()));
    let names = [
        "id",
        own.as_str(),
        "session_id",
        "chat_id",
        "conversation_id",
        "thread_id",
        "uuid",
    ];
    let required = |field: &&Field| {
        field.rust.ends_with("_id") && refs::items(item, "required").any(|name| name.as_str() == Some(&field.json))
    };
    let found = named(&all, &names, &kinds).or_else(|| all.iter().find(required));
    found.map(|field| field.json.clone()).ok_or_else(|| {
        AdoptError(format!(
            "No property of {at} is an id. Remedy: mark it with `x-lowering: id` in a copy of the document."
        ))
    })
}

/// Marks the id, which stays required in the generated type.
pub(super) fn mark_id(tree: &mut Value, parts: &Parts) {
    let at = parts.item.below(&["properties", &parts.id, "x-lowering"]);
    let parent = at.parent().and_then(|parent| tree.pointer_mut(parent.as_str()));
    if let Some(Value::Object(id)) = parent {
        id.insert("x-lowering".to_owned(), json!("id"));
    }
}
