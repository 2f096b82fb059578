//! Keys and their values against the grammar: misspelled, misplaced or missing keys, values of the
//! wrong JSON type, and keywords of OpenAPI 3.1.

use serde_json::Value;

use crate::lint::checker::Checker;
use crate::spec::Pointer;
use crate::spec::grammar::{Key, ObjectKind, ValueKind};
use crate::spec::nodes::{Node, is_extension};
use crate::validate::{address, name_of_type};

/// Keys that are new in OpenAPI 3.1, where they occur, and the equivalent in 3.0.
const NEWER: [(ObjectKind, &str, &str); 28] = [
    (ObjectKind::Document, "webhooks", NO_PLACE),
    (
        ObjectKind::Document,
        "jsonSchemaDialect",
        "Remove it; 3.0 has only one dialect.",
    ),
    (ObjectKind::Info, "summary", "Move it to the start of the description."),
    (ObjectKind::License, "identifier", "Write the licence's `url` instead."),
    (ObjectKind::Components, "pathItems", NO_PLACE),
    (ObjectKind::Schema, "$anchor", NO_NAMES),
    (ObjectKind::Schema, "$comment", "Use a YAML comment, or a description."),
    (ObjectKind::Schema, "$defs", NO_NAMES),
    (ObjectKind::Schema, "$dynamicAnchor", NO_NAMES),
    (ObjectKind::Schema, "$dynamicRef", NO_NAMES),
    (ObjectKind::Schema, "$id", NO_NAMES),
    (ObjectKind::Schema, "$schema", "Remove it; 3.0 has only one dialect."),
    (ObjectKind::Schema, "const", "Write an `enum` of one value."),
    (ObjectKind::Schema, "contains", NO_WAY),
    (
        ObjectKind::Schema,
        "contentEncoding",
        "Write `format: byte` for base64, and explain other encodings in the description.",
    ),
    (ObjectKind::Schema, "contentMediaType", "Move it into the description."),
    (ObjectKind::Schema, "dependentRequired", NO_WAY),
    (ObjectKind::Schema, "dependentSchemas", NO_WAY),
    (ObjectKind::Schema, "else", NO_WAY),
    (
        ObjectKind::Schema,
        "examples",
        "Write one `example`; several belong beside the schema of a parameter or media type.",
    ),
    (ObjectKind::Schema, "if", NO_WAY),
    (
        ObjectKind::Schema,
        "patternProperties",
        "Write `additionalProperties` with a schema that fits all of them.",
    ),
    (
        ObjectKind::Schema,
        "prefixItems",
        "Write `items` with a `oneOf` of the schemas, and explain the order in the description.",
    ),
    (ObjectKind::Schema, "propertyNames", NO_WAY),
    (ObjectKind::Schema, "then", NO_WAY),
    (ObjectKind::Schema, "unevaluatedItems", NO_WAY),
    (
        ObjectKind::Schema,
        "unevaluatedProperties",
        "Write `additionalProperties` on the schema that has the properties.",
    ),
    (ObjectKind::Schema, "minContains", NO_WAY),
];

const NO_PLACE: &str = "Describe it under `paths`; 3.0 has no other place for it.";
const NO_NAMES: &str = "Move the schema to #/components/schemas, and refer to it there.";
const NO_WAY: &str = "Explain it in the description; 3.0 has no keyword for it.";

/// The similarity (Jaro-Winkler, 1 for equal) from which a key is suggested for a misspelled one.
const ALIKE: f64 = 0.88;

