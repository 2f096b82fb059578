//! The typed model that the generator reads: what it rejects, and what it loses silently.

use openapiv3::{OpenAPI, Parameter, ReferenceOr, Response, Schema};
use serde_json::Value;

use crate::lint::checker::Checker;
use crate::spec::Pointer;
use crate::spec::nodes::is_extension;
use crate::spec::refs::{self, Located};

/// Keywords that the model omits when they have their default value.
const SILENT: [&str; 10] = [
    "allowEmptyValue",
    "allowReserved",
    "deprecated",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "nullable",
    "readOnly",
    "required",
    "uniqueItems",
    "writeOnly",
];

impl Checker<'_> {
    /// Reads the document into the model and writes it back. What got lost is known to OpenAPI,
    /// since other keys have a finding already, but the generator does not see it.
    pub(crate) fn model(&mut self) {
        let tree = self.tree();
        let model: OpenAPI = match serde_json::from_value(tree.clone()) {
            Ok(model) => model,
            // The earlier errors explain it better.
            Err(_) if !self.errors.is_empty() || !self.unclear.is_empty() => return,
            Err(error) => {
                let message = format!("the OpenAPI model rejects the document: {error}");
                let remedy = "Compare the spec with the OpenAPI 3.0.3 specification, recent changes first.";
                self.report("model", &refused(tree), &message, remedy);
                return;
            }
        };
        let Ok(kept) = serde_json::to_value(model) else { return };
        self.lost(tree, &kept, &Pointer::root());
    }

    fn lost(&mut self, before: &Value, after: &Value, at: &Pointer) {
        match (before, after) {
            (Value::Object(before), Value::Object(after)) => {
                for (name, value) in before {
                    let at = at.child(name);
                    match after.get(name) {
                        Some(kept) => self.lost(value, kept, &at),
                        None if is_silent(name, value) => {}
                        // The model keeps less of a schema that has errors.
                        None if !self.is_new(&at) || at.parent().is_some_and(|above| !self.is_new(&above)) => {}
                        None => {
                            let message = format!("the generator does not see `{name}` here");
                            self.report(
                                "model-loss",
                                &at,
                                &message,
                                "Remove it, or move it where it has an effect.",
                            );
                        }
                    }
                }
            }
            (Value::Array(before), Value::Array(after)) => {
                for (index, (before, after)) in before.iter().zip(after).enumerate() {
                    self.lost(before, after, &at.child(index));
                }
            }
            _ => {}
        }
    }
}

/// The smallest node that the model rejects; its own errors name no location.
fn refused(tree: &Value) -> Pointer {
    let bad_schema = |found: &Located<'_>| serde_json::from_value::<ReferenceOr<Schema>>(found.value.clone()).is_err();
    let reach = refs::reach(tree);
    let schemas = reach.requests.iter().chain(&reach.responses).chain(&reach.unused);
    // The longest pointer is the innermost schema.
    if let Some(found) = schemas
        .filter(|found| bad_schema(found))
        .max_by_key(|found| found.at.as_str().len())
    {
        return found.at.clone();
    }
    for operation in refs::operations(tree) {
        for parameter in &operation.parameters {
            if serde_json::from_value::<Parameter>(parameter.value.clone()).is_err() {
                return parameter.at.clone();
            }
        }
        for (_, response) in refs::responses(tree, &operation) {
            if serde_json::from_value::<Response>(response.value.clone()).is_err() {
                return response.at;
            }
        }
        if serde_json::from_value::<openapiv3::Operation>(operation.value.clone()).is_err() {
            return operation.at;
        }
    }
    Pointer::root()
}

/// Whether losing a key loses no information that the generator could use. An empty list or object
/// and null carry none, whatever their key, and XML and extensions say nothing about JSON. The
/// grammar checks the keys.
fn is_silent(name: &str, value: &Value) -> bool {
    if name == "xml" || is_extension(name) {
        return true;
    }
    match value {
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(value) => !value && SILENT.contains(&name),
        Value::Null => true,
        _ => false,
    }
}
