//! Validates a JSON value against a schema: what does not match, where in the value, and which node
//! of the schema.
//!
//! It knows OpenAPI 3.0 and no spec in particular. The caller decides whether a mismatch matters.
//!
//! Where OpenAPI leaves room, or readers differ, it decides as follows:
//!
//! - `18.0` is a number, not an integer. JSON Schema calls it an integer, but no parser accepts it
//!   as a Rust integer. Integers of 64 bits are compared exactly; larger ones are numbers.
//! - Null follows the rule of OpenAPI 3.0.3, which `spec/null` implements, although many documents
//!   are written as if `nullable` allowed null by itself.
//! - A schema without `type` is of type object if it has properties, and array if it has items;
//!   null is still valid.
//! - The formats `date-time`, `date`, `uuid`, `byte`, `uri`, `email`, `ipv4`, `ipv6` and those of
//!   integers are checked; other formats are ignored.
//! - A `pattern` is interpreted by the crate `regex`, in linear time. A pattern that needs more,
//!   such as look-ahead, is skipped.
//! - A mismatch never contains a part of the value; only the names of members occur in its path.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use regex::{Regex, RegexBuilder};
use serde_json::{Map, Value};

use super::mismatch::{Mismatch, MismatchKind};
use super::overlay::Overlay;
use super::types::{is_of_type, name_of_type, says_something, type_of};
use super::validation::{Path, Step, Validation};
use super::{bounds, format};
use crate::spec::null::{NullObstacleKind, obstacles_to_null};
use crate::spec::refs::{self, Located};
use crate::spec::{Pointer, Spec};

/// The limit on schemas stacked at one place of the value through `$ref`, `allOf`, `oneOf` and
/// `anyOf`. Cycles end here.
const MAX_LAYERS: usize = 32;

/// The limit on schemas per node of a value, on average, so that schemas which branch at every
/// level also end. Beyond it, the rest of the value counts as valid. A union of all events of a
/// session needs about a hundred.
const STEPS_PER_NODE: usize = 4096;

/// The size limit of a compiled pattern, in bytes.
const PATTERN_SIZE: usize = 1 << 20;

/// Validates values against the schemas of one spec, and caches compiled patterns.
pub(crate) struct Validator<'s> {
    pub(super) tree: &'s Value,
    patterns: RefCell<BTreeMap<String, Option<Regex>>>,
    /// The remaining steps for the current value.
    steps: Cell<usize>,
}

impl<'s> Validator<'s> {
    pub(crate) fn new(spec: &'s Spec) -> Self {
        Self {
            tree: spec.tree(),
            patterns: RefCell::default(),
            steps: Cell::new(0),
        }
    }

    /// Validates a value against the schema at a pointer. Without such a schema, every value is
    /// valid.
    pub(crate) fn validate(&self, schema: &Pointer, value: &Value) -> Validation {
        let mut validation = Validation::default();
        self.steps.set(STEPS_PER_NODE.saturating_mul(nodes_in(value)));
        if let Some(found) = self.tree.pointer(schema.as_str()) {
            let found = Located {
                at: schema.clone(),
                value: found,
            };
            let mut path = Path::default();
            self.value(found, value, &mut path, &mut validation);
        }
        validation
    }

