//! Operations: ids, methods, parameters, bodies and responses.

use std::collections::BTreeSet;

use serde_json::Value;

use super::keywords::styles;
use crate::lint::checker::Checker;
use crate::spec::Pointer;
use crate::spec::nodes::is_extension;
use crate::spec::normal::wire;
use crate::spec::refs::{self, Located, Operation};

/// The request media types that the generator supports.
const MEDIA_TYPES: [&str; 4] = [
    "application/json",
    "application/x-www-form-urlencoded",
    "application/octet-stream",
    "text/plain",
];

impl Checker<'_> {
    pub(super) fn operations(&mut self) {
        for (path, item) in refs::members(self.tree(), "paths") {
            self.duplicates(item, &Pointer::root().below(&["paths", path]));
        }
        for operation in refs::operations(self.tree()) {
            if matches!(operation.method, "options" | "trace") {
                let message = format!("the HTTP client does not support {}", operation.method.to_uppercase());
                self.report("operation-method", &operation.at, &message, "Remove this operation.");
            }
            self.duplicates(operation.value, &operation.at);
            self.parameters(&operation);
            self.path(&operation);
            self.body(&operation);
            self.responses(&operation);
        }
    }

    /// A parameter must not occur twice in one list. An operation may repeat one of its path, to
    /// replace it.
    fn duplicates(&mut self, node: &Value, at: &Pointer) {
        let mut seen = BTreeSet::new();
        for (index, value) in refs::items(node, "parameters").enumerate() {
            let at = at.child("parameters").child(index);
            let Some(parameter) = refs::resolve(self.tree(), Located { at: at.clone(), value }) else {
                continue;
            };
            let identity = refs::parameter_key(parameter.value);
            if let (Some(name), Some(place)) = identity
                && !seen.insert((name.to_owned(), place.to_owned()))
            {
                let message = format!("the {place} parameter `{name}` occurs twice");
                self.report("parameter-duplicate", &at, &message, "Keep one of them.");
            }
        }
    }

    fn parameters(&mut self, operation: &Operation<'_>) {
        for parameter in operation
            .parameters
            .iter()
            .filter(|found| !refs::is_dropped_parameter(found.value))
        {
            let text = |name| parameter.value.get(name).and_then(Value::as_str).unwrap_or_default();
            let style = text("style");
            let taken = match text("in") {
                "query" => matches!(style, "" | "form"),
                "path" | "header" => matches!(style, "" | "simple"),
                _ => true,
            };
            // A style that OpenAPI does not have here has a finding of its own.
            if !taken && styles(text("in")).contains(&style) {
                let message = format!(
                    "the generator does not support a {} parameter with style {style}",
                    text("in")
                );
                self.report("parameter-style", &parameter.at, &message, "Use the default style.");
            }
            let is_list = parameter.value.get("schema").is_some_and(|value| {
                let at = parameter.at.child("schema");
                let schema = refs::resolve(self.tree(), Located { at, value });
                schema.is_some_and(|schema| schema.value.get("type").is_some_and(|name| name == "array"))
            });
            if text("in") == "query" && is_list && parameter.value.get("explode") == Some(&Value::Bool(false)) {
                let message = "the generated client repeats the name for each item, regardless of `explode`";
                let remedy = "Describe the parameter as a string of comma-separated items.";
                self.report("parameter-style", &parameter.at.child("explode"), message, remedy);
            }
            let is_token = |c: u8| c.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&c);
            if text("in") == "header" && !text("name").bytes().all(is_token) {
                let message = format!(
                    "`{}` is not a valid header name, and the generated client would panic",
                    text("name")
                );
                let remedy = "Use only letters, digits and hyphens.";
                self.report("parameter-header", &parameter.at.child("name"), &message, remedy);
            }
            if parameter.value.get("content").is_some() && parameter.value.get("schema").is_none() {
                let remedy = "Describe the parameter with a schema; JSON in a parameter is a string.";
                self.report(
                    "parameter-content",
                    &parameter.at,
                    "the generator does not support parameters with content",
                    remedy,
                );
            }
        }
    }

    fn path(&mut self, operation: &Operation<'_>) {
        let item = Pointer::root().below(&["paths", operation.path]);
        let templates = match templates(operation.path) {
            Ok(templates) => templates,
            Err(message) => {
                let remedy = "Balance the braces, and put the name of a parameter between them.";
                self.report("path-template", &item, message, remedy);
                return;
            }
        };
        if !operation.path.starts_with('/') {
            self.report(
                "path-template",
                &item,
                "the path does not start with a slash",
                "Start it with a slash.",
            );
        }
        if operation.path.contains(['?', '#']) {
            let remedy = "Describe the query with parameters.";
            self.report("path-query", &item, "the path contains a query or a fragment", remedy);
        }
        let declared: Vec<&Located<'_>> = operation
            .parameters
            .iter()
            .filter(|found| found.value.get("in").is_some_and(|place| place == "path"))
            .collect();
        let name = |found: &Located<'_>| {
            found
                .value
                .get("name")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        for template in &templates {
            if !operation.is_incomplete && !declared.iter().any(|found| name(found) == **template) {
                let message =
                    format!("the path contains `{{{template}}}`, but there is no path parameter with this name");
                self.report(
                    "path-parameter",
                    &operation.at,
                    &message,
                    "Declare the parameter with `in: path` and `required: true`.",
                );
            }
        }
        for parameter in declared {
            let name = name(parameter);
            if !templates.contains(name.as_str()) {
                let message = format!("the path does not contain the path parameter `{name}`");
                self.report(
                    "path-parameter",
                    &parameter.at,
                    &message,
                    "Add it to the path, or remove the parameter.",
                );
            }
            if parameter.value.get("required") != Some(&Value::Bool(true)) {
                let message = format!("the path parameter `{name}` is not required");
                self.report(
                    "path-parameter",
                    &parameter.at,
                    &message,
                    "Write `required: true`; a path has no optional parts.",
                );
            }
        }
    }

    fn body(&mut self, operation: &Operation<'_>) {
        let at = operation.at.child("requestBody");
        let Some(value) = operation.value.get("requestBody") else {
            return;
        };
        let Some(body) = refs::resolve(self.tree(), Located { at, value }) else {
            return;
        };
        let media: Vec<&String> = refs::members(body.value, "content").map(|(name, _)| name).collect();
        let content = body.at.child("content");
        match media.as_slice() {
            [] => self.report(
                "media-type",
                &body.at,
                "the request body has no media type",
                "Describe its content.",
            ),
            [one] => {
                if !MEDIA_TYPES.contains(&wire::media_type(one).as_str()) {
                    let message = format!("the generator does not support a request body of type {one}");
                    let remedy = "Describe the operation with a JSON body, or remove it.";
                    self.report("media-type", &content.child(one), &message, remedy);
                } else {
                    self.raw_body(&content, one, &body.value["content"][one.as_str()]);
                }
            }
            _ => {
                let remedy = "Keep the media type that the client should send.";
                self.report(
                    "media-type",
                    &content,
                    "the generator supports only one media type for a request body",
                    remedy,
                );
            }
        }
        self.content(&body, true);
    }

    /// The generated client sends a body of text or of bytes as it is, whatever a schema says.
    fn raw_body(&mut self, content: &Pointer, media: &str, value: &Value) {
        let (format, expected) = match wire::media_type(media).as_str() {
            "text/plain" => (None, "{type: string}"),
            "application/octet-stream" => (Some("binary"), "{type: string, format: binary}"),
            _ => return,
        };
        let at = content.below(&[media, "schema"]);
        let Some(value) = value.get("schema") else { return };
        let Some(schema) = refs::resolve(self.tree(), Located { at: at.clone(), value }) else {
            return;
        };
        let is_plain = schema.value.as_object().is_some_and(|keywords| {
            let says_more = |name: &String| {
                let notes = [
                    "deprecated",
                    "description",
                    "example",
                    "externalDocs",
                    "format",
                    "title",
                    "type",
                    "xml",
                ];
                !notes.contains(&name.as_str()) && !is_extension(name)
            };
            keywords.get("type").is_some_and(|name| name == "string")
                && keywords.get("format").and_then(Value::as_str) == format
                && !keywords.keys().any(says_more)
        });
        if !is_plain {
            let message = format!("the generator supports a body of type {media} only with the schema {expected}");
            let remedy = "Write this schema, and explain the rest in its description.";
            self.report("media-type", &at, &message, remedy);
        }
    }

    fn content(&mut self, node: &Located<'_>, is_body: bool) {
        for (media, value) in refs::members(node.value, "content") {
            let is_json = wire::is_json(media);
            let at = node.at.below(&["content", media]);
            let needs_schema = is_json || (is_body && MEDIA_TYPES.contains(&wire::media_type(media).as_str()));
            if needs_schema && value.get("schema").is_none() {
                let what = if is_json { "JSON content" } else { "the request body" };
                let remedy = match media.as_str() {
                    "text/plain" => "Write `schema: {type: string}`.",
                    "application/octet-stream" => "Write `schema: {type: string, format: binary}`.",
                    _ => "Describe it; `schema: {}` accepts any JSON.",
                };
                self.report("json-schema", &at, &format!("{what} has no schema"), remedy);
            }
            if (is_json || is_body) && refs::members(value, "encoding").next().is_some() {
                let message = "the generator does not support content with an encoding";
                let remedy = "Remove it; JSON has no encoding, and a form has one by default.";
                self.report("media-type", &at.child("encoding"), message, remedy);
            }
        }
    }

    /// A stream that ends with the conversation would arrive as a whole, and much too late.
    fn event_streams(&mut self, response: &Located<'_>) {
        for (media, _) in refs::members(response.value, "content") {
            if wire::essence(media) == "text/event-stream" {
                let message = format!(
                    "the generated client would read the response of type {media} to its end before it returns the first event"
                );
                let remedy = "Remove this media type, or the operation if there is no other; read the stream with an HTTP client.";
                self.report(
                    "event-stream",
                    &response.at.below(&["content", media]),
                    &message,
                    remedy,
                );
            }
        }
    }

    fn responses(&mut self, operation: &Operation<'_>) {
        let at = operation.at.child("responses");
        // Without the key, or with another value, there is a more precise finding.
        let Some(Value::Object(members)) = operation.value.get("responses") else {
            return;
        };
        if members.keys().all(|status| is_extension(status)) {
            let message = "the operation describes no response";
            self.report(
                "responses-empty",
                &at,
                message,
                "Describe the response with status 200.",
            );
            return;
        }
        let statuses = refs::members(operation.value, "responses").map(|(status, _)| status);
        for status in statuses.filter(|status| !is_extension(status) && !is_status(status)) {
            let message = format!("`{status}` is not a status");
            let remedy = "Write three digits such as 404, a range such as 4XX, or `default`.";
            self.report("status-code", &at.child(status), &message, remedy);
        }
        let responses = refs::responses(self.tree(), operation);
        let unresolved = responses.len() < refs::members(operation.value, "responses").count();
        for (_, response) in &responses {
            self.content(response, false);
            self.event_streams(response);
        }
        let successes: Vec<_> = responses
            .into_iter()
            .filter(|(status, _)| refs::is_success(status))
            .collect();
        let Some(((first_status, first), others)) = successes.split_first() else {
            // A broken reference may stand for the success response.
            if unresolved {
                return;
            }
            let message = "the operation describes no success, and lowering removes all other responses";
            self.report("responses", &at, message, "Describe the response with status 200.");
            return;
        };
        let kind = |response: &Located<'_>| response_kind(response);
        for (status, response) in others {
            if kind(response) != kind(first) {
                let message = format!(
                    "the success responses {first_status} and {status} differ, but the generator supports only one type"
                );
                self.report(
                    "responses",
                    &at.child(status),
                    &message,
                    "Keep one of them, or give both the same schema.",
                );
            }
        }
    }
}

