//! Merges the parts of an `allOf` into one object.
//!
//! The generator merges parts, too, but it follows the references inside them while it does, without
//! an end if one leads back to the schema. So objects are merged here, where references in properties
//! stay references. What cannot be merged and contains itself is reported, since the generator would
//! overflow its stack.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::recursion::{Recursion, is_composed};
use crate::spec::Pointer;
use crate::spec::grammar::ObjectKind;
use crate::spec::nodes::nodes;
use crate::spec::refs;

/// Keywords that forbid merging, because they do not only describe an object.
const OF_OTHERS: [&str; 6] = ["anyOf", "enum", "format", "items", "not", "oneOf"];

/// The limit on components that are merged into properties of each other, and on all merges of one
/// schema. Beyond it, the result would be too large for anybody to use.
const MAX_DEPTH: usize = 12;
const MAX_MERGES: usize = 1000;

/// Merges the compositions of a lowered document, and returns the schemas where that would never
/// end. `responses` are the schemas that became tolerant.
pub(super) fn merge_compositions(tree: &mut Value, responses: &BTreeSet<Pointer>) -> Vec<Pointer> {
    let snapshot = tree.clone();
    let mut recursion = Recursion::of(&snapshot);
    let mut endless = Vec::new();
    for root in roots(&snapshot) {
        let Some(value) = snapshot.pointer(root.as_str()) else {
            continue;
        };
        let mut merge = Merge {
            tree: &snapshot,
            recursion: &mut recursion,
            is_response: responses.contains(&root),
            active: Vec::new(),
            merges: 0,
            endless: Vec::new(),
        };
        let merged = merge.schema(value, &root);
        endless.append(&mut merge.endless);
        if let Some(place) = tree.pointer_mut(root.as_str()) {
            *place = merged;
        }
    }
    let mut recursion = Recursion::of(tree);
    let others = roots(tree).into_iter().filter(|root| !recursion.ends(root));
    endless.extend(others.collect::<Vec<_>>());
    endless
}

/// The schemas that are not part of another.
fn roots(tree: &Value) -> Vec<Pointer> {
    let mut roots: Vec<Pointer> = Vec::new();
    for node in nodes(tree).into_iter().filter(|node| node.kind == ObjectKind::Schema) {
        let is_inside = |root: &Pointer| {
            let rest = node.at.as_str().strip_prefix(root.as_str());
            rest.is_some_and(|rest| rest.starts_with('/'))
        };
        if !roots.last().is_some_and(is_inside) {
            roots.push(node.at);
        }
    }
    roots
}

/// Merges the compositions inside one schema.
struct Merge<'t, 'r> {
    tree: &'t Value,
    recursion: &'r mut Recursion<'t>,
    is_response: bool,
    /// The components whose properties are being copied.
    active: Vec<String>,
    merges: usize,
    endless: Vec<Pointer>,
}

/// The parts of a composition, collected.
#[derive(Default)]
struct Parts {
    properties: BTreeMap<String, Value>,
    required: BTreeSet<String>,
    additional: Option<Value>,
    /// The components among the parts.
    components: Vec<String>,
}

/// Why parts were not merged.
enum Obstacle {
    /// They are no plain objects.
    Other,
    /// They contain themselves.
    Endless,
}

impl Merge<'_, '_> {
    /// A schema with everything inside it merged.
    fn schema(&mut self, value: &Value, at: &Pointer) -> Value {
        let Some(keywords) = value.as_object().filter(|keywords| !keywords.contains_key("$ref")) else {
            return value.clone();
        };
        // A request stays as it is unless it must change.
        if is_composed(keywords) && (self.is_response || !self.recursion.ends(at)) {
            match self.merged(keywords, at) {
                Ok(merged) => return merged,
                Err(Obstacle::Other) => {}
                Err(Obstacle::Endless) => {
                    self.endless.push(at.clone());
                    return anything(keywords);
                }
            }
        }
        let mut kept = Map::new();
        for (name, value) in keywords {
            let at = at.child(name);
            let value = match (name.as_str(), value) {
                ("properties", Value::Object(members)) => {
                    let merged = members
                        .iter()
                        .map(|(name, value)| (name.clone(), self.schema(value, &at.child(name))));
                    Value::Object(merged.collect())
                }
                ("items" | "additionalProperties" | "not", _) => self.schema(value, &at),
                ("allOf" | "oneOf" | "anyOf", Value::Array(parts)) => {
                    let parts = parts.iter().enumerate();
                    Value::Array(parts.map(|(index, part)| self.schema(part, &at.child(index))).collect())
                }
                _ => value.clone(),
            };
            kept.insert(name.clone(), value);
        }
        Value::Object(kept)
    }

