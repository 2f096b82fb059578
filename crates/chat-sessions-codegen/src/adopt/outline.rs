//! How a list works, as far as the names and types of its document show it.

use serde_json::Value;

use super::error::AdoptError;
use super::fields::{
    CREATED, CURSOR_PARAMETERS, Field, FieldKind, MORE, OFFSET_PARAMETERS, PAGE_PARAMETERS, SCOPE_PARAMETERS,
    SIZE_PARAMETERS, TITLES, TOKENS, TOTALS, UPDATED, fields, named,
};
use super::parts::{Parts, unwrapped};
use crate::rust_names::{pascal, snake};
use crate::spec::Pointer;
use crate::spec::refs::{self, Located};

/// How a list works.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ListOutline {
    /// The operationId, and the method of the raw client.
    pub operation: String,
    /// The name of the method.
    pub method: String,
    /// The path of the list.
    pub path: String,
    /// The address of the first server; empty if the document names none.
    pub server: String,
    /// The header of the key and the word before it, such as `authorization` and `Bearer`.
    pub key_header: (String, String),
    /// The generated type of the response.
    pub response: String,
    /// The way from the response to the array of items, by property.
    pub items: Vec<Field>,
    /// The generated type of an item.
    pub item: String,
    /// The id of an item.
    pub id: Field,
    /// Its title.
    pub title: Option<Field>,
    /// When it was created.
    pub created: Option<Field>,
    /// When it was last changed.
    pub updated: Option<Field>,
    /// Whether these times are numbers of milliseconds, by their names and descriptions.
    pub has_milliseconds: bool,
    /// How the list is divided into pages.
    pub paging: Paging,
    /// The way to a flag that says whether more pages follow.
    pub has_more: Option<Vec<Field>>,
    /// The way to the number of all sessions.
    pub total: Option<Vec<Field>>,
    /// The parameter for the size of a page, and the largest size.
    pub page_size: Option<(Field, Option<u64>)>,
    /// The parameter that selects a part of the account.
    pub scope: Option<Scoped>,
    /// The names of other optional parameters with a default, which may leave out sessions.
    pub filters: Vec<String>,
    /// Every named schema that a response reaches, with its fields.
    pub schemas: Vec<NamedSchema>,
}

/// How a list is divided into pages.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Paging {
    /// The response has the token of the next page.
    Token {
        /// The parameter that takes it.
        parameter: Field,
        /// The way to it in the response.
        token: Vec<Field>,
    },
    /// The id of the last item is the token of the next page.
    LastId {
        /// The parameter that takes it.
        parameter: Field,
    },
    /// A page starts after a number of items.
    Offset {
        /// The parameter that takes the number.
        parameter: Field,
    },
    /// Pages are numbered from 1.
    Number {
        /// The parameter that takes the number.
        parameter: Field,
    },
    /// There is one page.
    Single,
}

impl Paging {
    /// The parameter that selects a page.
    fn parameter(&self) -> Option<&Field> {
        match self {
            Self::Token { parameter, .. }
            | Self::LastId { parameter }
            | Self::Offset { parameter }
            | Self::Number { parameter } => Some(parameter),
            Self::Single => None,
        }
    }
}

/// A parameter that selects a part of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Scoped {
    /// The parameter.
    pub parameter: Field,
    /// Whether the provider requires it.
    pub is_required: bool,
}

/// A named schema with its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NamedSchema {
    /// The generated type.
    pub name: String,
    /// Its fields.
    pub fields: Vec<Field>,
    /// Whether only failures have it.
    pub is_failure: bool,
}

