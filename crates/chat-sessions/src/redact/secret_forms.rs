//! Searches a text for all the ways in which a secret can be written, in one pass.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use crate::redact::escapes::{percent_decoded, written};

/// Replaces a secret.
pub(crate) const REDACTED: &str = "[redacted]";

/// The minimum length of a secret in characters. No provider has shorter keys, and redacting
/// shorter texts would redact ordinary words.
pub(super) const SHORTEST: usize = 8;

/// All forms of all secrets, searched for together.
pub(super) struct Forms {
    forms: Vec<Form>,
    /// The ASCII characters with which a form can begin. Most characters of a text need no closer
    /// look.
    begins: [bool; 128],
}

impl Forms {
    pub(super) fn of(secrets: &[String]) -> Self {
        let forms: Vec<Form> = secrets.iter().flat_map(|secret| forms(secret)).collect();
        let begins = std::array::from_fn(|code| {
            u8::try_from(code).is_ok_and(|code| forms.iter().any(|form| form.may_begin(code.into())))
        });
        Self { forms, begins }
    }

    pub(super) fn redacted(&self, text: &str) -> String {
        let mut redacted = String::new();
        // The text before this index is copied or redacted.
        let mut done = 0;
        let mut readings = Readings::default();
        let mut before = None;
        for (start, character) in text.char_indices() {
            // A run of backslashes counts as one, so a match inside it begins at the first. Trying
            // every one of them would be slow in a text of nothing but backslashes.
            let again = before.replace(character) == Some('\\') && character == '\\';
            if again || !self.begins.get(character as usize).is_none_or(|begins| *begins) {
                continue;
            }
            let may_begin = self.forms.iter().filter(|form| form.may_begin(character));
            let ends = may_begin.filter_map(|form| form.end(&text[start..], &mut readings));
            let Some(length) = ends.max() else { continue };
            // Overlapping matches are redacted together, so that no part of either is left.
            if start >= done {
                redacted.push_str(&text[done..start]);
                redacted.push_str(REDACTED);
            }
            done = done.max(start + length);
        }
        redacted.push_str(&text[done..]);
        redacted
    }
}

/// One way to write a secret. Each of its characters may be escaped.
struct Form {
    /// The first of `characters`.
    first: char,
    characters: Vec<char>,
    /// How many characters at the end of a text count as the secret cut off.
    least: usize,
}

fn forms(secret: &str) -> Vec<Form> {
    let mut plain = vec![secret.to_owned()];
    // A snippet joins the words of a text with single spaces.
    plain.push(secret.split_whitespace().collect::<Vec<_>>().join(" "));
    // A server can set a cookie in escaped form and repeat it unescaped.
    plain.push(percent_decoded(secret));
    plain.dedup();

    let mut forms: Vec<_> = plain.iter().map(|text| Form::new(text, SHORTEST)).collect();
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    forms.push(Form::new(&hex.to_uppercase(), SHORTEST * 2));
    forms.push(Form::new(&hex, SHORTEST * 2));
    for shift in 0..3 {
        for core in [
            base64_core(secret, shift, |bytes| STANDARD_NO_PAD.encode(bytes)),
            base64_core(secret, shift, |bytes| URL_SAFE_NO_PAD.encode(bytes)),
        ] {
            forms.push(Form::new(&core, SHORTEST * 4 / 3));
        }
    }
    forms.into_iter().flatten().collect()
}

impl Form {
    /// Returns `None` for an empty text, which would match everywhere.
    fn new(text: &str, least: usize) -> Option<Self> {
        let mut characters: Vec<char> = text.chars().collect();
        // Several backslashes count as one, because escaping doubles them.
        characters.dedup_by(|next, before| *next == '\\' && *before == '\\');
        let first = *characters.first()?;
        Some(Self {
            first,
            characters,
            least,
        })
    }

    /// Returns whether a text with this first character can begin with the secret, plain or
    /// escaped.
    fn may_begin(&self, character: char) -> bool {
        character == self.first
            || matches!(character, '%' | '&' | '\\')
            || (self.first.is_whitespace() && (character.is_whitespace() || character == '+'))
    }

    /// Returns the end of the secret at the beginning of a text; `None` if the text does not begin
    /// with it.
    fn end(&self, text: &str, Readings { ends, further }: &mut Readings) -> Option<usize> {
        ends.clear();
        ends.push(0);
        for (matched, character) in self.characters.iter().enumerate() {
            further.clear();
            for end in ends.drain(..) {
                let rest: &str = &text[end..];
                if matched >= self.least && is_cut_off(rest) {
                    return Some(text.len());
                }
                further.extend(
                    written(rest, *character)
                        .into_iter()
                        .flatten()
                        .map(|length| end + length),
                );
            }
            if further.is_empty() {
                return None;
            }
            further.sort_unstable();
            further.dedup();
            std::mem::swap(ends, further);
        }
        ends.pop()
    }
}

/// The possible ends of the characters matched so far. A character can be read in several ways, and
/// only later characters show which one is right.
#[derive(Default)]
struct Readings {
    ends: Vec<usize>,
    /// The possible ends with one more character.
    further: Vec<usize>,
}

/// Returns whether a text is empty, or ends in the middle of an escape.
fn is_cut_off(rest: &str) -> bool {
    rest.is_empty() || (rest.len() < 6 && rest.starts_with(['%', '\\', '&']) && !rest.contains([';', ' ']))
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
