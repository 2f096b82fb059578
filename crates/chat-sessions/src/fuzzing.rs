//! The functions that the fuzz targets run. Each takes any bytes and panics if a promise of this
//! crate is broken.
//!
//! Not part of the stable interface. `tests/fuzz` runs these functions on mutated bytes, and the
//! suite `fuzz_corpus` replays the inputs that were found interesting. Inputs are text where
//! possible, so that a finding is readable.

#![allow(
    missing_docs,
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::expect_used,
    reason = "each function is an oracle, which panics on purpose"
)]

use std::sync::LazyLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use chat_sessions_wire::Received;
use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::de::IgnoredAny;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::config::{ApiKey, BaseUrl};
use crate::error::{Error, ErrorKind, Result};
use crate::invisible::is_invisible;
use crate::model::{Part, Provider, Role, Session, SessionId, SessionTime, Timestamp, Transcript};
use crate::pagination::{Cursor, IdMark, PageSummary, Walk, around};
use crate::provider::{LlamaCloud, MemoriesAi, PageDecoder, retry_after as read_retry_after};
use crate::record::ExchangeObserver;
use crate::redact::{Secrets, scrub};
use crate::source::{
    Capabilities, NextPage, PageRequest, Position, SessionRequest, SourcePage, SourceTranscript, TranscriptRequest,
};

/// The key of the account, which replaces a byte 1 of an input.
const KEY: &str = "sk-Vq7xN-2wLr9T-zB4mKd";
/// The page token, which replaces a byte 2. It is as short as a secret can be, and shorter than its
/// replacement.
const TOKEN: &str = "tK8-vR2q";
/// The scope, which every error contains as its label.
const SCOPE: &str = "ns-fuzz";
/// The longest wait, whatever a header says.
const LONGEST_WAIT: Duration = Duration::from_secs(u32::MAX as u64);

static MEMORIES_AI: LazyLock<MemoriesAi> = LazyLock::new(|| {
    let source = MemoriesAi::builder()
        .api_key(KEY)
        .base_url("http://127.0.0.1:9")
        .scope(SCOPE);
    source.build().expect("the configuration is right")
});

static LLAMA_CLOUD: LazyLock<LlamaCloud> = LazyLock::new(|| {
    let source = LlamaCloud::builder()
        .api_key(KEY)
        .base_url("http://127.0.0.1:9")
        .scope(SCOPE);
    source.build().expect("the configuration is right")
});

/// A provider that decodes a response.
type Reader = fn(Received, &PageRequest) -> Result<SourcePage>;

fn memories_ai(received: Received, request: &PageRequest) -> Result<SourcePage> {
    MEMORIES_AI.decode_received(&ApiKey::from(KEY), received, request)
}

fn llama_cloud(received: Received, request: &PageRequest) -> Result<SourcePage> {
    LLAMA_CLOUD.decode_received(&ApiKey::from(KEY), received, request)
}

/// The body of a Memories.ai response with status 200.
pub fn memories_ai_answer(data: &[u8]) {
    answer(data, memories_ai, "/data/sessions");
}

/// The body of a LlamaCloud response with status 200.
pub fn llama_cloud_answer(data: &[u8]) {
    answer(data, llama_cloud, "/items");
}

/// The body of a Memories.ai response with status 200 about one session or about the namespaces.
pub fn memories_ai_transcript(data: &[u8]) {
    let received = Received::new(200, HeaderMap::new(), planted(data).into());
    if let Err(error) = MEMORIES_AI.decode_scopes(Ok(received), &MEMORIES_AI.session_secrets(&ApiKey::from(KEY))) {
        check_error_of(&error, false, data);
    }
    let Some((transcript, sent)) = transcript(data, |received, request| {
        let secrets = MEMORIES_AI.session_secrets(&ApiKey::from(KEY));
        MEMORIES_AI.decode_transcript(request, Ok(received), &secrets)
    }) else {
        return;
    };
    let sent = sent.pointer("/data/messages").and_then(Value::as_array);
    let sent = sent.map(Vec::as_slice).unwrap_or_default();
    assert_eq!(transcript.messages.len(), sent.len(), "a message was lost");
    for (message, sent) in transcript.messages.iter().zip(sent) {
        if let Some(content) = sent.get("content").and_then(Value::as_str) {
            let is_whole = |part: &Part| match part {
                Part::Text(text) => text.text == content,
                Part::Other(other) => other.value == *sent,
                _ => false,
            };
            assert!(message.parts.iter().any(is_whole), "the text {content:?} was lost");
        }
    }
}

