//! What must not stand in any error or recording, although a server may repeat it: the key, the page token, the `unique_id`,
//! cookies.

use std::cell::OnceCell;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use http::HeaderMap;
use http::header::SET_COOKIE;

use crate::error::shown_id;
use crate::key::ApiKey;
use crate::source::SourcePage;

/// What stands where a secret was.
pub(crate) const BLANK: &str = "[redacted]";

/// How many characters of a secret make it one. No provider has a key of fewer characters, and blanking them would blank
/// ordinary words.
const SHORTEST: usize = 8;

/// How many characters of a text are looked at, and kept: many more than an error shows, since a secret that is cut in two would
/// not be recognised, and a whole body can be one text.
const LONGEST: usize = 5000;

/// What is blanked in the texts of one answer.
///
/// It has no `Debug`.
pub(crate) struct Secrets {
    texts: Vec<String>,
    /// What they look like, made when the first text is to be blanked: most answers are no error.
    forms: OnceCell<Forms>,
}

impl Secrets {
    /// Takes the key of the account and what else went into the request.
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

    /// Adds the cookies that an answer sets: the session that one stands for is as good as a key.
    pub(crate) fn add_cookies(&mut self, headers: &HeaderMap) {
        for cookie in cookies(headers) {
            self.add(&cookie);
        }
    }

    /// Adds a secret. One that is too short for one is not looked for.
    pub(crate) fn add(&mut self, text: &str) {
        if text.len() >= SHORTEST && !self.texts.iter().any(|known| known == text) {
            self.texts.push(text.to_owned());
            self.forms = OnceCell::new();
        }
    }

    /// Blanks every secret in a text, as it is and as a server may have written it: escaped for a URL, for JSON or for HTML, in
    /// hexadecimal digits, or in base64, alone or in the middle of something longer. A secret that the end of the text cuts
    /// off is blanked as well, unless so little of it is left that it could be an ordinary word. Of a longer text the first
    /// 5000 characters are kept.
    pub(crate) fn blank(&self, mut text: String) -> String {
        if let Some((end, _)) = text.char_indices().nth(LONGEST) {
            text.truncate(end);
        }
        self.blank_whole(&text)
    }

    /// Blanks every secret in a text of any length, all of which is kept.
    pub(crate) fn blank_whole(&self, text: &str) -> String {
        without_cookies(self.forms().blanked(text))
    }

    /// Says whether a secret is left in a text in which others were replaced.
    pub(crate) fn stand_in(&self, text: &str) -> bool {
        let text = text.replace(BLANK, "\n");
        self.forms().blanked(&text) != text
    }

    fn forms(&self) -> &Forms {
        self.forms.get_or_init(|| Forms::of(&self.texts))
    }

    /// Blanks every secret in the id of the request and in what is said of the items that could not be understood; their text
    /// itself is the provider's.
    pub(crate) fn blank_page(&self, mut page: SourcePage) -> SourcePage {
        page.request_id = page.request_id.map(|id| shown_id(&self.blank(id)));
        for rejected in &mut page.rejected {
            for text in [&mut rejected.pointer, &mut rejected.reason] {
                *text = self.blank(std::mem::take(text));
            }
        }
        page
    }
}

/// Gives the values of the cookies that an answer sets.
pub(crate) fn cookies(headers: &HeaderMap) -> impl Iterator<Item = String> {
    headers.get_all(SET_COOKIE).into_iter().map(|cookie| {
        let text = String::from_utf8_lossy(cookie.as_bytes());
        let pair = text.split(';').next().unwrap_or_default();
        let value = pair.split_once('=').map_or(pair, |(_, value)| value);
        value.trim().trim_matches('"').to_owned()
    })
}

/// All the ways to write all the secrets, looked for in one go.
struct Forms {
    forms: Vec<Form>,
    /// Which characters of ASCII one of them can begin with: most characters of a text need no closer look.
    begins: [bool; 128],
}

impl Forms {
    fn of(secrets: &[String]) -> Self {
        let forms: Vec<Form> = secrets.iter().flat_map(|secret| forms(secret)).collect();
        let begins = std::array::from_fn(|code| {
            u8::try_from(code).is_ok_and(|code| forms.iter().any(|form| form.may_begin(code.into())))
        });
        Self { forms, begins }
    }

