//! Whether null is valid for a schema, by the rule of OpenAPI 3.0.3.
//!
//! `nullable: true` adds null to the `type` in the same schema object, and has no other effect. So
//! a schema without `type` allows null, and whatever else applies to the value can still forbid it:
//! an enum, a part of an `allOf`, a union. The OpenAPI Initiative clarified this in 2019, in the
//! proposal "Clarify Semantics of `nullable` in OpenAPI 3.0".

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Pointer;
use super::refs::{self, Located};

/// The limit on unions inside unions. Beyond it, a union counts as one that allows null.
const MAX_UNIONS: usize = 32;

/// What forbids null.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NullObstacle {
    /// The schema that forbids null, references resolved.
    pub(crate) at: Pointer,
    /// How it does.
    pub(crate) kind: NullObstacleKind,
}

/// The ways to forbid null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NullObstacleKind {
    /// A `type` without `nullable: true` beside it.
    Type,
    /// An enum that does not list null.
    Enum,
    /// A union, by its keyword, of which no variant allows null.
    NoVariant(&'static str),
    /// A `oneOf` of which several variants allow null, so that null does not match exactly one.
    SeveralVariants,
    /// A `not` whose schema null matches.
    Not,
}

/// Whether null is valid for a schema.
pub(crate) fn allows_null(tree: &Value, schema: &Located<'_>) -> bool {
    obstacles_to_null(tree, schema).is_empty()
}

/// Everything that makes null invalid for a schema, outermost first.
pub(crate) fn obstacles_to_null(tree: &Value, schema: &Located<'_>) -> Vec<NullObstacle> {
    Search {
        tree,
        allowed: BTreeMap::new(),
    }
    .obstacles(schema, 0)
}

struct Search<'t> {
    tree: &'t Value,
    /// The schemas of variants that were searched already.
    allowed: BTreeMap<Pointer, bool>,
}

impl<'t> Search<'t> {
    fn obstacles(&mut self, schema: &Located<'t>, unions: usize) -> Vec<NullObstacle> {
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        // A stack, since a document may be composed over thousands of components.
        let mut open = vec![schema.clone()];
        while let Some(part) = open.pop() {
            let Some(part) = refs::resolve(self.tree, part) else {
                continue;
            };
            if !seen.insert(part.at.clone()) {
                continue;
            }
            found.extend(self.own(&part, unions).into_iter().map(|kind| NullObstacle {
                at: part.at.clone(),
                kind,
            }));
            let parts: Vec<Located<'t>> = parts(&part, "allOf").collect();
            open.extend(parts.into_iter().rev());
        }
        found
    }

    /// How the keywords of one schema forbid null, apart from its `allOf`.
    fn own(&mut self, schema: &Located<'t>, unions: usize) -> Vec<NullObstacleKind> {
        let mut found = Vec::new();
        let keywords = schema.value;
        let is_typed = keywords.get("type").is_some_and(Value::is_string);
        if is_typed && keywords.get("nullable") != Some(&Value::Bool(true)) {
            found.push(NullObstacleKind::Type);
        }
        if let Some(Value::Array(values)) = keywords.get("enum")
            && !values.contains(&Value::Null)
        {
            found.push(NullObstacleKind::Enum);
        }
        if unions >= MAX_UNIONS {
            return found;
        }
        for keyword in ["oneOf", "anyOf"] {
            let variants: Vec<Located<'t>> = parts(schema, keyword).collect();
            let fitting = variants
                .iter()
                .filter(|variant| self.allows(variant, unions + 1))
                .count();
            match fitting {
                0 if !variants.is_empty() => found.push(NullObstacleKind::NoVariant(keyword)),
                2.. if keyword == "oneOf" => found.push(NullObstacleKind::SeveralVariants),
                _ => {}
            }
        }
        if let Some(value) = keywords.get("not").filter(|value| value.is_object()) {
            let at = schema.at.child("not");
            if self.allows(&Located { at, value }, unions + 1) {
                found.push(NullObstacleKind::Not);
            }
        }
        found
    }

    fn allows(&mut self, schema: &Located<'t>, unions: usize) -> bool {
        if let Some(allowed) = self.allowed.get(&schema.at) {
            return *allowed;
        }
        // A union that contains itself says nothing about null by doing so.
        self.allowed.insert(schema.at.clone(), true);
        let allowed = self.obstacles(schema, unions).is_empty();
        self.allowed.insert(schema.at.clone(), allowed);
        allowed
    }
}

