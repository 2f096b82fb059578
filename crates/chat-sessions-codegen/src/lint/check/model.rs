//! The typed model that the generator reads: what it refuses, and what it loses without a word.

use openapiv3::{OpenAPI, Parameter, ReferenceOr, Response, Schema};
use serde_json::Value;

use crate::lint::checker::Checker;
use crate::spec::Pointer;
use crate::spec::refs::{self, Located};

/// Keywords that the model leaves out when they say what holds anyway.
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
    /// Reads the document into the model and writes it back: every key that is gone was misspelled
    /// or misplaced, and the generator would not have seen it either.
    pub(crate) fn model(&mut self) {
        let tree = self.tree();
        let model: OpenAPI = match serde_json::from_value(tree.clone()) {
            Ok(model) => model,
            // What was found before explains it better.
            Err(_) if !self.errors.is_empty() => return,
            Err(error) => {
                let message = format!("the OpenAPI model does not take the document: {error}");
                let remedy = "Compare the spec with the OpenAPI 3.0.3 text, recent changes first.";
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
                        // Of a schema that was found wrong the model keeps less than there is.
                        None if !self.is_new(&at) || at.parent().is_some_and(|above| !self.is_new(&above)) => {}
                        None => {
                            let message =
                                format!("`{name}` is not known here, so that it would be lost without a word");
                            self.report(
                                "unknown-key",
                                &at,
                                &message,
                                "Correct the spelling or the place; extensions begin with `x-`.",
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

/// The smallest node that the model does not take; its own errors name no place.
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

/// Whether nothing is lost with a key. An empty list or object says nothing, whatever its key; the
/// grammar knows the keys.
fn is_silent(name: &str, value: &Value) -> bool {
    match value {
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(value) => !value && SILENT.contains(&name),
        Value::Null => SILENT.contains(&name),
        _ => false,
    }
}
