//! Lowering: makes a tolerant copy of a spec.
//!
//! A spec states what the provider documents. The generated code must survive what the provider
//! sends, so a copy is loosened before generation. Credentials leave the parameters. Failure
//! responses leave the operations; they arrive undecoded, and the code for the provider decodes
//! them. Every schema that a response reaches becomes a tolerant reader. Requests stay as strict as
//! the spec. Descriptions become doc comments that name their evidence.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::compose::merge_compositions;
use super::media_types::rewrite_media_types;
use super::parameters::{Spellings, lower_parameters};
use super::prose::describe;
use super::unions::{OPEN_VARIANT, Union, unions};
use super::{nullable, prose};
use crate::spec::marks::{mark, tag};
use crate::spec::refs::{self, METHODS};
use crate::spec::{Pointer, Spec};

/// Keywords that constrain a value or provide a default. A response that violates them is still a
/// response.
const BOUNDS: [&str; 17] = [
    "default",
    "discriminator",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "pattern",
    "uniqueItems",
];

/// Makes the tolerant copy of a document that the generator sees.
#[must_use]
pub fn lower(spec: &Spec) -> Value {
    lower_with_notes(spec).tree
}

/// A lowered document, and what the generator's output needs besides.
pub(super) struct Lowered {
    pub(super) tree: Value,
    /// The compositions that contain themselves so that no type can be written for them.
    pub(super) endless: Vec<Pointer>,
    pub(super) unions: Vec<Union>,
    pub(super) spellings: Spellings,
}

/// Writes references without percent-encoding, which the generator does not know.
fn decode_references(node: &mut Value) {
    match node {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get_mut("$ref")
                && reference.contains('%')
                && let Some(target) = Pointer::from_reference(reference)
            {
                *reference = target.to_string();
            }
            members.values_mut().for_each(decode_references);
        }
        Value::Array(items) => items.iter_mut().for_each(decode_references),
        _ => {}
    }
}

/// The compositions that contain themselves in a way for which no type can be generated.
pub(crate) fn endless_compositions(spec: &Spec) -> Vec<Pointer> {
    lower_with_notes(spec).endless
}

/// Makes the tolerant copy of a document, and notes what the generator cannot express.
pub(super) fn lower_with_notes(spec: &Spec) -> Lowered {
    let reach = refs::reach(spec.tree());
    let unions = unions(spec.tree(), &reach.responses);
    let tags = tags(spec.tree(), &reach.responses, &unions);
    let responses: BTreeSet<Pointer> = reach.responses.into_iter().map(|found| found.at).collect();
    let others: Vec<Pointer> = reach
        .requests
        .into_iter()
        .chain(reach.unused)
        .map(|found| found.at)
        .collect();

    let mut tree = spec.tree().clone();
    decode_references(&mut tree);
    describe_info(&mut tree);
    for at in &others {
        if let Some(schema) = schema_at(&mut tree, at) {
            describe(schema, "parameter table", "\n\n");
            drop_redundant_type(schema);
            drop_uuid(schema);
        }
    }
    for at in nullable::move_from_components(spec.tree(), &mut tree, &others) {
        if let Some(schema) = tree.pointer_mut(at.as_str()) {
            make_nullable(schema);
        }
    }
    // Deepest first: loosening a property can wrap it, which moves what is below.
    for at in responses.iter().rev() {
        if let Some(schema) = schema_at(&mut tree, at) {
            if tags.contains(at) {
                describe(schema, "response table", "\n\n");
            } else {
                loosen(schema, at, &tags, unions.get(at));
            }
        }
    }
    lower_operations(&mut tree);
    let spellings = lower_parameters(spec, &mut tree);
    let endless = merge_compositions(&mut tree, &responses);
    rewrite_media_types(&mut tree);
    Lowered {
        tree,
        endless,
        unions: unions.into_values().collect(),
        spellings,
    }
}

fn schema_at<'t>(tree: &'t mut Value, at: &Pointer) -> Option<&'t mut Map<String, Value>> {
    tree.pointer_mut(at.as_str())?
        .as_object_mut()
        .filter(|schema| !schema.contains_key("$ref"))
}

fn describe_info(tree: &mut Value) {
    if let Some(Value::String(description)) = tree.pointer_mut("/info/description") {
        *description = prose::markdown(description);
    }
}

fn lower_operations(tree: &mut Value) {
    let Some(paths) = tree.get_mut("paths").and_then(Value::as_object_mut) else {
        return;
    };
    for item in paths.values_mut().filter_map(Value::as_object_mut) {
        for method in METHODS {
            let Some(operation) = item.get_mut(method).and_then(Value::as_object_mut) else {
                continue;
            };
            describe(operation, "documentation table", "\n\n");
            if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
                responses.retain(|status, _| refs::is_success(status));
            }
        }
    }
}

/// Removes `type: object` beside `allOf`. It adds nothing, though linters require it beside
/// `nullable`, and it makes the generator merge a new type instead of using the named one.
fn drop_redundant_type(schema: &mut Map<String, Value>) {
    let composed = ["allOf", "oneOf", "anyOf"]
        .iter()
        .any(|name| schema.contains_key(*name));
    let structural = ["properties", "additionalProperties", "required", "items"]
        .iter()
        .any(|name| schema.contains_key(*name));
    if composed && !structural {
        schema.remove("type");
    }
}

