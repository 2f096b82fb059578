//! A piece of a spec that is to be written: a tree in the order of its text, as YAML in lines, YAML
//! in braces, or JSON.
//!
//! It knows how a text must be quoted so that every reader of YAML takes it for the same; it does
//! not know where the piece goes.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// A tree whose members keep their order.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum YamlNode {
    Bool(bool),
    Text(String),
    /// Anything that was in the spec before and is only moved.
    Scalar(Value),
    List(Vec<YamlNode>),
    Map(Vec<(String, YamlNode)>),
}

/// How a piece is written in braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quotes {
    /// YAML: where needed.
    Needed,
    /// JSON: around every text.
    All,
}

impl YamlNode {
    pub(super) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    /// The tree of a piece of the spec that is moved.
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

    /// What a reader will make of it.
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

    /// Whether it is written on the line of its name.
    fn is_short(&self) -> bool {
        match self {
            Self::List(items) => {
                items.is_empty() || items.iter().all(|item| matches!(item, Self::Text(_) | Self::Bool(_)))
            }
            Self::Map(members) => members.is_empty(),
            _ => true,
        }
    }

    /// In braces and brackets.
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

    /// After a name and its colon: on the same line, or in lines of their own that are indented by
    /// so many columns.
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

    /// Several lines, each indented, without a line end after the last.
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

/// `name: value` in braces.
pub(super) fn member_in_flow(name: &str, node: &YamlNode, quotes: Quotes) -> String {
    format!("{}: {}", scalar(name, true, quotes), node.flow(quotes))
}

/// `name: value` as lines, the first of them without its indent, for a mapping at this column.
pub(super) fn member_in_lines(name: &str, node: &YamlNode, indent: usize, newline: &str) -> String {
    let mut out = format!("{}:", scalar(name, false, Quotes::Needed));
    node.after_name(indent + 2, newline, &mut out);
    out
}

/// `- value` as lines, the first of them without its indent, for a list whose dashes stand at this
/// column.
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

/// A text as a scalar: as it is when every reader takes it for this text, and in the quotes of JSON
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