/// The body of a LlamaCloud response with status 200 about one session, with or without its events, or
/// about the projects.
pub fn llama_cloud_transcript(data: &[u8]) {
    let received = || Received::new(200, HeaderMap::new(), planted(data).into());
    let secrets = LLAMA_CLOUD.session_secrets(&ApiKey::from(KEY));
    let scopes = LLAMA_CLOUD.decode_scopes(Ok(received()), &secrets);
    let session = LLAMA_CLOUD.decode_session(&SessionRequest::new("ses-1"), Ok(received()), &secrets);
    for error in [scopes.err(), session.err()].into_iter().flatten() {
        check_error_of(&error, false, data);
    }
    let Some((transcript, sent)) = transcript(data, |received, request| {
        let secrets = LLAMA_CLOUD.session_secrets(&ApiKey::from(KEY));
        LLAMA_CLOUD.decode_transcript(request, Ok(received), &secrets)
    }) else {
        return;
    };
    let mut user = Vec::new();
    let (mut texts, mut thinkings, mut others) = (String::new(), String::new(), Vec::new());
    for message in &transcript.messages {
        for part in &message.parts {
            match part {
                Part::Text(text) if message.role == Role::User => user.push(text.text.as_str()),
                Part::Text(text) => texts.push_str(&text.text),
                Part::Thinking(thinking) => thinkings.push_str(&thinking.text),
                Part::Other(other) => others.push(&other.value),
                _ => {}
            }
        }
    }
    let events = sent.get("events").and_then(Value::as_array);
    let events = events.map(Vec::as_slice).unwrap_or_default();
    let kind = |event: &Value| event.get("type").and_then(Value::as_str).map(str::to_owned);
    let count = |name: &str| {
        events
            .iter()
            .filter(|event| kind(event).as_deref() == Some(name))
            .count()
    };
    let has = |name: &str| count(name) > 0;
    // Of two types of one event the decoder takes the first, and the JSON library the last. An escape
    // can hide the second one.
    let names_of = |event: &RawValue| event.get().matches("\"type\"").count();
    if data.contains(&b'\\') || raw_events(&planted(data)).iter().any(|event| names_of(event) > 1) {
        return;
    }
    let parts = || transcript.messages.iter().flat_map(|message| &message.parts);
    for (name, found) in [
        (
            "tool_call",
            parts().filter(|part| matches!(part, Part::ToolCall(_))).count(),
        ),
        (
            "tool_result",
            parts().filter(|part| matches!(part, Part::ToolResult(_))).count(),
        ),
        ("stop", parts().filter(|part| matches!(part, Part::End(_))).count()),
        (
            "user_input",
            transcript
                .messages
                .iter()
                .filter(|message| message.role == Role::User)
                .count(),
        ),
    ] {
        assert_eq!(found, count(name), "an event of the kind {name} was lost");
    }
    for event in events {
        let Some(content) = event.get("content").and_then(Value::as_str) else {
            continue;
        };
        let kept = match event.get("type").and_then(Value::as_str) {
            Some("user_input") => user.contains(&content),
            Some("text") => texts.contains(content),
            Some("thinking") => thinkings.contains(content),
            // A whole text may have replaced a part of it.
            Some("text_delta") => has("text") || texts.contains(content),
            Some("thinking_delta") => has("thinking") || thinkings.contains(content),
            _ => continue,
        };
        assert!(kept || others.contains(&event), "the text {content:?} was lost");
    }
}

