//! Takes the chosen operations out of a document, with everything that they refer to.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::error::AdoptError;
use crate::rust_names::{pascal, snake};
use crate::spec::Pointer;
use crate::spec::nodes::is_extension;
use crate::spec::refs::{self, Operation};

/// Keys of a document whose members have names that the author chose.
const MAPS: [&str; 9] = [
    "properties",
    "schemas",
    "responses",
    "parameters",
    "requestBodies",
    "headers",
    "securitySchemes",
    "content",
    "paths",
];

/// Returns a document with the chosen operations only, and where its list is.
pub(super) fn select(
    tree: &Value,
    list: &str,
    also: &[String],
    notes: &mut Vec<String>,
) -> Result<(Value, Pointer), AdoptError> {
    let operations = refs::operations(tree);
    let mut paths = Map::new();
    let mut list_at = None;
    let prefix = server_path(tree);
    for wanted in std::iter::once(list).chain(also.iter().map(String::as_str)) {
        let operation = find(&operations, wanted)?;
        let path = format!("{prefix}{}", operation.path);
        list_at.get_or_insert_with(|| Pointer::root().below(&["paths", &path, operation.method]));
        let item = paths.entry(path).or_insert_with(|| json!({}));
        item[operation.method] = adopted(tree, operation, notes);
    }
    let left = operations.len() - 1 - also.len().min(operations.len() - 1);
    if left > 0 {
        notes.push(format!(
            "{left} other operations of the document were left out; `--also` adds one."
        ));
    }
    let mut selected = json!({
        "openapi": "3.0.3",
        "info": { "title": text(tree, "/info/title", "A provider"), "version": version(tree) },
        "paths": paths,
    });
    // The base URL of a client is a host, to which a path is added.
    let servers = refs::items(tree, "servers").filter_map(|server| {
        let url = server.get("url").and_then(Value::as_str)?;
        let host = url.trim_end_matches('/').strip_suffix(&prefix)?;
        let description = text(server, "/description", "The provider's server.");
        host.starts_with("http")
            .then(|| json!({ "url": host, "description": description }))
    });
    let servers: Vec<Value> = servers.collect();
    if !servers.is_empty() {
        selected["servers"] = Value::Array(servers);
    }
    if let Some(security) = tree.get("security").filter(|security| security.is_array()) {
        selected["security"] = security.clone();
    }
    copy_components(tree, &mut selected);
    drop_extensions(&mut selected, false);
    rename_schemas(&mut selected);
    let at = list_at.ok_or_else(|| AdoptError("No operation was named.".to_owned()))?;
    Ok((selected, at))
}

/// The path of the first server, which belongs to the paths of its operations.
fn server_path(tree: &Value) -> String {
    let url = tree
        .pointer("/servers/0/url")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |start| &rest[start..]),
        None => url,
    };
    path.trim_end_matches('/').to_owned()
}

/// Finds an operation by its id, or by method and path.
fn find<'o, 't>(operations: &'o [Operation<'t>], wanted: &str) -> Result<&'o Operation<'t>, AdoptError> {
    let id = |operation: &Operation<'t>| operation.value.get("operationId").and_then(Value::as_str);
    let by_path = |operation: &&Operation<'t>| {
        let (method, path) = wanted.split_once(' ').unwrap_or(("get", wanted));
        operation.path == path && operation.method.eq_ignore_ascii_case(method)
    };
    let found = operations.iter().find(|operation| id(operation) == Some(wanted));
    found.or_else(|| operations.iter().find(by_path)).ok_or_else(|| {
        let gets = operations.iter().filter(|operation| operation.method == "get");
        let names: Vec<String> = gets
            .map(|operation| id(operation).map_or_else(|| format!("\"GET {}\"", operation.path), str::to_owned))
            .collect();
        let closest = names
            .iter()
            .max_by(|one, other| strsim::jaro_winkler(one, wanted).total_cmp(&strsim::jaro_winkler(other, wanted)));
        let closest = closest.map_or_else(String::new, |name| format!(" The most similar one is {name}."));
        AdoptError(format!(
            "The document has no operation {wanted}.{closest} Remedy: name the operationId of a GET operation, or \
             \"GET /its/path\"."
        ))
    })
}

