//! Writes a document as YAML, in the style of the specs of this repository.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Map, Value};

/// The width of a text before it is folded.
const WIDTH: usize = 110;

/// The keys of OpenAPI in the order in which they are read; other names keep the order of the
/// published document.
const KEYS: [&str; 56] = [
    "openapi",
    "info",
    "servers",
    "security",
    "tags",
    "paths",
    "components",
    "operationId",
    "name",
    "in",
    "type",
    "required",
    "url",
    "version",
    "summary",
    "nullable",
    "format",
    "$ref",
    "title",
    "description",
    "x-evidence",
    "x-lowering",
    "scheme",
    "bearerFormat",
    "enum",
    "default",
    "minimum",
    "maximum",
    "style",
    "explode",
    "parameters",
    "requestBody",
    "responses",
    "pattern",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "oneOf",
    "anyOf",
    "discriminator",
    "schemas",
    "securitySchemes",
    "content",
    "schema",
    "items",
    "additionalProperties",
    "allOf",
    "properties",
    "example",
    "examples",
    "value",
];

/// What a spec of this repository says at its beginning.
const HEAD: &str = "\
# Adopted from the provider's OpenAPI document by `cargo xtask provider new`.
#
# `x-evidence` says how each fact is known: `table` (the provider's document), `example` (its example), `live` (a captured
# response), `sdk` (the provider's own client) or `inferred`. `x-lowering: id` marks the only property of a response that
# stays required in the generated Rust.
";

/// Writes a document.
pub(super) fn yaml(tree: &Value, order: &BTreeMap<String, usize>) -> String {
    let mut writer = Writer {
        order,
        text: HEAD.to_owned(),
    };
    if let Value::Object(members) = tree {
        writer.members(members, 0, false);
    }
    writer.text
}

struct Writer<'o> {
    order: &'o BTreeMap<String, usize>,
    text: String,
}

impl Writer<'_> {
    fn members(&mut self, members: &Map<String, Value>, depth: usize, continues: bool) {
        // An object in which most names are free has no keys of OpenAPI to put first.
        let rank = |name: &String| KEYS.iter().position(|key| key == name).unwrap_or(KEYS.len());
        let place = |name: &String| self.order.get(name).copied().unwrap_or(usize::MAX);
        let mut sorted: Vec<_> = members.iter().collect();
        let is_openapi = members.keys().all(|name| rank(name) < KEYS.len());
        sorted.sort_by_key(|(name, _)| if is_openapi { (rank(name), 0) } else { (0, place(name)) });
        for (index, (name, value)) in sorted.into_iter().enumerate() {
            if index > 0 || !continues {
                self.indent(depth);
            }
            let _ = write!(self.text, "{}:", key(name));
            self.value(value, depth + 1, false);
        }
    }

    /// Writes a value after a key or a dash.
    fn value(&mut self, value: &Value, depth: usize, after_dash: bool) {
        match value {
            Value::Object(members) if members.is_empty() => self.text.push_str(" {}\n"),
            Value::Object(members) => {
                self.text.push(if after_dash { ' ' } else { '\n' });
                self.members(members, depth, after_dash);
            }
            Value::Array(items) if items.iter().all(is_short) => {
                let items: Vec<String> = items.iter().map(|item| scalar(item, true)).collect();
                let _ = writeln!(self.text, " [{}]", items.join(", "));
            }
            Value::Array(items) => {
                self.text.push('\n');
                for item in items {
                    self.indent(depth);
                    self.text.push('-');
                    self.value(item, depth + 1, true);
                }
            }
            Value::String(text) if text.len() + 2 * depth > WIDTH && is_foldable(text) => self.folded(text, depth),
            other => {
                let _ = writeln!(self.text, " {}", scalar(other, false));
            }
        }
    }

    fn folded(&mut self, text: &str, depth: usize) {
        self.text.push_str(" >-\n");
        let mut length = 0;
        for word in text.split(' ') {
            let starts = length == 0 || 2 * depth + length + word.len() > WIDTH;
            if starts {
                if length > 0 {
                    self.text.push('\n');
                }
                self.indent(depth);
                length = 0;
            } else {
                self.text.push(' ');
            }
            self.text.push_str(word);
            length += word.len() + 1;
        }
        self.text.push('\n');
    }

    fn indent(&mut self, depth: usize) {
        self.text.push_str(&"  ".repeat(depth));
    }
}

fn is_short(value: &Value) -> bool {
    match value {
        Value::String(text) => text.len() < 40,
        Value::Array(_) | Value::Object(_) => false,
        _ => true,
    }
}

/// Whether a text is the same after its lines were joined with spaces.
fn is_foldable(text: &str) -> bool {
    !text.contains(['\n', '\r', '\t']) && !text.contains("  ") && text.trim() == text
}

fn key(name: &str) -> String {
    if is_plain(name)
        || name.starts_with('/') && name.chars().all(|c| c.is_ascii_alphanumeric() || "/_-{}.".contains(c))
    {
        return name.to_owned();
    }
    Value::from(name).to_string()
}

fn scalar(value: &Value, in_list: bool) -> String {
    match value {
        Value::String(text) if is_plain(text) && !(in_list && text.contains(',')) => text.clone(),
        // The version of OpenAPI is no number to any reader.
        Value::String(text) if text == "3.0.3" => text.clone(),
        other => other.to_string(),
    }
}

/// Whether every reader of YAML takes a text without quotes for the same text.
fn is_plain(text: &str) -> bool {
    let first = text
        .chars()
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '$');
    let safe = |c: char| c.is_alphanumeric() || " _-./()',;$+".contains(c);
    let words = [
        "y", "n", "yes", "no", "true", "false", "on", "off", "null", "nan", "inf",
    ];
    first && text.chars().all(safe) && text.trim() == text && !words.contains(&text.to_ascii_lowercase().as_str())
}
