//! Looking for secrets in whatever a program says, however they may be written there.
//!
//! The tests of the command line include this file as well, since they cannot depend on a package of tests. It only looks;
//! what may stand where is its callers' to say.

use std::collections::{BTreeSet, HashMap};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// How many bytes of a secret in a row are found; fewer could be anything.
const WINDOW: usize = 8;
/// How many bytes of a form lead to it; each form has more.
const LEAD: usize = 6;

/// Secrets with every form in which they are looked for.
pub(crate) struct Needles {
    /// Forms with the name of the secret, by the bytes that they begin with.
    forms: HashMap<[u8; LEAD], Vec<(String, String)>>,
    /// Whether any form begins with these two bytes, since most of a text begins none.
    pairs: Vec<bool>,
}

fn pair(bytes: &[u8]) -> usize {
    usize::from(bytes[0]) << 8 | usize::from(bytes[1])
}

impl Needles {
    /// Takes secrets with their names. White space is not looked at, so they must have none.
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
                    let lead = form.as_bytes()[..LEAD].try_into().unwrap();
                    forms.entry(lead).or_default().push((format!("{name}, {how}"), form));
                }
            }
        }
        Self { forms, pairs }
    }

    /// Says which secret stands in a text, with what stands around it.
    pub(crate) fn find(&self, text: &str) -> Option<String> {
        readings(text)
            .iter()
            .find_map(|reading| self.find_in(reading.as_bytes()))
    }

    fn find_in(&self, reading: &[u8]) -> Option<String> {
        for (start, lead) in reading.windows(LEAD).enumerate() {
            if !self.pairs[pair(lead)] {
                continue;
            }
            let candidates = self.forms.get(lead).into_iter().flatten();
            let rest = &reading[start..];
            if let Some((name, form)) = candidates
                .into_iter()
                .find(|(_, form)| rest.starts_with(form.as_bytes()))
            {
                let around = &reading[start.saturating_sub(60)..reading.len().min(start + 60)];
                return Some(format!("{name}: {form} in {}", String::from_utf8_lossy(around)));
            }
        }
        None
    }
}

/// Writes a piece of a secret in every way that survives [`readings`].
fn forms_of(piece: &[u8]) -> Vec<(&'static str, String)> {
    let hex: String = piece.iter().map(|byte| format!("{byte:02x}")).collect();
    let list: Vec<String> = piece.iter().map(u8::to_string).collect();
    let mut forms = vec![
        ("hexadecimal", hex.clone()),
        ("hexadecimal", hex.to_uppercase()),
        ("a list of bytes", list.join(",")),
    ];
    if let Ok(text) = std::str::from_utf8(piece) {
        forms.push(("as it is", text.to_owned()));
        forms.push(("in lower case", text.to_lowercase()));
        forms.push(("in upper case", text.to_uppercase()));
    }
    for shift in 0..3 {
        let padded = [&vec![0; shift], piece].concat();
        // Digits in which what stands before or behind has a say are left out.
        let digits = [0, 2, 3][shift]..padded.len() * 8 / 6;
        forms.push(("base64", STANDARD_NO_PAD.encode(&padded)[digits.clone()].to_owned()));
        forms.push(("base64 for URLs", URL_SAFE_NO_PAD.encode(&padded)[digits].to_owned()));
    }
    forms
}

/// Gives a text as it is and with its escapes undone, up to twice, and without white space.
fn readings(text: &str) -> BTreeSet<String> {
    let bare: String = text.chars().filter(|character| !character.is_whitespace()).collect();
    let mut readings = BTreeSet::from([bare]);
    for _ in 0..2 {
        let further: Vec<String> = readings
            .iter()
            .flat_map(|text| {
                [
                    without_percents(text),
                    without_backslashes(text),
                    without_entities(text),
                ]
            })
            .collect();
        readings.extend(further);
    }
    readings
}

/// Replaces each escape that begins with `sign` and that `meaning` knows, which also gives the bytes behind the sign.
fn replaced(text: &str, sign: char, meaning: impl Fn(&str) -> Option<(Vec<u8>, usize)>) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(sign) {
        bytes.extend_from_slice(&rest.as_bytes()[..start]);
        let behind = &rest[start + 1..];
        let (meant, length) = meaning(behind).unwrap_or_else(|| (sign.to_string().into_bytes(), 0));
        bytes.extend_from_slice(&meant);
        rest = &behind[length..];
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
    replaced(text, '%', |behind| {
        let byte = u8::try_from(number(behind.get(..2), 16)?).ok()?;
        Some((vec![byte], 2))
    })
}

fn without_backslashes(text: &str) -> String {
    replaced(text, '\\', |behind| {
        if let Some(braced) = behind.strip_prefix("u{") {
            let end = braced.find('}')?;
            return Some((character(number(braced.get(..end), 16)?)?, end + 3));
        }
        if behind.starts_with('u') {
            return Some((character(number(behind.get(1..5), 16)?)?, 5));
        }
        if behind.starts_with('x') {
            return Some((vec![u8::try_from(number(behind.get(1..3), 16)?).ok()?], 3));
        }
        let escaped = behind.chars().next().filter(|escaped| "\\\"'/".contains(*escaped))?;
        Some((escaped.to_string().into_bytes(), 1))
    })
}

fn without_entities(text: &str) -> String {
    replaced(text, '&', |behind| {
        let end = behind.bytes().take(10).position(|byte| byte == b';')?;
        let name = &behind[..end];
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

/// Takes out the text of each cursor. It is the place in the list, and holds the provider's page token by its nature.
pub(crate) fn without_cursors(text: &str) -> String {
    let mut parts = text.split("cs1_");
    let mut without = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        without.push_str("[cursor]");
        without.push_str(part.trim_start_matches(|character: char| {
            character.is_ascii_alphanumeric() || character == '-' || character == '_'
        }));
    }
    without
}