    /// One object instead of a composition.
    fn merged(&mut self, keywords: &Map<String, Value>, at: &Pointer) -> Result<Value, Obstacle> {
        let parts = self.collect(keywords)?;
        self.merges += 1;
        if self.active.len() > MAX_DEPTH
            || self.merges > MAX_MERGES
            || parts.components.iter().any(|name| self.active.contains(name))
        {
            return Err(Obstacle::Endless);
        }
        let outer = self.active.len();
        self.active.extend(parts.components);
        let properties: Map<String, Value> = parts
            .properties
            .into_iter()
            .map(|(name, value)| {
                let value = self.schema(&value, &at.below(&["properties", &name]));
                (name, value)
            })
            .collect();
        self.active.truncate(outer);
        let mut merged = keywords.clone();
        merged.remove("allOf");
        merged.insert("type".to_owned(), json!("object"));
        merged.insert("properties".to_owned(), Value::Object(properties));
        if !parts.required.is_empty() {
            merged.insert("required".to_owned(), json!(parts.required));
        }
        if let Some(additional) = parts.additional {
            merged.insert("additionalProperties".to_owned(), additional);
        }
        Ok(Value::Object(merged))
    }

    /// Collects the properties of all parts, and of theirs.
    fn collect(&self, keywords: &Map<String, Value>) -> Result<Parts, Obstacle> {
        let mut found = Parts::default();
        let mut open = vec![keywords];
        while let Some(part) = open.pop() {
            if OF_OTHERS.iter().any(|name| part.contains_key(*name))
                || part.get("type").is_some_and(|name| name != "object")
            {
                return Err(Obstacle::Other);
            }
            self.take(part, &mut found)?;
            for part in part.get("allOf").and_then(Value::as_array).into_iter().flatten() {
                let mut part = part;
                // Lint refuses components that consist of themselves, but this may run without lint.
                while let Some(reference) = refs::reference(part) {
                    let at = Pointer::from_reference(reference).ok_or(Obstacle::Other)?;
                    let name = refs::component_name(&at).ok_or(Obstacle::Other)?;
                    part = self.tree.pointer(at.as_str()).ok_or(Obstacle::Other)?;
                    if found.components.contains(&name) {
                        part = &Value::Null;
                    } else {
                        found.components.push(name);
                    }
                }
                match part {
                    Value::Null => {}
                    part => open.push(part.as_object().ok_or(Obstacle::Other)?),
                }
            }
        }
        Ok(found)
    }

    fn take(&self, part: &Map<String, Value>, found: &mut Parts) -> Result<(), Obstacle> {
        let required = part.get("required").and_then(Value::as_array).into_iter().flatten();
        found
            .required
            .extend(required.filter_map(Value::as_str).map(str::to_owned));
        if let Some(additional) = part.get("additionalProperties") {
            // Parts of a request that restrict the additional properties restrict each other.
            if !self.is_response {
                return Err(Obstacle::Other);
            }
            let others = found.additional.is_none().then(|| additional.clone());
            found.additional = others.or_else(|| Some(json!({})));
        }
        for (name, property) in part.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let other = found.properties.remove(name);
            let property = match other {
                Some(other) => self.both(other, property)?,
                None => property.clone(),
            };
            found.properties.insert(name.clone(), property);
        }
        Ok(())
    }

    /// The schema of a property that two parts describe.
    fn both(&self, one: Value, other: &Value) -> Result<Value, Obstacle> {
        let plain = |value: &Value| {
            let mut keywords = value.as_object().cloned().unwrap_or_default();
            keywords.retain(|name, _| !["description", "example", "title", "nullable"].contains(&name.as_str()));
            keywords
        };
        let (first, second) = (plain(&one), plain(other));
        if first == second || second.is_empty() {
            return Ok(one);
        }
        if first.is_empty() {
            return Ok(other.clone());
        }
        if !self.is_response {
            return Err(Obstacle::Other);
        }
        // Two objects are merged like every composition. Otherwise the types contradict each other,
        // so that any value may arrive.
        let is_object =
            |keywords: &Map<String, Value>| ["allOf", "properties"].iter().any(|name| keywords.contains_key(*name));
        Ok(if is_object(&first) && is_object(&second) {
            json!({"nullable": true, "allOf": [first, second]})
        } else {
            json!({})
        })
    }
}

/// Any value, with the same description.
fn anything(keywords: &Map<String, Value>) -> Value {
    let mut any = keywords.clone();
    any.retain(|name, _| name == "description");
    Value::Object(any)
}