/// The events of a response, each as it came.
fn raw_events(body: &[u8]) -> Vec<Box<RawValue>> {
    #[derive(serde::Deserialize)]
    struct Body {
        events: Vec<Box<RawValue>>,
    }
    serde_json::from_slice::<Body>(body).map_or_else(|_| Vec::new(), |body| body.events)
}

/// Any other response: `m` (Memories.ai) or another character (LlamaCloud), the status in two
/// bytes, headers in HTTP form, an empty line, a body.
pub fn error_body(data: &[u8]) {
    let [provider, high, low, rest @ ..] = data else { return };
    let status = u16::from_be_bytes([*high, *low]) % 900 + 100;
    if status == 200 {
        return;
    }
    let end = rest.windows(2).position(|two| two == b"\n\n");
    let (head, body) = end.map_or((&[][..], rest), |end| (&rest[..end], &rest[end + 2..]));
    let mut headers = HeaderMap::new();
    for line in planted(head).split(|byte| *byte == b'\n') {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            continue;
        };
        let name = HeaderName::from_bytes(&line[..colon]);
        let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii());
        if let (Ok(name), Ok(value)) = (name, value) {
            headers.append(name, value);
        }
    }
    let reader: Reader = if *provider == b'm' { memories_ai } else { llama_cloud };
    let received = Received::new(status, headers.clone(), planted(body).into());
    let error = reader(received, &request(false)).expect_err("the status is an error");
    check_error(&error, data);
    assert_eq!(error.status(), Some(status));
    if (300..400).contains(&status) {
        assert_eq!(error.kind(), ErrorKind::Protocol, "a redirect is not followed");
    }
    if matches!(status, 429 | 500..) {
        assert!(error.is_temporary(), "HTTP {status} is not temporary");
    }
    // A cookie is as good as a key.
    let cookies = headers
        .get_all("set-cookie")
        .iter()
        .filter_map(|cookie| cookie.to_str().ok());
    for cookie in cookies {
        let (_, value) = cookie
            .split(';')
            .next()
            .and_then(|pair| pair.split_once('='))
            .unwrap_or_default();
        let value = value.trim().trim_matches('"');
        // A cookie that is one of our own words proves nothing.
        let ours = "[redacted]".contains(value) || format!("{:?}", Error::local(error.kind())).contains(value);
        if value.len() >= 16 && value.bytes().all(|byte| byte.is_ascii_alphanumeric()) && !ours {
            let texts = [
                error.message(),
                error.snippet().unwrap_or_default(),
                error.code().unwrap_or_default(),
            ];
            assert!(
                !texts.iter().any(|text| text.contains(value)),
                "{error:?} shows a cookie"
            );
        }
    }
}

/// The text of a cursor; or, after `=`, the bytes inside one; or, after `!` and two bytes, the bytes
/// of a cursor in whose text one character is replaced.
pub fn cursor(data: &[u8]) {
    match data {
        [b'!', index, by, content @ ..] => {
            let text = around(content);
            if text.parse::<Cursor>().is_err() {
                return;
            }
            let index = usize::from(*index) * 7 % text.len();
            let by = char::from(b' ' + by % 95);
            let mut other: Vec<char> = text.chars().collect();
            other[index] = by;
            let other: String = other.into_iter().collect();
            // Blanks around the text are removed, so replacing the last character by a blank only
            // makes it missing.
            assert!(
                other == text || other.parse::<Cursor>().is_err(),
                "{other} is damaged and was taken for {text}"
            );
        }
        [b'=', content @ ..] => cursor_text(&around(content)),
        _ => cursor_text(&String::from_utf8_lossy(data)),
    }
}