/// The names between braces, as the generator reads a path.
fn templates(path: &str) -> Result<BTreeSet<&str>, &'static str> {
    let mut parts = path.split('{');
    let mut names = BTreeSet::new();
    let mut rest = parts.next().unwrap_or_default();
    for part in parts {
        if rest.contains('}') {
            break;
        }
        let (name, after) = part.split_once('}').ok_or("the path has an unclosed brace")?;
        if name.is_empty() || name.contains('/') {
            return Err("the path has braces without a parameter name");
        }
        names.insert(name);
        rest = after;
    }
    if rest.contains('}') {
        return Err("the path has a closing brace without an opening one");
    }
    Ok(names)
}

/// Whether a key of `responses` is a status, a range of statuses or `default`.
fn is_status(key: &str) -> bool {
    let bytes = key.as_bytes();
    let digit = |index: usize| bytes.get(index).is_some_and(u8::is_ascii_digit);
    let range = key.ends_with("XX") || (digit(1) && digit(2));
    key == "default" || (bytes.len() == 3 && matches!(bytes[0], b'1'..=b'5') && range)
}

/// What the generator derives the type from: the schema of the JSON content, or else whether there
/// is other content.
fn response_kind(response: &Located<'_>) -> Option<Value> {
    let media: Vec<(&String, &Value)> = refs::members(response.value, "content").collect();
    let json = media.iter().find(|(name, _)| name.starts_with("application/json"));
    match json {
        Some((_, content)) => content.get("schema").cloned(),
        None => (!media.is_empty()).then_some(Value::Null),
    }
}

/// The pointer to the id of an operation.
pub(super) fn id_place(operation: &Operation<'_>) -> Pointer {
    operation.at.child("operationId")
}
