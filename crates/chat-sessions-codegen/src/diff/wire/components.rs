//! Compares the named schemas of two documents: added, removed and renamed ones, and those that no
//! operation reaches.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::spec::Pointer;
use crate::spec::normal::schema::TEXTS;
use crate::spec::refs::{self, Located};

use super::comparer::Comparer;
use super::verdicts::Writing;
use crate::diff::change::Side;
use crate::spec::refs::component_name;

impl Comparer<'_> {
    /// Finds renamed components: those with the same content, except for references to themselves.
    pub(super) fn find_renamed_components(&mut self) {
        let (old, new) = self.trees();
        let (before, after) = (refs::component_schemas(old), refs::component_schemas(new));
        let places = |all: &[Located<'_>]| -> HashSet<Pointer> { all.iter().map(|found| found.at.clone()).collect() };
        let (old_places, new_places) = (places(&before), places(&after));
        let mut fresh: Vec<_> = after.iter().filter(|found| !old_places.contains(&found.at)).collect();
        let mut alike: HashMap<String, Vec<&Located<'_>>> = HashMap::new();
        for found in fresh.iter().rev() {
            alike.entry(bare(found.value).to_string()).or_default().push(found);
        }
        let mut taken = HashSet::new();
        for found in before.iter().filter(|found| !new_places.contains(&found.at)) {
            let Some(name) = component_name(&found.at) else {
                continue;
            };
            let Some(other) = alike.get_mut(&bare(found.value).to_string()).and_then(Vec::pop) else {
                let message = format!("the schema `{name}` was removed");
                self.note("schema-removed", Some(&found.at), None, &message);
                continue;
            };
            taken.insert(other.at.clone());
            let Some(now) = component_name(&other.at) else { continue };
            let message = format!("the schema `{name}` was renamed to `{now}`");
            self.note("schema-renamed", Some(&found.at), Some(&other.at), &message);
            self.renamed.insert(name, now);
        }
        fresh.retain(|found| !taken.contains(&found.at));
        for found in fresh {
            let name = component_name(&found.at).unwrap_or_default();
            let message = format!("the schema `{name}` was added");
            self.note("schema-added", None, Some(&found.at), &message);
        }
    }

    /// Compares the components that no operation reached.
    pub(super) fn components(&mut self) {
        let (old, new) = self.trees();
        let after = refs::component_schemas(new).into_iter();
        let after: HashMap<Pointer, Located<'_>> = after.map(|found| (found.at.clone(), found)).collect();
        for before in refs::component_schemas(old) {
            let Some(name) = component_name(&before.at) else {
                continue;
            };
            let at = Pointer::root().below(&["components", "schemas", self.renamed.get(&name).unwrap_or(&name)]);
            let Some(other) = after.get(&at) else { continue };
            if !(self.old.compared.contains(&before.at) && self.new.compared.contains(&at)) {
                self.nodes(&before, other, Side::Neither, Writing::Json);
            }
        }
    }
}

/// A schema without the text for people, to tell whether two schemas are the same.
fn bare(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => {
            let kept = members.iter().filter(|(name, value)| {
                let text = TEXTS.contains(&name.as_str()) && !value.is_object();
                !text && !name.starts_with("x-")
            });
            Value::Object(kept.map(|(name, value)| (name.clone(), bare(value))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(bare).collect()),
        other => other.clone(),
    }
}
