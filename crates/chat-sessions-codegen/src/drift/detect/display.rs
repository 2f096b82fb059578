//! Decides what a report may show: names that look like data are shortened, and values are
//! described by kind.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::spec::Pointer;
use crate::validate::name_of_type;

/// The longest name that is shown in full.
const MAX_NAME_LENGTH: usize = 40;

/// The longest enum value that is shown, and written into a spec.
const MAX_VALUE_LENGTH: usize = 32;

/// Common prefixes of API keys.
const KEYS: [&str; 9] = ["sk-", "llx-", "pk-", "key-", "ghp_", "xox", "eyj", "bearer", "basic"];

/// Whether a name can be the name of a field, rather than an id, a key or user data.
pub(in crate::drift) fn is_a_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    // `@type` and `$schema` are names; an e-mail address is not.
    let rest = name.strip_prefix(['$', '@']).unwrap_or(name);
    rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.len() <= MAX_NAME_LENGTH
        && rest.chars().all(is_plain)
        && !KEYS.iter().any(|key| lower.starts_with(key))
        && !is_random(name)
}

/// Whether an enum value may be shown.
pub(in crate::drift) fn is_a_plain_value(value: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let lower = value.to_ascii_lowercase();
    !value.is_empty()
        && value.len() <= MAX_VALUE_LENGTH
        && value.chars().all(is_plain)
        && !KEYS.iter().any(|key| lower.starts_with(key))
        && !is_random(value)
}

/// Whether a text looks machine-made: many digits, hexadecimal, or mixed case unlike words.
fn is_random(text: &str) -> bool {
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    let longest_number = text.split(|c: char| !c.is_ascii_digit()).map(str::len).max();
    let is_random_part = |part: &str| {
        let count = |is: fn(&u8) -> bool| part.bytes().filter(is).count();
        let (upper, lower) = (count(u8::is_ascii_uppercase), count(u8::is_ascii_lowercase));
        let is_hexadecimal = part.len() >= 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
        part.len() > 32
            || (is_hexadecimal && digits(part) > 0)
            || (part.len() >= 12 && digits(part) >= 3)
            // Words joined in camel case rarely have fewer than four letters.
            || (part.len() >= 16 && upper * 4 > part.len() && lower * 4 > part.len())
    };
    digits(text) > 6 || longest_number > Some(4) || text.split(['_', '-', '.']).any(is_random_part)
}

/// A name as shown in a report.
pub(in crate::drift) fn display_name(name: &str) -> String {
    if is_a_name(name) {
        name.to_owned()
    } else {
        format!("({} characters)", name.chars().count())
    }
}

/// A path in a value as shown in a report: indices and names, which are shortened where they look
/// like data.
pub(in crate::drift) fn display_path(path: &str) -> String {
    let steps = path.split('/').skip(1);
    let is_position =
        |step: &str| step.len() <= 6 && !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit());
    let show = |step: &str| {
        let name = Pointer::unescaped(step);
        if is_position(&name) { name } else { display_name(&name) }
    };
    steps.fold(String::new(), |all, step| format!("{all}/{}", show(step)))
}

/// The path of a URL without its values: only words that the specs have in their paths are shown,
/// since any other segment can be data.
pub(in crate::drift) fn display_url_path(path: &str, words: &BTreeSet<&str>) -> String {
    let show = |segment: &str| {
        if segment.is_empty() || words.contains(segment) {
            segment.to_owned()
        } else {
            "…".to_owned()
        }
    };
    path.split('/').map(show).collect::<Vec<_>>().join("/")
}

/// The kind of a value in words, without the value.
pub(in crate::drift) fn kind_of_value(value: &Value) -> String {
    match value {
        Value::String(text) => {
            let count = text.chars().count();
            let what = if text.is_empty() {
                return "an empty string".to_owned();
            } else if text.bytes().all(|byte| byte.is_ascii_digit()) {
                "digit"
            } else {
                "character"
            };
            format!("a string of {count} {what}{}", if count == 1 { "" } else { "s" })
        }
        Value::Array(items) if items.is_empty() => "an empty array".to_owned(),
        other => with_article(name_of_type(other)),
    }
}

/// The name of a type with its article.
pub(in crate::drift) fn with_article(name: &str) -> String {
    match name {
        "null" => name.to_owned(),
        "integer" | "array" | "object" => format!("an {name}"),
        _ => format!("a {name}"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::{display_path, display_url_path, is_a_name, is_a_plain_value, kind_of_value};

    #[test]
    fn names_are_distinguished_from_data() {
        for name in [
            "pinned",
            "shared_access",
            "sessionId",
            "total_input_tokens",
            "x-request-id",
            "_meta",
            "$schema",
            "oauth2_url",
            "http_2",
            "createdAtUTC",
            "utf8",
            "sandbox_unknown",
            "includeDeletedSessionsToo",
        ] {
            assert!(is_a_name(name), "{name}");
        }
        for data in [
            "601308802842759168",
            "sk-planted",
            "llx-planted-key",
            "7f3c2a10-5b1e-4c7d-9a52-0d6f8e1b4c33",
            "deadbeef12",
            "What is it?",
            "me@example.org",
            "dGhpcyBpcyBhIHNlY3JldCBrZXk",
            "aB3dE5gH7jK9",
            "a/b",
            "",
            "VI601308802842759168",
            "eyJhbGciOi",
        ] {
            assert!(!is_a_name(data), "{data}");
        }
    }

    #[test]
    fn values_are_described_by_kind() {
        assert!(is_a_plain_value("read_only") && is_a_plain_value("2.0") && is_a_plain_value("TIKTOK"));
        assert!(
            !is_a_plain_value("two words")
                && !is_a_plain_value("sk-planted")
                && !is_a_plain_value("601308802842759168")
        );
        assert_eq!(kind_of_value(&json!("601308802842759168")), "a string of 18 digits");
        assert_eq!(kind_of_value(&json!("secret")), "a string of 6 characters");
        assert_eq!(kind_of_value(&json!(1.5)), "a number");
        assert_eq!(display_path("/data/sessions/0/a~1b"), "/data/sessions/0/(3 characters)");
        let words = BTreeSet::from(["api", "v1", "users"]);
        assert_eq!(
            display_url_path("/api/v1/users/alice/keys", &words),
            "/api/v1/users/…/…"
        );
    }
}
