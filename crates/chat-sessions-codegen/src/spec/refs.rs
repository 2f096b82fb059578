//! Finds the operations and schemas of a document, and which schemas requests and responses reach.

use std::collections::BTreeSet;

use chat_sessions_yaml::Pointer;
use serde_json::{Map, Value};

use super::normal::wire;

/// The methods of a path item, in the order of the OpenAPI specification.
pub(crate) const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// One operation of a document.
pub(crate) struct Operation<'t> {
    pub(crate) path: &'t str,
    pub(crate) method: &'static str,
    pub(crate) at: Pointer,
    pub(crate) value: &'t Value,
    /// The parameters of the path item and of the operation, references resolved. A parameter of
    /// the operation replaces that of the path item.
    pub(crate) parameters: Vec<Located<'t>>,
    /// Whether a parameter is a reference to nothing.
    pub(crate) is_incomplete: bool,
}

/// A node with its pointer.
#[derive(Clone)]
pub(crate) struct Located<'t> {
    pub(crate) at: Pointer,
    pub(crate) value: &'t Value,
}

/// The limit on references to references. Only a cycle is longer.
const MAX_REFERENCES: usize = 10_000;

/// Follows `$ref` within the document; `None` when it leads nowhere or in a cycle.
pub(crate) fn resolve<'t>(tree: &'t Value, found: Located<'t>) -> Option<Located<'t>> {
    let mut found = found;
    for _ in 0..MAX_REFERENCES {
        let Some(reference) = reference(found.value) else {
            return Some(found);
        };
        let at = Pointer::from_reference(reference)?;
        let value = tree.pointer(at.as_str())?;
        found = Located { at, value };
    }
    None
}

/// The `$ref` of a node.
pub(crate) fn reference(node: &Value) -> Option<&str> {
    node.get("$ref")?.as_str()
}

/// The members of an object; empty for anything else.
pub(crate) fn members<'t>(node: &'t Value, name: &str) -> impl Iterator<Item = (&'t String, &'t Value)> + use<'t> {
    node.get(name)
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(Map::iter)
}

/// The items of an array; empty for anything else.
pub(crate) fn items<'t>(node: &'t Value, name: &str) -> impl Iterator<Item = &'t Value> + use<'t> {
    node.get(name).and_then(Value::as_array).into_iter().flatten()
}

/// Every operation of the document.
pub(crate) fn operations(tree: &Value) -> Vec<Operation<'_>> {
    let paths = tree.get("paths").map(|value| Located {
        at: Pointer::root().child("paths"),
        value,
    });
    paths.map(|paths| path_items(tree, &paths)).unwrap_or_default()
}

/// The operations of a map of path items, as below `paths` and in a callback.
pub(crate) fn path_items<'t>(tree: &'t Value, paths: &Located<'t>) -> Vec<Operation<'t>> {
    let items = paths.value.as_object().into_iter().flatten();
    let items = items.filter(|(path, _)| !path.starts_with("x-"));
    let operations = items.flat_map(|(path, value)| {
        let at = paths.at.child(path);
        path_item(tree, path, &Located { at, value })
    });
    operations.collect()
}

/// The operations of a path item.
pub(crate) fn path_item<'t>(tree: &'t Value, path: &'t str, item: &Located<'t>) -> Vec<Operation<'t>> {
    let mut found = Vec::new();
    for method in METHODS {
        let Some(value) = item.value.get(method) else { continue };
        let own = parameters_of(tree, value, &item.at.child(method));
        let mut parameters = parameters_of(tree, item.value, &item.at);
        parameters.retain(|shared| {
            !own.iter()
                .any(|own| parameter_key(own.value) == parameter_key(shared.value))
        });
        parameters.extend(own);
        let declared = items(item.value, "parameters").chain(items(value, "parameters"));
        let is_incomplete = declared.filter_map(reference).any(|reference| {
            Pointer::from_reference(reference).is_none_or(|target| tree.pointer(target.as_str()).is_none())
        });
        found.push(Operation {
            path,
            method,
            at: item.at.child(method),
            value,
            parameters,
            is_incomplete,
        });
    }
    found
}

