//! The names of a node: what a report calls it, and what the generator calls the code made from it.

use serde_json::Value;

use crate::rust_names::{pascal, snake};
use crate::spec::Pointer;

/// The names of a node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct NodeNames {
    /// The name in a sentence: `` `Session.title` ``, ``the query parameter `page` of
    /// `list_sessions` ``.
    pub(super) label: String,
    /// The component schema that contains it, and the property of that schema.
    pub(super) component: Option<String>,
    pub(super) property: Option<String>,
    /// The operation that contains it, and the parameter.
    pub(super) operation: Option<String>,
    pub(super) parameter: Option<String>,
    /// The generated types and members that it can become, outermost first. The member is empty for
    /// the type itself.
    pub(super) rust: Vec<(String, String)>,
}

/// The names of a node of a tree.
pub(super) fn names(tree: &Value, at: &Pointer) -> NodeNames {
    let steps: Vec<String> = at.as_str().split('/').skip(1).map(Pointer::unescaped).collect();
    let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
    match steps.as_slice() {
        ["components", "schemas", name, rest @ ..] => in_component(name, rest),
        ["components", "securitySchemes", name, ..] => labelled(format!("the security scheme `{name}`")),
        ["paths", path, "parameters", index, rest @ ..] => {
            let parameter = tree.pointer("/paths").and_then(|paths| paths.get(*path));
            let parameter = parameter.and_then(|item| item.get("parameters"));
            in_parameter(parameter, index, rest, &format!("`{path}`"), None)
        }
        ["paths", path, method, rest @ ..] => in_operation(tree, path, method, rest),
        ["paths", path] => labelled(format!("`{path}`")),
        ["info", member, ..] => labelled(format!("the document's {member}")),
        ["servers", index, ..] => {
            let url = tree.pointer(&format!("/servers/{index}/url")).and_then(Value::as_str);
            labelled(format!("the server `{}`", url.unwrap_or("?")))
        }
        ["servers"] => labelled("the list of servers".to_owned()),
        ["security", ..] => labelled("the document's security".to_owned()),
        [kind, name, rest @ ..] if *kind == "components" => {
            labelled(format!("the component `{}`", [&[*name], rest].concat().join("/")))
        }
        _ => labelled("the document".to_owned()),
    }
}

fn labelled(label: String) -> NodeNames {
    NodeNames {
        label,
        ..NodeNames::default()
    }
}

fn in_component(name: &str, rest: &[&str]) -> NodeNames {
    let property = match rest {
        ["properties", property, ..] => Some((*property).to_owned()),
        ["allOf", _, "properties", property, ..] => Some((*property).to_owned()),
        _ => None,
    };
    let (path, rust) = below(name, &pascal(name), rest);
    NodeNames {
        label: format!("`{path}`"),
        component: Some(name.to_owned()),
        property,
        rust,
        ..NodeNames::default()
    }
}

/// The name of an operation for people: its id, or method and path.
pub(super) fn operation_name(tree: &Value, path: &str, method: &str) -> (String, Option<String>) {
    let operation = tree.get("paths").and_then(|paths| paths.get(path)?.get(method));
    let id = operation.and_then(|operation| operation.get("operationId")?.as_str());
    match id {
        Some(id) => (format!("`{id}`"), Some(id.to_owned())),
        None => (format!("`{} {path}`", method.to_uppercase()), None),
    }
}

fn in_operation(tree: &Value, path: &str, method: &str, rest: &[&str]) -> NodeNames {
    let (name, id) = operation_name(tree, path, method);
    let prefix = id.as_deref().map(pascal).unwrap_or_default();
    let operation = id.as_deref().map(snake);
    let mut names = match rest {
        ["parameters", index, rest @ ..] => {
            let operation = tree.get("paths").and_then(|paths| paths.get(path)?.get(method));
            let parameters = operation.and_then(|operation| operation.get("parameters"));
            in_parameter(parameters, index, rest, &name, id.as_deref())
        }
        ["requestBody", "content", _, "schema", rest @ ..] => {
            in_body(&format!("the body of {name}"), &format!("{prefix}Body"), rest)
        }
        ["requestBody", ..] => NodeNames {
            parameter: Some("body".to_owned()),
            ..labelled(format!("the body of {name}"))
        },
        ["responses", status, "content", _, "schema", rest @ ..] => in_body(
            &format!("the response {status} of {name}"),
            &format!("{prefix}Response"),
            rest,
        ),
        ["responses", status, "headers", header, ..] => {
            labelled(format!("the header `{header}` of the response {status} of {name}"))
        }
        ["responses", status, ..] => labelled(format!("the response {status} of {name}")),
        ["security", ..] => labelled(format!("the security of {name}")),
        _ => labelled(name),
    };
    names.operation = operation;
    names
}

fn in_parameter(parameters: Option<&Value>, index: &str, rest: &[&str], owner: &str, id: Option<&str>) -> NodeNames {
    let parameter = parameters
        .and_then(|all| all.get(index.parse::<usize>().ok()?))
        .unwrap_or(&Value::Null);
    let text = |name: &str| parameter.get(name).and_then(Value::as_str).unwrap_or("?");
    let rest = if let ["schema", rest @ ..] = rest { rest } else { &[] };
    let prefix = format!("{}{}", id.map(pascal).unwrap_or_default(), pascal(text("name")));
    let (path, rust) = below("", &prefix, rest);
    let place = text("in");
    NodeNames {
        label: format!("the {place} parameter `{}{path}` of {owner}", text("name")),
        parameter: Some(snake(text("name"))),
        rust,
        ..NodeNames::default()
    }
}

fn in_body(label: &str, prefix: &str, rest: &[&str]) -> NodeNames {
    let (path, rust) = below("", prefix, rest);
    let path = path.trim_start_matches('.');
    let label = if path.is_empty() {
        label.to_owned()
    } else {
        format!("`{path}` in {label}")
    };
    NodeNames {
        label,
        rust,
        ..NodeNames::default()
    }
}

/// Descends from a schema, and returns the dotted path and the names that the generator derives
/// from it. Inline types are named after their path.
fn below(name: &str, rust: &str, rest: &[&str]) -> (String, Vec<(String, String)>) {
    let mut path = name.to_owned();
    let mut types = vec![(rust.to_owned(), String::new())];
    let mut prefix = rust.to_owned();
    let mut steps = rest.iter();
    while let Some(step) = steps.next() {
        match *step {
            "properties" => {
                let Some(property) = steps.next() else { break };
                path.push('.');
                path.push_str(property);
                types.push((prefix.clone(), field(property)));
                prefix.push_str(&pascal(property));
            }
            "items" => {
                path.push_str("[]");
                prefix.push_str("Item");
            }
            "additionalProperties" => path.push_str(".*"),
            // The parts of a composition do not change the name; skip their index.
            "allOf" | "oneOf" | "anyOf" => {
                steps.next();
            }
            // A keyword has no name of its own.
            _ => break,
        }
    }
    (path, types)
}

/// The name of the field for a property.
fn field(name: &str) -> String {
    let name = snake(name);
    // Keywords get an underscore after them, as in `type_`.
    if syn::parse_str::<syn::Ident>(&name).is_err() {
        return format!("{name}_");
    }
    name
}
