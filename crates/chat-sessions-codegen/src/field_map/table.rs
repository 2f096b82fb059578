//! Reads the field map and compares it with a spec.
//!
//! The field map is a macro in the facade, where the compiler checks it. This crate knows only its
//! rows, not what the facade really does.

use std::collections::BTreeMap;

use syn::Item;

use super::calls::read_schemas;
use super::entry::{FieldMapEntry, FieldMapError};
use super::parse::Table;
use crate::spec::refs::{self, Located};
use crate::spec::{Pointer, Spec, marks};

/// The field map: what the facade does with each raw field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldMap {
    entries: Vec<FieldMapEntry>,
}

impl FieldMap {
    /// Reads the field map from the Rust file that contains it.
    ///
    /// # Errors
    ///
    /// Fails when the text is not Rust, has no `field_map!`, or has one that the facade's macro
    /// would not accept.
    pub fn parse(rust: &str) -> Result<Self, FieldMapError> {
        let unreadable = |error: syn::Error| FieldMapError(error.to_string());
        let file = syn::parse_file(rust).map_err(unreadable)?;
        let table = file.items.iter().find_map(|item| match item {
            // The definition of the macro has a name of its own; a call has none.
            Item::Macro(item) if item.ident.is_none() && item.mac.path.is_ident("field_map") => Some(&item.mac),
            _ => None,
        });
        let table = table.ok_or_else(|| FieldMapError("there is no `field_map!`".to_owned()))?;
        let Table(entries) = table.parse_body().map_err(unreadable)?;
        Ok(Self { entries })
    }

    /// Iterates over the rows, in the order of the table.
    pub fn iter(&self) -> std::slice::Iter<'_, FieldMapEntry> {
        self.entries.iter()
    }

    /// The row of a field.
    #[must_use]
    pub fn entry(&self, provider: &str, schema: &str, field: &str) -> Option<&FieldMapEntry> {
        self.iter()
            .find(|entry| entry.provider == provider && entry.schema == schema && entry.field == field)
    }

    /// The fields that need a row and have none, as schema and field: those of schemas that already
    /// have rows, and those of all schemas that the operations called by the facade return. `source`
    /// is the text of the facade that calls the raw client; without it, every operation counts as
    /// called.
    #[must_use]
    pub fn missing_rows(&self, provider: &str, spec: &Spec, source: Option<&str>) -> Vec<(String, String)> {
        let read = read_schemas(spec.tree(), source);
        let lacking = described(spec).into_keys().filter(|(schema, field)| {
            let needs_rows = read.contains(schema) || self.has_schema(provider, schema);
            needs_rows && self.entry(provider, schema, field).is_none()
        });
        lacking.collect()
    }

    /// Whether a schema has rows.
    pub(crate) fn has_schema(&self, provider: &str, schema: &str) -> bool {
        let mut entries = self.iter();
        entries.any(|entry| entry.provider == provider && entry.schema == schema)
    }

    /// The rows that are wrong about whether the raw type has the field, as schema and field.
    #[must_use]
    pub fn misplaced_rows(&self, provider: &str, spec: &Spec) -> Vec<(String, String)> {
        let described = described(spec);
        self.iter()
            .filter(|entry| entry.provider == provider)
            .map(|entry| ((entry.schema.clone(), entry.field.clone()), entry.is_untyped))
            .filter(|(row, is_untyped)| described.get(row).is_some_and(|typed| typed == is_untyped))
            .map(|(row, _)| row)
            .collect()
    }

    /// The rows for fields that responses of a spec no longer describe, as schema and field.
    ///
    /// Rows with a remark are exempt; it explains why the raw type has no such field.
    #[must_use]
    pub fn stale_rows(&self, provider: &str, spec: &Spec) -> Vec<(String, String)> {
        let described = described(spec);
        self.iter()
            .filter(|entry| entry.provider == provider && entry.remark.is_empty())
            .map(|entry| (entry.schema.clone(), entry.field.clone()))
            .filter(|row| !described.contains_key(row))
            .collect()
    }
}

impl<'a> IntoIterator for &'a FieldMap {
    type Item = &'a FieldMapEntry;
    type IntoIter = std::slice::Iter<'a, FieldMapEntry>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// The fields of the named schemas that responses reach, as schema and field, and whether the raw
/// type has them.
fn described(spec: &Spec) -> BTreeMap<(String, String), bool> {
    let components = Pointer::root().below(&["components", "schemas"]);
    let named = |found: &Located<'_>| {
        let above = found.at.parent()?;
        (above == components).then(|| found.at.name())
    };
    let mut fields = BTreeMap::new();
    for found in refs::reach(spec.tree()).responses {
        let Some(schema) = named(&found) else { continue };
        for (field, property) in refs::members(found.value, "properties") {
            fields.insert((schema.clone(), field.clone()), marks::mark(property) != Some("extra"));
        }
    }
    fields
}
