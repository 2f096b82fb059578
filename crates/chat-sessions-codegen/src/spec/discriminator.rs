//! Unions with a discriminator: which values of the discriminator lead to which variant.
//!
//! OpenAPI takes the name of a schema for its value unless `mapping` names others. Many documents
//! have no mapping, but an enum in each variant, so that counts before the name does. The property
//! can be anywhere in the composition of a variant.

use std::collections::BTreeSet;

use chat_sessions_yaml::Pointer;
use serde_json::Value;

use super::refs::{self, Located};

/// A union whose variants are components that a property tells apart.
pub(crate) struct Discriminator<'t> {
    /// The property.
    pub(crate) property: &'t str,
    /// The keyword that lists the variants.
    pub(crate) keyword: &'static str,
    /// The variants, each component once.
    pub(crate) variants: Vec<Variant<'t>>,
}

/// One variant of a union with a discriminator.
pub(crate) struct Variant<'t> {
    /// The reference in the union.
    pub(crate) at: Pointer,
    /// The component that it leads to directly; its name is that of the variant.
    pub(crate) component: Located<'t>,
    /// The values of the discriminator that lead to this variant; no other variant has them.
    pub(crate) values: BTreeSet<String>,
}

impl<'t> Discriminator<'t> {
    /// The discriminator of a schema; `None` without one, or if a variant is not a reference to a
    /// component, since OpenAPI then ignores the discriminator.
    pub(crate) fn of(tree: &'t Value, schema: &Located<'t>) -> Option<Self> {
        let discriminator = schema.value.get("discriminator")?;
        let property = discriminator.get("propertyName")?.as_str()?;
        let keyword = ["oneOf", "anyOf"]
            .into_iter()
            .find(|keyword| refs::items(schema.value, keyword).next().is_some())?;
        if schema.value.get("allOf").is_some() {
            return None;
        }
        let mut variants: Vec<Variant<'t>> = Vec::new();
        for (index, value) in refs::items(schema.value, keyword).enumerate() {
            let target = refs::reference(value).and_then(Pointer::from_reference)?;
            refs::component_name(&target)?;
            let component = Located {
                value: tree.pointer(target.as_str())?,
                at: target,
            };
            if variants.iter().all(|variant| variant.component.at != component.at) {
                let at = schema.at.child(keyword).child(index);
                let values = BTreeSet::new();
                variants.push(Variant { at, component, values });
            }
        }
        let mut found = Self {
            property,
            keyword,
            variants,
        };
        found.assign_values(tree, discriminator);
        Some(found)
    }

    fn assign_values(&mut self, tree: &'t Value, discriminator: &'t Value) {
        let mut taken = BTreeSet::new();
        for (value, target) in refs::members(discriminator, "mapping") {
            let target = target.as_str().and_then(|target| mapped(tree, target));
            let variant = self
                .variants
                .iter_mut()
                .find(|variant| Some(&variant.component.at) == target.as_ref());
            if let Some(variant) = variant {
                taken.insert(value.clone());
                variant.values.insert(value.clone());
            }
        }
        for variant in self.variants.iter_mut().filter(|variant| variant.values.is_empty()) {
            let mut values = allowed_values(tree, &variant.component, self.property).unwrap_or_default();
            if values.is_empty() {
                values.extend(refs::component_name(&variant.component.at));
            }
            values.retain(|value| taken.insert(value.clone()));
            variant.values = values;
        }
    }

    /// The variant of an object; `None` if its discriminator is missing or unknown.
    pub(crate) fn variant(&self, object: &Value) -> Option<&Variant<'t>> {
        let value = object.get(self.property)?.as_str()?;
        self.variants.iter().find(|variant| variant.values.contains(value))
    }
}

/// The schema that a discriminator mapping names, by a reference or by its bare name.
pub(crate) fn mapped(tree: &Value, target: &str) -> Option<Pointer> {
    let named = Pointer::root().below(&["components", "schemas", target]);
    let is_name = !target.contains(['/', '#', '.']) || tree.pointer(named.as_str()).is_some();
    if is_name {
        return Some(named);
    }
    Pointer::from_reference(target)
}

/// Whether the composition of a schema describes a property.
pub(crate) fn describes<'t>(tree: &'t Value, schema: &Located<'t>, property: &str) -> bool {
    let parts = composition(tree, schema, &["allOf", "oneOf", "anyOf"]);
    parts.iter().any(|part| described(part, property).is_some())
}

/// The strings that the composition of a schema allows for a property; `None` if no enum restricts
/// it.
fn allowed_values<'t>(tree: &'t Value, schema: &Located<'t>, property: &str) -> Option<BTreeSet<String>> {
    let enums = composition(tree, schema, &["allOf"]).into_iter().filter_map(|part| {
        let at = part.at.below(&["properties", property]);
        let value = described(&part, property)?;
        let parts = composition(tree, &Located { at, value }, &["allOf"]);
        let enums = parts.iter().filter_map(|part| part.value.get("enum")?.as_array());
        enums.map(|values| texts(values)).reduce(|a, b| &a & &b)
    });
    enums.reduce(|a, b| &a & &b)
}

fn texts(values: &[Value]) -> BTreeSet<String> {
    values.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn described<'t>(part: &Located<'t>, property: &str) -> Option<&'t Value> {
    part.value.get("properties")?.get(property)
}

/// A schema and everything that these keywords compose it of, references resolved.
fn composition<'t>(tree: &'t Value, schema: &Located<'t>, keywords: &[&str]) -> Vec<Located<'t>> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    let mut open = vec![schema.clone()];
    while let Some(part) = open.pop() {
        let Some(part) = refs::resolve(tree, part) else {
            continue;
        };
        if !seen.insert(part.at.clone()) {
            continue;
        }
        for keyword in keywords {
            let at = part.at.child(keyword);
            let parts = refs::items(part.value, keyword).enumerate();
            open.extend(parts.map(|(index, value)| Located {
                at: at.child(index),
                value,
            }));
        }
        found.push(part);
    }
    found
}
