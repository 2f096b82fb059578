//! Which operations of a provider the facade calls, and which schemas it reads because of that.
//!
//! Both the check of the field map and the comparison of specs ask here, so that they agree about an
//! operation that only the raw client has.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::rust_names::{request_method, snake};
use crate::spec::refs;

/// Whether source text of the facade calls a method of a raw client, or the one that builds its
/// request. Comments do not count.
pub(crate) fn calls(source: &str, method: &str) -> bool {
    let names = [method.to_owned(), request_method(method)];
    let calls = names.map(|name| format!(".{name}("));
    source.lines().any(|line| {
        let code = line.split("//").next().unwrap_or_default();
        calls.iter().any(|call| code.contains(call))
    })
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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::spec::Spec;

    #[test]
    fn the_facade_calls_every_operation_of_its_providers() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        for provider in ["memories-ai", "llama-cloud"] {
            let folder = root
                .join("crates/chat-sessions/src/provider")
                .join(provider.replace('-', "_"));
            let mut source = fs::read_to_string(folder.with_extension("rs")).unwrap();
            for file in fs::read_dir(folder).unwrap() {
                source += &fs::read_to_string(file.unwrap().path()).unwrap();
            }
            let text = fs::read_to_string(root.join(format!("specs/{provider}.yaml"))).unwrap();
            let spec = Spec::parse(provider, &text).unwrap();
            for operation in refs::operations(spec.tree()) {
                let id = operation.value["operationId"].as_str().unwrap();
                assert!(calls(&source, &snake(id)), "{provider}: {id}");
            }
        }
        assert!(!calls("// client.list_things(1)\nclient.list_thing()", "list_things"));
        assert!(calls("client.list_things(1)", "list_things") && calls("client.list_things_request(1)", "list_things"));
    }
}
