//! The parameters that the operations of LlamaCloud share: the key, the project and the
//! organization.

use serde_json::Value;

use crate::{
    dialect::llama_cloud::{
        errors::{error, validation, validation_error},
        ids::{DEFAULT_PROJECT_ID, ORGANIZATION_ID},
    },
    http::{request::RequestHead, response::ResponseDraft},
};

/// The API keys of a request: the bearer token and the `session` cookies.
pub(crate) fn keys<'a>(request: &'a RequestHead<'_>) -> impl Iterator<Item = &'a str> {
    let bearer = request.header("authorization").and_then(|value| value.split_once(' '));
    let bearer = bearer.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let cookies = request.header("cookie").unwrap_or_default().split(';');
    let cookies = cookies
        .filter_map(|cookie| cookie.trim().split_once('='))
        .filter(|(name, _)| *name == "session");
    bearer
        .map(|(_, key)| key.trim())
        .into_iter()
        .chain(cookies.map(|(_, key)| key))
}

/// Returns an id in lower case. The reference says that both ids are UUIDs.
pub(crate) fn uuid(request: &RequestHead<'_>, name: &str, errors: &mut Vec<Value>) -> Option<String> {
    let value = request.last(name)?;
    let groups = value.split('-').map(str::len).collect::<Vec<_>>();
    if groups != [8, 4, 4, 4, 12] || !value.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit()) {
        let msg = "Input should be a valid UUID";
        errors.push(validation_error(name, "uuid_parsing", msg, value, Value::Null));
        return None;
    }
    Some(value.to_ascii_lowercase())
}

/// Returns the project of a request, or the response to an invalid or unknown id. `errors` are
/// those of the other parameters.
pub(crate) fn project(request: &RequestHead<'_>, mut errors: Vec<Value>) -> Result<String, Box<ResponseDraft>> {
    let project = uuid(request, "project_id", &mut errors);
    let organization = uuid(request, "organization_id", &mut errors);
    if !errors.is_empty() {
        return Err(Box::new(validation(&errors)));
    }
    // The response to an unknown organization or project is not documented. A 404 tells a person
    // who mistyped an id more than an empty list.
    if organization.is_some_and(|organization| organization != ORGANIZATION_ID) {
        return Err(Box::new(error(404, Some("Organization not found"))));
    }
    Ok(project.unwrap_or_else(|| DEFAULT_PROJECT_ID.to_owned()))
}
