//! Writes JSON in which no string holds a character that could control a terminal or reorder text.
//!
//! JSON requires the escape of C0 control characters and allows it for all others. So a program reads
//! the same text, and a person who looks at the output is not misled.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};

use super::visible::is_unsafe;

/// Writes a value on one line, without a newline.
pub(crate) fn write_json(out: impl Write, value: &(impl Serialize + ?Sized)) -> io::Result<()> {
    Ok(value.serialize(&mut Serializer::with_formatter(out, Escaping(CompactFormatter)))?)
}

/// Writes a value on several lines, without a newline at the end.
pub(crate) fn write_pretty_json(out: impl Write, value: &(impl Serialize + ?Sized)) -> io::Result<()> {
    let formatter = Escaping(PrettyFormatter::new());
    Ok(value.serialize(&mut Serializer::with_formatter(out, formatter))?)
}

/// A layout of JSON, with more characters escaped.
struct Escaping<F>(F);

impl<F: Formatter> Formatter for Escaping<F> {
    fn write_string_fragment<W: Write + ?Sized>(&mut self, out: &mut W, mut fragment: &str) -> io::Result<()> {
        while let Some((index, character)) = fragment.char_indices().find(|(_, character)| is_unsafe(*character)) {
            out.write_all(&fragment.as_bytes()[..index])?;
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            fragment = &fragment[index + character.len_utf8()..];
        }
        out.write_all(fragment.as_bytes())
    }

    /// Only strings contain such characters.
    fn write_raw_fragment<W: Write + ?Sized>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        self.write_string_fragment(out, fragment)
    }

    fn begin_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn end_object_key<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_key(out)
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_program_reads_the_same_text_and_a_person_sees_no_unsafe_character() {
        let text: String = (0..0x2100).chain(0xe0000..0xe0100).filter_map(char::from_u32).collect();
        let value = json!({ &text: [&text, { "a": null, "b": [] }, 1.5], "👩\u{200d}💻": {} });
        let (mut line, mut lines) = (Vec::new(), Vec::new());
        write_json(&mut line, &value).expect("a vector takes everything");
        write_pretty_json(&mut lines, &value).expect("a vector takes everything");
        for (written, plain) in [(line, format!("{value}")), (lines, format!("{value:#}"))] {
            let written = String::from_utf8(written).expect("it is UTF-8");
            assert!(!written.replace('\n', "").contains(is_unsafe));
            assert_eq!(serde_json::from_str::<Value>(&written).expect("it is JSON"), value);
            // Everything else is as usual.
            let rest: String = plain.chars().filter(|c| *c == '\n' || !is_unsafe(*c)).collect();
            assert_eq!(
                written.replace("\\u", "").len(),
                rest.replace("\\u", "").len() + 4 * escapes(&plain)
            );
        }
    }

    /// Counts the escapes that a text gets beyond those that JSON requires.
    fn escapes(text: &str) -> usize {
        let unsafe_ones = text.chars().filter(|c| *c != '\n' && is_unsafe(*c));
        unsafe_ones.map(char::len_utf16).sum()
    }
}
