//! Removes secrets from texts in which a server may repeat them: the key, the page token, the
//! `unique_id`, cookies.

use std::cell::OnceCell;

use http::HeaderMap;
use http::header::SET_COOKIE;

use crate::config::ApiKey;
use crate::redact::secret_forms::{Forms, REDACTED, SHORTEST};

/// How many characters of a text are kept. This is many more than an error shows, because a secret
/// that is cut in two would not be recognised. It is limited because a whole body can be one text.
const LONGEST: usize = 5000;
/// How many further characters are searched for the rest of a secret: more than twelve characters
/// have in the longest encoding.
const FURTHER: usize = 500;

/// Unicode promises that this is never a character, so no secret contains it.
const NO_CHARACTER: &str = "\u{fdd0}";

/// The secrets to redact in the texts of one response.
///
/// It has no `Debug`.
pub(crate) struct Secrets {
    texts: Vec<String>,
    /// The forms of the secrets, built for the first text to redact: most responses are not errors.
    forms: OnceCell<Forms>,
}

impl Secrets {
    /// Starts with the key of the account and the other secrets of the request.
    pub(crate) fn new<'a>(key: &ApiKey, others: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        let mut secrets = Self {
            texts: Vec::new(),
            forms: OnceCell::new(),
        };
        secrets.add(key.expose());
        for other in others.into_iter().flatten() {
            secrets.add(other);
        }
        secrets
    }

    /// Adds the cookies that a response sets: a session cookie is as good as a key.
    pub(crate) fn add_cookies(&mut self, headers: &HeaderMap) {
        for cookie in cookies(headers) {
            self.add(&cookie);
        }
    }

    /// Adds a secret. A text that is too short is ignored.
    pub(crate) fn add(&mut self, text: &str) {
        if text.len() >= SHORTEST && !self.texts.iter().any(|known| known == text) {
            self.texts.push(text.to_owned());
            self.forms = OnceCell::new();
        }
    }

    /// Redacts every secret in a text, and every part of one that has at least twelve characters, in
    /// each encoding that `secret_forms.rs` lists. If the end of the text cuts a secret off, eight of
    /// its characters are enough. Only the first 5000 characters of the text are kept.
    pub(crate) fn redact(&self, mut text: String) -> String {
        let end_of = |characters| text.char_indices().nth(characters).map(|(end, _)| end);
        let Some(end) = end_of(LONGEST) else {
            return self.redact_all(&text);
        };
        if let Some(further) = end_of(LONGEST + FURTHER) {
            text.truncate(further);
        }
        without_cookies(self.forms().redacted(&text, end))
    }

    /// Redacts every secret in a text of any length, and keeps the whole text.
    pub(crate) fn redact_all(&self, text: &str) -> String {
        without_cookies(self.forms().redacted(text, text.len()))
    }

    /// Returns whether a secret is left in a text in which others were redacted.
    pub(crate) fn remain_in(&self, text: &str) -> bool {
        // What stands before and behind a redacted secret must not be read as one text.
        let text = text.replace(REDACTED, NO_CHARACTER);
        self.forms().redacted(&text, text.len()) != text
    }

    fn forms(&self) -> &Forms {
        self.forms.get_or_init(|| Forms::of(&self.texts))
    }
}

/// Returns the values of the cookies that a response sets.
pub(crate) fn cookies(headers: &HeaderMap) -> impl Iterator<Item = String> {
    headers.get_all(SET_COOKIE).into_iter().map(|cookie| {
        let text = String::from_utf8_lossy(cookie.as_bytes());
        let pair = text.split(';').next().unwrap_or_default();
        let value = pair.split_once('=').map_or(pair, |(_, value)| value);
        value.trim().trim_matches('"').to_owned()
    })
}

