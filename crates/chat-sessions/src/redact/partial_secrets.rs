//! Tests: a dozen characters of a secret are redacted in every encoding, and fewer are not.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use proptest::prelude::*;

use crate::config::ApiKey;
use crate::redact::{REDACTED, Secrets};

fn redacted(secret: &str, text: &str) -> String {
    Secrets::new(&ApiKey::from(secret), []).redact_all(text)
}

#[test]
fn a_dozen_characters_are_redacted_wherever_they_are() {
    const KEY: &str = "llx-placeholder-for-test";
    for (text, expected) in [
        (
            "all but the first four: placeholder-for-test.",
            "all but the first four: [redacted].",
        ),
        (
            "all but the last four: llx-placeholder-forx",
            "all but the last four: [redacted]x",
        ),
        ("the middle: laceholder-f.", "the middle: [redacted]."),
        ("one less: laceholder-.", "one less: laceholder-."),
        (
            "two halves: llx-placehol and der-for-test",
            "two halves: [redacted] and [redacted]",
        ),
        ("masked by the server: llx-pla…est", "masked by the server: llx-pla…est"),
        ("the beginning of every key: llx-", "the beginning of every key: llx-"),
        ("LLX-PLACEHOLDER-FOR-TEST", "[redacted]"),
        ("llx-placehol\nder-for-test", "[redacted]"),
        ("llx- plac ehol der- for- test", "[redacted]"),
        (r"llx-place\n  holder-for-test", "[redacted]"),
        ("plac%0D%0Aehol%20der-f&#10;or-&nbsp;test", "[redacted]"),
        ("plac\u{200b}ehol\u{200d}der-\u{ad}for-\0test", "[redacted]"),
        ("6c:6c:78:2d:70:6c:61:63:65:68:6f:6c and more", "[redacted] and more"),
        ("70-6C-61-63-65-68-6F-6C-64-65-72-2D-66", "[redacted]"),
        ("706c 6163 6568 6f6c\n6465 722d 666f", "[redacted]"),
        (
            "0x70, 0x6c, 0x61, 0x63, 0x65, 0x68, 0x6f, 0x6c, 0x64, 0x65, 0x72, 0x2d",
            "0x[redacted]",
        ),
        (
            "<Buffer 78 2d 70 6c 61 63 65 68 6f 6c 64 65 72 2d>",
            "<Buffer [redacted]>",
        ),
        (
            r#"{"data":[120,45,112,108,97,99,101,104,111,108,100,101,114]}"#,
            r#"{"data":[[redacted]]}"#,
        ),
        ("120 45 112 108 97 99 101 104 111 108 100 101 114", "[redacted]"),
        // A string that was escaped for a URL, for HTML, or by a program that escapes signs of HTML.
        ("llx%5Cu002dplaceholder-", "[redacted]"),
        ("llx&#92;u002dplaceholder-", "[redacted]"),
        (r"llx\u0026#45;placeholder-", "[redacted]"),
        (r"llx\-placeholder-", "[redacted]"),
    ] {
        assert_eq!(redacted(KEY, text), expected, "{text}");
    }
}

#[test]
fn a_text_that_goes_on_where_it_is_cut_is_redacted_at_the_cut() {
    let (key, text) = ("llx-placeholder-for-test", "x".repeat(4990) + "placeholder-for-test");
    let redacted = Secrets::new(&ApiKey::from(key), []).redact(text);
    assert_eq!(redacted, "x".repeat(4990) + REDACTED);
}

#[test]
fn parts_of_several_secrets_are_redacted() {
    let secrets = Secrets::new(
        &ApiKey::from("sk-needle-4711-hay"),
        [Some("4711-haystack-0815"), Some("short-id")],
    );
    for (text, expected) in [
        ("k-needle-4711-haystack-081.", "[redacted]."),
        ("needle-4711-hstack-0815", "[redacted]stack-0815"),
        ("a short-id", "a [redacted]"),
        ("a short-i.", "a short-i."),
        ("SHORT-ID", "[redacted]"),
    ] {
        assert_eq!(secrets.redact_all(text), expected, "{text}");
    }
    let key = "schlüssel-für-Käsebrötchen-日本語-😀";
    assert_eq!(redacted(key, "ein Käsebrötchen-日, bitte"), "ein [redacted], bitte");
    assert_eq!(redacted(key, "ein Käsebrötche, bitte"), "ein Käsebrötche, bitte");
}