    /// Validates one place of the value: first all schemas that apply to it, then its described
    /// parts.
    fn value<'v>(&self, schema: Located<'s>, value: &'v Value, path: &mut Path<'v>, out: &mut Validation) {
        let outer_schema = std::mem::replace(&mut path.outer_schema, schema.at.clone());
        let mut overlay = Overlay::default();
        if value.is_null() {
            self.null(&schema, path, out);
        } else {
            self.layer(schema, value, path, &mut overlay, out, 0);
        }
        if let Value::Object(members) = value {
            self.unknown(&overlay, members, path, out);
        }
        path.outer_schema = outer_schema;
    }

    /// Reports the first schema that forbids null; one reason is enough.
    fn null(&self, schema: &Located<'s>, path: &Path<'_>, out: &mut Validation) {
        let Some(obstacle) = obstacles_to_null(self.tree, schema).into_iter().next() else {
            return;
        };
        let kind = match obstacle.kind {
            NullObstacleKind::SeveralVariants => MismatchKind::SeveralVariants,
            NullObstacleKind::Not => MismatchKind::Not,
            NullObstacleKind::Type | NullObstacleKind::Enum | NullObstacleKind::NoVariant(_) => MismatchKind::Null,
        };
        out.push(&obstacle.at, path, kind);
    }

    /// Applies one schema, and those that its `$ref`, `allOf`, `oneOf` and `anyOf` lead to, to a
    /// value other than null.
    pub(super) fn layer<'v>(
        &self,
        schema: Located<'s>,
        value: &'v Value,
        path: &mut Path<'v>,
        overlay: &mut Overlay<'s>,
        out: &mut Validation,
        layers: usize,
    ) {
        let Some(schema) = refs::resolve(self.tree, schema) else {
            return;
        };
        let Some(keywords) = schema.value.as_object() else {
            return;
        };
        if layers > MAX_LAYERS || self.steps.get() == 0 {
            return;
        }
        self.steps.set(self.steps.get() - 1);
        if !self.own(&schema, keywords, value, path, out) {
            return;
        }
        match value {
            Value::Object(members) => self.object(&schema, keywords, members, path, overlay, out),
            Value::Array(items) => self.array(&schema, items, path, out),
            _ => {}
        }
        for (index, part) in list(keywords, "allOf").enumerate() {
            let at = schema.at.child("allOf").child(index);
            self.layer(Located { at, value: part }, value, path, overlay, out, layers + 1);
        }
        for keyword in ["oneOf", "anyOf"] {
            self.union(&schema, keyword, value, path, overlay, out, layers);
        }
        if let Some(part) = keywords.get("not") {
            let found = Located {
                at: schema.at.child("not"),
                value: part,
            };
            let mut inner = Validation::default();
            self.layer(found, value, path, &mut Overlay::default(), &mut inner, layers + 1);
            if inner.mismatches.iter().all(Mismatch::is_unknown) {
                out.push(&schema.at, path, MismatchKind::Not);
            }
        }
    }

    /// Applies the keywords of the schema itself; `false` when the value is of another type, so
    /// that nothing else is worth checking.
    fn own(
        &self,
        schema: &Located<'s>,
        keywords: &Map<String, Value>,
        value: &Value,
        path: &Path<'_>,
        out: &mut Validation,
    ) -> bool {
        if let Some(expected) = type_of(keywords)
            && !is_of_type(value, expected)
        {
            let kind = MismatchKind::Type {
                expected: expected.to_owned(),
                found: name_of_type(value),
            };
            out.push(&schema.at, path, kind);
            return false;
        }
        if let Some(Value::Array(values)) = keywords.get("enum")
            && !values.contains(value)
        {
            out.push(&schema.at, path, MismatchKind::EnumValue);
            return true;
        }
        if let Some(name) = keywords.get("format").and_then(Value::as_str)
            && let Some(kind) = format::mismatch(name, value)
        {
            out.push(&schema.at, path, kind);
        }
        for keyword in bounds::broken(keywords, value) {
            out.push(&schema.at, path, MismatchKind::Bound { keyword });
        }
        if let (Some(Value::String(pattern)), Value::String(text)) = (keywords.get("pattern"), value)
            && !self.matches(pattern, text)
        {
            out.push(&schema.at, path, MismatchKind::Bound { keyword: "pattern" });
        }
        true
    }

    fn object<'v>(
        &self,
        schema: &Located<'s>,
        keywords: &'s Map<String, Value>,
        members: &'v Map<String, Value>,
        path: &mut Path<'v>,
        overlay: &mut Overlay<'s>,
        out: &mut Validation,
    ) {
        out.objects.insert(schema.at.clone());
        overlay.take(schema, keywords);
        for name in list(keywords, "required").filter_map(Value::as_str) {
            if !members.contains_key(name) {
                out.push(&schema.at, path, MismatchKind::Missing { name: name.to_owned() });
            }
        }
        let properties = keywords.get("properties").and_then(Value::as_object);
        let others = keywords
            .get("additionalProperties")
            .filter(|others| says_something(others));
        for (name, member) in members {
            let described = properties.and_then(|properties| properties.get(name));
            let found = if let Some(described) = described {
                let at = schema.at.child("properties").child(name);
                out.seen.insert(at.clone());
                Located { at, value: described }
            } else if let Some(others) = others {
                let at = schema.at.child("additionalProperties");
                Located { at, value: others }
            } else {
                continue;
            };
            path.steps.push(Step::Name(name));
            self.value(found, member, path, out);
            path.steps.pop();
        }
    }

    fn array<'v>(&self, schema: &Located<'s>, items: &'v [Value], path: &mut Path<'v>, out: &mut Validation) {
        let Some(described) = schema.value.get("items") else {
            return;
        };
        for (index, item) in items.iter().enumerate() {
            let at = schema.at.child("items");
            path.steps.push(Step::Index(index));
            self.value(Located { at, value: described }, item, path, out);
            path.steps.pop();
        }
    }

    /// Reports the members that no schema for this object describes, at the first schema with
    /// properties, since that is where a description would be added.
    fn unknown<'v>(
        &self,
        overlay: &Overlay<'s>,
        members: &'v Map<String, Value>,
        path: &mut Path<'v>,
        out: &mut Validation,
    ) {
        let Some(at) = overlay.at.as_ref().filter(|_| !overlay.describes_all) else {
            return;
        };
        for name in members.keys() {
            if !overlay.names.contains(name.as_str()) {
                path.steps.push(Step::Name(name));
                let kind = MismatchKind::Unknown {
                    name: name.clone(),
                    closed: overlay.closed,
                };
                out.push(at, path, kind);
                path.steps.pop();
            }
        }
    }

    fn matches(&self, pattern: &str, text: &str) -> bool {
        let mut patterns = self.patterns.borrow_mut();
        let compiled = patterns.entry(pattern.to_owned()).or_insert_with(|| {
            let mut builder = RegexBuilder::new(pattern);
            builder.size_limit(PATTERN_SIZE).build().ok()
        });
        compiled.as_ref().is_none_or(|compiled| compiled.is_match(text))
    }
}

fn list<'v>(keywords: &'v Map<String, Value>, name: &str) -> impl Iterator<Item = &'v Value> + use<'v> {
    keywords.get(name).and_then(Value::as_array).into_iter().flatten()
}

fn nodes_in(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(nodes_in).sum::<usize>(),
        Value::Object(members) => 1 + members.values().map(nodes_in).sum::<usize>(),
        _ => 1,
    }
}