fn cursor_text(text: &str) {
    let cursor: Cursor = match text.parse() {
        Ok(cursor) => cursor,
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Cursor);
            return check_error(&error, text.as_bytes());
        }
    };
    let printed = cursor.to_string();
    assert!(printed.is_ascii() && !printed.contains(char::is_whitespace));
    assert_eq!(printed.parse::<Cursor>().expect("it was printed"), cursor, "{printed}");
    let json = serde_json::to_string(&cursor).expect("a cursor is a text");
    assert_eq!(serde_json::from_str::<Cursor>(&json).expect("it was written"), cursor);
    let _ = (format!("{cursor:?}"), cursor.is_end());

    // Whatever numbers it holds, a walk resumes from it.
    let marks = [7, 5, 3].map(|number| IdMark {
        fingerprint: number,
        number: Some(number),
    });
    let numbered = Capabilities::none()
        .keeps_places()
        .new_at_front()
        .truthful_totals()
        .descending_ids();
    for resume_point in cursor.resume_points() {
        let (capabilities, next) = match &resume_point.position {
            Position::Token(_) => (Capabilities::none(), NextPage::Token("next".to_owned())),
            _ => (numbered, NextPage::ByNumber),
        };
        let mut walk = Walk::resume(capabilities, false, resume_point);
        for (marks, total) in [
            (&marks[..], Some(2)),
            (&marks[1..], None),
            (&[], Some(u64::MAX)),
            (&marks[..1], Some(9)),
        ] {
            let at = walk.position().clone();
            let page = PageSummary {
                marks,
                rejected: 1,
                next: &next,
                total,
                page_size: Some(3),
                absent: false,
            };
            let (further, outcome) = walk.step(&page);
            assert!(outcome.duplicates.iter().all(|index| *index < marks.len()) && outcome.duplicates.is_sorted());
            walk = further;
            let _ = (
                walk.last_page(),
                walk.guarantee(),
                walk.resume_point(None),
                walk.resume_point_within(&at, None, true, 2),
            );
        }
    }
}

/// The text of an id, of the name of a provider, and of a time.
pub fn id(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    match text.parse::<SessionId>() {
        Ok(id) => {
            assert_eq!(id.to_string(), text);
            assert_eq!(SessionId::new(id.provider().clone(), id.as_str()), id);
            let json = serde_json::to_string(&id).expect("an id is an object");
            assert_eq!(serde_json::from_str::<SessionId>(&json).expect("it was written"), id);
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::InvalidRequest);
            check_error(&error, data);
        }
    }

    let provider = Provider::new(text.clone().into_owned());
    assert_eq!(provider.as_str(), text);
    assert_eq!(
        (provider.to_string(), format!("{provider:?}")),
        (text.to_string(), text.to_string())
    );
    let json = serde_json::to_string(&provider).expect("a name is a text");
    assert_eq!(
        serde_json::from_str::<Provider>(&json).expect("it was written"),
        provider
    );

    match text.parse::<Timestamp>() {
        Ok(at) => time(at),
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::InvalidRequest);
            check_error(&error, data);
        }
    }
    match SessionTime::parse(text.clone().into_owned()) {
        Ok(read) => {
            assert_eq!(read.text.as_deref(), Some(&*text));
            time(read.at);
        }
        Err(back) => assert_eq!(back, text),
    }

    let mut session = Session::new(SessionId::new(Provider::MEMORIES_AI, &*text));
    session.title = Some(text.into_owned());
    let json = serde_json::to_string(&session).expect("a session is an object");
    assert_eq!(serde_json::from_str::<Session>(&json).expect("it was written"), session);
}

fn time(at: Timestamp) {
    let printed = at.to_string();
    assert_eq!(printed.parse::<Timestamp>().expect("it was printed"), at, "{printed}");
    let rounded = Timestamp::from_unix_millis(at.unix_millis()).expect("it is a time");
    assert_eq!(rounded.unix_millis(), at.unix_millis());
    assert!(rounded <= at, "{printed} is rounded up");
    let _ = SystemTime::from(at);
}