fn parameters_of<'t>(tree: &'t Value, node: &'t Value, at: &Pointer) -> Vec<Located<'t>> {
    items(node, "parameters")
        .enumerate()
        .filter_map(|(index, value)| {
            let at = at.child("parameters").child(index);
            resolve(tree, Located { at, value })
        })
        .collect()
}

/// What identifies a parameter: its name and where it is sent.
pub(crate) fn parameter_key(parameter: &Value) -> (Option<&str>, Option<&str>) {
    let text = |name| parameter.get(name).and_then(Value::as_str);
    (text("name"), text("in"))
}

/// Whether lowering drops a parameter. Cookies and `Authorization` are security schemes, and
/// OpenAPI ignores `Accept` and `Content-Type`.
pub(crate) fn is_dropped_parameter(parameter: &Value) -> bool {
    let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default();
    match parameter.get("in").and_then(Value::as_str) {
        Some("cookie") => true,
        Some("header") => ["authorization", "accept", "content-type"]
            .iter()
            .any(|known| name.eq_ignore_ascii_case(known)),
        _ => false,
    }
}

/// Whether a status key means success.
pub(crate) fn is_success(status: &str) -> bool {
    status.starts_with('2')
}

/// The schemas that the parameters and the body of an operation name.
pub(crate) fn request_schemas<'t>(tree: &'t Value, operation: &Operation<'t>) -> Vec<Located<'t>> {
    let mut found = Vec::new();
    for parameter in operation
        .parameters
        .iter()
        .filter(|found| !is_dropped_parameter(found.value))
    {
        found.extend(child(parameter, "schema"));
        found.extend(content_schemas(parameter));
    }
    let body = operation.value.get("requestBody").and_then(|value| {
        let at = operation.at.child("requestBody");
        resolve(tree, Located { at, value })
    });
    found.extend(body.iter().flat_map(content_schemas));
    found
}

/// The schema of the JSON request body of an operation.
pub(crate) fn request_body_schema<'t>(tree: &'t Value, operation: &Operation<'t>) -> Option<Located<'t>> {
    let value = operation.value.get("requestBody")?;
    let at = operation.at.child("requestBody");
    let body = resolve(tree, Located { at, value })?;
    let (media, value) = members(body.value, "content").find(|(media, _)| wire::is_json(media))?;
    let at = body.at.below(&["content", media]);
    child(&Located { at, value }, "schema")
}

/// Whether a property of a schema has a mark such as `readOnly`.
pub(crate) fn is_marked(tree: &Value, schema: &Pointer, property: &str, mark: &str) -> bool {
    let at = schema.below(&["properties", property]);
    let found = tree
        .pointer(at.as_str())
        .and_then(|value| resolve(tree, Located { at, value }));
    found.is_some_and(|found| found.value.get(mark) == Some(&Value::Bool(true)))
}

/// The schemas that the responses of an operation name, including failures.
pub(crate) fn response_schemas<'t>(tree: &'t Value, operation: &Operation<'t>) -> Vec<Located<'t>> {
    responses(tree, operation)
        .iter()
        .flat_map(|(_, response)| content_schemas(response))
        .collect()
}

/// The responses of an operation by status, references resolved.
pub(crate) fn responses<'t>(tree: &'t Value, operation: &Operation<'t>) -> Vec<(&'t str, Located<'t>)> {
    members(operation.value, "responses")
        .filter(|(status, _)| !status.starts_with("x-"))
        .filter_map(|(status, value)| {
            let at = operation.at.below(&["responses", status]);
            Some((status.as_str(), resolve(tree, Located { at, value })?))
        })
        .collect()
}

