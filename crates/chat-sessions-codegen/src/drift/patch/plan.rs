//! From what was seen to the changes of the spec that would accept it, as few as there can be.
//!
//! It plans and changes nothing. What it gives no plan for is reported without a patch.

use serde_json::Value;

use super::edit::Edit;
use super::schema::{SEEN, about};
use super::yaml_node::Node;
use crate::drift::detect::{Key, Rule, Shape, Sighting};
use crate::spec::Pointer;

/// Members of a schema that are about the field and not about its type; they stay where they are when a type is widened.
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

/// What the changes have to get along with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    Plain,
    /// New fields stay out of the generated Rust, where their names are taken.
    Extra,
}

/// The changes for one thing that was seen; `None` when they are better made by hand.
pub(super) fn plan(tree: &Value, key: &Key, sighting: &Sighting, manner: Manner) -> Option<Vec<Edit>> {
    let at = &key.node;
    let node = tree.pointer(at.as_str())?;
    let mut edits = match key.rule {
        Rule::FieldUnknown => return field(node, at, &key.detail, &sighting.shape, manner),
        Rule::FieldMissing => return not_required(node, at, &key.detail),
        Rule::Status if key.detail.is_empty() => return None,
        Rule::Status => return status(tree, node, at, &key.detail, sighting),
        Rule::ParameterUnknown => return parameter(node, at, &key.detail, sighting),
        Rule::ParameterMissing if sighting.accepted => vec![remove(at, "required")],
        Rule::Format => vec![remove(at, "format")],
        Rule::Bound => vec![remove(at, &key.detail)],
        Rule::EnumValue if !key.detail.is_empty() => vec![Edit::Append {
            at: at.child("enum"),
            node: Node::text(&key.detail),
        }],
        // Of the answer as a whole this would be another answer, and not a wider one.
        Rule::Null | Rule::Type if is_root(at) => return None,
        Rule::Null => nullable(tree, node, at, &sighting.schema)?,
        Rule::Type => wider(tree, node, at, sighting)?,
        Rule::Variant => variants(node, at, &sighting.shape)?,
        _ => return None,
    };
    edits.extend(evidence(node, at));
    Some(edits)
}

fn is_root(at: &Pointer) -> bool {
    let media_type = at.parent().and_then(|media_type| media_type.parent());
    at.name() == "schema" && media_type.is_some_and(|content| content.name() == "content")
}

fn insert(at: &Pointer, name: &str, node: Node, behind: Option<&str>) -> Edit {
    Edit::Insert {
        at: at.clone(),
        name: name.to_owned(),
        node,
        behind: behind.map(str::to_owned),
    }
}

fn remove(at: &Pointer, name: &str) -> Edit {
    Edit::Remove { at: at.child(name) }
}

/// The field is known from live answers now, too.
fn evidence(node: &Value, at: &Pointer) -> Option<Edit> {
    let at = at.child("x-evidence");
    match node.get("x-evidence")? {
        Value::String(mark) if mark != "live" => Some(Edit::Replace {
            at,
            node: Node::List(vec![Node::text(mark), Node::text("live")]),
        }),
        Value::Array(marks) if !marks.iter().any(|mark| mark == "live") => Some(Edit::Append {
            at,
            node: Node::text("live"),
        }),
        _ => None,
    }
}