/// Four lines: `retry-after`, `date`, `retry-after-ms`, and the local clock in seconds. An empty
/// line is a missing header.
pub fn retry_after(data: &[u8]) {
    let mut lines = data.split(|byte| *byte == b'\n');
    let mut headers = HeaderMap::new();
    for name in [RETRY_AFTER, DATE, HeaderName::from_static("retry-after-ms")] {
        let Some(line) = lines.next().filter(|line| !line.is_empty()) else {
            continue;
        };
        let Ok(value) = HeaderValue::from_bytes(line) else {
            return;
        };
        headers.insert(name, value);
    }
    let clock = lines
        .next()
        .and_then(|line| std::str::from_utf8(line).ok()?.parse::<u32>().ok());
    let now = UNIX_EPOCH + Duration::from_secs(clock.unwrap_or_default().into());
    let wait = read_retry_after(&headers, now);
    assert!(wait.is_none_or(|wait| wait <= LONGEST_WAIT), "{wait:?}");

    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let (seconds, milliseconds) = (text("retry-after"), text("retry-after-ms"));
    if seconds.is_none() && milliseconds.is_none() {
        assert_eq!(wait, None);
    }
    let digits = |text: &&str| !text.is_empty() && text.len() < 10 && text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(milliseconds) = milliseconds.filter(digits) {
        // Binary fractions of a second are exact to far less than a microsecond.
        let exact = Duration::from_millis(milliseconds.parse().expect("these are digits"));
        assert!(
            wait.is_some_and(|wait| wait.abs_diff(exact) < Duration::from_micros(1)),
            "{wait:?}, not {exact:?}"
        );
    } else if milliseconds.is_none()
        && let Some(seconds) = seconds.filter(digits)
    {
        assert_eq!(
            wait,
            Some(Duration::from_secs(seconds.parse().expect("these are digits")))
        );
    }
    // If the sender's clock is known, or no date is given, the local clock does not matter.
    let sent = text("date").and_then(|date| httpdate::parse_http_date(date).ok());
    let until = seconds.and_then(|date| httpdate::parse_http_date(date).ok());
    let later = read_retry_after(&headers, now + Duration::from_secs(86_400));
    match (sent, until) {
        (None, Some(_)) => assert!(later <= wait, "{later:?} is more than {wait:?}, a day later"),
        _ => assert_eq!(later, wait),
    }
}

/// A base URL, as a person writes it.
pub fn base_url(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for plain_host in [None, Some("gateway.internal")] {
        let Ok(base) = BaseUrl::parse(&text, plain_host) else {
            continue;
        };
        let url = base.as_str();
        let scheme = if base.is_plain() { "http://" } else { "https://" };
        let behind = url.strip_prefix(scheme).expect("it has the scheme that it says");
        assert!(!behind.is_empty() && !behind.starts_with('/'), "{url} has no host");
        let host = behind.split('/').next().unwrap_or_default();
        assert!(!host.contains('@'), "{url} has user info");
        assert!(
            !url.contains(['?', '#', '\\']) && url.is_ascii(),
            "{url} has more than a path"
        );
        assert!(
            !url.contains(|c: char| c.is_whitespace() || c.is_control()),
            "{url:?} has blanks"
        );
        assert!(!url.ends_with('/'), "{url}");
        if base.is_plain() && !base.is_loopback() {
            let name = host.split(':').next().unwrap_or_default();
            assert_eq!(Some(name), plain_host, "{url} sends the key readable");
        }
        assert_eq!(
            BaseUrl::parse(url, plain_host).as_ref(),
            Ok(&base),
            "{text:?} gave {url}"
        );
    }
}

