//! Removes from a body what must not leave this machine: secrets anywhere, page tokens, and titles
//! and messages on request.
//!
//! JSON stays the same JSON, byte for byte, apart from the replaced strings: a string is replaced
//! by a string, an empty string stays empty, and other values keep their type. So the body can
//! still be compared with a spec. This file decides, for all providers, what a name says about its
//! value; it does not know what the secrets are.

use std::mem;

use serde::de::IgnoredAny;

use crate::record::ExchangeObserver;
use crate::redact::secret_forms::REDACTED;
use crate::redact::secrets::Secrets;
use crate::redact::snippet::end_of_text;

/// The maximum number of bytes of a body that are kept: 1 MiB, three pages of a thousand sessions.
pub(crate) const LONGEST: usize = 1 << 20;

/// How many page tokens of one body are searched for in the rest of it.
const MOST_TOKENS: usize = 4;

/// Replaces a title.
const TITLE: &str = "[title]";

/// Replaces a text of a message.
const TEXT: &str = "[text]";

/// The names of what a message holds: texts, what tools got and returned, and the names of files,
/// tools and projects.
const OF_MESSAGES: [&str; 10] = [
    "arguments",
    "attachmentname",
    "content",
    "error",
    "name",
    "prompt",
    "quote",
    "result",
    "text",
    "videoname",
];

/// A body without secrets.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ScrubbedBody {
    /// The text; `None` if it cannot be shown.
    pub(crate) text: Option<String>,
    /// What was omitted, apart from secrets.
    pub(crate) omitted: Option<String>,
}

/// Removes from a body what must not be shown. Page tokens in it are added to the secrets, so that
/// they are found anywhere else in the same response.
pub(crate) fn scrub(body: &[u8], secrets: &mut Secrets, observer: &ExchangeObserver) -> ScrubbedBody {
    let kept = &body[..body.len().min(LONGEST)];
    let Some(text) = readable(kept) else {
        return ScrubbedBody {
            text: None,
            omitted: Some(match body.len() {
                1 => "omitted: 1 byte that is not UTF-8 text".to_owned(),
                bytes => format!("omitted: {bytes} bytes that are not UTF-8 text"),
            }),
        };
    };
    let omitted = (text.len() < body.len()).then(|| format!("cut after {} of {} bytes", text.len(), body.len()));

    let mut tokens = Vec::new();
    rewritten(text, &mut |meaning, decoded| {
        if meaning == Meaning::PageToken && !decoded.is_empty() {
            tokens.push(decoded.to_owned());
        }
        None
    });
    // A page has one; in a body full of them, searching for each would take too long.
    for token in tokens.iter().take(MOST_TOKENS) {
        observer.token_name(token);
        secrets.add(token);
    }

    let by_name = |meaning: Meaning, decoded: &str| match meaning {
        _ if decoded.is_empty() => None,
        Meaning::PageToken => Some(observer.token_name(decoded)),
        Meaning::Secret => Some(REDACTED.to_owned()),
        Meaning::Title if observer.blanks_titles() => Some(TITLE.to_owned()),
        Meaning::Message if observer.blanks_titles() => Some(TEXT.to_owned()),
        Meaning::Title | Meaning::Message | Meaning::Plain => None,
    };
    let json = text.trim_start_matches('\u{feff}');
    if serde_json::from_str::<IgnoredAny>(json).is_err() {
        let text = rewritten(text, &mut |meaning, decoded| by_name(meaning, decoded));
        return ScrubbedBody {
            text: Some(secrets.redact_all(&text)),
            omitted,
        };
    }
    let text = rewritten(text, &mut |meaning, decoded| {
        by_name(meaning, decoded).or_else(|| {
            let blanked = secrets.redact_all(decoded);
            (blanked != decoded).then_some(blanked)
        })
    });
    if secrets.remain_in(&text) {
        // For example, a secret whose characters are the items of a list. Cutting it out would not
        // leave JSON.
        return ScrubbedBody {
            text: None,
            omitted: Some("omitted: it contains a secret outside its JSON strings".to_owned()),
        };
    }
    ScrubbedBody {
        text: Some(text),
        omitted,
    }
}

/// Returns bytes as text, without a character that the end cuts in two. Text in a two-byte encoding
/// would hide secrets; it contains NUL and is rejected.
fn readable(bytes: &[u8]) -> Option<&str> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => std::str::from_utf8(&bytes[..error.valid_up_to()]).ok()?,
        Err(_) => return None,
    };
    (!text.contains('\0')).then_some(text)
}

/// What a name says about its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    Plain,
    PageToken,
    Secret,
    Title,
    Message,
}