impl Checker<'_> {
    pub(super) fn keywords(&mut self) {
        for node in self.nodes().iter() {
            self.node(node);
        }
    }

    fn node(&mut self, node: &Node<'_>) {
        if node.reference().is_some() {
            return;
        }
        let Some(members) = node.value.as_object() else {
            self.wrong(&node.at, node.value, &format!("the {}", node.kind.noun()), "an object");
            return;
        };
        if node.kind == ObjectKind::Callback {
            return;
        }
        for (name, value) in members {
            let at = node.at.child(name);
            match node.kind.keys().iter().find(|key| key.name == name) {
                Some(key) => self.shape(node.kind, key, &at, value),
                None if name == "$ref" && node.kind.is_referable() => self.wrong(&at, value, "`$ref`", "a string"),
                None => self.unknown(node.kind, name, &at),
            }
        }
        self.style(node);
        self.schema_or_content(node);
        let required = node.kind.keys().iter().filter(|key| key.required).map(|key| key.name);
        for name in required.chain(required_by_type(node).iter().copied()) {
            if !members.contains_key(name) && self.is_new(&node.at.child(name)) {
                let message = format!("the {} has no `{name}`", node.kind.noun());
                self.report(
                    "keyword-missing",
                    &node.at.child(name),
                    &message,
                    &format!("Write `{name}`."),
                );
            }
        }
    }

    /// A style that OpenAPI does not have for this kind of parameter.
    fn style(&mut self, node: &Node<'_>) {
        let place = match node.kind {
            ObjectKind::Parameter => node.value.get("in").and_then(Value::as_str).unwrap_or_default(),
            ObjectKind::Header => "header",
            // The properties of a form are written like the parameters of a query.
            ObjectKind::Encoding => "query",
            _ => return,
        };
        let (styles, style) = (styles(place), node.value.get("style").and_then(Value::as_str));
        if let Some(style) = style.filter(|style| !styles.is_empty() && !styles.contains(style)) {
            let message = format!("the {} cannot have the style `{style}`", node.kind.noun());
            let remedy = format!("Write one of {}.", styles.join(", "));
            self.report("keyword-value", &node.at.child("style"), &message, &remedy);
        }
    }

    /// A parameter has either a schema or content.
    fn schema_or_content(&mut self, node: &Node<'_>) {
        if !matches!(node.kind, ObjectKind::Parameter | ObjectKind::Header) {
            return;
        }
        let noun = node.kind.noun();
        let (message, remedy) = match ["schema", "content"].map(|name| node.value.get(name).is_some()) {
            [false, false] => (format!("the {noun} has no schema"), "Add its type."),
            [true, true] => (
                format!("the {noun} has both a schema and content, which are mutually exclusive"),
                "Keep the one that describes how it is sent.",
            ),
            _ => return,
        };
        self.report("parameter-schema", &node.at, &message, remedy);
    }

    fn address(&mut self, key: &Key, at: &Pointer, text: &str) {
        let (is_valid, noun) = match key.shape {
            ValueKind::Email => (address::is_email(text), "an e-mail address"),
            _ => (address::is_url(text), "a URL"),
        };
        if !is_valid {
            let message = format!("`{}` is not {noun}", key.name);
            let remedy = format!("Write {noun}, or remove it.");
            self.report("keyword-value", at, &message, &remedy);
        }
    }

    fn unknown(&mut self, kind: ObjectKind, name: &str, at: &Pointer) {
        if is_extension(name) || !self.is_new(at) {
            return;
        }
        if let Some((.., remedy)) = NEWER.iter().find(|(of, key, _)| *of == kind && *key == name) {
            let message = format!("`{name}` is an OpenAPI 3.1 keyword and would be lost silently");
            self.report("openapi-3-1", at, &message, remedy);
            return;
        }
        let message = format!("`{name}` is not a known key here and would be lost silently");
        let meant = kind
            .keys()
            .iter()
            .map(|key| (strsim::jaro_winkler(key.name, name), key.name))
            .filter(|(likeness, _)| *likeness >= ALIKE)
            .max_by(|a, b| a.0.total_cmp(&b.0));
        let remedy = match meant {
            Some((_, meant)) => format!("Did you mean `{meant}`? Extensions start with `x-`."),
            None => "Correct the spelling or the position; extensions start with `x-`.".to_owned(),
        };
        self.report("unknown-key", at, &message, &remedy);
    }

    fn shape(&mut self, kind: ObjectKind, key: &Key, at: &Pointer, value: &Value) {
        let (fits, expected) = match key.shape {
            // The object is a node of its own.
            ValueKind::Any | ValueKind::One(_) => return,
            ValueKind::Text => (value.is_string(), "a string"),
            ValueKind::Url | ValueKind::Email if value.is_string() => {
                self.address(key, at, value.as_str().unwrap_or_default());
                return;
            }
            ValueKind::Url | ValueKind::Email => (false, "a string"),
            ValueKind::Word(words) => {
                let known = value.as_str().is_some_and(|word| words.contains(&word));
                if value.is_string() && !known {
                    let message = format!("`{}` cannot be {value}", key.name);
                    self.report(
                        "keyword-value",
                        at,
                        &message,
                        &format!("Write one of {}.", words.join(", ")),
                    );
                    return;
                }
                (known, "a string")
            }
            ValueKind::Flag => (value.is_boolean(), "true or false"),
            ValueKind::Number => (value.is_number(), "a number"),
            ValueKind::Count => (value.is_u64(), "a non-negative integer"),
            ValueKind::Texts => (
                value.as_array().is_some_and(|items| items.iter().all(Value::is_string)),
                "a list of strings",
            ),
            ValueKind::Values | ValueKind::List(_) => (value.is_array(), "a list"),
            ValueKind::Map(_) => (value.is_object(), "an object"),
            ValueKind::TextMap => (
                value
                    .as_object()
                    .is_some_and(|members| members.values().all(Value::is_string)),
                "an object of strings",
            ),
            ValueKind::Security => (
                is_security(value),
                "a list of objects that map names to lists of scopes",
            ),
            ValueKind::FlagOrSchema => (value.is_boolean() || value.is_object(), "true, false or a schema"),
        };
        if fits {
            return;
        }
        let exclusive = matches!(key.name, "exclusiveMaximum" | "exclusiveMinimum");
        if kind == ObjectKind::Schema && exclusive && value.is_number() {
            let bound = key.name.trim_start_matches("exclusive").to_lowercase();
            let message = format!("a numeric `{}` is an OpenAPI 3.1 construct", key.name);
            let remedy = format!("Write `{bound}: {value}` and `{}: true`.", key.name);
            self.report("openapi-3-1", at, &message, &remedy);
            return;
        }
        self.wrong(at, value, &format!("`{}`", key.name), expected);
    }

    fn wrong(&mut self, at: &Pointer, value: &Value, what: &str, expected: &str) {
        if self.is_new(at) && !self.unclear.contains(at) {
            let found = name_of_type(value);
            let article = if found.starts_with(['a', 'i', 'o']) { "an" } else { "a" };
            let message = match value {
                Value::Array(_) if expected.starts_with("a list of") => {
                    format!("{what} is not {expected}")
                }
                Value::Null => format!("{what} is null instead of {expected}"),
                _ => format!("{what} is {article} {found} instead of {expected}"),
            };
            let remedy = format!("Write {expected}, or remove it.");
            self.report("keyword-value", at, &message, &remedy);
        }
    }
}

