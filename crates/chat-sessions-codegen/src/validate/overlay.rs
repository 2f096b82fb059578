//! Combines what all schemas for one object say about its properties.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::types::{says_something, type_of};
use crate::spec::Pointer;
use crate::spec::refs::Located;

/// What all schemas for one object say about its properties.
#[derive(Clone, Default)]
pub(super) struct Overlay<'s> {
    /// The first schema with properties, or else the first of type `object`.
    pub(super) at: Option<Pointer>,
    has_properties: bool,
    pub(super) names: BTreeSet<&'s str>,
    pub(super) closed: bool,
    pub(super) describes_all: bool,
}

impl<'s> Overlay<'s> {
    pub(super) fn take(&mut self, schema: &Located<'s>, keywords: &'s Map<String, Value>) {
        let properties = keywords.get("properties").and_then(Value::as_object);
        // A union or an `allOf` without properties of its own says nothing about them; its parts
        // do.
        let only_parts = properties.is_none()
            && ["allOf", "oneOf", "anyOf"]
                .iter()
                .any(|name| keywords.contains_key(*name));
        let is_better = !self.has_properties && properties.is_some();
        let of_objects = type_of(keywords) == Some("object");
        if (of_objects && !only_parts && self.at.is_none()) || is_better {
            self.at = Some(schema.at.clone());
        }
        self.has_properties |= properties.is_some();
        self.names.extend(
            properties
                .into_iter()
                .flat_map(|properties| properties.keys().map(String::as_str)),
        );
        match keywords.get("additionalProperties") {
            Some(Value::Bool(false)) => self.closed = true,
            Some(others) if says_something(others) => self.describes_all = true,
            _ => {}
        }
    }
}
