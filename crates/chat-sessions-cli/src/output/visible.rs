//! Characters that could control a terminal, or reorder or hide the text around them, and what is
//! printed instead.
//!
//! Everything that people read passes through this file: a provider, a file name or a variable may
//! contain such characters. The joiners U+200C and U+200D stay, because Persian and emoji need them,
//! and so do the tags in the flag of a region, such as Scotland's.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

/// Returns whether a character must not be printed as it is: a control character, a bidirectional
/// control, a separator of lines, a tag, or another format character that nobody sees.
pub(crate) fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{206f}'
                | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

/// A part of a text.
pub(super) enum Part<'a> {
    /// A stretch that can be printed as it is.
    Safe(&'a str),
    Unsafe(char),
}

/// Divides a text into parts.
pub(super) fn parts(mut text: &str) -> impl Iterator<Item = Part<'_>> {
    std::iter::from_fn(move || {
        let first = text.chars().next()?;
        let end = match safe_length(text) {
            0 => first.len_utf8(),
            end => end,
        };
        let (part, rest) = text.split_at(end);
        text = rest;
        Some(if is_unsafe(first) {
            Part::Unsafe(first)
        } else {
            Part::Safe(part)
        })
    })
}

fn safe_length(text: &str) -> usize {
    let mut end = 0;
    while let Some(character) = text[end..].chars().next().filter(|character| !is_unsafe(*character)) {
        end += flag_length(&text[end..]).unwrap_or(character.len_utf8());
    }
    end
}

/// Returns the length of the flag of a region that a text begins with: a black flag, the code of the
/// region in tags, and the tag that ends it. A code is at most six characters long, too short to hide
/// a text.
fn flag_length(text: &str) -> Option<usize> {
    let tags = text.strip_prefix('\u{1f3f4}')?;
    let code = tags
        .chars()
        .take_while(|tag| matches!(tag, '\u{e0030}'..='\u{e0039}' | '\u{e0061}'..='\u{e007a}'));
    let rest = tags.get(code.take(6).map(char::len_utf8).sum()..)?;
    Some(text.len() - rest.strip_prefix('\u{e007f}')?.len())
}

/// Puts a text on one line, as the values of TSV are: `\t`, `\n`, `\r`, and the code of every other
/// unsafe character, such as `\u001b`.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    escaped(text, &[])
}

/// Like [`visible`], but keeps line breaks and tabs.
pub(crate) fn visible_lines(text: &str) -> Cow<'_, str> {
    escaped(text, &['\n', '\t'])
}

/// Escapes the unsafe characters of a text except those to keep.
fn escaped<'a>(text: &'a str, kept: &[char]) -> Cow<'a, str> {
    if !text.contains(is_unsafe) {
        return text.into();
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for part in parts(text) {
        match part {
            Part::Safe(stretch) => escaped.push_str(stretch),
            Part::Unsafe(character) if kept.contains(&character) => escaped.push(character),
            Part::Unsafe(character) => push_escape(&mut escaped, character),
        }
    }
    escaped.into()
}

/// Adds a character as `printf '%b'` of a shell, Python and C read it.
fn push_escape(text: &mut String, character: char) {
    let code = u32::from(character);
    // Writing to a string cannot fail.
    let _ = match character {
        '\t' => text.write_str("\\t"),
        '\n' => text.write_str("\\n"),
        '\r' => text.write_str("\\r"),
        _ if code > 0xffff => write!(text, "\\U{code:08x}"),
        _ => write!(text, "\\u{code:04x}"),
    };
}

/// Writes text for people: every unsafe character but a line break or a tab is escaped.
#[derive(Debug)]
pub(crate) struct VisibleWriter<W> {
    out: W,
    /// The beginning of a character whose rest has not been written yet.
    pending: Vec<u8>,
}

impl<W: Write> VisibleWriter<W> {
    pub(crate) fn new(out: W) -> Self {
        Self {
            out,
            pending: Vec::new(),
        }
    }
}

impl<W: Write> Write for VisibleWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pending.extend_from_slice(bytes);
        let complete = match std::str::from_utf8(&self.pending) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => self.pending.len(),
        };
        let rest = self.pending.split_off(complete);
        let text = std::mem::replace(&mut self.pending, rest);
        self.out
            .write_all(visible_lines(&String::from_utf8_lossy(&text)).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCOTLAND: &str = "\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}";

    #[test]
    fn unsafe_characters_become_visible_and_all_others_stay() {
        for (text, expected) in [
            ("a\tb\r\nc", r"a\tb\r\nc"),
            ("a\u{1b}]0;x\u{7}b\0\u{8}", r"a\u001b]0;x\u0007b\u0000\u0008"),
            ("\u{7f}\u{85}\u{9b}31m", r"\u007f\u0085\u009b31m"),
            (
                "abc\u{202e}cba\u{2066}\u{200f}\u{61c}",
                r"abc\u202ecba\u2066\u200f\u061c",
            ),
            ("a\u{2028}b\u{2029}c\u{feff}", r"a\u2028b\u2029c\ufeff"),
            ("a\u{e0061}\u{e0062}\u{e007f}b", r"a\U000e0061\U000e0062\U000e007fb"),
            (
                "👩\u{200d}💻 می\u{200c}خواهم e\u{301} ❤\u{fe0f} \\ שלום",
                "👩\u{200d}💻 می\u{200c}خواهم e\u{301} ❤\u{fe0f} \\ שלום",
            ),
            (SCOTLAND, SCOTLAND),
            ("\u{1f3f4}\u{e0067}\u{e0062}", r"🏴\U000e0067\U000e0062"),
            ("\u{1f3f4}\u{e007f}!", "\u{1f3f4}\u{e007f}!"),
            (
                "\u{1f3f4}\u{e0061}\u{e0061}\u{e0061}\u{e0061}\u{e0061}\u{e0061}\u{e0061}\u{e007f}",
                r"🏴\U000e0061\U000e0061\U000e0061\U000e0061\U000e0061\U000e0061\U000e0061\U000e007f",
            ),
        ] {
            assert_eq!(visible(text), expected, "{text:?}");
        }
        assert!(matches!(visible("plain"), Cow::Borrowed("plain")));
        assert_eq!(visible_lines("a\n\tb\r\u{1b}"), "a\n\tb\\r\\u001b");
    }

    #[test]
    fn a_stream_is_made_visible_wherever_it_is_divided() {
        let text = "a\tb\r\n\u{1b}[31mc\u{7f}\u{9b}1m\u{a0}é\u{0}日\u{202e}💻\n";
        let expected = "a\tb\\r\n\\u001b[31mc\\u007f\\u009b1m\u{a0}é\\u0000日\\u202e💻\n";
        for length in 1..=text.len() {
            let mut out = VisibleWriter::new(Vec::new());
            for piece in text.as_bytes().chunks(length) {
                out.write_all(piece).expect("a vector takes everything");
            }
            assert_eq!(String::from_utf8(out.out).as_deref(), Ok(expected), "{length}");
        }
    }

    #[test]
    fn bytes_that_are_not_text_are_replaced() {
        let mut out = VisibleWriter::new(Vec::new());
        out.write_all(b"a\xff\xc3").expect("a vector takes everything");
        out.write_all(b"b").expect("a vector takes everything");
        assert_eq!(String::from_utf8(out.out).as_deref(), Ok("a\u{fffd}\u{fffd}b"));
    }
}
