//! Names that become the same Rust identifier, or that the generated client already uses.

use std::collections::BTreeMap;

use serde_json::Value;

use super::operations::id_place;
use crate::lint::checker::Checker;
use crate::rust_names::{pascal, snake};
use crate::spec::refs::{self, Located, Reach};
use crate::spec::spellings::spellings;
use crate::spec::{Pointer, marks};

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
        let names = components
            .iter()
            .map(|found| Name::new(found.at.name(), found.at.clone()));
        self.collisions("schema-names", "schemas", names, pascal);
        for schema in reach.strict() {
            let values = schema
                .value
                .get("enum")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .enumerate();
            let at = schema.at.child("enum");
            let values = values.filter_map(|(index, value)| Some(Name::new(value.as_str()?, at.child(index))));
            self.collisions("enum-names", "enum values", values, pascal);
            self.property_names(schema, false);
        }
        for schema in &reach.responses {
            self.property_names(schema, true);
        }
    }

    fn property_names(&mut self, schema: &Located<'_>, response: bool) {
        let at = schema.at.child("properties");
        let properties = refs::members(schema.value, "properties")
            .filter(|(_, property)| !response || marks::mark(property) != Some("extra"))
            .map(|(name, _)| Name::new(name, at.child(name)));
        // A type with properties also gets a field of this name for unknown properties.
        let kept = response.then(|| Name::added("extra", at.clone()));
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
                let remedy = "Add one in snake case; it becomes the name of the method.";
                self.report(
                    "operation-id",
                    &operation.at,
                    "the operation has no operationId",
                    remedy,
                );
                continue;
            }
            if RESERVED.contains(&snake(id).as_str()) {
                let message = format!("the generated client already uses the name `{id}`");
                self.report(
                    "operation-id",
                    &id_place(operation),
                    &message,
                    "Choose another operationId.",
                );
            }
            ids.push(Name::new(id, id_place(operation)));
            let spellings = spellings(self.tree(), operation);
            let parameters = operation
                .parameters
                .iter()
                .filter(|found| !refs::is_dropped_parameter(found.value))
                .filter(|found| spellings.iter().all(|(_, other)| other.at != found.at))
                .filter_map(|found| {
                    let name = found.value.get("name")?.as_str()?;
                    Some(Name::new(name, found.at.clone()))
                });
            let body = operation
                .value
                .get("requestBody")
                .map(|_| Name::added("body", operation.at.child("requestBody")));
            self.collisions("parameter-names", "arguments", parameters.chain(body), snake);
        }
        self.collisions("operation-id", "operationIds", ids.into_iter(), snake);
    }

    fn collisions(
        &mut self,
        rule: &'static str,
        kind: &str,
        names: impl Iterator<Item = Name>,
        rust: fn(&str) -> String,
    ) {
        let mut taken: BTreeMap<String, Name> = BTreeMap::new();
        for name in names {
            let identifier = rust(&name.text);
            let Some(first) = taken.get(&identifier) else {
                taken.insert(identifier, name);
                continue;
            };
            let is_twice = rule == "operation-id" && first.text == name.text;
            let message = if first.is_added || name.is_added {
                let given = if first.is_added { &name } else { first };
                format!("the generator itself adds `{}` to the {kind}", given.text)
            } else if first.text != name.text {
                format!(
                    "the {kind} `{}` and `{}` both become `{identifier}` in Rust",
                    first.text, name.text
                )
            } else if is_twice {
                format!("the operationId `{}` is used twice", name.text)
            } else {
                // A duplicate name is an error in any language, and has a rule of its own.
                continue;
            };
            let remedy = match rule {
                "property-names" => {
                    "In a response, mark one with `x-lowering: extra`, so that it stays among the unknown fields."
                }
                "parameter-names" if !first.is_added && !name.is_added => {
                    "Give both the same schema and `required`, if they are two spellings of one query parameter; then one argument is sent under both names. Otherwise remove one."
                }
                _ => "Rename one of them.",
            };
            let rule = if is_twice { "operation-id-twice" } else { rule };
            self.report(rule, &name.at, &message, remedy);
        }
    }
}

/// A name in a spec, or one that the generator adds.
struct Name {
    text: String,
    at: Pointer,
    is_added: bool,
}

impl Name {
    fn new(text: impl Into<String>, at: Pointer) -> Self {
        let is_added = false;
        Self {
            text: text.into(),
            at,
            is_added,
        }
    }

    fn added(text: &str, at: Pointer) -> Self {
        let is_added = true;
        Self {
            text: text.to_owned(),
            at,
            is_added,
        }
    }
}
