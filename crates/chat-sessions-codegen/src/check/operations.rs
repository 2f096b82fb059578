//! Operations: ids, methods, parameters, bodies, answers.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Checker;
use crate::pointer::Pointer;
use crate::refs::{self, Found, Operation};

/// Request media types that the generator has code for.
const MEDIA_TYPES: [&str; 4] = [
    "application/json",
    "application/x-www-form-urlencoded",
    "application/octet-stream",
    "text/plain",
];

impl Checker<'_> {
    pub(super) fn operations(&mut self) {
        for operation in refs::operations(self.tree()) {
            if matches!(operation.method, "options" | "trace") {
                let message = format!("the HTTP client has no method for {}", operation.method.to_uppercase());
                self.error("operation-method", &operation.at, &message, "Leave this operation out.");
            }
            self.parameters(&operation);
            self.path(&operation);
            self.body(&operation);
            self.answers(&operation);
        }
    }

    fn parameters(&mut self, operation: &Operation<'_>) {
        for parameter in operation
            .parameters
            .iter()
            .filter(|found| !refs::is_dropped(found.value))
        {
            let text = |name| parameter.value.get(name).and_then(Value::as_str).unwrap_or_default();
            let style = text("style");
            let taken = match text("in") {
                "query" => matches!(style, "" | "form"),
                "path" | "header" => matches!(style, "" | "simple"),
                _ => true,
            };
            if !taken {
                let message = format!(
                    "the generator has no code for a {} parameter with style {style}",
                    text("in")
                );
                self.error(
                    "parameter-style",
                    &parameter.at,
                    &message,
                    "Describe the parameter with the default style.",
                );
            }
            if parameter.value.get("content").is_some() {
                let remedy = "Describe the parameter by a schema; a JSON text in it is a string.";
                self.error(
                    "parameter-content",
                    &parameter.at,
                    "the generator has no code for a parameter with content",
                    remedy,
                );
            } else if parameter.value.get("schema").is_none() {
                self.error(
                    "parameter-schema",
                    &parameter.at,
                    "the parameter has no schema",
                    "Say its type.",
                );
            }
        }
    }

    fn path(&mut self, operation: &Operation<'_>) {
        let mut templates = BTreeSet::new();
        for part in operation.path.split('{').skip(1) {
            let Some((name, _)) = part.split_once('}') else {
                let remedy = "Close every brace, and give each a name.";
                self.error(
                    "path-template",
                    &operation.at,
                    "the path has a brace that is not closed",
                    remedy,
                );
                continue;
            };
            templates.insert(name);
        }
        if !operation.path.starts_with('/') {
            self.error(
                "path-template",
                &operation.at,
                "the path does not begin with a slash",
                "Begin it with a slash.",
            );
        }
        let declared: Vec<&Found<'_>> = operation
            .parameters
            .iter()
            .filter(|found| found.value.get("in").is_some_and(|place| place == "path"))
            .collect();
        let name = |found: &Found<'_>| {
            found
                .value
                .get("name")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        for template in &templates {
            if !declared.iter().any(|found| name(found) == **template) {
                let message = format!("the path holds `{{{template}}}`, and no path parameter has this name");
                self.error(
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
                let message = format!("the path has no place for the path parameter `{name}`");
                self.error(
                    "path-parameter",
                    &parameter.at,
                    &message,
                    "Put it into the path, or take the parameter out.",
                );
            }
            if parameter.value.get("required") != Some(&Value::Bool(true)) {
                let message = format!("the path parameter `{name}` is not required");
                self.error(
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
        let Some(body) = refs::resolve(self.tree(), Found { at, value }) else {
            return;
        };
        let media: Vec<&String> = refs::members(body.value, "content").map(|(name, _)| name).collect();
        let content = body.at.child("content");
        match media.as_slice() {
            [] => self.error(
                "media-type",
                &body.at,
                "the request body has no media type",
                "Describe its content.",
            ),
            [one] => {
                if !MEDIA_TYPES.contains(&one.as_str()) {
                    let message = format!("the generator has no code for a request body of type {one}");
                    let remedy = "Describe the operation with a JSON body, or leave it out.";
                    self.error("media-type", &content.child(one), &message, remedy);
                }
            }
            _ => {
                let remedy = "Keep the media type that the client is to send.";
                self.error(
                    "media-type",
                    &content,
                    "the generator takes one media type for a request body",
                    remedy,
                );
            }
        }
        self.json_schema(&body);
    }

    fn json_schema(&mut self, node: &Found<'_>) {
        for (media, value) in refs::members(node.value, "content") {
            if media.starts_with("application/json") && value.get("schema").is_none() {
                let at = node.at.below(&["content", media]);
                self.error(
                    "json-schema",
                    &at,
                    "JSON content without a schema",
                    "Describe it; `schema: {}` takes any JSON.",
                );
            }
        }
    }

    fn answers(&mut self, operation: &Operation<'_>) {
        let at = operation.at.child("responses");
        let answers = refs::answers(self.tree(), operation);
        for (_, answer) in &answers {
            self.json_schema(answer);
        }
        let successes: Vec<_> = answers
            .into_iter()
            .filter(|(status, _)| refs::is_success(status))
            .collect();
        let Some(((first_status, first), others)) = successes.split_first() else {
            let message = "the operation describes no success, and lowering takes out everything else";
            self.error("answers", &at, message, "Describe the answer with status 200.");
            return;
        };
        let kind = |answer: &Found<'_>| answer_kind(answer);
        for (status, answer) in others {
            if kind(answer) != kind(first) {
                let message = format!(
                    "the successes {first_status} and {status} differ in their bodies, and the generator takes one type"
                );
                self.error(
                    "answers",
                    &at.child(status),
                    &message,
                    "Keep one of them, or give both the same schema.",
                );
            }
        }
    }
}

/// What the generator makes a type of: the schema of the JSON content, or that there is other content, or none.
fn answer_kind(answer: &Found<'_>) -> Option<Value> {
    let media: Vec<(&String, &Value)> = refs::members(answer.value, "content").collect();
    let json = media.iter().find(|(name, _)| name.starts_with("application/json"));
    match json {
        Some((_, content)) => content.get("schema").cloned(),
        None => (!media.is_empty()).then_some(Value::Null),
    }
}

/// The place of an operation's id.
pub(super) fn id_place(operation: &Operation<'_>) -> Pointer {
    operation.at.child("operationId")
}