/// Decodes a body with status 200, with and without keeping the items, and compares the two
/// results.
fn answer(data: &[u8], reader: Reader, list: &str) {
    let body = Bytes::from(planted(data));
    let received = || Received::new(200, HeaderMap::new(), body.clone());
    let plain = reader(received(), &request(false));
    let kept = reader(received(), &request(true));
    let (plain, kept) = match (plain, kept) {
        (Ok(plain), Ok(kept)) => (plain, kept),
        (Err(plain), Err(kept)) => {
            check_error(&plain, data);
            assert_eq!(
                (plain.kind(), plain.message(), plain.code(), plain.snippet()),
                (kept.kind(), kept.message(), kept.code(), kept.snippet()),
            );
            return;
        }
        (plain, kept) => panic!("items that are kept change the outcome: {plain:?}, {kept:?}"),
    };
    assert!(plain.body == body && kept.body == body);
    let _ = format!("{plain:?}");

    if let Ok(whole) = serde_json::from_slice::<Value>(&body) {
        let items = whole.pointer(list).and_then(Value::as_array).map_or(0, Vec::len);
        assert_eq!(plain.sessions.len() + plain.rejected.len(), items, "an item was lost");
    }
    assert_eq!(
        (&plain.next, plain.total, plain.page_size, plain.absent),
        (&kept.next, kept.total, kept.page_size, kept.absent),
    );
    assert_eq!(plain.rejected.len(), kept.rejected.len());
    for (index, (rejected, again)) in plain.rejected.iter().zip(&kept.rejected).enumerate() {
        assert_eq!(format!("{rejected:?}"), format!("{again:?}"));
        assert_eq!(rejected.raw, again.raw);
        assert!(rejected.index >= index && rejected.pointer.starts_with(list) && !rejected.reason.is_empty());
    }
    assert_eq!(plain.sessions.len(), kept.sessions.len());
    for (session, mut again) in plain.sessions.iter().zip(kept.sessions) {
        assert!(!session.id.as_str().is_empty());
        assert!(session.raw.is_none());
        let raw = again.raw.take().expect("the item was to be kept");
        assert!(raw.starts_with('{') && raw.ends_with('}'), "{raw}");
        assert_eq!(*session, again);
        let _ = (
            session.time(),
            serde_json::to_string(session).expect("a session is an object"),
        );
    }
}

/// Decodes a response about one session, with and without its body, and returns the transcript and
/// the JSON that it came from.
fn transcript(
    data: &[u8],
    read: impl Fn(Received, &TranscriptRequest) -> Result<SourceTranscript>,
) -> Option<(Transcript, Value)> {
    let body = Bytes::from(planted(data));
    let received = || Received::new(200, HeaderMap::new(), body.clone());
    let sent = serde_json::from_slice::<Value>(&body);
    // Any id that the response has is the requested one.
    let id = sent.iter().find_map(|sent| {
        let ids = ["/session_id", "/data/session_id", "/data/sessionId"];
        ids.iter().find_map(|at| sent.pointer(at)?.as_str())
    });
    let mut request = TranscriptRequest::new(id.unwrap_or("ses-1"));
    let plain = read(received(), &request);
    request.keep_raw = true;
    let kept = read(received(), &request);
    let (plain, mut kept) = match (plain, kept) {
        (Ok(plain), Ok(kept)) => (plain.transcript, kept.transcript),
        (Err(plain), Err(kept)) => {
            check_error_of(&plain, false, data);
            assert_eq!(format!("{plain:?}"), format!("{kept:?}"));
            return None;
        }
        (plain, kept) => panic!("a body that is kept changes the outcome: {plain:?}, {kept:?}"),
    };
    assert_eq!(kept.raw.take(), Some(body));
    assert_eq!(plain, kept);
    let text = serde_json::to_string(&plain).expect("a transcript is an object");
    let again: Transcript = serde_json::from_str(&text).expect("what is written can be read");
    assert_eq!(again, plain);
    sent.ok().map(|sent| (plain, sent))
}

