//! States the evidence of every fact, and describes what the document does not explain.

use serde_json::{Value, json};

use crate::lint::fact;
use crate::spec::grammar::ObjectKind;
use crate::spec::nodes;

/// What stands where a document has no description.
const UNEXPLAINED: &str = "The document does not explain it.";

/// Adds `x-evidence` and descriptions where they are missing.
pub(super) fn state(tree: &mut Value) {
    wrap_references(tree);
    let facts: Vec<_> = nodes::nodes(tree)
        .iter()
        .filter(|node| node.reference().is_none())
        .filter_map(|node| fact(node).map(|_| (node.kind, node.at.clone())))
        .collect();
    for (kind, at) in facts {
        let Some(members) = tree.pointer_mut(at.as_str()).and_then(Value::as_object_mut) else {
            continue;
        };
        let (keyword, default) = match kind {
            ObjectKind::Operation => ("summary", UNEXPLAINED),
            ObjectKind::Example => ("summary", "The example of the document."),
            _ => ("description", UNEXPLAINED),
        };
        let known = members.get(keyword).and_then(Value::as_str).unwrap_or_default();
        if known.trim().is_empty() {
            let first = members
                .get("description")
                .and_then(Value::as_str)
                .and_then(|text| text.lines().next());
            let text = first.filter(|text| !text.trim().is_empty()).unwrap_or(default);
            members.insert(keyword.to_owned(), json!(text));
        }
        // A published document is the provider's own description of its parameters and responses.
        members.entry("x-evidence").or_insert(json!("table"));
    }
}

/// A bare reference has no place for evidence, so it becomes a part of a schema that has.
fn wrap_references(tree: &mut Value) {
    let bare: Vec<_> = nodes::nodes(tree)
        .iter()
        .filter(|node| node.kind == ObjectKind::Schema && node.reference().is_some())
        .filter_map(|node| fact(node).map(|_| node.at.clone()))
        .collect();
    for at in bare {
        if let Some(node) = tree.pointer_mut(at.as_str()) {
            let reference = node.take();
            *node = json!({ "allOf": [reference] });
        }
    }
}
