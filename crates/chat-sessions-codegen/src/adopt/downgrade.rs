//! Rewrites what OpenAPI 3.1 expresses in a way that 3.0 does not have.

use serde_json::{Map, Value, json};

/// Keywords of 3.1 and of JSON Schema without an equivalent that matters to a reader.
const DROPPED: [&str; 8] = [
    "$comment",
    "$id",
    "$schema",
    "contentEncoding",
    "contentMediaType",
    "deprecated",
    "externalDocs",
    "title",
];

/// Rewrites all schemas of a document.
pub(super) fn downgrade(tree: &mut Value) {
    let mut nullable = Vec::new();
    if let Some(paths) = tree.get_mut("paths") {
        visit(paths, false, &mut nullable);
    }
    if let Some(components) = tree.get_mut("components").and_then(Value::as_object_mut) {
        for map in components.values_mut() {
            visit_names(map, &mut nullable);
        }
    }
    // In 3.0, `nullable` beside a reference has no effect, so the component itself allows null.
    for pointer in nullable {
        let component = tree.pointer_mut(&pointer).and_then(Value::as_object_mut);
        if let Some(component) = component.filter(|component| component.contains_key("type")) {
            component.insert("nullable".to_owned(), json!(true));
        }
    }
}

/// Visits the values of an object whose keys are names that the author chose.
fn visit_names(map: &mut Value, nullable: &mut Vec<String>) {
    for value in map.as_object_mut().into_iter().flat_map(Map::values_mut) {
        visit(value, true, nullable);
    }
}

fn visit(node: &mut Value, may_be_schema: bool, nullable: &mut Vec<String>) {
    match node {
        Value::Array(items) => items.iter_mut().for_each(|item| visit(item, may_be_schema, nullable)),
        Value::Object(members) => {
            for (key, value) in members.iter_mut() {
                match key.as_str() {
                    "example" | "examples" | "default" | "enum" | "const" => {}
                    "properties" | "patternProperties" | "headers" | "content" => visit_names(value, nullable),
                    _ => visit(value, true, nullable),
                }
            }
            if may_be_schema && is_schema(members) {
                schema(members, nullable);
            }
        }
        _ => {}
    }
}

/// Whether an object is a schema; other objects of a document have none of these keys.
fn is_schema(members: &Map<String, Value>) -> bool {
    let keys = [
        "type",
        "properties",
        "items",
        "allOf",
        "oneOf",
        "anyOf",
        "const",
        "enum",
        "$ref",
        "additionalProperties",
    ];
    let is_other = ["in", "responses", "scheme", "openIdConnectUrl", "flows"];
    keys.iter().any(|key| members.contains_key(*key)) && !is_other.iter().any(|key| members.contains_key(*key))
}

fn schema(members: &mut Map<String, Value>, nullable: &mut Vec<String>) {
    // A title of a variant of a union is harmless, and that of any other schema names its type.
    for key in DROPPED {
        members.remove(key);
    }
    if let Some(value) = members.remove("const") {
        members.insert("enum".to_owned(), json!([value]));
    }
    if let Some(Value::Array(examples)) = members.get("examples") {
        let first = examples.first().cloned();
        members.remove("examples");
        if let Some(first) = first {
            members.entry("example").or_insert(first);
        }
    }
    for (bound, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        if members.get(exclusive).is_some_and(Value::is_number)
            && let Some(limit) = members.insert(exclusive.to_owned(), json!(true))
        {
            members.insert(bound.to_owned(), limit);
        }
    }
    types(members);
    variants(members, nullable);
    // OpenAPI 3.0 ignores what is beside a reference.
    if members.len() > 1
        && let Some(reference) = members.remove("$ref")
    {
        members.insert("allOf".to_owned(), json!([{ "$ref": reference }]));
    }
}

/// `type: [string, "null"]` is a nullable string.
fn types(members: &mut Map<String, Value>) {
    let Some(Value::Array(types)) = members.get("type") else {
        return;
    };
    let mut named: Vec<Value> = types.clone();
    named.retain(|name| name != "null");
    if named.len() < types.len() {
        members.insert("nullable".to_owned(), json!(true));
    }
    match named.as_slice() {
        [] => drop(members.remove("type")),
        [one] => drop(members.insert("type".to_owned(), one.clone())),
        several => {
            let variants: Vec<Value> = several.iter().map(|name| json!({ "type": name })).collect();
            members.remove("type");
            members.insert("oneOf".to_owned(), Value::Array(variants));
        }
    }
}

/// A union with null is the rest of the union, nullable.
fn variants(members: &mut Map<String, Value>, nullable: &mut Vec<String>) {
    for name in ["anyOf", "oneOf"] {
        let Some(Value::Array(variants)) = members.get_mut(name) else {
            continue;
        };
        let before = variants.len();
        variants.retain(|variant| variant.get("type").is_none_or(|kind| kind != "null"));
        let allows_null = variants.len() < before;
        let only = if variants.len() == 1 { variants.pop() } else { None };
        match only {
            Some(Value::Object(only)) => {
                members.remove(name);
                if let Some(reference) = only.get("$ref").and_then(Value::as_str) {
                    if allows_null {
                        nullable.push(reference.trim_start_matches('#').to_owned());
                    }
                    members.insert("allOf".to_owned(), json!([{ "$ref": reference }]));
                } else {
                    for (key, value) in only {
                        members.entry(key).or_insert(value);
                    }
                    if allows_null {
                        members.insert("nullable".to_owned(), json!(true));
                    }
                }
            }
            _ if allows_null && members.contains_key("type") => {
                members.insert("nullable".to_owned(), json!(true));
            }
            _ => {}
        }
    }
}