/// The styles that OpenAPI has for parameters of a place; none for a place that it does not have.
pub(super) fn styles(place: &str) -> &'static [&'static str] {
    match place {
        "query" => &["form", "spaceDelimited", "pipeDelimited", "deepObject"],
        "path" => &["simple", "label", "matrix"],
        "header" => &["simple"],
        "cookie" => &["form"],
        _ => &[],
    }
}

/// The keys that a security scheme, a flow or a link of its type requires.
fn required_by_type(node: &Node<'_>) -> &'static [&'static str] {
    if node.kind == ObjectKind::Link && node.value.get("operationRef").is_none() {
        return &["operationId"];
    }
    if node.kind == ObjectKind::OAuthFlow {
        return match node.at.name().as_str() {
            "implicit" => &["authorizationUrl"],
            "authorizationCode" => &["authorizationUrl", "tokenUrl"],
            _ => &["tokenUrl"],
        };
    }
    if node.kind != ObjectKind::SecurityScheme {
        return &[];
    }
    match node.value.get("type").and_then(Value::as_str) {
        Some("apiKey") => &["name", "in"],
        Some("http") => &["scheme"],
        Some("oauth2") => &["flows"],
        Some("openIdConnect") => &["openIdConnectUrl"],
        _ => &[],
    }
}

fn is_security(value: &Value) -> bool {
    let scopes = |value: &Value| value.as_array().is_some_and(|items| items.iter().all(Value::is_string));
    value.as_array().is_some_and(|requirements| {
        requirements
            .iter()
            .all(|requirement| requirement.as_object().is_some_and(|names| names.values().all(scopes)))
    })
}
