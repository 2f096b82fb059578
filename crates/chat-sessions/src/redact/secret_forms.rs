//! The ways in which a secret can be written, and the pieces of it that are searched for.
//!
//! A piece is a dozen characters of a secret, so a longer part of the secret consists of pieces
//! that overlap. A shorter secret is a single piece. These encodings are recognised:
//!
//! - plain, in upper or lower case;
//! - escaped for URLs, for JSON and other string literals, or for HTML, in whole or in part, once
//!   or several times (`escapes.rs`);
//! - in hexadecimal, with or without `:`, `-`, `,`, white space or `0x` between the bytes;
//! - in base64 with either alphabet, alone or inside a longer text, padded or not;
//! - as a list of the decimal numbers of its bytes.
//!
//! White space, control characters and invisible characters in between are ignored, plain or
//! escaped, because they are left where a line was broken.

use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use crate::invisible::is_invisible;
use crate::redact::escapes::percent_decoded;
use crate::redact::pieces::{Form, Pieces};
use crate::redact::reader::Reader;

/// Replaces a secret, or a part of one.
pub(crate) const REDACTED: &str = "[redacted]";

/// The minimum length of a secret in bytes. No provider has shorter keys, and redacting shorter
/// texts would redact ordinary words.
pub(super) const SHORTEST: usize = 8;

/// How many characters of a secret are redacted without the rest of it. Fewer could be an ordinary
/// word, or the public beginning of a key.
const DOZEN: usize = 12;

/// All pieces of all secrets, in every encoding.
pub(super) struct Forms([Pieces; 3]);

impl Forms {
    pub(super) fn of(secrets: &[String]) -> Self {
        let all = |forms_of: fn(&str) -> Vec<Form>| {
            let mut all = Vec::new();
            for secret in secrets {
                all.extend(forms_of(secret));
            }
            all
        };
        let pieces = |forms, is_blank, prefix| Pieces::new(forms, Reader::new(is_blank, prefix));
        Self([
            pieces(all(as_text), is_blank, None),
            pieces(
                all(as_hexadecimal),
                |c| is_blank(c) || matches!(c, ':' | '-' | ','),
                Some("0x"),
            ),
            pieces(all(as_numbers), |c| is_blank(c) || c == ',', None),
        ])
    }

    /// Returns the text before an index, in which every part that consists of pieces is replaced. A
    /// part that continues behind the index is recognised too.
    pub(super) fn redacted(&self, text: &str, end: usize) -> String {
        let mut found = self.0.each_ref().map(|pieces| pieces.find(text).into_iter());
        let mut first_part = || {
            let start = |part: &Range<usize>| part.start;
            let next = found
                .iter_mut()
                .min_by_key(|parts| parts.as_slice().first().map_or(usize::MAX, start));
            next.and_then(Iterator::next)
        };
        let mut redacted = String::new();
        // The text before this index is copied or redacted.
        let mut done = 0;
        while let Some(part) = first_part().filter(|part| part.start < end) {
            // Overlapping parts are redacted together, so that nothing of either is left.
            if part.start >= done {
                redacted.push_str(&text[done..part.start]);
                redacted.push_str(REDACTED);
            }
            done = done.max(part.end);
        }
        redacted.push_str(text.get(done..end).unwrap_or_default());
        redacted
    }
}

/// Returns whether a character is ignored: it is left where a line was broken.
fn is_blank(character: char) -> bool {
    let is_joiner = matches!(character, '\u{200c}' | '\u{200d}');
    character.is_whitespace() || character.is_control() || is_invisible(character) || is_joiner
}

/// Plain or escaped, and in base64, which may be escaped too.
fn as_text(secret: &str) -> Vec<Form> {
    let mut plain = vec![normalised(secret)];
    // A server can set a cookie in escaped form and repeat it unescaped.
    plain.push(normalised(&percent_decoded(secret)));
    plain.dedup();
    // What is left of a secret of blanks alone would be found everywhere.
    plain.retain(|text| text.len() >= SHORTEST);
    let mut forms: Vec<Form> = plain
        .iter()
        .map(|text| Form::of_characters(text, DOZEN, SHORTEST))
        .collect();
    for shift in 0..3 {
        let mut digits = vec![
            base64_core(secret, shift, |bytes| STANDARD_NO_PAD.encode(bytes)),
            base64_core(secret, shift, |bytes| URL_SAFE_NO_PAD.encode(bytes)),
        ];
        digits.dedup();
        // So many digits depend on a dozen bytes alone, wherever these begin.
        let dozen = DOZEN * 8 / 6 - 1;
        forms.extend(
            digits
                .iter()
                .map(|digits| Form::of_characters(digits, dozen, SHORTEST * 4 / 3)),
        );
    }
    forms
}

/// Returns a text as it is compared: every run of blanks is a space, and several backslashes count
/// as one, because escaping doubles them.
fn normalised(text: &str) -> String {
    let mut normalised = String::with_capacity(text.len());
    for character in text.chars() {
        let character = if is_blank(character) { ' ' } else { character };
        if !(matches!(character, ' ' | '\\') && normalised.ends_with(character)) {
            normalised.push(character);
        }
    }
    normalised
}

fn as_hexadecimal(secret: &str) -> Vec<Form> {
    let digit = |value: u8| char::from_digit(value.into(), 16).unwrap_or_default();
    let bytes = secret.bytes().map(|byte| [digit(byte >> 4), digit(byte & 15)]);
    vec![Form::new(bytes, DOZEN, SHORTEST)]
}

fn as_numbers(secret: &str) -> Vec<Form> {
    // A space before each number; a piece does not begin with it.
    let numbers = secret.bytes().map(|byte| {
        let digits = [byte / 100, byte / 10 % 10, byte % 10].into_iter();
        let digits = digits.skip_while(|digit| *digit == 0);
        std::iter::once(' ').chain(digits.map(|digit| char::from(b'0' + digit)))
    });
    vec![Form::new(numbers, DOZEN, SHORTEST)]
}

/// Returns the base64 digits that depend on the secret alone if `shift` bytes, modulo 3, precede
/// it.
fn base64_core(secret: &str, shift: usize, encode: impl Fn(&[u8]) -> String) -> String {
    let mut padded = vec![0; shift];
    padded.extend_from_slice(secret.as_bytes());
    let encoded = encode(&padded);
    // The first digits mix the secret with the bytes before it, the last ones with the bytes after
    // it.
    let start = [0, 2, 3][shift];
    let end = padded.len() / 3 * 4 + [0, 1, 2][padded.len() % 3];
    encoded.get(start..end).unwrap_or_default().to_owned()
}
