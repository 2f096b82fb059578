//! Writes the media types that are JSON as `application/json`, the only one that the generator reads
//! as a type. It would return any other body as bytes.

use serde_json::{Map, Value};

use crate::spec::normal::wire;
use crate::spec::refs::METHODS;

/// What the generator calls JSON.
const JSON: &str = "application/json";

/// Rewrites the media types of all responses and request bodies.
///
/// A client reads JSON alike under any name, such as `application/problem+json`. It sends a body
/// under its own name, so there only another spelling of the same name is rewritten.
pub(super) fn rewrite_media_types(tree: &mut Value) {
    if let Some(components) = tree.get_mut("components") {
        members(components, "responses").for_each(|response| rewrite(response, wire::is_json));
        members(components, "requestBodies").for_each(|body| rewrite(body, is_plain_json));
    }
    for item in members(tree, "paths") {
        for method in METHODS {
            let Some(operation) = item.get_mut(method) else {
                continue;
            };
            members(operation, "responses").for_each(|response| rewrite(response, wire::is_json));
            if let Some(body) = operation.get_mut("requestBody") {
                rewrite(body, is_plain_json);
            }
        }
    }
}

fn is_plain_json(media_type: &str) -> bool {
    wire::media_type(media_type) == JSON
}

fn members<'t>(node: &'t mut Value, name: &str) -> impl Iterator<Item = &'t mut Value> + use<'t> {
    let found = node.get_mut(name).and_then(Value::as_object_mut);
    found.into_iter().flat_map(Map::values_mut)
}

/// Renames the first media type that is JSON, unless one has the name already.
fn rewrite(body: &mut Value, is_json: fn(&str) -> bool) {
    let Some(content) = body.get_mut("content").and_then(Value::as_object_mut) else {
        return;
    };
    if content.contains_key(JSON) {
        return;
    }
    if let Some(written) = content.keys().find(|name| is_json(name)).cloned()
        && let Some(described) = content.remove(&written)
    {
        content.insert(JSON.to_owned(), described);
    }
}
