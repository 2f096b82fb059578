//! Finds changes that even a tolerant reader rejects: it accepts null or absence for a property,
//! but not elsewhere.
//!
//! Ids and the tags of unions stay required. Items of an array, values of a map and the response as
//! a whole are never null in the generated Rust. All this follows from the lowered document.

use serde_json::Value;

use crate::diff::change::{Change, Compatibility, Side};
use crate::generate::lower;
use crate::spec::refs::is_component_schema;
use crate::spec::{Pointer, Spec};

/// Marks the changes that allow null or absence where the generated reader still rejects it.
pub(in crate::diff) fn mark_still_rejected(changes: &mut [Change], new: &Spec) {
    let may_be_refused = |change: &&mut Change| {
        change.side == Side::Received
            && change.wire == Compatibility::Breaking
            && change.rust.is_empty()
            && matches!(change.kind, "null-allowed" | "required-removed")
    };
    let mut changes = changes.iter_mut().filter(may_be_refused).peekable();
    if changes.peek().is_none() {
        return;
    }
    let lowered = lower(new);
    for change in changes {
        let Some(location) = &change.new else { continue };
        let schema = match location.pointer.name().as_str() {
            "nullable" => location.pointer.parent().unwrap_or_default(),
            _ => location.pointer.clone(),
        };
        change.still_rejected = if is_variant(&schema) {
            // The open last variant of a lowered union accepts any JSON.
            false
        } else if is_component_schema(&schema) {
            is_met_without_null(&lowered, &format!("#{}", schema.as_str()), false)
        } else {
            lowered
                .pointer(schema.as_str())
                .is_some_and(|schema| !is_nullable(schema))
        };
    }
}

/// Whether a pointer identifies a variant of a union.
fn is_variant(schema: &Pointer) -> bool {
    let is_index = schema.name().bytes().all(|byte| byte.is_ascii_digit());
    let list = schema.parent().map(|list| list.name());
    is_index && matches!(list.as_deref(), Some("oneOf" | "anyOf"))
}

fn is_nullable(schema: &Value) -> bool {
    schema.get("nullable") == Some(&Value::Bool(true))
}

/// Whether a non-nullable node refers to a component. Lowering puts a nullable wrapper around the
/// references of properties.
fn is_met_without_null(node: &Value, reference: &str, wrapped: bool) -> bool {
    match node {
        Value::Object(members) if members.get("$ref").is_some_and(|target| target == reference) => !wrapped,
        Value::Object(members) => members
            .iter()
            .any(|(name, value)| is_met_without_null(value, reference, name == "allOf" && is_nullable(node))),
        Value::Array(items) => items.iter().any(|item| is_met_without_null(item, reference, wrapped)),
        _ => false,
    }
}
