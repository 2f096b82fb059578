//! Plans the smallest edits to a spec that would accept what was observed.
//!
//! An observation without a plan is reported without a patch.

use std::collections::BTreeSet;

use serde_json::Value;

use super::edit::Edit;
use super::schema::{OBSERVED_DESCRIPTION, about};
use super::yaml_node::YamlNode;
use crate::drift::detect::{DriftRule, Observation, ObservationKey, ValueShape};
use crate::spec::Pointer;
use crate::spec::null::{NullObstacle, NullObstacleKind, obstacles_to_null};
use crate::spec::refs::Located;

/// Keywords that describe the field, not its type. They stay in place when a type is widened.
const ABOUT: [&str; 8] = [
    "default",
    "deprecated",
    "description",
    "example",
    "examples",
    "readOnly",
    "title",
    "writeOnly",
];

/// How to add a new field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PatchKind {
    Plain,
    /// Marked `x-lowering: extra`, which keeps it out of the generated Rust, where its name is
    /// taken.
    Extra,
}

/// The edits for one observation; `None` when they are better made by hand.
pub(super) fn plan(
    tree: &Value,
    key: &ObservationKey,
    observation: &Observation,
    kind: PatchKind,
) -> Option<Vec<Edit>> {
    let at = &key.node;
    let node = tree.pointer(at.as_str())?;
    let mut edits = match key.rule {
        DriftRule::FieldUnknown => return field(node, at, &key.detail, &observation.shape, kind),
        DriftRule::FieldMissing => return not_required(node, at, &key.detail),
        DriftRule::Status if key.detail.is_empty() => return None,
        DriftRule::Status => return status(tree, node, at, &key.detail, observation),
        DriftRule::ParameterUnknown => return parameter(node, at, &key.detail, observation),
        DriftRule::ParameterMissing if observation.accepted => vec![remove(at, "required")],
        DriftRule::Format => vec![remove(at, "format")],
        DriftRule::Bound => vec![remove(at, &key.detail)],
        DriftRule::EnumValue if !key.detail.is_empty() => vec![Edit::Append {
            at: at.child("enum"),
            node: YamlNode::text(&key.detail),
        }],
        // Another type for the whole body would be another response, not a wider one.
        DriftRule::Null | DriftRule::Type if is_root(at) => return None,
        DriftRule::Null => nullable(tree, node, at)?,
        DriftRule::Type => widen(tree, node, at, observation)?,
        DriftRule::Variant => variants(tree, node, at, &observation.shape)?,
        _ => return None,
    };
    edits.extend(evidence(node, at));
    Some(edits)
}

fn is_root(at: &Pointer) -> bool {
    let media_type = at.parent().and_then(|media_type| media_type.parent());
    at.name() == "schema" && media_type.is_some_and(|content| content.name() == "content")
}

fn insert(at: &Pointer, name: &str, node: YamlNode, after: Option<&str>) -> Edit {
    Edit::Insert {
        at: at.clone(),
        name: name.to_owned(),
        node,
        after: after.map(str::to_owned),
    }
}

fn remove(at: &Pointer, name: &str) -> Edit {
    Edit::Remove { at: at.child(name) }
}

/// Adds `live` to the evidence of a field.
fn evidence(node: &Value, at: &Pointer) -> Option<Edit> {
    let at = at.child("x-evidence");
    match node.get("x-evidence")? {
        Value::String(mark) if mark != "live" => Some(Edit::Replace {
            at,
            node: YamlNode::List(vec![YamlNode::text(mark), YamlNode::text("live")]),
        }),
        Value::Array(marks) if !marks.iter().any(|mark| mark == "live") => Some(Edit::Append {
            at,
            node: YamlNode::text("live"),
        }),
        _ => None,
    }
}

fn field(node: &Value, at: &Pointer, name: &str, shape: &ValueShape, kind: PatchKind) -> Option<Vec<Edit>> {
    let properties = node
        .get("properties")
        .and_then(Value::as_object)
        .filter(|properties| !properties.is_empty());
    if name.is_empty() {
        // The names must not be shown. An object without any description is a map.
        let is_free = properties.is_none() && node.get("additionalProperties").is_none();
        return is_free.then(|| vec![insert(at, "additionalProperties", YamlNode::Bool(true), None)]);
    }
    let mut described = shape.described();
    if kind == PatchKind::Extra {
        let mark = ("x-lowering".to_owned(), YamlNode::text("extra"));
        let after = described
            .iter()
            .position(|(name, _)| name == "x-evidence")
            .map_or(described.len(), |index| index + 1);
        described.insert(after, mark);
    }
    let described = YamlNode::Map(described);
    Some(vec![match properties {
        Some(_) => insert(&at.child("properties"), name, described, None),
        None if node.get("properties").is_some() => return None,
        None => insert(
            at,
            "properties",
            YamlNode::Map(vec![(name.to_owned(), described)]),
            None,
        ),
    }])
}

