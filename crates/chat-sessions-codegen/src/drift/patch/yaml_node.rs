//! A fragment of a spec to be written, as YAML in block or flow style, or as JSON.
//!
//! It knows how to quote a string so that every YAML parser reads the same string. It does not know
//! where the fragment goes.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// A tree whose members keep their order.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum YamlNode {
    Bool(bool),
    Text(String),
    /// A scalar from the spec that is only moved.
    Scalar(Value),
    List(Vec<YamlNode>),
    Map(Vec<(String, YamlNode)>),
}

/// How strings are quoted in flow style.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quotes {
    /// YAML: where necessary.
    Needed,
    /// JSON: always.
    All,
}

impl YamlNode {
    pub(super) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    /// The tree of a fragment from the spec that is moved.
    pub(super) fn moved(value: &Value) -> Self {
        match value {
            Value::Array(items) => Self::List(items.iter().map(Self::moved).collect()),
            Value::Object(members) => Self::Map(
                members
                    .iter()
                    .map(|(name, member)| (name.clone(), Self::moved(member)))
                    .collect(),
            ),
            Value::String(text) => Self::Text(text.clone()),
            other => Self::Scalar(other.clone()),
        }
    }

    /// The value that a parser reads from it.
    pub(super) fn value(&self) -> Value {
        match self {
            Self::Bool(value) => Value::Bool(*value),
            Self::Text(text) => Value::String(text.clone()),
            Self::Scalar(value) => value.clone(),
            Self::List(items) => Value::Array(items.iter().map(Self::value).collect()),
            Self::Map(members) => {
                let members = members.iter().map(|(name, member)| (name.clone(), member.value()));
                Value::Object(members.collect::<Map<_, _>>())
            }
        }
    }

    /// Whether it goes on the line of its key.
    fn is_short(&self) -> bool {
        match self {
            Self::List(items) => {
                items.is_empty() || items.iter().all(|item| matches!(item, Self::Text(_) | Self::Bool(_)))
            }
            Self::Map(members) => members.is_empty(),
            _ => true,
        }
    }

    /// Writes it in braces and brackets.
    pub(super) fn flow(&self, quotes: Quotes) -> String {
        match self {
            Self::Bool(value) => value.to_string(),
            Self::Text(text) => scalar(text, true, quotes),
            Self::Scalar(value) => value.to_string(),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(|item| item.flow(quotes)).collect();
                format!("[{}]", items.join(", "))
            }
            Self::Map(members) => {
                let members = members.iter().map(|(name, node)| member_in_flow(name, node, quotes));
                format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
            }
        }
    }

    /// Writes it after a key and colon: on the same line, or on lines of its own with this indent.
    fn after_name(&self, indent: usize, newline: &str, out: &mut String) {
        if self.is_short() {
            out.push(' ');
            out.push_str(&match self {
                Self::Text(text) => scalar(text, false, Quotes::Needed),
                other => other.flow(Quotes::Needed),
            });
        } else {
            out.push_str(newline);
            self.lines(indent, newline, out);
        }
    }

    /// Writes several indented lines, without a line ending after the last.
    fn lines(&self, indent: usize, newline: &str, out: &mut String) {
        match self {
            Self::Map(members) => {
                for (index, (name, member)) in members.iter().enumerate() {
                    if index > 0 {
                        out.push_str(newline);
                    }
                    out.push_str(&" ".repeat(indent));
                    out.push_str(&member_in_lines(name, member, indent, newline));
                }
            }
            Self::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push_str(newline);
                    }
                    out.push_str(&" ".repeat(indent));
                    out.push_str(&item_in_lines(item, indent, newline));
                }
            }
            other => {
                let _ = write!(out, "{}{}", " ".repeat(indent), other.flow(Quotes::Needed));
            }
        }
    }
}

/// `key: value` in flow style.
pub(super) fn member_in_flow(name: &str, node: &YamlNode, quotes: Quotes) -> String {
    format!("{}: {}", scalar(name, true, quotes), node.flow(quotes))
}

/// `key: value` in block style for a mapping at this column; the first line is not indented.
pub(super) fn member_in_lines(name: &str, node: &YamlNode, indent: usize, newline: &str) -> String {
    let mut out = format!("{}:", scalar(name, false, Quotes::Needed));
    node.after_name(indent + 2, newline, &mut out);
    out
}

/// `- value` in block style for a list with dashes at this column; the first line is not indented.
pub(super) fn item_in_lines(node: &YamlNode, indent: usize, newline: &str) -> String {
    match node {
        YamlNode::Map(members) if !members.is_empty() => {
            let mut inner = String::new();
            node.lines(indent + 2, newline, &mut inner);
            format!("- {}", inner.trim_start_matches(' '))
        }
        YamlNode::Text(text) => format!("- {}", scalar(text, false, Quotes::Needed)),
        other => format!("- {}", other.flow(Quotes::Needed)),
    }
}

/// A string as a scalar: plain if every parser reads it as this string, and in JSON quotes
/// otherwise.
pub(super) fn scalar(text: &str, in_flow: bool, quotes: Quotes) -> String {
    let is_safe = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, ' ' | '_' | '-' | '.' | ';' | '/' | '(' | ')' | '\'' | '$')
            || (c == ',' && !in_flow)
    };
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '$'));
    let words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let plain = begins
        && text.chars().all(is_safe)
        && !text.ends_with(' ')
        && !words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if plain && quotes == Quotes::Needed {
        text.to_owned()
    } else {
        Value::String(text.to_owned()).to_string()
    }
}