/// The text of a secret, one item for each unit that a piece counts.
type Units = Vec<String>;

/// The encodings that write one character after another.
const BY_CHARACTER: usize = 15;

/// Writes a character in one of the encodings.
fn written(character: char, way: usize) -> String {
    let mut bytes = [0; 4];
    let bytes = character.encode_utf8(&mut bytes).as_bytes();
    let each = |write: fn(&u8) -> String| bytes.iter().map(write).collect::<String>();
    let units = |write: fn(u16) -> String| {
        let mut units = [0; 2];
        character
            .encode_utf16(&mut units)
            .iter()
            .map(|unit| write(*unit))
            .collect::<String>()
    };
    let in_json = || serde_json::Value::from(character.to_string()).to_string();
    match way {
        0 => character.to_string(),
        1 => character.to_ascii_uppercase().to_string(),
        2 => each(|byte| format!("%{byte:02X}")),
        3 => each(|byte| format!("%{byte:02x}")),
        4 => each(|byte| format!("%25{byte:02X}")),
        5 => each(|byte| format!("%2525{byte:02x}")),
        6 => in_json().trim_matches('"').to_owned() + if character == '"' { "\"" } else { "" },
        7 => {
            serde_json::Value::from(written(character, 6))
                .to_string()
                .trim_matches('"')
                .to_owned()
                + if character == '"' { "\"" } else { "" }
        }
        8 => units(|unit| format!("\\u{unit:04x}")),
        9 => units(|unit| format!("\\\\u{unit:04X}")),
        10 => each(|byte| format!("\\x{byte:02x}")),
        11 => format!("\\u{{{:x}}}", u32::from(character)),
        12 => format!("\\U{:08x}", u32::from(character)),
        13 => format!("&#{};", u32::from(character)),
        14 => format!("&#x{:X};", u32::from(character)),
        _ => format!("&amp;#x{:x};", u32::from(character)),
    }
}

/// Writes a part of a secret in one of the encodings that write one byte after another.
fn bytes(part: &str, way: usize) -> (Units, &'static str) {
    let each = |write: fn(u8) -> String| part.bytes().map(write).collect();
    match way % 8 {
        0 => (each(|byte| format!("{byte:02x}")), ""),
        1 => (each(|byte| format!("{byte:02X}")), ""),
        2 => (each(|byte| format!("{byte:02X}")), ":"),
        3 => (each(|byte| format!("{byte:02x}")), "-"),
        4 => (each(|byte| format!("{byte:02x}")), "\n"),
        5 => (each(|byte| format!("0x{byte:02x}")), ", "),
        6 => (each(|byte| byte.to_string()), ", "),
        _ => (each(|byte| byte.to_string()), " "),
    }
}

/// What can stand directly before a secret, as the sign of an escape or as something else.
fn neighbour() -> impl Strategy<Value = String> {
    const SIGNS: [&str; 16] = [
        "", " ", "(", "%", "%2", "%25", "\\", "\\u", "\\x", "&", "&#", "&#x", "&amp;", "0x", "+", "[1,",
    ];
    prop_oneof![
        prop::sample::select(&SIGNS[..]).prop_map(str::to_owned),
        "[ -~\u{a0}-\u{ff}]{0,8}",
    ]
}

/// A secret, and where the part starts that is repeated, and how long it is.
fn part_of(secret: &'static str, shortest: usize) -> impl Strategy<Value = (String, String)> {
    (secret, any::<prop::sample::Index>(), any::<prop::sample::Index>()).prop_map(move |(secret, start, length)| {
        let characters: Vec<char> = secret.chars().collect();
        let start = start.index(characters.len() - shortest + 1);
        let length = shortest + length.index(characters.len() - start - shortest + 1);
        let part = characters[start..start + length].iter().collect();
        (secret, part)
    })
}

const ANY_KEY: &str =
    "[a-zA-Z0-9_/+=.~%&\\\\\"'<> \u{fc}\u{65e5}\u{1f600}-]{1}[a-zA-Z0-9_/+=.~%&\"'<>\u{fc}\u{65e5}\u{1f600}-]{12,40}";
