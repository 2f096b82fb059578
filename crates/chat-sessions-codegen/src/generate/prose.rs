//! Turns descriptions into doc comments: valid Markdown for rustdoc, with the evidence at the end.

use serde_json::{Map, Value};

/// The doc comment of a node: its description, made safe for rustdoc, then `gap` and its evidence.
pub(crate) fn documentation(node: &Value, table: &str, gap: &str) -> Option<String> {
    let description = node.get("description").and_then(Value::as_str).map(markdown);
    let evidence = evidence(node, table).map(|evidence| format!("Evidence: {evidence}."));
    match (description, evidence) {
        (Some(description), Some(evidence)) => Some(format!("{description}{gap}{evidence}")),
        (description, evidence) => description.or(evidence),
    }
}

/// Replaces a description with the text of the doc comment.
pub(super) fn describe(node: &mut Map<String, Value>, table: &str, gap: &str) {
    // `documentation` reads a `Value::Object`; the map is restored afterwards.
    let whole = Value::Object(std::mem::take(node));
    let documentation = documentation(&whole, table, gap);
    if let Value::Object(map) = whole {
        *node = map;
    }
    if let Some(documentation) = documentation {
        node.insert("description".to_owned(), Value::String(documentation));
    }
}

/// The words for `x-evidence`, a mark or a list of marks. `table` is the word for the mark `table`.
fn evidence(node: &Value, table: &str) -> Option<String> {
    let marks: Vec<&str> = match node.get("x-evidence")? {
        Value::String(mark) => vec![mark],
        Value::Array(marks) => marks.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    let words = marks.into_iter().map(|mark| match mark {
        "table" => table.to_owned(),
        "example" => "example".to_owned(),
        "live" => "live answer".to_owned(),
        "sdk" => "provider's SDK".to_owned(),
        "inferred" => "inference".to_owned(),
        other => markdown(other),
    });
    Some(words.collect::<Vec<_>>().join(", ")).filter(|words| !words.is_empty())
}

/// Makes a text safe for rustdoc with warnings denied: no HTML, no broken links, no bare URLs, and
/// nothing that would be compiled as a doc test. Code spans stay as they are.
pub(crate) fn markdown(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for line in text.trim().lines() {
        if !clean.is_empty() {
            clean.push('\n');
        }
        // An indent of four columns or a fence would start a code block, which rustdoc would
        // compile.
        let line = line.trim().replace("```", "'''").replace("~~~", "'''");
        let spans: Vec<&str> = line.split('`').collect();
        for (index, span) in spans.iter().enumerate() {
            if index > 0 {
                clean.push('`');
            }
            // Odd parts are between two backticks, unless the last backtick has no partner.
            let is_code = index % 2 == 1 && index + 1 < spans.len();
            if is_code {
                clean.push_str(span);
            } else {
                escape(span, &mut clean);
            }
        }
    }
    clean
}

/// Escapes what Markdown outside code would interpret as HTML or a link, and puts angle brackets
/// around URLs.
fn escape(text: &str, clean: &mut String) {
    for (index, word) in text.split(' ').enumerate() {
        if index > 0 {
            clean.push(' ');
        }
        let start = word.find("http://").or_else(|| word.find("https://"));
        let Some(start) = start else {
            escape_word(word, clean);
            continue;
        };
        let (before, url) = word.split_at(start);
        let end = url.find(['<', '>', '"', ')', ']', ',', ';']).unwrap_or(url.len());
        let (url, after) = url.split_at(end);
        let address = url.trim_end_matches(['.', ':', '!', '?']);
        escape_word(before, clean);
        clean.push('<');
        clean.push_str(address);
        clean.push('>');
        escape_word(&url[address.len()..], clean);
        escape_word(after, clean);
    }
}

fn escape_word(word: &str, clean: &mut String) {
    for character in word.chars() {
        if matches!(character, '<' | '>' | '[' | ']') {
            clean.push('\\');
        }
        clean.push(character);
    }
}

#[cfg(test)]
mod tests {
    use super::markdown;

    #[test]
    fn text_becomes_markdown_for_rustdoc() {
        for (text, expected) in [
            ("plain words", "plain words"),
            ("a `Vec<T>` of [things]", r"a `Vec<T>` of \[things\]"),
            (
                "an <id>, see https://example.org/a.",
                r"an \<id\>, see <https://example.org/a>.",
            ),
            ("(https://example.org)", "(<https://example.org>)"),
            ("    indented\n```\ncode", "indented\n'''\ncode"),
            ("one ` alone <b>", r"one ` alone \<b\>"),
        ] {
            assert_eq!(markdown(text), expected);
        }
    }
}
