//! What must not stand in any error, although a server may repeat it: the key, the page token, the `unique_id`, cookies.

use std::cell::OnceCell;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use chat_sessions_wire::Received;
use http::header::SET_COOKIE;

use crate::key::ApiKey;

const BLANK: &str = "[redacted]";

/// What is blanked in the texts of one answer.
///
/// It has no `Debug`.
pub(crate) struct Secrets {
    texts: Vec<String>,
    /// What they look like, made when the first text is to be blanked: most answers are no error.
    forms: OnceCell<Vec<String>>,
}

impl Secrets {
    /// Takes the key of the account and what else went into the request.
    pub(crate) fn new<'a>(key: &ApiKey, others: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        let mut secrets = Self {
            texts: Vec::new(),
            forms: OnceCell::new(),
        };
        // No provider has a key of fewer characters, and blanking one would blank ordinary words.
        secrets.add(key.expose(), 8);
        for other in others.into_iter().flatten() {
            secrets.add(other, 8);
        }
        secrets
    }

    /// Adds the cookies that an answer sets: the session that one stands for is as good as a key.
    pub(crate) fn add_cookies(&mut self, received: &Received) {
        for cookie in received.headers.get_all(SET_COOKIE) {
            let text = String::from_utf8_lossy(cookie.as_bytes());
            let pair = text.split(';').next().unwrap_or_default();
            let value = pair.split_once('=').map_or(pair, |(_, value)| value);
            self.add(value.trim().trim_matches('"'), 8);
        }
    }

    fn add(&mut self, text: &str, shortest: usize) {
        if text.len() >= shortest {
            self.texts.push(text.to_owned());
            self.forms = OnceCell::new();
        }
    }

    /// Blanks every secret in a text, as it is and as a server may have written it: percent-encoded, in hexadecimal digits, or
    /// in base64, alone or in the middle of something longer. A text may end within a secret, since only the beginning of a
    /// long answer is shown.
    pub(crate) fn blank(&self, text: String) -> String {
        let mut text = text;
        let forms = || self.texts.iter().flat_map(|secret| forms(secret)).collect();
        for form in self.forms.get_or_init(forms) {
            if text.contains(form) {
                text = text.replace(form, BLANK);
            }
            if let Some(end) = cut_off(form, &text) {
                text.truncate(end);
                text.push_str(BLANK);
            }
        }
        text
    }
}

/// Finds where the beginning of a secret ends a text. As of whole secrets, nothing of fewer than 8 bytes counts.
fn cut_off(form: &str, text: &str) -> Option<usize> {
    let (form, text) = (form.as_bytes(), text.as_bytes());
    let last = text.last()?;
    (8..form.len())
        .rev()
        .find(|length| form[length - 1] == *last && text.ends_with(&form[..*length]))
        .map(|length| text.len() - length)
}

fn forms(secret: &str) -> Vec<String> {
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut forms = vec![
        secret.to_owned(),
        percent_encoded(secret, false),
        percent_encoded(secret, true),
    ];
    forms.extend(
        secret
            .contains(['"', '\\'])
            .then(|| secret.escape_default().to_string()),
    );
    forms.push(hex.to_uppercase());
    forms.push(hex);
    for shift in 0..3 {
        forms.push(base64_core(secret, shift, |bytes| STANDARD_NO_PAD.encode(bytes)));
        forms.push(base64_core(secret, shift, |bytes| URL_SAFE_NO_PAD.encode(bytes)));
    }
    // An empty form would stand everywhere.
    forms.retain(|form| !form.is_empty());
    forms
}

/// Writes a text as a query does, which may write a space as `+`.
fn percent_encoded(text: &str, plus: bool) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b' ' if plus => encoded.push('+'),
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            b'*' if plus => encoded.push('*'),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// Gives the digits in which only the secret has a say when something of `shift` bytes, modulo 3, stands before it.
fn base64_core(secret: &str, shift: usize, encode: impl Fn(&[u8]) -> String) -> String {
    let mut padded = vec![0; shift];
    padded.extend_from_slice(secret.as_bytes());
    let encoded = encode(&padded);
    // The first digits mix the secret with what stands before it, the last ones with what stands behind it.
    let start = [0, 2, 3][shift];
    let end = padded.len() / 3 * 4 + [0, 1, 2][padded.len() % 3];
    encoded.get(start..end).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blanked(secret: &str, text: &str) -> String {
        Secrets::new(&ApiKey::from(secret), []).blank(text.to_owned())
    }

    #[test]
    fn a_secret_is_blanked_however_it_is_written() {
        const KEY: &str = "sk-needle/47+11 ü";
        for form in forms(KEY) {
            assert_eq!(blanked(KEY, &format!("a {form} b")), "a [redacted] b");
        }
        for before in ["", "B", "Be", "Bearer "] {
            for behind in ["", "x", "xy", "xyz"] {
                let whole = STANDARD_NO_PAD.encode(format!("{before}{KEY}{behind}"));
                let blanked = blanked(KEY, &whole);
                assert!(blanked.contains(BLANK), "{before:?} {behind:?} {whole} {blanked}");
                // What is left holds less than a character of the secret on either side.
                assert!(
                    whole.len() - (blanked.len() - BLANK.len()) >= KEY.len() * 4 / 3 - 2,
                    "{blanked}"
                );
            }
        }
    }

    #[test]
    fn a_secret_is_blanked_where_the_text_ends_within_it() {
        const KEY: &str = "sk-needle4711";
        for length in 8..=KEY.len() {
            assert_eq!(blanked(KEY, &format!("a {}", &KEY[..length])), "a [redacted]");
        }
        assert_eq!(blanked(KEY, "a sk-ne"), "a sk-ne");
        assert_eq!(blanked(KEY, "a sk-needle4 b"), "a sk-needle4 b", "only at the end");
    }

    #[test]
    fn short_texts_are_left() {
        assert_eq!(blanked("default", "the default is default"), "the default is default");
        assert_eq!(blanked("", "text"), "text");
    }
}
