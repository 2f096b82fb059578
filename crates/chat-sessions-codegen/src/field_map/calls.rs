//! Which operations of a provider the facade calls, and which schemas it reads because of that.
//!
//! Both the check of the field map and the comparison of specs ask here, so that they agree about an
//! operation that only the raw client has.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::rust_names::snake;
use crate::spec::refs;

/// Whether source text of the facade calls a method of a raw client. Comments do not count.
pub(crate) fn calls(source: &str, method: &str) -> bool {
    let call = format!(".{method}(");
    source
        .lines()
        .any(|line| line.split("//").next().unwrap_or_default().contains(&call))
}

/// The named schemas that the responses of the called operations reach. Without source text, every
/// operation counts as called.
pub(crate) fn read_schemas(tree: &Value, source: Option<&str>) -> BTreeSet<String> {
    let is_called = |operation: &refs::Operation<'_>| {
        let id = operation.value.get("operationId").and_then(Value::as_str);
        match (source, id) {
            (Some(source), Some(id)) => calls(source, &snake(id)),
            _ => true,
        }
    };
    let roots = refs::operations(tree)
        .iter()
        .filter(|operation| is_called(operation))
        .flat_map(|operation| refs::response_schemas(tree, operation))
        .collect();
    refs::reachable(tree, roots)
        .iter()
        .filter_map(|found| refs::component_name(&found.at))
        .collect()
}
