//! Lowering: a tolerant copy of a truthful spec.
//!
//! A spec says what the provider says. What is generated from it must survive what the provider
//! sends, so before generation a copy is loosened: credentials leave the parameters, failures leave
//! the operations (they arrive whole and are decoded by whoever knows the provider), and every
//! schema that an answer reaches becomes a tolerant reader. Requests stay as strict as the spec.
//! Descriptions become doc comments that name their evidence.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::prose;
use crate::spec::marks::{mark, tag};
use crate::spec::refs::{self, METHODS};
use crate::spec::{Pointer, Spec};

/// Keywords that bound a value, or fill it in; an answer outside its bounds is still an answer.
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

/// Gives the tolerant copy of a spec's document, which is what the generator sees.
#[must_use]
pub fn lower(spec: &Spec) -> Value {
    let reach = refs::reach(spec.tree());
    let tags = tags(spec.tree(), &reach.responses);
    let responses: BTreeSet<Pointer> = reach.responses.into_iter().map(|found| found.at).collect();
    let others: Vec<Pointer> = reach
        .requests
        .into_iter()
        .chain(reach.unused)
        .map(|found| found.at)
        .collect();

    let mut tree = spec.tree().clone();
    describe_info(&mut tree);
    for at in others {
        if let Some(schema) = schema_at(&mut tree, &at) {
            describe(schema, "parameter table", "\n\n");
            drop_redundant_type(schema);
        }
    }
    // The deepest first: loosening a property can wrap it, and what is below it must have been
    // found by then.
    for at in responses.iter().rev() {
        if let Some(schema) = schema_at(&mut tree, at) {
            if tags.contains(at) {
                describe(schema, "response table", "\n\n");
            } else {
                loosen(schema, at, &tags);
            }
        }
    }
    lower_operations(&mut tree);
    tree
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

/// Replaces a description by the doc comment that stands for it.
fn describe(node: &mut Map<String, Value>, table: &str, gap: &str) {
    // `Value::Object` is needed to read it as a node; the map is put back as it was.
    let whole = Value::Object(std::mem::take(node));
    let documentation = prose::documentation(&whole, table, gap);
    if let Value::Object(map) = whole {
        *node = map;
    }
    if let Some(documentation) = documentation {
        node.insert("description".to_owned(), Value::String(documentation));
    }
}

fn lower_operations(tree: &mut Value) {
    // References to parameters are followed in the tree as it is now; only whether they are dropped
    // matters.
    let whole = tree.clone();
    let Some(paths) = tree.get_mut("paths").and_then(Value::as_object_mut) else {
        return;
    };
    for item in paths.values_mut().filter_map(Value::as_object_mut) {
        lower_parameters(&whole, item);
        for method in METHODS {
            let Some(operation) = item.get_mut(method).and_then(Value::as_object_mut) else {
                continue;
            };
            describe(operation, "documentation table", "\n\n");
            lower_parameters(&whole, operation);
            if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
                responses.retain(|status, _| refs::is_success(status));
            }
        }
    }
}

fn lower_parameters(tree: &Value, node: &mut Map<String, Value>) {
    let Some(parameters) = node.get_mut("parameters").and_then(Value::as_array_mut) else {
        return;
    };
    parameters.retain(|value| {
        let at = Pointer::root();
        refs::resolve(tree, refs::Located { at, value }).is_none_or(|found| !refs::is_dropped_parameter(found.value))
    });
    for parameter in parameters.iter_mut().filter_map(Value::as_object_mut) {
        if !parameter.contains_key("$ref") {
            // The generator makes a list item of it, where a paragraph of its own would end the
            // list.
            describe(parameter, "parameter table", " ");
        }
    }
}

/// `type: object` beside `allOf` says nothing more, and linters ask for it beside `nullable`; the
/// generator would merge it into a type of its own instead of using the one that is named.
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

/// Makes one schema of an answer, not those inside it, a tolerant reader.
fn loosen(schema: &mut Map<String, Value>, at: &Pointer, tags: &BTreeSet<Pointer>) {
    describe(schema, "response table", "\n\n");
    type_of_enum(schema);
    for keyword in BOUNDS {
        schema.remove(keyword);
    }
    // Formats are bounds as well (a date-time without a zone would fail), except that 64 unsigned
    // bits hold more.
    if schema.get("format").is_some_and(|format| format != "uint64") {
        schema.remove("format");
    }
    drop_redundant_type(schema);
    open_union(schema);
    // An answer says null through its property; on the schema itself it would hide the type behind
    // another one.
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
        // The empty schema, and not `true`: only it makes the generator keep what it does not know.
        schema.insert("additionalProperties".to_owned(), json!({}));
    }
}

/// An enum may leave its type out; without the enum the type must be said.
fn type_of_enum(schema: &mut Map<String, Value>) {
    let Some(Value::Array(values)) = schema.get("enum") else {
        return;
    };
    let all_texts = values.iter().all(|value| value.is_string() || value.is_null());
    if all_texts && !schema.contains_key("type") {
        schema.insert("type".to_owned(), json!("string"));
    }
}

/// Makes every property nullable and optional, takes out those that are to stay unknown, and gives
/// the names of those that stay required: the ids, and the tags of unions.
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

/// The properties that tell the objects of a union apart. They stay strict: with everything
/// optional the first object would take every value, and with the tag an unknown one falls through
/// to the open variant.
fn tags(tree: &Value, responses: &[refs::Located<'_>]) -> BTreeSet<Pointer> {
    let mut tags = BTreeSet::new();
    for schema in responses {
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

/// Beside a `$ref` or a bare union `nullable` is lost or makes a second type, so that these are
/// wrapped.
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

/// Gives a union a last variant that takes any JSON, and its variants names.
fn open_union(schema: &mut Map<String, Value>) {
    let Some(mut union) = schema.remove("oneOf").or_else(|| schema.remove("anyOf")) else {
        return;
    };
    if let Some(variants) = union.as_array_mut() {
        for variant in variants.iter_mut().filter_map(Value::as_object_mut) {
            name_variant(variant);
        }
        variants.push(json!({"title": "Other", "description": "Anything that none of the documented forms fits."}));
    }
    schema.insert("oneOf".to_owned(), union);
}

/// Titles name the variants of the generated enum. Without them they would be numbered as soon as
/// one has none.
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