fn not_required(node: &Value, at: &Pointer, name: &str) -> Option<Vec<Edit>> {
    let required = node.get("required")?.as_array()?;
    let index = required.iter().position(|known| known == name)?;
    Some(vec![if required.len() == 1 {
        remove(at, "required")
    } else {
        Edit::Remove {
            at: at.child("required").child(index),
        }
    }])
}

fn status(tree: &Value, node: &Value, at: &Pointer, status: &str, observation: &Observation) -> Option<Vec<Edit>> {
    let mut response = about();
    if let Some(schema) = observation.fits.as_ref().and_then(|fits| fits.first()) {
        let schema = YamlNode::moved(tree.pointer(schema.as_str())?);
        let media_type = YamlNode::Map(vec![("schema".to_owned(), schema)]);
        let content = YamlNode::Map(vec![("application/json".to_owned(), media_type)]);
        response.push(("content".to_owned(), content));
    }
    // Statuses are in order.
    let known = node.as_object()?.keys();
    let after = known.filter(|known| known.as_str() < status).max().map(String::as_str);
    Some(vec![insert(at, status, YamlNode::Map(response), after)])
}

/// Only a parameter that the provider accepted is added.
fn parameter(node: &Value, at: &Pointer, name: &str, observation: &Observation) -> Option<Vec<Edit>> {
    if name.is_empty() || !observation.accepted {
        return None;
    }
    let parameter = YamlNode::Map(vec![
        ("name".to_owned(), YamlNode::text(name)),
        ("in".to_owned(), YamlNode::text("query")),
        ("description".to_owned(), YamlNode::text(OBSERVED_DESCRIPTION)),
        ("x-evidence".to_owned(), YamlNode::text("live")),
        ("schema".to_owned(), observation.shape.of_text()),
    ]);
    Some(vec![match node.get("parameters").and_then(Value::as_array) {
        Some(known) if !known.is_empty() => Edit::Append {
            at: at.child("parameters"),
            node: parameter,
        },
        Some(_) => return None,
        None => insert(at, "parameters", YamlNode::List(vec![parameter]), Some("x-evidence")),
    }])
}

/// Allows null in every schema that forbids it. Where the field refers to a component, that is the
/// component, because a reference cannot carry `nullable`.
fn nullable(tree: &Value, node: &Value, at: &Pointer) -> Option<Vec<Edit>> {
    let field = Located {
        at: at.clone(),
        value: node,
    };
    let mut edits = Vec::new();
    let mut components = BTreeSet::new();
    for NullObstacle { at: place, kind } in obstacles_to_null(tree, &field) {
        let schema = tree.pointer(place.as_str())?;
        match kind {
            NullObstacleKind::Type => edits.push(nullable_type(schema, &place)),
            NullObstacleKind::Enum => edits.push(Edit::Append {
                at: place.child("enum"),
                node: YamlNode::Scalar(Value::Null),
            }),
            NullObstacleKind::NoVariant(_) => edits.extend(nullable_variant(tree, schema, &place)?),
            NullObstacleKind::SeveralVariants | NullObstacleKind::Not => return None,
        }
        let inside = place.as_str().strip_prefix(at.as_str());
        let is_inside = inside.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        if !is_inside && components.insert(place.clone()) {
            edits.extend(evidence(schema, &place));
        }
    }
    Some(edits)
}

fn nullable_type(schema: &Value, at: &Pointer) -> Edit {
    match schema.get("nullable") {
        Some(_) => Edit::Replace {
            at: at.child("nullable"),
            node: YamlNode::Bool(true),
        },
        None => insert(at, "nullable", YamlNode::Bool(true), Some("type")),
    }
}

/// Allows null in one variant of a union: the first with a type of its own, or else the first.
fn nullable_variant(tree: &Value, union: &Value, at: &Pointer) -> Option<Vec<Edit>> {
    let at = match typed_variant(union, at) {
        Some(variant) => variant,
        None => ["oneOf", "anyOf"]
            .iter()
            .find(|keyword| union.get(**keyword).is_some())
            .map(|keyword| at.child(keyword).child(0))?,
    };
    nullable(tree, tree.pointer(at.as_str())?, &at)
}