/// Describes the list.
pub(super) fn describe(tree: &Value, at: &Pointer, parts: &Parts) -> Result<ListOutline, AdoptError> {
    let operations = refs::operations(tree);
    let operation = operations.iter().find(|operation| operation.at == *at);
    let operation = operation.ok_or_else(|| AdoptError("The list is not in the document.".to_owned()))?;
    let schema = |at: &Pointer| tree.pointer(at.as_str()).unwrap_or(&Value::Null);
    let (response, item) = (schema(&parts.response), schema(&parts.item));
    let item_fields = fields(item);
    if operation.path.contains('{') {
        return Err(AdoptError(format!(
            "The path {} has a parameter, which this command cannot fill in. Remedy: write the module by hand, from that \
             of another provider.",
            operation.path
        )));
    }
    let in_query = operation
        .parameters
        .iter()
        .filter(|found| refs::parameter_key(found.value).1 == Some("query"));
    let parameters: Vec<Field> = in_query
        .map(|found| {
            let schema = found.value.get("schema").unwrap_or(&Value::Null);
            Field::new(refs::parameter_key(found.value).0.unwrap_or_default(), schema)
        })
        .collect();
    let parameter = |names: &[&str], kinds: &[FieldKind]| named(&parameters, names, kinds).cloned();
    let control = |names: &[&str], kinds: &[FieldKind]| control(tree, response, parts.way(), names, kinds);
    let texts = [FieldKind::Text];
    let numbers = [FieldKind::Integer];
    let has_more = control(MORE, &[FieldKind::Flag]);
    let paging = if let Some(parameter) = parameter(CURSOR_PARAMETERS, &texts) {
        match control(TOKENS, &texts) {
            Some(token) => Paging::Token { parameter, token },
            None => Paging::LastId { parameter },
        }
    } else if let Some(parameter) = parameter(OFFSET_PARAMETERS, &numbers) {
        Paging::Offset { parameter }
    } else if let Some(parameter) = parameter(PAGE_PARAMETERS, &numbers) {
        Paging::Number { parameter }
    } else {
        Paging::Single
    };
    let times = [FieldKind::Text, FieldKind::Integer];
    let id = item_fields.iter().find(|field| field.json == parts.id);
    let size = parameter(SIZE_PARAMETERS, &numbers);
    let value_of = |name: &str| {
        let mut all = operation.parameters.iter();
        all.find(|found| refs::parameter_key(found.value).0 == Some(name))
            .map(|found| found.value)
    };
    let scope = parameter(SCOPE_PARAMETERS, &texts).map(|parameter| Scoped {
        is_required: value_of(&parameter.json).is_some_and(|value| value.get("required") == Some(&Value::Bool(true))),
        parameter,
    });
    let created = named(&item_fields, CREATED, &times).cloned();
    let updated = named(&item_fields, UPDATED, &times).cloned();
    let has_milliseconds = [&created, &updated].into_iter().flatten().any(|field| {
        let property = item.get("properties").and_then(|all| all.get(&field.json));
        let description = property.and_then(|property| property.get("description")?.as_str());
        field.json.ends_with("_ms") || description.is_some_and(|text| text.to_lowercase().contains("millisecond"))
    });
    let used = [
        scope.as_ref().map(|scope| &scope.parameter),
        size.as_ref(),
        paging.parameter(),
    ];
    let is_used = |name: &str| used.into_iter().flatten().any(|field| field.json == name);
    let filters = operation.parameters.iter().filter_map(|found| {
        let name = refs::parameter_key(found.value).0?;
        let is_optional = found.value.get("required") != Some(&Value::Bool(true));
        let has_default = found
            .value
            .pointer("/schema/default")
            .is_some_and(|default| !default.is_null());
        (is_optional && has_default && !is_used(name)).then(|| name.to_owned())
    });
    let filters = filters.collect();
    Ok(ListOutline {
        operation: operation.value["operationId"].as_str().unwrap_or_default().to_owned(),
        method: snake(operation.value["operationId"].as_str().unwrap_or_default()),
        path: operation.path.to_owned(),
        server: tree
            .pointer("/servers/0/url")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        key_header: key_header(tree),
        response: pascal(&parts.response.name()),
        items: way(tree, response, parts.way()),
        item: pascal(&parts.item.name()),
        id: id
            .cloned()
            .ok_or_else(|| AdoptError("The id is not a property of the item.".to_owned()))?,
        title: named(&item_fields, TITLES, &texts).cloned(),
        created,
        updated,
        has_milliseconds,
        paging,
        has_more,
        total: control(TOTALS, &numbers),
        page_size: size.map(|size| {
            let most = value_of(&size.json).and_then(|value| value.pointer("/schema/maximum")?.as_u64());
            (size, most)
        }),
        scope,
        filters,
        schemas: schemas(tree, operation),
    })
}