/// Without the characters of escapes, which could be read as further characters of the key.
const ANY_WORD: &str = "[g-loqsG-LOQS]{16,48}";

/// Checks that no dozen units of what was written is left.
fn check(units: &[String], separator: &str, dozen: usize, text: &str, left: &str) -> Result<(), TestCaseError> {
    for window in units.windows(dozen) {
        let run = window.join(separator);
        prop_assert!(!left.contains(&run), "{run} in {left}, which was {text}");
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_dozen_in_any_encoding_by_character(
        (secret, part) in part_of(ANY_KEY, 12),
        way in 0..=BY_CHARACTER,
        others in prop::collection::vec(0..=BY_CHARACTER, 53),
        is_mixed in any::<bool>(),
        blank in prop::sample::select(&["", "", "", " ", "\n", "\\n", "%0d%0A", "&#10;", "\u{200b}"][..]),
        (before, behind) in (neighbour(), neighbour()),
    ) {
        let units: Units = part
            .chars()
            .zip(others)
            .map(|(character, other)| written(character, if is_mixed { other } else { way }))
            .collect();
        let text = format!("{before}{}{behind}", units.join(blank));
        check(&units, blank, 12, &text, &redacted(&secret, &text))?;
    }

    #[test]
    fn any_dozen_in_any_encoding_by_byte(
        (secret, part) in part_of(ANY_KEY, 12),
        way in any::<usize>(),
        (before, behind) in (neighbour(), neighbour()),
    ) {
        let (units, separator) = bytes(&part, way);
        let text = format!("{before}{}{behind}", units.join(separator));
        check(&units, separator, 12, &text, &redacted(&secret, &text))?;
    }

    #[test]
    fn any_dozen_in_base64(
        (secret, part) in part_of(ANY_KEY, 12),
        (before, behind) in ("[ -~]{0,5}", "[ -~]{0,5}"),
        width in 4..90_usize,
        way in 0..7_usize,
    ) {
        let whole = format!("{before}{part}{behind}");
        let text = match way {
            0 => STANDARD.encode(&whole),
            1 => STANDARD_NO_PAD.encode(&whole),
            2 => URL_SAFE.encode(&whole),
            3 => URL_SAFE_NO_PAD.encode(&whole),
            4 => STANDARD.encode(&whole).replace('/', "\\/"),
            _ => STANDARD.encode(&whole).replace('/', "%2F").replace('+', "%2b"),
        };
        let digits: Units = match way {
            5 => text.replace('%', ",%").split(',').flat_map(|piece| {
                let escape = if piece.starts_with('%') { 3 } else { 0 };
                let rest = piece[escape..].chars().map(String::from);
                std::iter::once(piece[..escape].to_owned()).filter(|escape| !escape.is_empty()).chain(rest).collect::<Vec<_>>()
            }).collect(),
            _ => text.replace("%2F", "/").replace("%2b", "+").replace("\\/", "/").chars().map(String::from).collect(),
        };
        let own = (before.len() * 8).div_ceil(6)..(before.len() + part.len()) * 8 / 6;
        let text = if way == 6 {
            let lines: Vec<String> = digits.chunks(width).map(|line| line.concat()).collect();
            lines.join("\r\n")
        } else {
            text
        };
        let left = redacted(&secret, &text);
        let left = left.replace("\\/", "/").replace("\r\n", "");
        check(&digits[own], "", 15, &text, &left)?;
    }

    #[test]
    fn less_than_a_dozen_and_everything_else_stays(
        (secret, others) in (ANY_WORD, prop::collection::vec(("[ -~\u{a0}-\u{ff}\n]{0,40}", 0..=BY_CHARACTER, any::<prop::sample::Index>()), 1..6)),
    ) {
        let mut text = String::new();
        for (other, way, start) in others {
            let start = start.index(secret.len() - 11);
            let part: Units = secret[start..start + 11].chars().map(|character| written(character, way)).collect();
            text.push_str(&format!("{other}|{}|{}|", part.concat(), STANDARD.encode(&secret[start..start + 10])));
            text.push_str(&format!("{}|", bytes(&secret[start..start + 11], way).0.join(" ")));
        }
        prop_assert_eq!(redacted(&secret, &text), text);
    }
}