/// An operation with its own parameters and one success response.
fn adopted(tree: &Value, operation: &Operation<'_>, notes: &mut Vec<String>) -> Value {
    let old = operation.value;
    let path = operation.path;
    let named = old.get("operationId").and_then(Value::as_str).map(str::to_owned);
    let name = named.unwrap_or_else(|| {
        let word = path.rsplit('/').find(|part| !part.is_empty() && !part.starts_with('{'));
        let name = format!("list_{}", snake(word.unwrap_or("sessions")));
        notes.push(format!(
            "`{} {path}` had no operationId; it is {name} now.",
            operation.method.to_uppercase()
        ));
        name
    });
    let mut new = json!({ "operationId": &name });
    for key in ["summary", "description", "x-evidence", "security", "requestBody"] {
        if let Some(value) = old.get(key) {
            new[key] = value.clone();
        }
    }
    let mut parameters = Vec::new();
    for found in &operation.parameters {
        if refs::is_dropped_parameter(found.value) {
            let dropped = refs::parameter_key(found.value).0.unwrap_or("?");
            notes.push(format!(
                "The parameter `{dropped}` of {name} was left out; the client sends it."
            ));
        } else {
            parameters.push(parameter(tree, found.value, notes));
        }
    }
    if !parameters.is_empty() {
        new["parameters"] = Value::Array(parameters);
    }
    new["responses"] = responses(tree, operation, notes);
    new
}

/// A parameter with its schema in place. A schema that responses use too would have two directions,
/// and formats and patterns would need further crates in every user's build.
fn parameter(tree: &Value, old: &Value, notes: &mut Vec<String>) -> Value {
    let mut new = old.clone();
    let name = refs::parameter_key(old).0.unwrap_or("?").to_owned();
    let Some(value) = old.get("schema") else { return new };
    let at = Pointer::root();
    let mut schema = resolved(tree, refs::Located { at, value });
    let all_of = schema.get("allOf").and_then(Value::as_array).cloned();
    if let Some([only]) = all_of.as_deref() {
        let at = Pointer::root();
        schema = resolved(tree, refs::Located { at, value: only });
    }
    if let Some(schema) = schema.as_object_mut() {
        schema.remove("nullable");
        for keyword in ["pattern", "minLength", "maxLength"] {
            if let Some(value) = schema.remove(keyword) {
                notes.push(format!(
                    "`{keyword}: {value}` of the parameter `{name}` was left out; the provider checks it."
                ));
            }
        }
        if let Some(Value::String(format)) = schema.get("format").cloned()
            && matches!(format.as_str(), "date" | "date-time")
        {
            schema.remove("format");
            notes.push(format!(
                "The parameter `{name}` is a text without the format `{format}`, which needs another crate."
            ));
        }
    }
    new["schema"] = schema;
    new
}

/// A copy of a schema, references at its top followed.
fn resolved(tree: &Value, found: refs::Located<'_>) -> Value {
    let value = found.value;
    refs::resolve(tree, found).map_or_else(|| value.clone(), |found| found.value.clone())
}

/// The failure responses, and the success response with the lowest status that has JSON.
fn responses(tree: &Value, operation: &Operation<'_>, notes: &mut Vec<String>) -> Value {
    let all = refs::responses(tree, operation);
    let json_of = |response: &Value| {
        refs::members(response, "content")
            .find(|(media, _)| media.contains("json") || *media == "*/*")
            .map(|(_, content)| content.clone())
    };
    let successes: Vec<_> = all.iter().filter(|(status, _)| refs::is_success(status)).collect();
    let chosen = successes
        .iter()
        .find(|(_, found)| json_of(found.value).is_some())
        .or(successes.first());
    let mut new = Map::new();
    for (status, found) in &all {
        let is_chosen = chosen.is_some_and(|(other, _)| other == status);
        if refs::is_success(status) && !is_chosen {
            notes.push(format!("The success response {status} was left out; a list has one."));
            continue;
        }
        let mut response = json!({ "description": text(found.value, "/description", "") });
        if let Some(evidence) = found.value.get("x-evidence") {
            response["x-evidence"] = evidence.clone();
        }
        if let Some(content) = json_of(found.value) {
            response["content"] = json!({ "application/json": content });
        }
        let status = if refs::is_success(status) { "200" } else { status };
        new.insert(status.to_owned(), response);
    }
    if !new.keys().any(|status| !refs::is_success(status)) {
        let description = "Any failure. The document describes none.";
        new.insert(
            "default".to_owned(),
            json!({ "description": description, "x-evidence": "inferred" }),
        );
    }
    Value::Object(new)
}

