//! A schema as a whole, with references followed and `allOf` merged. A schema that was moved, named
//! or wrapped keeps its view.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::diff::words::value_text;
use crate::spec::Pointer;
use crate::spec::null::{NullObstacleKind, allows_null, obstacles_to_null};
use crate::spec::refs::{self, Located, component_name};

/// The limit on following references and `allOf`. In a checked spec, cycles only go through
/// properties.
const MAX_DEPTH: usize = 16;

/// A schema merged with everything that describes the same value.
pub(super) struct View<'t> {
    /// The node of the schema.
    pub(super) at: Pointer,
    /// The component that it is or refers to.
    pub(super) component: Option<String>,
    /// The nodes that it was merged from, outermost first.
    pub(super) parts: Vec<Located<'t>>,
    /// Its other keywords; where two parts have the same one, the outer one wins.
    keywords: BTreeMap<&'t str, Located<'t>>,
    pub(super) properties: BTreeMap<&'t str, Located<'t>>,
    /// The required properties, each with the node that requires it.
    pub(super) required: BTreeMap<&'t str, Pointer>,
    tree: &'t Value,
    schema: Located<'t>,
}

impl<'t> View<'t> {
    pub(super) fn of(tree: &'t Value, schema: &Located<'t>) -> Self {
        let mut view = Self {
            at: schema.at.clone(),
            component: None,
            parts: Vec::new(),
            keywords: BTreeMap::new(),
            properties: BTreeMap::new(),
            required: BTreeMap::new(),
            tree,
            schema: schema.clone(),
        };
        view.take(tree, schema.clone(), true, 0);
        view
    }

    fn take(&mut self, tree: &'t Value, schema: Located<'t>, names: bool, depth: usize) {
        if names && let Some(name) = component_name(&schema.at) {
            self.component = Some(name);
        }
        // Visit each node once; this ends cycles.
        if depth > MAX_DEPTH || self.parts.iter().any(|part| part.at == schema.at) {
            return;
        }
        if let Some(target) = refs::reference(schema.value).and_then(Pointer::from_reference) {
            // Keys beside a reference are not keywords, but may be a description.
            self.parts.push(schema);
            if let Some(value) = tree.pointer(target.as_str()) {
                self.take(tree, Located { at: target, value }, names, depth + 1);
            }
            return;
        }
        for (name, value) in schema.value.as_object().into_iter().flatten() {
            let at = schema.at.child(name);
            match name.as_str() {
                "allOf" => {}
                "properties" => {
                    for (name, value) in refs::members(schema.value, "properties") {
                        let at = at.child(name);
                        self.properties.entry(name).or_insert(Located { at, value });
                    }
                }
                "required" => {
                    for (index, name) in value.as_array().into_iter().flatten().enumerate() {
                        if let Some(name) = name.as_str() {
                            self.required.entry(name).or_insert_with(|| at.child(index));
                        }
                    }
                }
                _ => {
                    self.keywords.entry(name).or_insert(Located { at, value });
                }
            }
        }
        let parts = schema.value.get("allOf").and_then(Value::as_array);
        let at = schema.at.child("allOf");
        // A single part is a wrapper and keeps its name; several parts form a new schema.
        let names = names && parts.is_some_and(|parts| parts.len() == 1);
        self.parts.push(schema);
        for (index, value) in parts.into_iter().flatten().enumerate() {
            let at = at.child(index);
            self.take(tree, Located { at, value }, names, depth + 1);
        }
    }

    pub(super) fn keyword(&self, name: &str) -> Option<&Value> {
        self.keywords.get(name).map(|found| found.value)
    }