fn field(node: &Value, at: &Pointer, name: &str, shape: &Shape, manner: Manner) -> Option<Vec<Edit>> {
    let properties = node
        .get("properties")
        .and_then(Value::as_object)
        .filter(|properties| !properties.is_empty());
    if name.is_empty() {
        // Names that cannot be shown: an object of which nothing is said is a map.
        let is_free = properties.is_none() && node.get("additionalProperties").is_none();
        return is_free.then(|| vec![insert(at, "additionalProperties", Node::Bool(true), None)]);
    }
    let mut described = shape.described();
    if manner == Manner::Extra {
        let mark = ("x-lowering".to_owned(), Node::text("extra"));
        let behind = described
            .iter()
            .position(|(name, _)| name == "x-evidence")
            .map_or(described.len(), |index| index + 1);
        described.insert(behind, mark);
    }
    let described = Node::Map(described);
    Some(vec![match properties {
        Some(_) => insert(&at.child("properties"), name, described, None),
        None if node.get("properties").is_some() => return None,
        None => insert(at, "properties", Node::Map(vec![(name.to_owned(), described)]), None),
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

fn status(tree: &Value, node: &Value, at: &Pointer, status: &str, sighting: &Sighting) -> Option<Vec<Edit>> {
    let mut answer = about();
    if let Some(schema) = sighting.fits.as_ref().and_then(|fits| fits.first()) {
        let schema = Node::moved(tree.pointer(schema.as_str())?);
        let media_type = Node::Map(vec![("schema".to_owned(), schema)]);
        let content = Node::Map(vec![("application/json".to_owned(), media_type)]);
        answer.push(("content".to_owned(), content));
    }
    // Statuses are in order.
    let known = node.as_object()?.keys();
    let behind = known.filter(|known| known.as_str() < status).max().map(String::as_str);
    Some(vec![insert(at, status, Node::Map(answer), behind)])
}

/// Only what the provider did not refuse is a parameter.
fn parameter(node: &Value, at: &Pointer, name: &str, sighting: &Sighting) -> Option<Vec<Edit>> {
    if name.is_empty() || !sighting.accepted {
        return None;
    }
    let parameter = Node::Map(vec![
        ("name".to_owned(), Node::text(name)),
        ("in".to_owned(), Node::text("query")),
        ("description".to_owned(), Node::text(SEEN)),
        ("x-evidence".to_owned(), Node::text("live")),
        ("schema".to_owned(), sighting.shape.of_text()),
    ]);
    Some(vec![match node.get("parameters").and_then(Value::as_array) {
        Some(known) if !known.is_empty() => Edit::Append {
            at: at.child("parameters"),
            node: parameter,
        },
        Some(_) => return None,
        None => insert(at, "parameters", Node::List(vec![parameter]), Some("x-evidence")),
    }])
}

fn nullable(tree: &Value, node: &Value, at: &Pointer, schema: &Pointer) -> Option<Vec<Edit>> {
    let yes = || Node::Bool(true);
    let disagreeing = tree.pointer(schema.as_str())?;
    if let Some(variant) = typed_variant(disagreeing, schema) {
        return Some(vec![insert(&variant, "nullable", yes(), Some("type"))]);
    }
    let target = disagreeing.get("type").and_then(Value::as_str);
    if let Some(reference) = node.get("$ref") {
        let part = Node::Map(vec![("$ref".to_owned(), Node::moved(reference))]);
        return Some(vec![
            insert(at, "type", Node::text(target?), None),
            insert(at, "nullable", yes(), None),
            insert(at, "allOf", Node::List(vec![part]), None),
            remove(at, "$ref"),
        ]);
    }
    if node.get("type").is_some() {
        return Some(vec![insert(at, "nullable", yes(), Some("type"))]);
    }
    if node.get("allOf").is_some() {
        return Some(vec![
            insert(at, "type", Node::text(target?), None),
            insert(at, "nullable", yes(), Some("type")),
        ]);
    }
    node.get("enum").is_some().then(|| {
        vec![Edit::Append {
            at: at.child("enum"),
            node: Node::Scalar(Value::Null),
        }]
    })
}

/// The first variant of a union that says its type itself.
fn typed_variant(union: &Value, at: &Pointer) -> Option<Pointer> {
    ["oneOf", "anyOf"].iter().find_map(|keyword| {
        let variants = union.get(*keyword)?.as_array()?;
        let index = variants.iter().position(|variant| variant.get("type").is_some())?;
        Some(at.child(keyword).child(index))
    })
}

/// A union in place of a type: what stood there, and what came.
fn wider(tree: &Value, node: &Value, at: &Pointer, sighting: &Sighting) -> Option<Vec<Edit>> {
    let shape = &sighting.shape;
    let mut came = shape.variants();
    let is = |node: &Node, name: &str| node.value().get("type").is_some_and(|kind| kind == name);
    if let Some(reference) = node.get("$ref") {
        let known = Node::Map(vec![("$ref".to_owned(), Node::moved(reference))]);
        came.insert(0, known);
        return Some(vec![insert(at, "oneOf", Node::List(came), None), remove(at, "$ref")]);
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
        if node.get("nullable").is_some()
            && let Some(Node::Map(first)) = came.first_mut()
        {
            first.insert(1.min(first.len()), ("nullable".to_owned(), Node::Bool(true)));
        }
        came.insert(0, Node::moved(part));
    } else {
        if sighting.schema != *at
            || ["allOf", "oneOf", "anyOf"]
                .iter()
                .any(|name| members.contains_key(*name))
        {
            return None;
        }
        let is_integer = node.get("type").is_some_and(|kind| kind == "integer");
        if is_integer && shape.has_number() {
            came.retain(|variant| !is(variant, "number"));
            if came.is_empty() {
                let mut edits = vec![Edit::Replace {
                    at: at.child("type"),
                    node: Node::text("number"),
                }];
                edits.extend(node.get("format").map(|_| remove(at, "format")));
                return Some(edits);
            }
        }
        moved.sort_by_key(|name| (*name != "type", *name != "nullable"));
        let known = moved.iter().map(|name| {
            let value = match (name.as_str(), is_integer && shape.has_number()) {
                ("type", true) => Node::text("number"),
                _ => Node::moved(&tree.pointer(at.child(name).as_str()).cloned().unwrap_or_default()),
            };
            ((*name).clone(), value)
        });
        came.insert(0, Node::Map(known.collect()));
    }
    let mut edits = vec![insert(at, "oneOf", Node::List(came), None)];
    edits.extend(moved.iter().map(|name| remove(at, name)));
    Some(edits)
}

/// More variants of a union. An object among objects would need a name by which it is told from the others.
fn variants(node: &Value, at: &Pointer, shape: &Shape) -> Option<Vec<Edit>> {
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
                    node: Node::text("number"),
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
        edits.push(insert(
            &typed_variant(node, at)?,
            "nullable",
            Node::Bool(true),
            Some("type"),
        ));
    }
    Some(edits)
}