/// The schemas of the media types below `content`.
pub(crate) fn content_schemas<'t>(node: &Located<'t>) -> Vec<Located<'t>> {
    members(node.value, "content")
        .filter_map(|(media, value)| {
            let at = node.at.below(&["content", media]);
            child(&Located { at, value }, "schema")
        })
        .collect()
}

fn child<'t>(node: &Located<'t>, name: &str) -> Option<Located<'t>> {
    let value = node.value.get(name)?;
    let at = node.at.child(name);
    Some(Located { at, value })
}

/// The schemas directly inside a schema.
pub(crate) fn inner_schemas<'t>(schema: &Located<'t>) -> Vec<Located<'t>> {
    let mut found = Vec::new();
    for (name, value) in members(schema.value, "properties") {
        let at = schema.at.below(&["properties", name]);
        found.push(Located { at, value });
    }
    for name in ["items", "additionalProperties", "not"] {
        found.extend(child(schema, name).filter(|inner| inner.value.is_object()));
    }
    for name in ["allOf", "oneOf", "anyOf"] {
        for (index, value) in items(schema.value, name).enumerate() {
            let at = schema.at.child(name).child(index);
            found.push(Located { at, value });
        }
    }
    found
}

/// Every schema at or below the given ones, references followed, each once.
pub(crate) fn reachable<'t>(tree: &'t Value, roots: Vec<Located<'t>>) -> Vec<Located<'t>> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    let mut open = roots;
    while let Some(schema) = open.pop() {
        if !seen.insert(schema.at.clone()) {
            continue;
        }
        if let Some(target) = reference(schema.value).and_then(Pointer::from_reference) {
            if let Some(value) = tree.pointer(target.as_str()) {
                open.push(Located { at: target, value });
            }
        } else {
            open.extend(inner_schemas(&schema));
        }
        found.push(schema);
    }
    found.sort_by(|a, b| a.at.cmp(&b.at));
    found
}

/// The schemas that requests and responses reach; those that neither reaches are unused.
pub(crate) struct Reach<'t> {
    pub(crate) requests: Vec<Located<'t>>,
    pub(crate) responses: Vec<Located<'t>>,
    pub(crate) unused: Vec<Located<'t>>,
}

impl<'t> Reach<'t> {
    /// The schemas that lowering leaves strict: those of requests and unused ones.
    pub(crate) fn strict(&self) -> impl Iterator<Item = &Located<'t>> {
        self.requests.iter().chain(&self.unused)
    }
}

/// Sorts all schemas of a document by direction.
pub(crate) fn reach(tree: &Value) -> Reach<'_> {
    let operations = operations(tree);
    let requests = reachable(
        tree,
        operations.iter().flat_map(|op| request_schemas(tree, op)).collect(),
    );
    let responses = reachable(
        tree,
        operations.iter().flat_map(|op| response_schemas(tree, op)).collect(),
    );
    let used: BTreeSet<_> = requests
        .iter()
        .chain(&responses)
        .map(|found| found.at.clone())
        .collect();
    let mut unused = reachable(tree, component_schemas(tree));
    unused.retain(|found| !used.contains(&found.at));
    Reach {
        requests,
        responses,
        unused,
    }
}

/// The schemas under `#/components/schemas`.
pub(crate) fn component_schemas(tree: &Value) -> Vec<Located<'_>> {
    tree.get("components")
        .into_iter()
        .flat_map(|components| members(components, "schemas"))
        .map(|(name, value)| Located {
            at: Pointer::root().below(&["components", "schemas", name]),
            value,
        })
        .collect()
}

/// The name of the schema under `#/components/schemas` that a pointer identifies; `None` for
/// anything else, including a part of such a schema.
pub(crate) fn component_name(at: &Pointer) -> Option<String> {
    let name = at.as_str().strip_prefix("/components/schemas/")?;
    (!name.contains('/')).then(|| Pointer::unescaped(name))
}

/// Whether a pointer identifies a whole schema under `#/components/schemas`.
pub(crate) fn is_component_schema(at: &Pointer) -> bool {
    component_name(at).is_some()
}
