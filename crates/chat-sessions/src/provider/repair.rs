//! Rewrites valid JSON that the JSON library cannot read, so that such a value costs at most its own
//! field.
//!
//! JSON allows more than Rust's types hold (RFC 8259, sections 6, 8.2 and 9). Three kinds of values
//! are rewritten:
//!
//! - half a surrogate pair in a string (`"\ud83d"`), which Python and JavaScript write when a text is
//!   cut in the middle of a character, becomes U+FFFD;
//! - a number beyond the range of `f64` (`1e400`) becomes a string of its digits;
//! - a value that is nested deeper than the library reads becomes a string of its JSON.
//!
//! Everything else stays byte by byte, invalid JSON included.

use std::borrow::Cow;

/// The deepest level that is kept. The library reads 127, and the output adds a few of its own.
const DEEPEST: usize = 100;

/// Returns the rewritten text; the text itself if there is nothing to rewrite.
pub(crate) fn repair(text: &str) -> Cow<'_, str> {
    let mut repair = Repair {
        text,
        copied: 0,
        output: String::new(),
    };
    let mut at = 0;
    let mut depth = 0_usize;
    while let Some(&byte) = text.as_bytes().get(at) {
        let start = at;
        match byte {
            b'"' => at = repair.string(start),
            b'-' | b'0'..=b'9' => {
                at = end_of_number(text, start);
                repair.number(start, at);
            }
            b'{' | b'[' if depth == DEEPEST => {
                at = end_of_nested(text, start);
                repair.replace(start, at, &quoted(&text[start..at]));
            }
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                at += 1;
            }
            _ => at += 1,
        }
    }
    repair.finish()
}

/// The output so far: `text` up to `copied`, with replacements.
struct Repair<'a> {
    text: &'a str,
    copied: usize,
    output: String,
}

impl<'a> Repair<'a> {
    fn replace(&mut self, start: usize, end: usize, by: &str) {
        self.output.push_str(&self.text[self.copied..start]);
        self.output.push_str(by);
        self.copied = end;
    }

    fn finish(mut self) -> Cow<'a, str> {
        if self.copied == 0 {
            return Cow::Borrowed(self.text);
        }
        self.output.push_str(&self.text[self.copied..]);
        Cow::Owned(self.output)
    }

    /// Repairs the string that starts at a quotation mark, and returns its end.
    fn string(&mut self, start: usize) -> usize {
        let mut at = start + 1;
        while let Some(escape) = next_escape_or_end(self.text, &mut at) {
            match code_unit(self.text, escape) {
                Some(0xD800..=0xDBFF) if matches!(code_unit(self.text, escape + 6), Some(0xDC00..=0xDFFF)) => {
                    at = escape + 12;
                }
                Some(0xD800..=0xDFFF) => {
                    at = escape + 6;
                    self.replace(escape, at, "\\ufffd");
                }
                _ => at = escape + 2,
            }
        }
        at
    }

    fn number(&mut self, start: usize, end: usize) {
        let number = &self.text[start..end];
        if number.parse::<f64>().is_ok_and(f64::is_infinite) {
            self.replace(start, end, &quoted(number));
        }
    }
}

/// Moves to the next escape within a string, and returns its position; `None` behind the string's
/// end.
fn next_escape_or_end(text: &str, at: &mut usize) -> Option<usize> {
    loop {
        match text.as_bytes().get(*at) {
            Some(b'\\') => return Some(*at),
            Some(b'"') => {
                *at += 1;
                return None;
            }
            Some(_) => *at += 1,
            None => return None,
        }
    }
}

/// Reads the UTF-16 code unit of an escape `\uXXXX`.
fn code_unit(text: &str, escape: usize) -> Option<u32> {
    let digits = text.get(escape..escape + 6)?.strip_prefix("\\u")?;
    let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_hex.then(|| u32::from_str_radix(digits, 16).ok()).flatten()
}

fn end_of_number(text: &str, start: usize) -> usize {
    let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
    let length = text.as_bytes()[start..].iter().take_while(|byte| is_part(byte)).count();
    start + length
}

/// Returns the end of the object or array that starts here; the end of the text if it has none.
fn end_of_nested(text: &str, start: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = start;
    while let Some(&byte) = text.as_bytes().get(at) {
        at += 1;
        match byte {
            b'"' => {
                while let Some(escape) = next_escape_or_end(text, &mut at) {
                    at = escape + 2;
                }
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return at;
                }
            }
            _ => {}
        }
    }
    text.len()
}

/// Returns a text as a JSON string.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use serde_json::Value;

    use super::{DEEPEST, repair};

    #[test]
    fn only_what_cannot_be_read_is_rewritten() {
        for (text, repaired) in [
            (r#""cut \ud83d""#, r#""cut \ufffd""#),
            (
                r#""\udc00 \ud83d\ud83d\ude00 \udc00""#,
                r#""\ufffd \ufffd\ud83d\ude00 \ufffd""#,
            ),
            (r#"{"\uDFFF": "\uD800\u0041"}"#, r#"{"\ufffd": "\ufffd\u0041"}"#),
            (
                "[1e400, -1e400, 1e-400, 1e308, 0e999]",
                r#"["1e400", "-1e400", 1e-400, 1e308, 0e999]"#,
            ),
            (r#"{"n":1E+4000}"#, r#"{"n":"1E+4000"}"#),
        ] {
            assert_eq!(repair(text), repaired, "{text}");
            assert!(serde_json::from_str::<Value>(text).is_err(), "{text}");
            assert!(serde_json::from_str::<Value>(repaired).is_ok(), "{repaired}");
        }
    }

    #[test]
    fn what_can_be_read_and_what_is_no_json_stay_as_they_are() {
        for text in [
            r#"{"a": "\\ud83d \"1e400\" \ud83d\ude00 \u0041", "b": [-1.5e-3, null]}"#,
            r#""\ud83"#,
            r#""\"#,
            "\"é\\u",
            "1e",
            "]]}",
            "NaN",
            "",
        ] {
            assert!(matches!(repair(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    #[test]
    fn what_is_nested_too_deeply_becomes_a_string_of_its_json() {
        let nested = |depth: usize| format!("{}\"]\"{}", "[".repeat(depth), "]".repeat(depth));
        assert!(matches!(repair(&nested(DEEPEST)), Cow::Borrowed(_)));
        let deep = nested(100_000);
        let repaired = repair(&deep);
        let mut value: Value = serde_json::from_str(&repaired).expect("it can be read now");
        for _ in 0..DEEPEST {
            value = value.get_mut(0).expect("a list in a list").take();
        }
        assert_eq!(value, nested(100_000 - DEEPEST));
        // A text that ends inside the nesting stays invalid.
        let cut = &deep[..1000];
        assert!(serde_json::from_str::<Value>(&repair(cut)).is_err());
    }
}