    fn blanked(&self, text: &str) -> String {
        let mut blanked = String::new();
        // What lies before it is copied or blanked.
        let mut done = 0;
        let mut readings = Readings::default();
        let mut before = None;
        for (start, character) in text.char_indices() {
            // Any number of backslashes is read as one, so that what begins among them begins with the first. From each of them to
            // the last would be a long way in a text of nothing else.
            let again = before.replace(character) == Some('\\') && character == '\\';
            if again || !self.begins.get(character as usize).is_none_or(|begins| *begins) {
                continue;
            }
            let may_begin = self.forms.iter().filter(|form| form.may_begin(character));
            let ends = may_begin.filter_map(|form| form.end(&text[start..], &mut readings));
            let Some(length) = ends.max() else { continue };
            // Two that overlap are blanked together, so that no part of either is left.
            if start >= done {
                blanked.push_str(&text[done..start]);
                blanked.push_str(BLANK);
            }
            done = done.max(start + length);
        }
        blanked.push_str(&text[done..]);
        blanked
    }
}

/// One way to write a secret, whose characters may each be escaped.
struct Form {
    /// The first of the characters, all of which follow.
    first: char,
    characters: Vec<char>,
    /// How many of them have to stand at the end of a text for it to be the secret cut off.
    least: usize,
}

fn forms(secret: &str) -> Vec<Form> {
    let mut plain = vec![secret.to_owned()];
    // A snippet joins the words of a text by single spaces.
    plain.push(secret.split_whitespace().collect::<Vec<_>>().join(" "));
    // A cookie can be set escaped and repeated as what it means.
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
    /// Gives none for an empty text, which would stand everywhere.
    fn new(text: &str, least: usize) -> Option<Self> {
        let mut characters: Vec<char> = text.chars().collect();
        // Several backslashes are read as one, since escaping doubles them.
        characters.dedup_by(|next, before| *next == '\\' && *before == '\\');
        let first = *characters.first()?;
        Some(Self {
            first,
            characters,
            least,
        })
    }

    /// Says whether a text that begins with a character can begin with the secret, as itself or escaped.
    fn may_begin(&self, character: char) -> bool {
        character == self.first
            || matches!(character, '%' | '&' | '\\')
            || (self.first.is_whitespace() && (character.is_whitespace() || character == '+'))
    }

    /// Gives the end of the secret at the beginning of a text; `None` when it does not begin with it.
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

/// Where the characters of a secret may end that were found so far. A character can be read in several ways, of which a later
/// one shows which was meant.
#[derive(Default)]
struct Readings {
    ends: Vec<usize>,
    /// The same with one character more.
    further: Vec<usize>,
}

/// Says whether a text is at its end, or in the middle of an escape that its end cuts off.
fn is_cut_off(rest: &str) -> bool {
    rest.is_empty() || (rest.len() < 6 && rest.starts_with(['%', '\\', '&']) && !rest.contains([';', ' ']))
}

/// Gives the lengths of what may stand for a character at the beginning of a text.
fn written(text: &str, character: char) -> [Option<usize>; 6] {
    let literal = text
        .chars()
        .next()
        .filter(|first| *first == character || (character.is_whitespace() && (first.is_whitespace() || *first == '+')));
    [
        literal.map(char::len_utf8),
        percent_encoded(text, character),
        // The signs themselves, escaped twice, which begin like those that are escaped once.
        (character == '%' && text.starts_with("%2525")).then_some("%2525".len()),
        (character == '&' && text.starts_with("&amp;amp;")).then_some("&amp;amp;".len()),
        backslashed(text, character),
        html_entity(text, character),
    ]
}

/// Finds `%2F`, in digits of either case, and `%252F`, which was encoded twice.
fn percent_encoded(text: &str, character: char) -> Option<usize> {
    let mut rest = text;
    for byte in character.encode_utf8(&mut [0; 4]).bytes() {
        rest = rest.strip_prefix('%')?;
        while !is_hex(rest, 2, byte.into()) {
            rest = rest.strip_prefix("25")?;
        }
        rest = &rest[2..];
    }
    Some(text.len() - rest.len())
}

/// Finds `\"`, `\/`, `\u00fc`, `\u{fc}` and the bytes `\xc3\xbc`, with any number of backslashes, since a text in a text has more of them.
fn backslashed(text: &str, character: char) -> Option<usize> {
    let without = |rest: &'_ str| rest.len() - rest.trim_start_matches('\\').len();
    let slashes = without(text);
    if slashes == 0 {
        return None;
    }
    let behind = &text[slashes..];
    if character == '\\' {
        return Some(slashes);
    }
    if !character.is_alphanumeric() && behind.starts_with(character) {
        return Some(slashes + character.len_utf8());
    }
    if let Some(braced) = behind.strip_prefix("u{") {
        let digits = braced.find('}').filter(|digits| *digits <= 6)?;
        return is_hex(braced, digits, character.into()).then_some(slashes + "u{}".len() + digits);
    }
    let all = |letter: char, width: usize, codes: &mut dyn Iterator<Item = u32>| {
        let mut rest = text;
        for code in codes {
            let digits = rest[without(rest)..].strip_prefix(letter)?;
            if !is_hex(digits, width, code) {
                return None;
            }
            rest = &digits[width..];
        }
        Some(text.len() - rest.len())
    };
    let (mut units, mut bytes) = ([0; 2], [0; 4]);
    let mut units = character.encode_utf16(&mut units).iter().map(|unit| (*unit).into());
    let mut bytes = character.encode_utf8(&mut bytes).bytes().map(u32::from);
    all('u', 4, &mut units).or_else(|| all('x', 2, &mut bytes))
}

/// Finds `&quot;`, `&#34;` and `&#x22;`, and `&amp;quot;`, which was escaped twice.
fn html_entity(text: &str, character: char) -> Option<usize> {
    let mut rest = text.strip_prefix('&')?;
    loop {
        let end = rest.bytes().take(10).position(|byte| byte == b';')?;
        let name = &rest[..end];
        rest = &rest[end + 1..];
        let meant = match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => name.strip_prefix('#').and_then(|number| {
                let hex = number.strip_prefix(['x', 'X']);
                let code = hex.map_or_else(|| number.parse(), |digits| u32::from_str_radix(digits, 16));
                code.ok().and_then(char::from_u32)
            }),
        };
        if meant == Some(character) {
            return Some(text.len() - rest.len());
        }
        if meant != Some('&') {
            return None;
        }
    }
}