impl Meaning {
    fn of_name(name: &str) -> Self {
        let name: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
        let name = name.to_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| name.contains(word));
        // Counts of a language model's tokens.
        if name.ends_with("tokens") {
            Self::Plain
        } else if says(&["token", "cursor"]) && says(&["page", "next", "prev", "continu", "cursor"]) {
            Self::PageToken
        } else if says(&[
            "token",
            "cookie",
            "authorization",
            "apikey",
            "secret",
            "password",
            "credential",
        ]) {
            Self::Secret
        } else if says(&["title"]) {
            Self::Title
        } else if OF_MESSAGES.contains(&name.as_str()) {
            Self::Message
        } else {
            Self::Plain
        }
    }

    /// Returns whether a string is the name of a header that holds a secret. In lists of names and
    /// values, the value follows it.
    fn is_announced_by(text: &str) -> bool {
        [
            "cookie",
            "set-cookie",
            "authorization",
            "proxy-authorization",
            "x-api-key",
        ]
        .iter()
        .any(|name| text.eq_ignore_ascii_case(name))
    }
}

/// Rewrites the strings and numbers of JSON, which may be incomplete or invalid, and copies
/// everything else.
///
/// `replace` receives the meaning of the name and the unescaped value; names themselves are passed
/// as plain values. It returns the unescaped replacement. A replaced number becomes 0.
fn rewritten(json: &str, replace: &mut dyn FnMut(Meaning, &str) -> Option<String>) -> String {
    let mut written = String::with_capacity(json.len());
    // The meaning of the values at each depth, and of the next value at the innermost.
    let mut around = Vec::new();
    let mut inside = Meaning::Plain;
    let mut next = Meaning::Plain;
    let mut rest = json;
    while let Some(first) = rest.chars().next() {
        let mut length = first.len_utf8();
        match first {
            '"' => {
                let inner = &rest[1..];
                let end = end_of_text(inner);
                let (raw, behind) = (&inner[..end], inner.get(end + 1..).unwrap_or_default());
                let closed = end < inner.len();
                let is_name = behind.trim_start().starts_with(':');
                let literal = &rest[..1 + end + usize::from(closed)];
                let decoded = serde_json::from_str::<String>(literal).ok();
                let value = decoded.as_deref().unwrap_or(raw);
                if is_name && inside == Meaning::Plain {
                    next = Meaning::of_name(value);
                }
                let replacement = replace(if is_name { Meaning::Plain } else { next }, value);
                if !is_name && Meaning::is_announced_by(value) {
                    inside = Meaning::Secret;
                    next = Meaning::Secret;
                }
                match replacement {
                    Some(text) => written.push_str(&literal_of(&text, closed)),
                    None => written.push_str(literal),
                }
                length = literal.len();
            }
            '-' | '0'..='9' => {
                length = rest
                    .find(|c: char| !matches!(c, '0'..='9' | '+' | '-' | '.' | 'e' | 'E'))
                    .unwrap_or(rest.len());
                let number = &rest[..length];
                // Under any other name, a number is a count, a time or an id.
                let meaning = match next {
                    Meaning::PageToken => Meaning::PageToken,
                    _ => Meaning::Plain,
                };
                match replace(meaning, number) {
                    Some(_) => written.push('0'),
                    None => written.push_str(number),
                }
            }
            _ => {
                match first {
                    '{' | '[' => around.push(mem::replace(&mut inside, next)),
                    '}' | ']' => inside = around.pop().unwrap_or(Meaning::Plain),
                    _ => {}
                }
                if matches!(first, '{' | '[' | '}' | ']' | ',') {
                    next = inside;
                }
                written.push(first);
            }
        }
        rest = &rest[length..];
    }
    written
}

