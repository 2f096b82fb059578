//! The rules for every value that a person writes: what is removed around it, and what it must not
//! contain.
//!
//! A value passes through files with foreign line ends, shells, web pages and chats before it gets
//! here. What they add at its ends is removed. Inside, it is an error: a server would get another
//! value than the person sees.

use crate::invisible::is_invisible;

/// The maximum length of an id, in bytes: gateways refuse a URL of 8 KiB.
pub(crate) const MAX_ID_BYTES: usize = 1024;

/// Removes white space and invisible characters around a value: line ends, tabs, no-break spaces, a
/// byte order mark.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches(|character: char| character.is_whitespace() || is_invisible(character))
}

/// Returns why no setting can have this value, as the end of a sentence; `None` if one can.
pub(crate) fn problem(text: &str) -> Option<&'static str> {
    if is_quoted(text) {
        // Shells and most readers of `.env` files remove quotes; Docker's `--env-file` does not.
        Some("is in quotes; remove them")
    } else if text.contains(char::is_control) {
        Some("contains a control character")
    } else if text.contains(is_invisible) {
        Some("contains an invisible character")
    } else {
        None
    }
}

/// Returns why this cannot be an id in a query, wherever it comes from.
///
/// A control character would be encoded, but nobody intends one, and some servers and logs treat it
/// as the end.
pub(crate) fn id_problem(id: &str) -> Option<&'static str> {
    if id.is_empty() {
        Some("is empty")
    } else if id.contains(char::is_control) {
        Some("contains a control character")
    } else if id.len() > MAX_ID_BYTES {
        Some("is longer than 1024 bytes")
    } else {
        None
    }
}

/// Returns whether a character is a quotation mark, straight or typographic.
pub(crate) fn is_quote(character: char) -> bool {
    is_double_quote(character) || matches!(character, '\'' | '`' | '´' | '‘' | '’' | '‚' | '‛' | '‹' | '›')
}

fn is_double_quote(character: char) -> bool {
    matches!(character, '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '＂')
}

/// A single quote at only one end may be an apostrophe.
fn is_quoted(text: &str) -> bool {
    let mut characters = text.chars();
    match (characters.next(), characters.next_back()) {
        (Some(first), Some(last)) => {
            is_double_quote(first) || is_double_quote(last) || is_quote(first) && is_quote(last)
        }
        (Some(only), None) => is_quote(only),
        (None, _) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_ID_BYTES, id_problem, problem, trim};

    #[test]
    fn what_files_and_copied_text_leave_around_a_value_is_removed() {
        for around in [
            "value",
            "value\r",
            "value\r\n",
            " value ",
            "\tvalue\t",
            "\u{a0}value\u{a0}",
            "\u{feff}value",
            "\u{200b}value\u{200b}",
            "\u{2028}value\u{85}\u{3000}",
        ] {
            assert_eq!(trim(around), "value", "{around:?}");
            assert_eq!(problem(trim(around)), None, "{around:?}");
        }
        assert_eq!(trim(" \r\n\u{feff}"), "");
    }

    #[test]
    fn what_no_person_means_is_a_problem() {
        for (text, expected) in [
            ("\"value\"", "is in quotes; remove them"),
            ("'value'", "is in quotes; remove them"),
            ("`value`", "is in quotes; remove them"),
            ("“value”", "is in quotes; remove them"),
            ("‘value’", "is in quotes; remove them"),
            ("«value»", "is in quotes; remove them"),
            ("\"value", "is in quotes; remove them"),
            ("value”", "is in quotes; remove them"),
            ("\"", "is in quotes; remove them"),
            ("\"\"", "is in quotes; remove them"),
            ("val\rue", "contains a control character"),
            ("val\tue", "contains a control character"),
            ("val\0ue", "contains a control character"),
            ("val\u{1b}[31mue", "contains a control character"),
            ("val\u{85}ue", "contains a control character"),
            ("val\u{feff}ue", "contains an invisible character"),
            ("val\u{200b}ue", "contains an invisible character"),
            ("val\u{202e}ue", "contains an invisible character"),
            ("val\u{2028}ue", "contains an invisible character"),
        ] {
            assert_eq!(problem(text), Some(expected), "{text:?}");
        }
        for text in [
            "",
            "value",
            "a b",
            "a\u{a0}b",
            "players'",
            "'; --",
            "ünïcode",
            "👩\u{200d}💻",
            "a\"b",
        ] {
            assert_eq!(problem(text), None, "{text:?}");
        }
    }

    #[test]
    fn an_id_has_a_maximum_length() {
        assert_eq!(id_problem(&"x".repeat(MAX_ID_BYTES)), None);
        for length in [MAX_ID_BYTES + 1, 2 * MAX_ID_BYTES] {
            assert_eq!(id_problem(&"x".repeat(length)), Some("is longer than 1024 bytes"));
        }
        assert_eq!(id_problem(""), Some("is empty"));
        assert_eq!(id_problem("two\nlines"), Some("contains a control character"));
    }
}