/// If a server repeats a cookie header, redacts each line after the name of the first cookie. A
/// program can add cookies of its own with `configure_http`, which this crate does not see.
fn without_cookies(text: String) -> String {
    const NAME: &str = "cookie";
    // Changing the case of non-ASCII characters would move the indexes.
    if !text.to_ascii_lowercase().contains(NAME) {
        return text;
    }
    let line = |line: &str| {
        let lower = line.to_ascii_lowercase();
        let behind_name = lower.match_indices(NAME).map(|(start, _)| start + NAME.len());
        let values = behind_name.filter_map(|end| {
            let header = line[end..].trim_start_matches(['"', '\'', '\\', ' ']);
            let header = header.strip_prefix(':')?;
            let value = header.find('=')? + 1;
            Some(line.len() - header.len() + value)
        });
        match values.min() {
            Some(value) => format!("{}{REDACTED}", &line[..value]),
            None => line.to_owned(),
        }
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

    use super::*;

    fn blanked(secret: &str, text: &str) -> String {
        Secrets::new(&ApiKey::from(secret), []).redact(text.to_owned())
    }

    #[test]
    fn a_secret_is_blanked_however_it_is_written() {
        const KEY: &str = "sk-needle/47+11=\"~ü&\\😀";
        for form in [
            KEY,
            // Escaped for URLs, by the rules of a path, of a form, of some other program, and
            // twice.
            "sk-needle%2F47%2B11%3D%22~%C3%BC%26%5C%F0%9F%98%80",
            "sk-needle%2f47%2b11%3d%22%7e%c3%bc%26%5c%f0%9f%98%80",
            "sk-needle/47%2B11=%22%7E%C3%BC&%5C%F0%9F%98%80",
            "sk-needle%252F47%252B11%253D%2522~%25C3%25BC%2526%255C%25F0%259F%2598%2580",
            // Escaped for JSON, in ASCII or not, and as JSON inside JSON.
            r#"sk-needle/47+11=\"~ü&\\😀"#,
            r#"sk-needle\/47+11=\"~\u00fc&\\\ud83d\uDE00"#,
            r#"sk-needle\/47+11=\\\"~\\u00fc\\u0026\\\\\\ud83d\\ude00"#,
            r#"sk-needle/47+11=\"~\u{fc}&\\\u{1f600}"#,
            r#"\x73k-needle\x2F47+11=\"~\xc3\xbc\\x26\\\xf0\x9f\x98\x80"#,
            // Escaped for HTML.
            "sk-needle/47+11=&quot;~ü&amp;\\😀",
            "sk-needle&#x2F;47&#43;11=&#34;~&#252;&amp;\\&#x1f600;",
            "sk-needle/47+11=&amp;quot;~ü&amp;amp;\\😀",
            "736b2d6e6565646c652f34372b31313d227ec3bc265cf09f9880",
            "736B2D6E6565646C652F34372B31313D227EC3BC265CF09F9880",
        ] {
            assert_eq!(
                blanked(KEY, &format!("a {form} b {form}")),
                "a [redacted] b [redacted]",
                "{form}"
            );
        }
        for before in ["", "B", "Be", "Bearer "] {
            for behind in ["", "x", "xy", "xyz"] {
                let whole = format!("{before}{KEY}{behind}");
                for whole in [
                    STANDARD_NO_PAD.encode(&whole),
                    STANDARD_NO_PAD.encode(&whole).replace('/', "%2F").replace('+', "%2b"),
                    STANDARD_NO_PAD.encode(&whole).replace('/', "\\/"),
                    URL_SAFE_NO_PAD.encode(&whole),
                ] {
                    let blanked = blanked(KEY, &whole);
                    assert!(blanked.contains(REDACTED), "{before:?} {behind:?} {whole} {blanked}");
                    // The rest holds less than a character of the secret on either side.
                    assert!(
                        whole.len() - (blanked.len() - REDACTED.len()) >= KEY.len() * 4 / 3 - 2,
                        "{blanked}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_reads_in_two_ways_is_found_in_each() {
        for (secret, text, expected) in [
            ("100%25off!", "at 100%25off!", "at [redacted]"),
            ("100%25off!", "at 100%2525off!", "at [redacted]"),
            ("100%25off!", "at 100%252525off!", "at [redacted]"),
            ("100%25off!", "at 100%off!", "at [redacted]"),
            ("a&amp;b&amp;", "a&amp;b&amp; c", "[redacted] c"),
            ("my  team's id", "my team's id", "[redacted]"),
            ("my team's id", "my+team%27s+id", "[redacted]"),
            ("C:\\\\temp\\x", "C:\\\\temp\\x", "[redacted]"),
            ("C:\\\\temp\\x", "C:\\\\\\\\temp\\\\x", "[redacted]"),
        ] {
            assert_eq!(blanked(secret, text), expected, "{secret} in {text}");
        }
    }

    #[test]
    fn a_secret_that_the_end_of_a_text_cuts_off_is_blanked() {
        const KEY: &str = "sk-needle/4711";
        for (text, expected) in [
            ("key sk-needle/47", "key [redacted]"),
            ("key sk-needle", "key [redacted]"),
            ("key sk-needle%2", "key [redacted]"),
            ("key sk-needle\\", "key [redacted]"),
            ("key 736b2d6e6565646c", "key [redacted]"),
            // A rest as short as this could be a word.
            ("key sk-need", "key sk-need"),
            (
                "key sk-needle is cut in the middle",
                "key sk-needle is cut in the middle",
            ),
        ] {
            assert_eq!(blanked(KEY, text), expected, "{text}");
        }
    }

    #[test]
    fn cookies_in_a_repeated_header_are_blanked() {
        for (text, expected) in [
            ("no biscuit", "no biscuit"),
            ("Invalid cookie: it is stale", "Invalid cookie: it is stale"),
            ("Cookie: a=secret; b=secret", "Cookie: a=[redacted]"),
            (
                "x\n\"set-cookie\": \"a=secret\"\ny",
                "x\n\"set-cookie\": \"a=[redacted]\ny",
            ),
            ("Cookie and Cookie: a=secret", "Cookie and Cookie: a=[redacted]"),
        ] {
            assert_eq!(blanked("sk-needle", text), expected);
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
    fn secrets_that_overlap_leave_nothing_of_each_other() {
        let secrets = Secrets::new(&ApiKey::from("sk-needle-4711"), [Some("4711-haystack")]);
        for (text, expected) in [
            ("a sk-needle-4711-haystack b", "a [redacted] b"),
            ("a 4711-haystacksk-needle-4711 b", "a [redacted][redacted] b"),
        ] {
            assert_eq!(secrets.redact(text.to_owned()), expected, "{text}");
        }
    }

    #[test]
    fn a_text_of_any_length_is_looked_through_at_once() {
        let secret = "sk-needle/4711";
        for filling in [
            "\\", "%", "%25", "25", "%5C", "&", "&amp;", "amp;", "sk-needl", "s ", "s%20", "s\\", "6b,", "cookie:",
            "<", " ",
        ] {
            let text = filling.repeat((1 << 20) / filling.len());
            for text in [format!("{secret}{text}"), format!("{text}{secret}")] {
                let shown = blanked(secret, &text);
                assert!(!shown.contains(secret), "{filling}");
                assert!(shown.chars().count() <= LONGEST + REDACTED.len(), "{filling}");
            }
            let text = format!("{}.", &text[..1 << 14]);
            let shown = Secrets::new(&ApiKey::from(secret), []).redact_all(&text);
            assert!(shown == text, "{filling}");
        }
    }

    #[test]
    fn short_texts_are_left() {
        assert_eq!(blanked("default", "the default is default"), "the default is default");
        assert_eq!(blanked("", "text"), "text");
    }
}
