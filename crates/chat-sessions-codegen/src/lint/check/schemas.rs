//! Schemas: types, unions, defaults and lowering marks.

use std::collections::BTreeSet;

use serde_json::Value;

use super::values::ValueRole;
use crate::generate::{OPEN_VARIANT, endless_compositions};
use crate::lint::checker::Checker;
use crate::rust_names::pascal;
use crate::spec::discriminator::Discriminator;
use crate::spec::refs::{self, Located, Reach};
use crate::spec::{Pointer, marks};
use crate::validate::name_of_type;

const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

/// Keywords whose subschemas describe the same value as their parent.
const COMPOSITIONS: [&str; 3] = ["allOf", "oneOf", "anyOf"];

/// Keywords that mean nothing without a type.
const BOUNDS: [&str; 9] = [
    "format",
    "maxItems",
    "maxLength",
    "maximum",
    "minItems",
    "minLength",
    "minimum",
    "multipleOf",
    "pattern",
];

impl Checker<'_> {
    pub(super) fn schemas(&mut self, reach: &Reach<'_>) {
        for schema in reach.strict().chain(&reach.responses) {
            self.schema_type(schema);
            self.required(schema);
        }
        for schema in reach.strict() {
            self.check_strict_schema(schema);
        }
        for schema in &reach.responses {
            self.check_response_schema(schema);
        }
    }

    /// Reports compositions that contain themselves, for which the generator would not end.
    pub(super) fn recursion(&mut self) {
        // A cycle has a finding of its own.
        if self.is_cyclic || !self.errors.is_empty() {
            return;
        }
        for at in endless_compositions(self.spec) {
            // Lowering wraps some schemas, so the place itself may not be in the document.
            let mut place = at.clone();
            while self.tree().pointer(place.as_str()).is_none() {
                place = place.parent().unwrap_or_default();
            }
            let message = "this schema is composed of parts that contain it again, so its type would have no end";
            let remedy = "Describe each property in one part only, and make the composition a component that its own properties refer to.";
            self.report("schema-recursion", &place, message, remedy);
        }
    }

    fn schema_type(&mut self, schema: &Located<'_>) {
        if self.unclear.contains(&schema.at) {
            return;
        }
        if !schema.value.is_object() {
            self.report(
                "schema-type",
                &schema.at,
                "this is not a schema",
                "Write an object with a type.",
            );
            return;
        }
        let at = schema.at.child("type");
        match schema.value.get("type") {
            None => {}
            Some(Value::String(name)) if name == "array" && schema.value.get("items").is_none() => {
                let remedy = "Describe its items; `items: {}` accepts any JSON.";
                self.report("schema-type", &schema.at, "the array has no items", remedy);
            }
            Some(Value::String(name)) if TYPES.contains(&name.as_str()) => {}
            Some(Value::String(name)) if name == "null" => {
                let in_union = schema.at.parent().map(|above| above.name());
                let remedy = match in_union.as_deref() {
                    Some("oneOf" | "anyOf") => {
                        "Remove this variant, and write `nullable: true` beside the type of one of the others."
                    }
                    _ => "Write the type of the other values, and `nullable: true` beside it.",
                };
                self.report(
                    "openapi-3-1",
                    &at,
                    "the type `null` is an OpenAPI 3.1 construct",
                    remedy,
                );
            }
            Some(Value::Array(_)) => {
                let remedy = "Write one type, with `nullable: true` for null; for several types write a `oneOf`.";
                self.report(
                    "openapi-3-1",
                    &at,
                    "a list of types is an OpenAPI 3.1 construct",
                    remedy,
                );
            }
            Some(Value::String(name)) => {
                let message = format!("OpenAPI has no type `{name}`");
                self.report(
                    "schema-type",
                    &at,
                    &message,
                    &format!("Write one of {}.", TYPES.join(", ")),
                );
            }
            Some(_) => {
                let remedy = format!("Write one of {}.", TYPES.join(", "));
                self.report("schema-type", &at, "the type is not a string", &remedy);
            }
        }
    }

    fn required(&mut self, schema: &Located<'_>) {
        // A part of a composition may require what another part describes, so the whole is checked.
        let parent = schema.at.parent().map(|above| above.name());
        if parent.is_some_and(|name| COMPOSITIONS.contains(&name.as_str())) {
            return;
        }
        let mut required = Vec::new();
        requirements(schema, &mut required);
        if required.is_empty() {
            return;
        }
        let Some(undescribed) = undescribed(self.tree(), schema, required.iter().map(|(_, name)| *name).collect())
        else {
            return;
        };
        for (at, name) in required.iter().filter(|(_, name)| undescribed.contains(name)) {
            let message = format!("the required property `{name}` is not described");
            let remedy = "Correct the name, or describe the property.";
            self.report("schema-required", at, &message, remedy);
        }
    }

    /// Validates a default. The generator panics on most defaults that do not match their schema.
    pub(crate) fn default(&mut self, schema: &Located<'_>) {
        if let Some(default) = schema.value.get("default") {
            self.value(ValueRole::Default, &schema.at.child("default"), default, &schema.at);
        }
    }

    /// Compares the values of an enum with its type and with each other.
    pub(crate) fn enum_values(&mut self, schema: &Located<'_>) {
        let Some(values) = schema.value.get("enum").and_then(Value::as_array) else {
            return;
        };
        let at = schema.at.child("enum");
        if values.is_empty() {
            let remedy = "List the values, or remove the enum.";
            self.report(
                "enum-values",
                &at,
                "the enum has no values, so no value is valid",
                remedy,
            );
        }
        let expected = schema.value.get("type").and_then(Value::as_str);
        let nullable = schema.value.get("nullable") == Some(&Value::Bool(true));
        let mut seen = BTreeSet::new();
        for (index, value) in values.iter().enumerate() {
            let at = at.child(index);
            let found = name_of_type(value);
            let fits = match expected {
                _ if value.is_null() => nullable || expected.is_none(),
                Some("number") => value.is_number(),
                Some(expected) if TYPES.contains(&expected) => found == expected,
                _ => true,
            };
            if let (false, Some(expected)) = (fits, expected) {
                let message = format!("the enum value {value} is of type {found}, but the schema says {expected}");
                let remedy = match value {
                    Value::Null => "Write `nullable: true`, or remove null.",
                    _ => "Quote the value if it is a string, or correct the type.",
                };
                self.report("enum-values", &at, &message, remedy);
            }
            if !seen.insert(value.to_string()) {
                let message = format!("the enum lists {value} twice");
                self.report("enum-values", &at, &message, "Keep one of them.");
            }
        }
    }

    /// Lowering leaves schemas of requests as they are, so the generator must support them.
    fn check_strict_schema(&mut self, schema: &Located<'_>) {
        let has = |name: &str| schema.value.get(name).is_some();
        let typed = [
            "type",
            "enum",
            "allOf",
            "oneOf",
            "anyOf",
            "not",
            "$ref",
            "properties",
            "items",
            "additionalProperties",
        ];
        if !typed.iter().any(|name| has(name)) && BOUNDS.iter().any(|name| has(name)) {
            let message = "the schema has bounds but no type";
            self.report(
                "schema-untyped",
                &schema.at,
                message,
                "Add the type that the bounds apply to.",
            );
        }
        if has("not") {
            self.report(
                "schema-not",
                &schema.at.child("not"),
                "the generator does not support `not`",
                "Describe what is allowed instead.",
            );
        }
        if let Some(parts) = schema.value.get("anyOf").and_then(Value::as_array) {
            let plain = parts.iter().all(|part| is_scalar(part) && part.get("enum").is_none());
            if !plain {
                let message = "`anyOf` of anything but plain scalars becomes a type that loses data";
                self.report(
                    "schema-any-of",
                    &schema.at.child("anyOf"),
                    message,
                    "Use `oneOf`, or one object with optional properties.",
                );
            }
        }
        let format = schema.value.get("format").and_then(Value::as_str).unwrap_or_default();
        let needs = match format {
            "date" | "date-time" => Some("chrono"),
            _ => has("pattern").then_some("regress"),
        };
        if let Some(package) = needs {
            let message = format!("in a request this needs the crate {package}, which the raw crates do not depend on");
            self.report(
                "schema-dependency",
                &schema.at,
                &message,
                "Remove the format or pattern, and explain it in the description.",
            );
        }
        self.default(schema);
        self.enum_values(schema);
        self.strict_combinations(schema);
        if marks::mark(schema.value).is_some() {
            let message = "`x-lowering` is only for properties of responses";
            self.report("lowering-mark", &schema.at.child("x-lowering"), message, "Remove it.");
        }
    }

    fn check_response_schema(&mut self, schema: &Located<'_>) {
        self.response_combinations(schema);
        if let Some(value) = schema.value.get("x-lowering") {
            let of_property = schema.at.parent().and_then(|above| above.parent().map(|_| above));
            let of_property = of_property.is_some_and(|above| above.as_str().ends_with("/properties"));
            if !of_property || !matches!(value.as_str(), Some("id" | "extra")) {
                let at = schema.at.child("x-lowering");
                let remedy = "Write `id` (stays required) or `extra` (stays among the unknown fields), on a property.";
                self.report(
                    "lowering-mark",
                    &at,
                    "lowering does not know this `x-lowering` in this position",
                    remedy,
                );
            }
        }
        if let Some(union) = Discriminator::of(self.tree(), schema) {
            let open = union
                .variants
                .iter()
                .find(|variant| pascal(&variant.component.at.name()) == OPEN_VARIANT);
            if let Some(variant) = open {
                let message = format!("the generator itself adds `{OPEN_VARIANT}` to the variants");
                let at = &variant.at;
                self.report("schema-names", at, &message, "Give the schema another name.");
            }
            return;
        }
        for name in ["oneOf", "anyOf"] {
            let Some(parts) = schema.value.get(name).and_then(Value::as_array) else {
                continue;
            };
            let at = schema.at.child(name);
            let objects: Vec<Located<'_>> = parts
                .iter()
                .enumerate()
                .filter_map(|(index, value)| {
                    refs::resolve(
                        self.tree(),
                        Located {
                            at: at.child(index),
                            value,
                        },
                    )
                })
                .filter(|part| {
                    !is_scalar(part.value) && part.value.get("type") != Some(&Value::String("array".to_owned()))
                })
                .collect();
            if objects.len() > 1 && objects.iter().any(|part| marks::tag(part.value).is_none()) {
                let message =
                    "lowering makes every property optional, so the first object of this union would match every value";
                let remedy =
                    "Give each object a property with a single-value enum, which stays strict, or describe one object.";
                self.report("union-tag", &at, message, remedy);
            }
        }
    }
}