/// Copies the components that the selected part refers to, and those that they refer to.
fn copy_components(tree: &Value, selected: &mut Value) {
    let mut seen = BTreeSet::new();
    loop {
        let mut wanted = BTreeSet::new();
        references(selected, &mut wanted);
        wanted.retain(|reference| seen.insert(reference.clone()));
        if wanted.is_empty() {
            break;
        }
        for reference in wanted {
            let steps: Vec<String> = reference.split('/').skip(1).map(Pointer::unescaped).collect();
            if let ([root, kind, name], Some(value)) = (steps.as_slice(), tree.pointer(&reference[1..]))
                && root == "components"
            {
                selected["components"][kind][name] = value.clone();
            }
        }
    }
    let schemes = tree.pointer("/components/securitySchemes").and_then(Value::as_object);
    let used = |name: &str| {
        let operations = refs::operations(tree);
        let lists = operations.iter().map(|operation| operation.value).chain([tree]);
        lists
            .flat_map(|owner| refs::items(owner, "security"))
            .any(|need| need.get(name).is_some())
    };
    for (name, scheme) in schemes.into_iter().flatten().filter(|(name, _)| used(name)) {
        selected["components"]["securitySchemes"][name] = scheme.clone();
    }
}

/// Renames each schema to the name of its generated type, which the field map uses.
fn rename_schemas(selected: &mut Value) {
    let Some(Value::Object(schemas)) = selected.pointer_mut("/components/schemas") else {
        return;
    };
    let taken: BTreeSet<String> = schemas.keys().cloned().collect();
    let mut changes = Vec::new();
    for name in &taken {
        let new = pascal(name);
        if !taken.contains(&new)
            && let Some(schema) = schemas.remove(name)
        {
            schemas.insert(new.clone(), schema);
            changes.push((name, new));
        }
    }
    for (old, new) in changes {
        replace_text(
            selected,
            &format!("#/components/schemas/{old}"),
            &format!("#/components/schemas/{new}"),
        );
    }
}

fn replace_text(node: &mut Value, old: &str, new: &str) {
    match node {
        Value::String(text) if text == old => new.clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(|item| replace_text(item, old, new)),
        Value::Object(members) => members.values_mut().for_each(|member| replace_text(member, old, new)),
        _ => {}
    }
}

fn references(node: &Value, found: &mut BTreeSet<String>) {
    match node {
        Value::String(text) if text.starts_with("#/components/") => {
            found.insert(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        Value::Object(members) => members.values().for_each(|member| references(member, found)),
        _ => {}
    }
}

/// Removes extensions, except those that this repository reads.
fn drop_extensions(node: &mut Value, has_names: bool) {
    match node {
        Value::Array(items) => items.iter_mut().for_each(|item| drop_extensions(item, false)),
        Value::Object(members) => {
            if !has_names {
                members.retain(|key, _| !is_extension(key) || key == "x-evidence" || key == "x-lowering");
            }
            for (key, value) in members.iter_mut() {
                let is_value =
                    !has_names && ["example", "examples", "default", "enum", "value"].contains(&key.as_str());
                if !is_value {
                    drop_extensions(value, !has_names && MAPS.contains(&key.as_str()));
                }
            }
        }
        _ => {}
    }
}

fn text(tree: &Value, pointer: &str, default: &str) -> String {
    let text = tree.pointer(pointer).and_then(Value::as_str).unwrap_or(default);
    text.trim().to_owned()
}

fn version(tree: &Value) -> String {
    let version = text(tree, "/info/version", "1");
    if version.is_ascii() && !version.is_empty() {
        version
    } else {
        "1".to_owned()
    }
}