fn parts<'t>(schema: &Located<'t>, keyword: &str) -> impl Iterator<Item = Located<'t>> + use<'t> {
    let at = schema.at.child(keyword);
    refs::items(schema.value, keyword)
        .enumerate()
        .map(move |(index, value)| Located {
            at: at.child(index),
            value,
        })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Located, NullObstacleKind as Kind, obstacles_to_null};
    use crate::spec::Pointer;

    /// The schemas that the table may refer to.
    fn components(schema: &Value) -> Value {
        json!({"components": {"schemas": {
            "Tested": schema,
            "Job": {"type": "object"},
            "JobOrNull": {"type": "object", "nullable": true},
            "Named": {"allOf": [{"$ref": "#/components/schemas/Job"}]},
            "NamedOrNull": {"allOf": [{"$ref": "#/components/schemas/JobOrNull"}]},
            "Count": {"oneOf": [{"type": "integer"}, {"type": "string"}]},
            "CountOrNull": {"oneOf": [{"type": "integer", "nullable": true}, {"type": "string"}]},
            "Circle": {"oneOf": [{"$ref": "#/components/schemas/Circle"}, {"type": "string"}]},
        }}})
    }

    #[track_caller]
    fn assert_obstacles(schema: &Value, expected: &[(&str, Kind)]) {
        let tree = components(schema);
        let at = Pointer::root().below(&["components", "schemas", "Tested"]);
        let value = tree.pointer(at.as_str()).unwrap();
        let found: Vec<_> = obstacles_to_null(&tree, &Located { at, value })
            .into_iter()
            .map(|found| {
                let at = found.at.as_str().replace("/components/schemas/", "");
                (at.replace("Tested", ""), found.kind)
            })
            .collect();
        let expected: Vec<_> = expected.iter().map(|(at, kind)| ((*at).to_owned(), *kind)).collect();
        assert_eq!(found, expected, "{schema}");
    }

    fn to(name: &str) -> Value {
        json!({"$ref": format!("#/components/schemas/{name}")})
    }

    #[test]
    fn nullable_adds_null_to_the_type_beside_it_and_to_nothing_else() {
        let rows: Vec<(Value, &[(&str, Kind)])> = vec![
            // Without a type, null is valid anyway.
            (json!({}), &[]),
            (json!({"nullable": true}), &[]),
            (json!({"properties": {"a": {}}}), &[]),
            (json!({"type": "string"}), &[("", Kind::Type)]),
            (json!({"type": "string", "nullable": false}), &[("", Kind::Type)]),
            (json!({"type": "string", "nullable": "true"}), &[("", Kind::Type)]),
            (json!({"type": "string", "nullable": true}), &[]),
            // An enum must list null, with or without a type.
            (json!({"enum": ["a"]}), &[("", Kind::Enum)]),
            (json!({"enum": ["a", null]}), &[]),
            (json!({"type": "string", "enum": ["a", null]}), &[("", Kind::Type)]),
            (
                json!({"type": "string", "nullable": true, "enum": ["a"]}),
                &[("", Kind::Enum)],
            ),
            (json!({"type": "string", "nullable": true, "enum": ["a", null]}), &[]),
            // References, and `allOf` of them.
            (to("Job"), &[("Job", Kind::Type)]),
            (to("JobOrNull"), &[]),
            (
                json!({"nullable": true, "$ref": "#/components/schemas/Job"}),
                &[("Job", Kind::Type)],
            ),
            (json!({"nullable": true, "allOf": [to("Job")]}), &[("Job", Kind::Type)]),
            (
                json!({"type": "object", "nullable": true, "allOf": [to("Job")]}),
                &[("Job", Kind::Type)],
            ),
            (
                json!({"type": "object", "nullable": true, "allOf": [to("Named")]}),
                &[("Job", Kind::Type)],
            ),
            (
                json!({"type": "object", "nullable": true, "allOf": [to("JobOrNull")]}),
                &[],
            ),
            (json!({"allOf": [to("NamedOrNull")]}), &[]),
            (
                json!({"type": "object", "allOf": [to("JobOrNull")]}),
                &[("", Kind::Type)],
            ),
            (
                json!({"type": "object", "allOf": [to("Job"), to("JobOrNull"), {"type": "object"}]}),
                &[("", Kind::Type), ("Job", Kind::Type), ("/allOf/2", Kind::Type)],
            ),
            // Unions.
            (to("Count"), &[("Count", Kind::NoVariant("oneOf"))]),
            (
                json!({"nullable": true, "oneOf": [{"type": "integer"}]}),
                &[("", Kind::NoVariant("oneOf"))],
            ),
            (
                json!({"nullable": true, "anyOf": [to("Job"), to("Count")]}),
                &[("", Kind::NoVariant("anyOf"))],
            ),
            (to("CountOrNull"), &[]),
            (json!({"anyOf": [to("JobOrNull"), to("CountOrNull")]}), &[]),
            (
                json!({"oneOf": [to("JobOrNull"), to("CountOrNull")]}),
                &[("", Kind::SeveralVariants)],
            ),
            (json!({"anyOf": [to("Job"), {"enum": [null]}]}), &[]),
            (to("Circle"), &[]),
            (json!({"not": {"type": "string"}}), &[]),
            (json!({"not": {"required": ["a"]}}), &[("", Kind::Not)]),
            (to("Nothing"), &[]),
        ];
        for (schema, expected) in rows {
            assert_obstacles(&schema, expected);
        }
    }
}