/// The required properties of a schema and its inline parts; referenced components are checked on
/// their own.
fn requirements<'t>(schema: &Located<'t>, found: &mut Vec<(Pointer, &'t str)>) {
    let at = schema.at.child("required");
    let names = refs::items(schema.value, "required").enumerate();
    found.extend(names.filter_map(|(index, name)| Some((at.child(index), name.as_str()?))));
    for name in COMPOSITIONS {
        for (index, value) in refs::items(schema.value, name).enumerate() {
            let at = schema.at.child(name).child(index);
            requirements(&Located { at, value }, found);
        }
    }
}

/// The names that neither a schema nor its parts describe. `None` when that cannot be known,
/// because a part is missing or no property is described at all.
fn undescribed<'t>(tree: &'t Value, schema: &Located<'t>, names: BTreeSet<&'t str>) -> Option<BTreeSet<&'t str>> {
    let mut names = names;
    let mut seen = BTreeSet::new();
    let mut open = vec![schema.clone()];
    let mut describes = false;
    while let Some(part) = open.pop() {
        if names.is_empty() || !seen.insert(part.at.clone()) {
            continue;
        }
        let properties = part.value.get("properties").and_then(Value::as_object);
        describes |= properties.is_some();
        names.retain(|name| properties.is_none_or(|properties| !properties.contains_key(*name)));
        for name in COMPOSITIONS {
            for (index, value) in refs::items(part.value, name).enumerate() {
                let at = part.at.child(name).child(index);
                open.push(refs::resolve(tree, Located { at, value })?);
            }
        }
    }
    describes.then_some(names)
}

fn is_scalar(schema: &Value) -> bool {
    matches!(
        schema.get("type").and_then(Value::as_str),
        Some("boolean" | "integer" | "number" | "string")
    )
}