/// The body of any response, as it is recorded.
pub fn recording(data: &[u8]) {
    let body = planted(data);
    for blank_titles in [false, true] {
        let mut secrets = Secrets::new(&ApiKey::from(KEY), [Some(TOKEN)]);
        let left = scrub(&body, &mut secrets, &ExchangeObserver::new(blank_titles, |_| {}));
        let Some(text) = left.text else {
            assert!(left.omitted.is_some(), "a body is missing without a word");
            continue;
        };
        check_hidden(&text, true, data);
        let is_json = |text: &[u8]| serde_json::from_slice::<IgnoredAny>(text).is_ok();
        assert_eq!(is_json(&body), is_json(text.as_bytes()), "{text}");
    }
}

fn request(keep_raw: bool) -> PageRequest {
    let mut request = PageRequest::new(Position::Token(TOKEN.to_owned()));
    request.keep_raw = keep_raw;
    request
}

/// Puts the secrets where the input wants them, or most of the key, without its beginning or its
/// end. A mutation never cuts one in two.
fn planted(data: &[u8]) -> Vec<u8> {
    let mut planted = Vec::with_capacity(data.len());
    for byte in data {
        match byte {
            1 => planted.extend_from_slice(KEY.as_bytes()),
            2 => planted.extend_from_slice(TOKEN.as_bytes()),
            3 => planted.extend_from_slice(&KEY.as_bytes()[4..]),
            4 => planted.extend_from_slice(&KEY.as_bytes()[..KEY.len() - 4]),
            other => planted.push(*other),
        }
    }
    planted
}

/// Checks what every error guarantees: one line, of limited length, without a secret or a part of
/// one.
fn check_error(error: &Error, input: &[u8]) {
    // Only LlamaCloud's requests for pages hold a token.
    check_error_of(error, error.provider() == Some(&Provider::LLAMA_CLOUD), input);
}

fn check_error_of(error: &Error, has_token: bool, input: &[u8]) {
    let breaks = |character: char| character.is_control() || is_invisible(character);
    let shown = error.to_string();
    assert!(!shown.contains(breaks), "more than a line, or hidden text: {shown:?}");
    let longest = 1500 + if error.provider().is_none() { input.len() * 6 } else { 0 };
    assert!(shown.chars().count() <= longest, "too long: {shown}");
    if let Some(snippet) = error.snippet() {
        assert!(
            !snippet.contains(breaks),
            "more than a line, or hidden text: {snippet:?}"
        );
        let length = snippet.chars().count();
        assert!((1..=300).contains(&length), "a snippet of {length} characters");
    }
    // `Debug` contains every text of the error, including those that people see.
    check_hidden(&format!("{error:?}"), has_token, input);
}

/// Looks for the key or a part of it, and for the token if the request held one.
fn check_hidden(shown: &str, token: bool, input: &[u8]) {
    for (index, part) in shown.as_bytes().windows(8).enumerate() {
        if !STARTS[usize::from(part[0])] {
            continue;
        }
        let secret = token && part == TOKEN.as_bytes() || KEY.as_bytes().windows(8).any(|secret| secret == part);
        // libFuzzer takes words from comparisons, so an input can spell a secret by itself, with
        // something in between that is never shown. That is not the secret that was sent.
        let spelt = || {
            let mut pieces = KEY.as_bytes().windows(3).chain(TOKEN.as_bytes().windows(3));
            pieces.any(|piece| input.windows(3).any(|own| own == piece))
        };
        assert!(!secret || spelt(), "{shown} shows a secret, at {index}");
    }
}

/// The bytes with which a part of a secret can begin, so that most bytes of a text need no closer
/// look.
static STARTS: [bool; 256] = {
    let mut starts = [false; 256];
    let mut index = 0;
    while index + 8 <= KEY.len() {
        starts[KEY.as_bytes()[index] as usize] = true;
        index += 1;
    }
    starts[TOKEN.as_bytes()[0] as usize] = true;
    starts
};
