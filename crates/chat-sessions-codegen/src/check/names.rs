//! Names: what becomes the same Rust identifier, and what the generated client already has.

use std::collections::BTreeMap;

use serde_json::Value;

use super::operations::id_place;
use super::{Checker, strict};
use crate::lower;
use crate::naming::{pascal, snake};
use crate::pointer::Pointer;
use crate::refs::{self, Found, Reach};

/// Methods and fields of the generated client and of the traits that it implements.
const RESERVED: [&str; 9] = [
    "api_version",
    "baseurl",
    "client",
    "exec",
    "inner",
    "new",
    "new_with_client",
    "post",
    "pre",
];

impl Checker<'_> {
    pub(super) fn names(&mut self, reach: &Reach<'_>) {
        self.operation_ids();
        let components = refs::component_schemas(self.tree());
        let names = components.iter().map(|found| (found.at.name(), found.at.clone()));
        self.collisions("schema-names", "schemas", names, pascal);
        for schema in strict(reach) {
            let values = schema
                .value
                .get("enum")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .enumerate();
            let at = schema.at.child("enum");
            let values = values.filter_map(|(index, value)| Some((value.as_str()?.to_owned(), at.child(index))));
            self.collisions("enum-names", "enum values", values, pascal);
            self.property_names(schema, false);
        }
        for schema in &reach.answers {
            self.property_names(schema, true);
        }
    }

    fn property_names(&mut self, schema: &Found<'_>, answer: bool) {
        let at = schema.at.child("properties");
        let properties = refs::members(schema.value, "properties")
            .filter(|(_, property)| !answer || lower::mark(property) != Some("extra"))
            .map(|(name, _)| (name.clone(), at.child(name)));
        // Unknown fields are kept in a field of this name, as soon as there is a property beside them.
        let kept = answer.then(|| ("extra".to_owned(), at.clone()));
        let has_any = schema.value.get("properties").is_some();
        self.collisions(
            "property-names",
            "properties",
            kept.into_iter().filter(|_| has_any).chain(properties),
            snake,
        );
    }

    fn operation_ids(&mut self) {
        let operations = refs::operations(self.tree());
        let mut ids = Vec::new();
        for operation in &operations {
            let id = operation
                .value
                .get("operationId")
                .and_then(Value::as_str)
                .unwrap_or_default();
            if id.is_empty() {
                let remedy = "Give it one in snake case; it becomes the name of the method.";
                self.error(
                    "operation-id",
                    &operation.at,
                    "the operation has no operationId",
                    remedy,
                );
                continue;
            }
            if RESERVED.contains(&snake(id).as_str()) {
                let message = format!("the generated client already has the name `{id}`");
                self.error(
                    "operation-id",
                    &id_place(operation),
                    &message,
                    "Choose another operationId.",
                );
            }
            ids.push((id.to_owned(), id_place(operation)));
            let parameters = operation
                .parameters
                .iter()
                .filter(|found| !refs::is_dropped(found.value))
                .filter_map(|found| {
                    let name = found.value.get("name")?.as_str()?;
                    Some((name.to_owned(), found.at.clone()))
                });
            let body = operation
                .value
                .get("requestBody")
                .map(|_| ("body".to_owned(), operation.at.child("requestBody")));
            self.collisions("parameter-names", "arguments", parameters.chain(body), snake);
        }
        self.collisions("operation-id", "operationIds", ids.into_iter(), snake);
    }

    fn collisions(
        &mut self,
        rule: &'static str,
        kind: &str,
        names: impl Iterator<Item = (String, Pointer)>,
        rust: fn(&str) -> String,
    ) {
        let mut taken: BTreeMap<String, String> = BTreeMap::new();
        for (name, at) in names {
            let identifier = rust(&name);
            if let Some(first) = taken.get(&identifier) {
                let message = if first == &name {
                    format!("among the {kind}, `{name}` is taken by what the generator adds itself")
                } else {
                    format!("the {kind} `{first}` and `{name}` both become `{identifier}` in Rust")
                };
                let remedy = if rule == "property-names" {
                    "Mark one with `x-lowering: extra` if this is an answer, so that it stays among the unknown fields."
                } else {
                    "Rename one of them."
                };
                self.error(rule, &at, &message, remedy);
            } else {
                taken.insert(identifier, name);
            }
        }
    }
}