/// The first variant of a union that has a type of its own.
fn typed_variant(union: &Value, at: &Pointer) -> Option<Pointer> {
    ["oneOf", "anyOf"].iter().find_map(|keyword| {
        let variants = union.get(*keyword)?.as_array()?;
        let index = variants.iter().position(|variant| variant.get("type").is_some())?;
        Some(at.child(keyword).child(index))
    })
}

/// Replaces a type with a union of the old type and the observed ones.
fn widen(tree: &Value, node: &Value, at: &Pointer, observation: &Observation) -> Option<Vec<Edit>> {
    let shape = &observation.shape;
    let mut variants = shape.variants();
    let is = |node: &YamlNode, name: &str| node.value().get("type").is_some_and(|kind| kind == name);
    if let Some(reference) = node.get("$ref") {
        let known = YamlNode::Map(vec![("$ref".to_owned(), YamlNode::moved(reference))]);
        variants.insert(0, known);
        return Some(vec![
            insert(at, "oneOf", YamlNode::List(variants), None),
            remove(at, "$ref"),
        ]);
    }
    let structural = |name: &str| !ABOUT.contains(&name) && !name.starts_with("x-");
    let members = node.as_object()?;
    let mut moved: Vec<&String> = members.keys().filter(|name| structural(name)).collect();
    let parts = node.get("allOf").and_then(Value::as_array);
    if let (Some([part]), true) = (
        parts.map(Vec::as_slice),
        moved
            .iter()
            .all(|name| matches!(name.as_str(), "allOf" | "type" | "nullable")),
    ) {
        variants.insert(0, YamlNode::moved(part));
    } else {
        if observation.schema != *at
            || ["allOf", "oneOf", "anyOf"]
                .iter()
                .any(|name| members.contains_key(*name))
        {
            return None;
        }
        let is_integer = node.get("type").is_some_and(|kind| kind == "integer");
        if is_integer && shape.has_number() {
            variants.retain(|variant| !is(variant, "number"));
            if variants.is_empty() {
                let mut edits = vec![Edit::Replace {
                    at: at.child("type"),
                    node: YamlNode::text("number"),
                }];
                edits.extend(node.get("format").map(|_| remove(at, "format")));
                return Some(edits);
            }
        }
        moved.sort_by_key(|name| (*name != "type", *name != "nullable"));
        let known = moved.iter().map(|name| {
            let value = match (name.as_str(), is_integer && shape.has_number()) {
                ("type", true) => YamlNode::text("number"),
                _ => YamlNode::moved(&tree.pointer(at.child(name).as_str()).cloned().unwrap_or_default()),
            };
            ((*name).clone(), value)
        });
        variants.insert(0, YamlNode::Map(known.collect()));
    }
    let mut edits = vec![insert(at, "oneOf", YamlNode::List(variants), None)];
    edits.extend(moved.iter().map(|name| remove(at, name)));
    Some(edits)
}

/// Adds variants to a union. An object cannot be added automatically, because it would need a tag.
fn variants(tree: &Value, node: &Value, at: &Pointer, shape: &ValueShape) -> Option<Vec<Edit>> {
    let keyword = ["oneOf", "anyOf"]
        .into_iter()
        .find(|keyword| node.get(*keyword).is_some())?;
    let known = node.get(keyword)?.as_array()?;
    let list = at.child(keyword);
    let mut edits = Vec::new();
    for variant in shape.variants() {
        let value = variant.value();
        let name = value.get("type").and_then(Value::as_str)?;
        let integer = known
            .iter()
            .position(|known| known.get("type").is_some_and(|kind| kind == "integer"));
        match (name, integer) {
            ("object", _) => return None,
            ("number", Some(index)) => {
                let at = list.child(index);
                edits.push(Edit::Replace {
                    at: at.child("type"),
                    node: YamlNode::text("number"),
                });
                edits.extend(
                    known
                        .get(index)
                        .and_then(|known| known.get("format"))
                        .map(|_| remove(&at, "format")),
                );
            }
            _ => edits.push(Edit::Append {
                at: list.clone(),
                node: variant,
            }),
        }
    }
    if shape.has_null() {
        edits.extend(nullable_variant(tree, node, at)?);
    }
    Some(edits)
}