/// Makes a UUID a plain string. A type for it would need another crate in every user's build, and
/// the provider checks the text anyway.
fn drop_uuid(schema: &mut Map<String, Value>) {
    if schema.get("format").is_some_and(|format| format == "uuid") {
        schema.remove("format");
    }
}

/// Makes one schema of a response a tolerant reader, but not the schemas inside it.
fn loosen(schema: &mut Map<String, Value>, at: &Pointer, tags: &BTreeSet<Pointer>, union: Option<&Union>) {
    describe(schema, "response table", "\n\n");
    type_of_enum(schema);
    for keyword in BOUNDS {
        schema.remove(keyword);
    }
    // Formats are constraints too: a date-time without a zone would fail. `uint64` stays, because
    // it allows larger integers.
    if schema.get("format").is_some_and(|format| format != "uint64") {
        schema.remove("format");
    }
    drop_redundant_type(schema);
    match union {
        Some(union) => union.lower(schema),
        None => open_union(schema),
    }
    // Properties become nullable instead; on the schema itself, `nullable` would wrap the type.
    schema.remove("nullable");

    let required = loosen_properties(schema, at, tags);
    schema.remove("required");
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    let has_properties = schema
        .get("properties")
        .and_then(Value::as_object)
        .is_some_and(|properties| !properties.is_empty());
    let closed = schema.get("additionalProperties") == Some(&Value::Bool(false));
    if has_properties || closed {
        // An empty schema, not `true`: only then does the generator keep unknown fields.
        schema.insert("additionalProperties".to_owned(), json!({}));
    }
}

/// An enum may omit its type. Without the enum, the type must be stated.
fn type_of_enum(schema: &mut Map<String, Value>) {
    let Some(Value::Array(values)) = schema.get("enum") else {
        return;
    };
    let all_texts = values.iter().all(|value| value.is_string() || value.is_null());
    if all_texts && !schema.contains_key("type") {
        schema.insert("type".to_owned(), json!("string"));
    }
}

/// Makes every property nullable and optional, removes those that must stay unknown, and returns
/// the names of those that stay required: ids, and the tags of unions.
fn loosen_properties(schema: &mut Map<String, Value>, at: &Pointer, tags: &BTreeSet<Pointer>) -> Vec<String> {
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else {
        return Vec::new();
    };
    properties.retain(|_, property| mark(property) != Some("extra"));
    let mut required = Vec::new();
    for (name, property) in properties.iter_mut() {
        if mark(property) == Some("id") || tags.contains(&at.below(&["properties", name])) {
            required.push(name.clone());
        } else {
            make_nullable(property);
        }
    }
    required
}

/// The properties that tag the objects of a union. They stay strict. Otherwise the first object
/// would match every value; with its tag, an unknown object falls through to the open variant. A
/// union with a discriminator needs no tags.
fn tags(tree: &Value, responses: &[refs::Located<'_>], unions: &BTreeMap<Pointer, Union>) -> BTreeSet<Pointer> {
    let mut tags = BTreeSet::new();
    for schema in responses.iter().filter(|schema| !unions.contains_key(&schema.at)) {
        for name in ["oneOf", "anyOf"] {
            let parts = schema.value.get(name).and_then(Value::as_array).into_iter().flatten();
            for (index, value) in parts.enumerate() {
                let at = schema.at.child(name).child(index);
                let Some(part) = refs::resolve(tree, refs::Located { at, value }) else {
                    continue;
                };
                tags.extend(tag(part.value).map(|name| part.at.below(&["properties", name])));
            }
        }
    }
    tags
}

/// Makes a field nullable. A `$ref` or a bare union is wrapped first, because beside it `nullable`
/// is ignored or creates a second type. The generator, unlike OpenAPI, takes `nullable` beside
/// `allOf` for an `Option`.
fn make_nullable(property: &mut Value) {
    let Some(schema) = property.as_object_mut() else { return };
    let wrap = ["$ref", "oneOf", "anyOf"].iter().any(|name| schema.contains_key(*name));
    if wrap {
        let mut inner = std::mem::take(schema);
        if let Some(description) = inner.get("description").cloned() {
            schema.insert("description".to_owned(), description);
            if !inner.contains_key("$ref") {
                inner.remove("description");
            }
        }
        schema.insert("allOf".to_owned(), Value::Array(vec![Value::Object(inner)]));
    }
    schema.insert("nullable".to_owned(), Value::Bool(true));
}

/// Adds a last variant that matches any JSON to a union, and names its variants.
fn open_union(schema: &mut Map<String, Value>) {
    let Some(mut union) = schema.remove("oneOf").or_else(|| schema.remove("anyOf")) else {
        return;
    };
    if let Some(variants) = union.as_array_mut() {
        for variant in variants.iter_mut().filter_map(Value::as_object_mut) {
            name_variant(variant);
        }
        variants
            .push(json!({"title": OPEN_VARIANT, "description": "Anything that none of the documented forms fits."}));
    }
    schema.insert("oneOf".to_owned(), union);
}

/// Titles name the variants of the generated enum. Without titles on all of them, they would be
/// numbered.
fn name_variant(variant: &mut Map<String, Value>) {
    if variant.contains_key("$ref") || variant.contains_key("title") {
        return;
    }
    let title = match variant.get("type").and_then(Value::as_str) {
        Some("integer") => "Integer",
        Some("number") => "Number",
        Some("string") => "Text",
        Some("boolean") => "Boolean",
        Some("array") => "List",
        Some("object") => "Object",
        _ => return,
    };
    variant.insert("title".to_owned(), json!(title));
}