/// Says whether a text begins with so many hexadecimal digits of this value.
fn is_hex(text: &str, digits: usize, value: u32) -> bool {
    let digits = text.get(..digits).unwrap_or_default();
    u32::from_str_radix(digits, 16).is_ok_and(|found| found == value)
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let digits = behind.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits
            .filter(|_| *first == b'%')
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &behind[2..] } else { behind };
    }
    // What is no text was not meant so.
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
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

/// Blanks the rest of each line behind the name of the first cookie in a header that a server repeats. A program can add cookies
/// of its own with `configure_http`, which this crate does not get to know.
fn without_cookies(text: String) -> String {
    const NAME: &str = "cookie";
    // Changing the case of other than ASCII would move the places.
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
            Some(value) => format!("{}{BLANK}", &line[..value]),
            None => line.to_owned(),
        }
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blanked(secret: &str, text: &str) -> String {
        Secrets::new(&ApiKey::from(secret), []).blank(text.to_owned())
    }

    #[test]
    fn a_secret_is_blanked_however_it_is_written() {
        const KEY: &str = "sk-needle/47+11=\"~ü&\\😀";
        for form in [
            KEY,
            // As URLs have it, by the rules of a path, of a form, of some other program, and twice.
            "sk-needle%2F47%2B11%3D%22~%C3%BC%26%5C%F0%9F%98%80",
            "sk-needle%2f47%2b11%3d%22%7e%c3%bc%26%5c%f0%9f%98%80",
            "sk-needle/47%2B11=%22%7E%C3%BC&%5C%F0%9F%98%80",
            "sk-needle%252F47%252B11%253D%2522~%25C3%25BC%2526%255C%25F0%259F%2598%2580",
            // As JSON has it, in ASCII or not, and as JSON in JSON has it.
            r#"sk-needle/47+11=\"~ü&\\😀"#,
            r#"sk-needle\/47+11=\"~\u00fc&\\\ud83d\uDE00"#,
            r#"sk-needle\/47+11=\\\"~\\u00fc\\u0026\\\\\\ud83d\\ude00"#,
            r#"sk-needle/47+11=\"~\u{fc}&\\\u{1f600}"#,
            r#"\x73k-needle\x2F47+11=\"~\xc3\xbc\\x26\\\xf0\x9f\x98\x80"#,
            // As HTML has it.
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
                    assert!(blanked.contains(BLANK), "{before:?} {behind:?} {whole} {blanked}");
                    // What is left holds less than a character of the secret on either side.
                    assert!(
                        whole.len() - (blanked.len() - BLANK.len()) >= KEY.len() * 4 / 3 - 2,
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
            // So little of it could be a word.
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
            assert_eq!(secrets.blank(text.to_owned()), expected, "{text}");
        }
    }

    #[test]
    fn a_text_of_any_length_is_looked_through_at_once() {
        let secret = "sk-needle/4711";
        for filling in ["\\", "%", "%25", "&", "&amp;", "amp;", "sk-needl", "cookie:", "<", " "] {
            let text = filling.repeat((1 << 20) / filling.len());
            for text in [format!("{secret}{text}"), format!("{text}{secret}")] {
                let shown = blanked(secret, &text);
                assert!(!shown.contains(secret), "{filling}");
                assert!(shown.chars().count() <= LONGEST + BLANK.len(), "{filling}");
            }
        }
    }

    #[test]
    fn short_texts_are_left() {
        assert_eq!(blanked("default", "the default is default"), "the default is default");
        assert_eq!(blanked("", "text"), "text");
    }
}