/// The fields along a way of property names.
fn way(tree: &Value, response: &Value, names: &[String]) -> Vec<Field> {
    let mut at = Located {
        at: Pointer::root(),
        value: response,
    };
    let mut found = Vec::new();
    for name in names {
        let Some(value) = at.value.get("properties").and_then(|all| all.get(name)) else {
            break;
        };
        found.push(Field::new(name, value));
        let Some(next) = unwrapped(
            tree,
            Located {
                at: Pointer::root(),
                value,
            },
        ) else {
            break;
        };
        at = next;
    }
    found
}

/// The way to a field beside the items, above them, or in an object beside them.
fn control(
    tree: &Value,
    response: &Value,
    items: &[String],
    names: &[&str],
    kinds: &[FieldKind],
) -> Option<Vec<Field>> {
    // The objects that can hold it: those on the way to the items, the closest first, then others.
    let mut holders: Vec<Vec<String>> = (0..items.len()).rev().map(|depth| items[..depth].to_vec()).collect();
    for (name, _) in refs::members(response, "properties") {
        if items.first() != Some(name) {
            holders.push(vec![name.clone()]);
        }
    }
    for holder in holders {
        let fields_of = |holder: &[String]| {
            let mut value = response;
            for name in holder {
                let property = value.get("properties")?.get(name)?;
                value = unwrapped(
                    tree,
                    Located {
                        at: Pointer::root(),
                        value: property,
                    },
                )?
                .value;
            }
            Some(fields(value))
        };
        if let Some(found) = fields_of(&holder).and_then(|all| named(&all, names, kinds).cloned()) {
            let mut all = way(tree, response, &holder);
            all.push(found);
            return Some(all);
        }
    }
    None
}

/// The header that takes the key, and the word before the key.
fn key_header(tree: &Value) -> (String, String) {
    let schemes = tree.pointer("/components/securitySchemes").and_then(Value::as_object);
    for scheme in schemes.into_iter().flat_map(|schemes| schemes.values()) {
        let text = |name| scheme.get(name).and_then(Value::as_str).unwrap_or_default();
        if text("type") == "apiKey" && text("in") == "header" {
            return (text("name").to_ascii_lowercase(), String::new());
        }
    }
    ("authorization".to_owned(), "Bearer".to_owned())
}

/// Every named schema with properties that a response of the operation reaches.
fn schemas(tree: &Value, operation: &refs::Operation<'_>) -> Vec<NamedSchema> {
    let reach = |wants_success: bool| {
        let responses = refs::responses(tree, operation);
        let own = responses
            .iter()
            .filter(|(status, _)| refs::is_success(status) == wants_success);
        refs::reachable(
            tree,
            own.flat_map(|(_, response)| refs::content_schemas(response)).collect(),
        )
    };
    let (successes, failures) = (reach(true), reach(false));
    let is_failure = |at: &Pointer| !successes.iter().any(|found| found.at == *at);
    let all = successes
        .iter()
        .chain(failures.iter().filter(|found| is_failure(&found.at)));
    all.filter(|found| refs::is_component_schema(&found.at) && found.value.get("properties").is_some())
        .map(|found| NamedSchema {
            name: pascal(&found.at.name()),
            fields: fields(found.value),
            is_failure: is_failure(&found.at),
        })
        .collect()
}
