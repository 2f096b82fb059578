//! A schema as a whole: references followed and `allOf` merged, so that a schema that was moved,
//! named or wrapped to carry a remark is still the same one.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::diff::words::value_text;
use crate::spec::Pointer;
use crate::spec::refs::{self, Located, component_name};

/// How deep references and `allOf` are followed; the references of a checked spec never go in
/// circles without a property between.
const MAX_DEPTH: usize = 16;

/// A schema with everything that says something about the same value.
pub(super) struct View<'t> {
    /// The node that was asked for.
    pub(super) at: Pointer,
    /// The component that it is, or refers to.
    pub(super) component: Option<String>,
    /// The nodes that it was merged from, the outermost first.
    pub(super) parts: Vec<Located<'t>>,
    /// Its keywords but for those below; where two parts have the same one, the outer one counts.
    keywords: BTreeMap<&'t str, Located<'t>>,
    pub(super) properties: BTreeMap<&'t str, Located<'t>>,
    /// The required properties, each with the node that says so.
    pub(super) required: BTreeMap<&'t str, Pointer>,
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
        };
        view.take(tree, schema.clone(), true, 0);
        view
    }

    fn take(&mut self, tree: &'t Value, schema: Located<'t>, names: bool, depth: usize) {
        if names && let Some(name) = component_name(&schema.at) {
            self.component = Some(name);
        }
        // Nothing is said twice, and a circle ends.
        if depth > MAX_DEPTH || self.parts.iter().any(|part| part.at == schema.at) {
            return;
        }
        if let Some(target) = refs::reference(schema.value).and_then(Pointer::from_reference) {
            // What stands beside a reference is no keyword, but can be a description.
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
        // A single part is a wrapper, which lends its name; several make something new.
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

    /// The schema that has a name, where the view is of a reference to one; what is said about it
    /// is said of that schema.
    pub(super) fn own(&self) -> Pointer {
        let named = self.component.as_ref();
        let named = named.map(|name| Pointer::root().below(&["components", "schemas", name]));
        named.unwrap_or_else(|| self.at.clone())
    }

    /// The schema that a keyword says something about.
    pub(super) fn subject(&self, name: &str) -> Pointer {
        let found = self.keywords.get(name).and_then(|found| found.at.parent());
        found.unwrap_or_else(|| self.own())
    }

    /// Where a keyword stands, or else the schema.
    pub(super) fn place(&self, name: &str) -> Pointer {
        self.keywords
            .get(name)
            .map_or_else(|| self.own(), |found| found.at.clone())
    }

    pub(super) fn text(&self, name: &str) -> Option<&'t str> {
        self.keywords.get(name)?.value.as_str()
    }

    /// Its type, which properties and items tell as well.
    pub(super) fn kind(&self) -> Option<&'t str> {
        self.text("type")
            .or_else(|| (!self.properties.is_empty()).then_some("object"))
            .or_else(|| self.keywords.contains_key("items").then_some("array"))
            .or_else(|| {
                let values = self.keyword("enum")?.as_array()?;
                values.iter().any(Value::is_string).then_some("string")
            })
    }

    pub(super) fn is_nullable(&self) -> bool {
        self.keyword("nullable") == Some(&Value::Bool(true))
    }

    /// The values of its enum, null left out, which `nullable` is for; `None` for an open set.
    pub(super) fn values(&self) -> Option<Vec<&'t Value>> {
        let values = self.keywords.get("enum")?.value.as_array()?;
        Some(values.iter().filter(|value| !value.is_null()).collect())
    }

    /// The variants of a union; none if it is not one.
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

    /// What it is, in a few words: `` `string` ``, ``list of `ChatSession` ``, ``one of `query`,
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
                Some(items) => format!("list of {}", inner(items)),
                None => "list".to_owned(),
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