    pub(super) fn found(&self, name: &str) -> Option<&Located<'t>> {
        self.keywords.get(name)
    }

    /// The component that the view refers to, or else its own node.
    pub(super) fn own(&self) -> Pointer {
        let named = self.component.as_ref();
        let named = named.map(|name| Pointer::root().below(&["components", "schemas", name]));
        named.unwrap_or_else(|| self.at.clone())
    }

    /// The schema that contains a keyword.
    pub(super) fn subject(&self, name: &str) -> Pointer {
        let found = self.keywords.get(name).and_then(|found| found.at.parent());
        found.unwrap_or_else(|| self.own())
    }

    /// The pointer to a keyword, or else to the schema.
    pub(super) fn place(&self, name: &str) -> Pointer {
        self.keywords
            .get(name)
            .map_or_else(|| self.own(), |found| found.at.clone())
    }

    pub(super) fn text(&self, name: &str) -> Option<&'t str> {
        self.keywords.get(name)?.value.as_str()
    }

    /// Its type, stated or implied by properties, items or an enum.
    pub(super) fn kind(&self) -> Option<&'t str> {
        self.text("type")
            .or_else(|| (!self.properties.is_empty()).then_some("object"))
            .or_else(|| self.keywords.contains_key("items").then_some("array"))
            .or_else(|| {
                let values = self.keyword("enum")?.as_array()?;
                values.iter().any(Value::is_string).then_some("string")
            })
    }

    /// Whether null is valid, which `nullable` alone does not tell.
    pub(super) fn allows_null(&self) -> bool {
        allows_null(self.tree, &self.schema)
    }

    /// Whether null is valid as far as its variants do not decide.
    pub(super) fn allows_null_beside_variants(&self) -> bool {
        let of_variants = |kind| matches!(kind, NullObstacleKind::NoVariant(_) | NullObstacleKind::SeveralVariants);
        obstacles_to_null(self.tree, &self.schema)
            .iter()
            .all(|obstacle| of_variants(obstacle.kind))
    }

    /// The innermost `nullable`, which allows null where nothing forbids it; or else the schema.
    pub(super) fn nullable_place(&self) -> Pointer {
        let with_nullable = |part: &&Located<'t>| part.value.get("nullable").is_some();
        let found = self.parts.iter().rev().find(with_nullable);
        found.map_or_else(|| self.at.clone(), |part| part.at.child("nullable"))
    }

    /// Whether its type is known, stated or implied, so that it is not just any JSON.
    pub(super) fn is_typed(&self) -> bool {
        self.kind().is_some() || !self.variants().is_empty()
    }

    /// The values of its enum except null; `None` without an enum.
    pub(super) fn values(&self) -> Option<Vec<&'t Value>> {
        let values = self.keywords.get("enum")?.value.as_array()?;
        Some(values.iter().filter(|value| !value.is_null()).collect())
    }

    /// The variants of a union; empty for any other schema.
    pub(super) fn variants(&self) -> Vec<Located<'t>> {
        ["oneOf", "anyOf"]
            .iter()
            .filter_map(|name| self.keywords.get(name))
            .flat_map(|union| {
                let items = union.value.as_array().into_iter().flatten().enumerate();
                items.map(|(index, value)| Located {
                    at: union.at.child(index),
                    value,
                })
            })
            .collect()
    }

    /// A short description: `` `string` ``, ``a list of `ChatSession` ``, ``one of `query`,
    /// `read_only` ``.
    pub(super) fn words(&self, tree: &'t Value) -> String {
        self.words_at(tree, 0)
    }

    fn words_at(&self, tree: &'t Value, depth: usize) -> String {
        if let Some(values) = self.values() {
            let values: Vec<String> = values.into_iter().map(value_text).collect();
            return match values.as_slice() {
                [only] => format!("always {only}"),
                _ => format!("one of {}", values.join(", ")),
            };
        }
        let inner = |found: &Located<'t>| {
            if depth > 4 {
                return "values".to_owned();
            }
            View::of(tree, found).words_at(tree, depth + 1)
        };
        let variants = self.variants();
        if !variants.is_empty() && self.properties.is_empty() {
            let words: Vec<String> = variants.iter().map(inner).collect();
            return words.join(" or ");
        }
        match self.kind() {
            Some("object") | None if self.component.is_some() => self
                .component
                .as_ref()
                .map(|name| format!("`{name}`"))
                .unwrap_or_default(),
            Some("array") => match self.found("items") {
                Some(items) => format!("a list of {}", inner(items)),
                None => "a list".to_owned(),
            },
            Some("string") => match self.text("format") {
                Some(format) => format!("`string` ({format})"),
                None => "`string`".to_owned(),
            },
            Some(kind) => format!("`{kind}`"),
            None => "any JSON".to_owned(),
        }
    }
}
