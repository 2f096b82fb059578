//! JSON escapes that YAML does not have: a character above U+FFFF as a pair of surrogates.

use std::borrow::Cow;

use crate::location::Location;

/// How much shorter the YAML escape of a character is than its two JSON escapes.
pub(super) const SAVED_CHARACTERS: usize = r"\ud83d\ude00".len() - r"\U0001f600".len();

/// JSON escapes a character above U+FFFF as a surrogate pair, which YAML does not have. In a text
/// that is JSON, this joins each pair into one YAML escape. It returns the new text and where a
/// line became shorter.
pub(super) fn join_surrogates(text: &str, is_json: bool) -> (Cow<'_, str>, Vec<Location>) {
    if !is_json || !text.contains("\\ud") && !text.contains("\\uD") {
        return (Cow::Borrowed(text), Vec::new());
    }
    let mut joined = String::with_capacity(text.len());
    let mut shortened = Vec::new();
    let mut location = Location { line: 1, column: 1 };
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        // A backslash consumes the next character, so the second of two starts no escape.
        let length = match first {
            '\\' => first.len_utf8() + rest[1..].chars().next().map_or(0, char::len_utf8),
            _ => first.len_utf8(),
        };
        let (taken, after) = rest.split_at(length);
        if let Some((character, after)) = pair(rest) {
            let escape = format!("\\U{:08x}", u32::from(character));
            location.column += escape.len();
            shortened.push(location);
            joined.push_str(&escape);
            rest = after;
            continue;
        }
        joined.push_str(taken);
        rest = after;
        if first == '\n' {
            location = Location {
                line: location.line + 1,
                column: 1,
            };
        } else {
            location.column += taken.chars().count();
        }
    }
    (Cow::Owned(joined), shortened)
}

/// The character of the surrogate pair at the start of a text, and the rest of the text.
fn pair(text: &str) -> Option<(char, &str)> {
    let half = |text: &str| u16::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok();
    let (high, low) = (half(text)?, half(text.get(6..)?)?);
    let character = char::decode_utf16([high, low]).next()?.ok()?;
    // Two escapes that are not surrogates are two characters, and stay.
    (character.len_utf16() == 2).then_some((character, text.get(12..)?))
}