/// Writes a JSON string, without its closing quotation mark if the original had none.
fn literal_of(text: &str, closed: bool) -> String {
    let mut literal = serde_json::Value::from(text).to_string();
    if !closed {
        literal.pop();
    }
    literal
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::config::ApiKey;

    const KEY: &str = r#"sk-Vq3/zK+8wJ=x5"Rb~T2&yH7<fP"#;

    fn with(body: &[u8], blank_titles: bool) -> ScrubbedBody {
        let mut secrets = Secrets::new(&ApiKey::from(KEY), []);
        scrub(body, &mut secrets, &ExchangeObserver::new(blank_titles, |_| {}))
    }

    fn text(body: &str) -> String {
        with(body.as_bytes(), false).text.unwrap()
    }

    #[test]
    fn what_is_no_secret_stays_byte_for_byte() {
        for body in [
            "",
            "null",
            " { \"b\" : 1.0e5, \"a\": [ 601308802842759168601308802842759168, -0 ],\r\n\"b\": \"\\u00fc\\/\\ud83d\\ude00\" } ",
            r#"{"total_input_tokens":27437,"max_tokens":"100","title":"a title","generated_title":null}"#,
            r#"{"next_page_token":null,"page_token":"","cookie":null,"authorization":[]}"#,
            "\u{feff}{\"a\":\"b\"}",
            r#"{"half":"\ud800","cut":"in the midd"#,
            "<html title=\"x\">Bad Gateway</html>",
        ] {
            assert_eq!(text(body), body);
        }
    }

    #[test]
    fn values_are_replaced_by_what_their_names_say() {
        for (body, expected) in [
            (
                r#"{"next_page_token":"one","nextPageToken":"two","page_token":"one","items":["one","one is short"]}"#,
                r#"{"next_page_token":"page-token-1","nextPageToken":"page-token-2","page_token":"page-token-1","items":["one","one is short"]}"#,
            ),
            (
                r#"{"next_page_token":"tok-one-two-three","seen":"at tok-one-two-three","tok-one-two-three":1}"#,
                r#"{"next_page_token":"page-token-1","seen":"at [redacted]","[redacted]":1}"#,
            ),
            (
                r#"{"next_page_token":{"a":["one",12,true]},"page":12,"b":"c"}"#,
                r#"{"next_page_token":{"a":["page-token-1",0,true]},"page":12,"b":"c"}"#,
            ),
            (
                r#"{"headers":{"Set-Cookie":["a=b","c=d"],"x-api-key":"e"},"refresh_token":"f","token":7}"#,
                r#"{"headers":{"Set-Cookie":["[redacted]","[redacted]"],"x-api-key":"[redacted]"},"refresh_token":"[redacted]","token":7}"#,
            ),
            (
                r#"{"headers":[{"name":"Cookie","value":"a=b"},{"name":"accept","value":"any"}]}"#,
                r#"{"headers":[{"name":"Cookie","value":"[redacted]"},{"name":"accept","value":"any"}]}"#,
            ),
            (
                r#"{"items":[{"next_page_token":"cut in the midd"#,
                r#"{"items":[{"next_page_token":"page-token-1"#,
            ),
            (
                r#"{"next_page_token":"half \ud800","half":"\ud800 sk-Vq3/zK+8wJ=x5\"Rb~T2&yH7<fP"}"#,
                r#"{"next_page_token":"page-token-1","half":"\\ud800 [redacted]"}"#,
            ),
        ] {
            assert_eq!(text(body), expected);
        }
    }

    #[test]
    fn titles_are_blanked_where_that_is_asked() {
        let body = r#"{"a":{"title":"mine","generated_title":null,"chatTitle":""},"titles":["b","c"],"d":{"generated_title":"cut"#;
        assert_eq!(text(body), body);
        assert_eq!(
            with(body.as_bytes(), true).text.unwrap(),
            r#"{"a":{"title":"[title]","generated_title":null,"chatTitle":""},"titles":["[title]","[title]"],"d":{"generated_title":"[title]"#
        );
    }

    #[test]
    fn messages_are_blanked_with_the_titles() {
        let body = r#"{"messages":[{"role":"user","content":"mine"}],"events":[{"type":"tool_call","name":"grep","arguments":{"query":["a",7]}},{"type":"tool_result","result":"b"}],"refItems":[{"text":"c","startTime":3}],"video_name":"d.mp4""#;
        assert_eq!(text(body), body);
        assert_eq!(
            with(body.as_bytes(), true).text.unwrap(),
            r#"{"messages":[{"role":"user","content":"[text]"}],"events":[{"type":"tool_call","name":"[text]","arguments":{"query":["[text]",7]}},{"type":"tool_result","result":"[text]"}],"refItems":[{"text":"[text]","startTime":3}],"video_name":"[text]""#
        );
    }

    #[test]
    fn numbers_that_are_secrets_are_zero_and_what_cannot_be_cut_out_leaves_nothing() {
        let mut secrets = Secrets::new(&ApiKey::from("4711000815"), []);
        let observer = ExchangeObserver::new(false, |_| {});
        let scrub = |body: &str, secrets: &mut Secrets| scrub(body.as_bytes(), secrets, &observer);
        let left = scrub(r#"{"id":4711000815,"other":4711}"#, &mut secrets);
        assert_eq!(left.text.as_deref(), Some(r#"{"id":0,"other":4711}"#));
        secrets.add(r#"a","b","c"#);
        let left = scrub(r#"["a","b","c"]"#, &mut secrets);
        assert_eq!(left.text, None);
        assert!(left.omitted.unwrap().contains("a secret"));
    }

    #[test]
    fn what_is_no_text_or_too_long_is_said() {
        for body in [&b"\xff\xfe{\x00}\x00"[..], b"a\0b", b"caf\xe9 au lait"] {
            let left = with(body, false);
            assert_eq!(left.text, None);
            assert_eq!(
                left.omitted,
                Some(format!("omitted: {} bytes that are not UTF-8 text", body.len()))
            );
        }
        let mut long = "x".repeat(LONGEST - 9);
        long.push_str(&KEY[..10]);
        long.push_str(&"ü".repeat(9));
        let left = with(long.as_bytes(), false);
        assert!(left.text.unwrap().ends_with("x[redacted]"));
        assert_eq!(
            left.omitted,
            Some(format!("cut after {LONGEST} of {} bytes", long.len()))
        );
        let left = with("a\u{e9}".as_bytes().split_last().unwrap().1, false);
        assert_eq!(
            (left.text.as_deref(), left.omitted.as_deref()),
            (Some("a"), Some("cut after 1 of 2 bytes"))
        );
    }

    /// The ways in which servers are known to write a secret.
    fn written(secret: &str, way: usize) -> String {
        let percent = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
        match way % 8 {
            0 => secret.to_owned(),
            1 => percent(secret),
            2 => percent(secret).replace('%', "%25"),
            3 => Value::from(secret).to_string(),
            4 => STANDARD.encode(secret),
            5 => STANDARD.encode(format!("Bearer {secret}:")),
            6 => secret.bytes().map(|byte| format!("{byte:02x}")).collect(),
            _ => secret.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;"),
        }
    }

    fn a_name() -> BoxedStrategy<String> {
        prop_oneof![
            "[a-z_]{0,12}",
            Just("next_page_token".to_owned()),
            Just("title".to_owned()),
            Just("cookie".to_owned()),
        ]
        .boxed()
    }

    fn a_secret_name() -> BoxedStrategy<String> {
        any::<usize>().prop_map(|way| written(KEY, way)).boxed()
    }

    fn json(name: BoxedStrategy<String>) -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
            (any::<usize>(), "[ -~]{0,9}", "[ -~]{0,9}")
                .prop_map(|(way, before, behind)| Value::from(format!("{before} {} {behind}", written(KEY, way)))),
        ];
        leaf.prop_recursive(4, 24, 4, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((name.clone(), inner), 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    /// What a spec describes of a value: its structure and its types, whatever the names.
    fn shape(value: &Value) -> Value {
        match value {
            Value::Null => Value::Null,
            Value::Bool(_) => json!("bool"),
            Value::Number(_) => json!("number"),
            Value::String(text) => json!(if text.is_empty() { "empty" } else { "text" }),
            Value::Array(items) => items.iter().map(shape).collect(),
            Value::Object(members) => {
                let mut shapes: Vec<Value> = members.values().map(shape).collect();
                shapes.sort_by_key(Value::to_string);
                json!({ "members": shapes })
            }
        }
    }

    fn assert_clean(left: &ScrubbedBody) {
        let text = left.text.as_deref().unwrap_or_default();
        for way in 0..8 {
            let form = written(KEY, way);
            let form = form.trim_matches(['"', '=']);
            let escaped = Value::from(form).to_string();
            for form in [form, escaped.trim_matches('"')] {
                assert!(!text.contains(form), "{form} in {text}");
            }
        }
    }

    proptest! {
        #[test]
        fn json_keeps_its_shape_and_loses_its_secrets(value in json(a_name()), pretty in any::<bool>()) {
            let body = if pretty { format!("{value:#}") } else { value.to_string() };
            let left = with(body.as_bytes(), true);
            assert_clean(&left);
            let after: Value = serde_json::from_str(&left.text.expect("secrets are texts")).expect("it is still JSON");
            prop_assert_eq!(shape(&value), shape(&after));
        }

        #[test]
        fn whatever_arrives_is_shown_without_secrets(
            value in json(prop_oneof![a_name(), a_secret_name()].boxed()),
            before in prop::collection::vec(any::<u8>(), 0..3),
            cut in any::<prop::sample::Index>(),
        ) {
            let whole = value.to_string();
            let left = with(whole.as_bytes(), false);
            assert_clean(&left);
            serde_json::from_str::<IgnoredAny>(&left.text.expect("secrets are texts")).expect("it is still JSON");

            let body = [&before[..], &whole.as_bytes()[..=cut.index(whole.len())]].concat();
            assert_clean(&with(&body, false));
        }
    }
}
