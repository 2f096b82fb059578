//! Finds secrets in a text, in whatever encoding they appear.
//!
//! The tests of the command line include this file too, because they cannot depend on a package of
//! tests. Callers remove the places that may contain a secret before they search.

use std::collections::{BTreeSet, HashMap};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// The length in bytes of the pieces of a secret that are searched for. Shorter ones match by
/// chance.
const WINDOW: usize = 8;
/// The length in bytes of the prefix by which forms are looked up. Every form is longer.
const PREFIX: usize = 6;

/// Secrets, with every form in which they are searched for.
pub(crate) struct LeakFinder {
    /// Names of secrets and their forms, by prefix.
    forms: HashMap<[u8; PREFIX], Vec<(String, String)>>,
    /// Whether any form starts with these two bytes. This skips most of a text quickly.
    pairs: Vec<bool>,
}

fn pair(bytes: &[u8]) -> usize {
    usize::from(bytes[0]) << 8 | usize::from(bytes[1])
}

impl LeakFinder {
    /// Takes names and secrets. The search ignores white space, so the secrets must not contain
    /// any.
    pub(crate) fn new(secrets: &[(&str, &str)]) -> Self {
        let mut forms: HashMap<_, Vec<_>> = HashMap::new();
        let mut pairs = vec![false; 1 << 16];
        for (name, secret) in secrets {
            assert!(
                !secret.contains(char::is_whitespace) && secret.len() >= WINDOW,
                "{name}"
            );
            for window in secret.as_bytes().windows(WINDOW) {
                for (how, form) in forms_of(window) {
                    pairs[pair(form.as_bytes())] = true;
                    let prefix = form.as_bytes()[..PREFIX].try_into().unwrap();
                    forms.entry(prefix).or_default().push((format!("{name}, {how}"), form));
                }
            }
        }
        Self { forms, pairs }
    }

    /// Returns the secret that a text contains, if any, with the text around it.
    pub(crate) fn find(&self, text: &str) -> Option<String> {
        decodings(text)
            .iter()
            .find_map(|decoding| self.find_in(decoding.as_bytes()))
    }

    fn find_in(&self, decoded: &[u8]) -> Option<String> {
        for (start, prefix) in decoded.windows(PREFIX).enumerate() {
            if !self.pairs[pair(prefix)] {
                continue;
            }
            let candidates = self.forms.get(prefix).into_iter().flatten();
            let rest = &decoded[start..];
            if let Some((name, form)) = candidates
                .into_iter()
                .find(|(_, form)| rest.starts_with(form.as_bytes()))
            {
                let around = &decoded[start.saturating_sub(60)..decoded.len().min(start + 60)];
                return Some(format!("{name}: {form} in {}", String::from_utf8_lossy(around)));
            }
        }
        None
    }
}

/// Encodes a piece of a secret in every way that [`decodings`] does not undo.
fn forms_of(piece: &[u8]) -> Vec<(&'static str, String)> {
    let digits: Vec<String> = piece.iter().map(|byte| format!("{byte:02x}")).collect();
    let list: Vec<String> = piece.iter().map(u8::to_string).collect();
    let mut forms = vec![("a list of bytes", list.join(","))];
    for separator in ["", ":", "-", ",0x"] {
        forms.push(("hexadecimal", digits.join(separator)));
        forms.push(("hexadecimal", digits.join(separator).to_uppercase()));
    }
    if let Ok(text) = std::str::from_utf8(piece) {
        forms.push(("verbatim", text.to_owned()));
        forms.push(("in lower case", text.to_lowercase()));
        forms.push(("in upper case", text.to_uppercase()));
    }
    for shift in 0..3 {
        let padded = [&vec![0; shift], piece].concat();
        // The digits at the edges also depend on the neighbouring bytes, so they are omitted.
        let digits = [0, 2, 3][shift]..padded.len() * 8 / 6;
        forms.push(("base64", STANDARD_NO_PAD.encode(&padded)[digits.clone()].to_owned()));
        forms.push(("base64 for URLs", URL_SAFE_NO_PAD.encode(&padded)[digits].to_owned()));
    }
    forms
}

/// Returns a text without white space, and with its escapes decoded once and twice.
fn decodings(text: &str) -> BTreeSet<String> {
    let bare: String = text.chars().filter(|character| !character.is_whitespace()).collect();
    let mut decodings = BTreeSet::from([bare]);
    for _ in 0..2 {
        let further: Vec<String> = decodings
            .iter()
            .flat_map(|text| {
                [
                    without_percents(text),
                    without_backslashes(text),
                    without_entities(text),
                ]
            })
            .collect();
        decodings.extend(further);
    }
    decodings
}

/// Replaces each escape that starts with `sign`. `meaning` decodes the text after the sign: it
/// returns the decoded bytes and the length of the escape without its sign.
fn decoded_escapes(text: &str, sign: char, meaning: impl Fn(&str) -> Option<(Vec<u8>, usize)>) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(sign) {
        bytes.extend_from_slice(&rest.as_bytes()[..start]);
        let after = &rest[start + 1..];
        let (meant, length) = meaning(after).unwrap_or_else(|| (sign.to_string().into_bytes(), 0));
        bytes.extend_from_slice(&meant);
        rest = &after[length..];
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

fn number(digits: Option<&str>, radix: u32) -> Option<u32> {
    u32::from_str_radix(digits?, radix).ok()
}

fn character(code: u32) -> Option<Vec<u8>> {
    Some(char::from_u32(code)?.to_string().into_bytes())
}

fn without_percents(text: &str) -> String {
    decoded_escapes(text, '%', |escape| {
        let byte = u8::try_from(number(escape.get(..2), 16)?).ok()?;
        Some((vec![byte], 2))
    })
}

fn without_backslashes(text: &str) -> String {
    decoded_escapes(text, '\\', |escape| {
        if let Some(braced) = escape.strip_prefix("u{") {
            let end = braced.find('}')?;
            return Some((character(number(braced.get(..end), 16)?)?, end + 3));
        }
        if escape.starts_with('u') {
            return Some((character(number(escape.get(1..5), 16)?)?, 5));
        }
        if escape.starts_with('x') {
            return Some((vec![u8::try_from(number(escape.get(1..3), 16)?).ok()?], 3));
        }
        let escaped = escape.chars().next().filter(|escaped| "\\\"'/".contains(*escaped))?;
        Some((escaped.to_string().into_bytes(), 1))
    })
}

fn without_entities(text: &str) -> String {
    decoded_escapes(text, '&', |escape| {
        let end = escape.bytes().take(10).position(|byte| byte == b';')?;
        let name = &escape[..end];
        let code = match name {
            "amp" => '&'.into(),
            "lt" => '<'.into(),
            "gt" => '>'.into(),
            "quot" => '"'.into(),
            "apos" => '\''.into(),
            _ => match name.strip_prefix('#')?.strip_prefix(['x', 'X']) {
                Some(digits) => number(Some(digits), 16)?,
                None => number(name.strip_prefix('#'), 10)?,
            },
        };
        Some((character(code)?, end + 1))
    })
}

/// Replaces each cursor with `[cursor]`. A cursor contains the provider's page token by design.
pub(crate) fn without_cursors(text: &str) -> String {
    let mut parts = text.split("cs2_");
    let mut without = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        without.push_str("[cursor]");
        without.push_str(part.trim_start_matches(|character: char| {
            character.is_ascii_alphanumeric() || character == '-' || character == '_'
        }));
    }
    without
}
