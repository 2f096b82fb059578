//! Recordings contain every request of a list as HAR 1.2, and no key, cookie, page token or
//! `unique_id`.
//!
//! Recordings have neither labels nor cursors, so nothing is removed before they are searched for
//! secrets.

use std::io;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use chat_sessions::model::Part;
use chat_sessions::record::Recorder;
use chat_sessions::retry::{Pacing, RetryPolicy};
use chat_sessions::{ChatSessions, LlamaCloud, MemoriesAi, Order, SessionAddress, SessionId};
use chat_sessions_sandbox::{Conversation, Fault, LLAMA_CLOUD_KEY, MEMORIES_AI_KEY, Provider, Sandbox};
use serde_json::Value;

use super::leak_cases::{self, Case};
use crate::support::leak_finder::LeakFinder;
use crate::support::snapshot;

/// A buffer that a recorder writes to and a test reads.
#[derive(Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Buffer {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Returns the entries of a recording, which must be valid HAR 1.2.
fn entries(har: &str) -> Vec<Value> {
    static SCHEMA: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
        let schema = serde_json::from_str(include_str!("../../fixtures/har/har-1.2.schema.json")).unwrap();
        jsonschema::validator_for(&schema).unwrap()
    });
    let document: Value = serde_json::from_str(har).unwrap_or_else(|error| panic!("{error}: {har}"));
    let errors: Vec<String> = SCHEMA.iter_errors(&document).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    document["log"]["entries"].as_array().unwrap().clone()
}

fn body(entry: &Value) -> &str {
    entry["response"]["content"]["text"].as_str().unwrap_or_default()
}

fn memories_ai(sandbox: &Sandbox) -> MemoriesAi {
    let policy = RetryPolicy::default()
        .max_attempts(3)
        .initial_backoff(Duration::from_millis(1));
    let source = MemoriesAi::builder()
        .api_key(MEMORIES_AI_KEY)
        .base_url(sandbox.url())
        .retry(policy)
        .pacing(Pacing::none());
    source.build().unwrap()
}

fn llama_cloud(sandbox: &Sandbox) -> LlamaCloud {
    let policy = RetryPolicy::default()
        .max_attempts(3)
        .initial_backoff(Duration::from_millis(1));
    let source = LlamaCloud::builder()
        .api_key(LLAMA_CLOUD_KEY)
        .base_url(sandbox.url())
        .retry(policy);
    source.build().unwrap()
}

/// Compares a text with its snapshot, without the values that change from run to run.
fn assert_snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"127\.0\.0\.1:\d+", "[address]");
    settings.add_filter(r#"("startedDateTime"):"[^"]*""#, "$1:[time]");
    settings.add_filter(r#"("(?:time|wait|receive)"):[\d.]+"#, "$1:[ms]");
    settings.add_filter(r#""[^"]* GMT""#, "[date]");
    settings.bind(|| snapshot::assert("recording", name, text));
}

#[test]
fn no_fault_leaks_a_secret_into_a_recording() {
    let finder = leak_cases::leak_finder();
    let (responses, cases) = leak_cases::for_all_cases(|cases| record_everything(cases, &finder));
    assert!(responses > 4 * cases, "only {responses} responses were recorded");
}

/// Records a list with each fault, searches the recording for secrets, and returns the number of
/// recorded responses.
async fn record_everything(cases: Vec<Case>, finder: &LeakFinder) -> usize {
    let sandbox = leak_cases::sandbox().await;
    let mut responses = 0;
    for case in &cases {
        let name = &case.name;
        case.inject(&sandbox, true);
        let client = leak_cases::client(&sandbox.url(), case.attempt_timeout());
        let out = Buffer::default();
        let recorder = Recorder::new(out.clone());
        let list = client.list_sessions().order(Order::Source).limit(200).record(&recorder);
        assert_eq!(finder.find(&format!("{recorder:?} {recorder:#?}")), None, "{name}");
        let mut items = list.by_item();
        while items.next().await.is_some() {}
        let recorded = recorder.finish().unwrap();

        let har = out.text();
        let requests = sandbox.requests().len();
        assert_eq!(recorded as usize, requests, "{name}: every request is an entry");
        if let Some(found) = finder.find(&har) {
            panic!("{name}: {found}");
        }
        for entry in entries(&har) {
            // The text after JSON decoding.
            assert_eq!(finder.find(body(&entry)), None, "{name}: {}", body(&entry));
            responses += usize::from(entry["response"]["status"] != 0);
            assert!(
                entry["response"]["status"] != 0 || entry["response"]["_error"].is_string(),
                "{name}: {entry}"
            );
        }
        sandbox.forget_requests();
    }
    responses
}

#[tokio::test]
async fn no_failed_connection_leaks_a_secret_into_a_recording() {
    let finder = leak_cases::leak_finder();
    let sandbox = leak_cases::sandbox().await;
    for url in [
        "http://127.0.0.1:9".to_owned(),
        sandbox.url().replace("http:", "https:"),
    ] {
        let client = leak_cases::client(&url, Duration::from_secs(5));
        let out = Buffer::default();
        let recorder = Recorder::new(out.clone());
        client.list_sessions().record(&recorder).send().await.unwrap_err();
        assert_eq!(recorder.finish().unwrap(), 4, "two attempts at two providers");
        for entry in entries(&out.text()) {
            let error = entry["response"]["_error"].as_str().unwrap();
            assert!(error.starts_with("no response: "), "{error}");
        }
        assert_eq!(finder.find(&out.text()), None, "{url}");
    }
}

#[tokio::test]
async fn the_debug_output_of_an_exchange_contains_no_secret_and_no_body() {
    let finder = leak_cases::leak_finder();
    let sandbox = leak_cases::sandbox().await;
    for provider in [Provider::MemoriesAi, Provider::LlamaCloud] {
        sandbox.next(provider, leak_cases::first_page(provider));
        sandbox.always(provider, leak_cases::with_cookie(Fault::echo(500)));
    }
    let client = leak_cases::client(&sandbox.url(), Duration::from_secs(5));
    let exchanges = Arc::new(Mutex::new(Vec::new()));
    let list = client.list_sessions().order(Order::Source).on_exchange({
        let exchanges = Arc::clone(&exchanges);
        move |exchange| {
            let response = exchange.response.as_ref().unwrap();
            exchanges
                .lock()
                .unwrap()
                .push((format!("{exchange:?} {exchange:#?}"), response.body.clone()));
        }
    });
    assert!(list.send().await.is_ok());
    let exchanges = exchanges.lock().unwrap();
    assert_eq!(exchanges.len(), 6);
    for (debug, body) in &*exchanges {
        assert_eq!(finder.find(debug), None, "{debug}");
        assert!(
            !debug.contains("sessionId") && !debug.contains("Cannot serve"),
            "{debug}"
        );
        let body = body.as_deref().unwrap();
        assert!(body.contains("sessionId") || body.contains("session_id") || body.contains("Cannot serve"));
        assert_eq!(finder.find(body), None, "{body}");
    }
}

#[tokio::test]
async fn a_recording_has_each_attempt_and_links_each_page_to_the_next() {
    let sandbox = Sandbox::start().await.unwrap();
    let page = |id: &str, next: &str| {
        let item = format!(r#"{{"session_id":"{id}","generated_title":"Mine"}}"#);
        let body = format!(r#"{{"items":[{item}],"next_page_token":"{next}"}}"#);
        Fault::raw(200, "application/json", body)
    };
    for fault in [
        page("a", "to-the-second-page"),
        Fault::status(503)
            .with_header("retry-after-ms", "1")
            .with_header("x-request-id", "req-1"),
        Fault::reset_before_headers(),
        page("b", "to-the-third-page"),
        Fault::raw(200, "application/json", r#"{"items":[],"next_page_token":""}"#),
    ] {
        sandbox.next(Provider::LlamaCloud, fault);
    }
    let out = Buffer::default();
    let recorder = Recorder::new(out.clone()).blank_titles();
    let client = ChatSessions::new(llama_cloud(&sandbox).with_scope("3a1b6c1e-project"));
    let mut pages = client.list_sessions().page_size(1).record(&recorder).by_page();
    while let Some(page) = pages.next().await {
        page.unwrap();
    }
    assert_eq!(recorder.finish().unwrap(), 5);
    // The parts that a person would look at.
    let digest: Vec<String> = entries(&out.text())
        .iter()
        .map(|entry| {
            let (request, response) = (&entry["request"], &entry["response"]);
            let error = response["_error"].as_str().unwrap_or("answered");
            let error = error.split(" (os error").next().unwrap_or_default();
            format!(
                "{} {}\n  {} {error}\n  {}",
                request["method"].as_str().unwrap(),
                request["url"].as_str().unwrap(),
                response["status"],
                body(entry)
            )
        })
        .collect();
    assert_snapshot("walk", &digest.join("\n"));
}

#[tokio::test]
async fn the_document_has_the_structure_of_har() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.next(Provider::LlamaCloud, Fault::stall(0));
    let body = r#"{"items":[{"session_id":"a","generated_title":"Mine"}],"next_page_token":null}"#;
    let fault = Fault::raw(200, "application/json", body)
        .with_header("x-request-id", "req-1")
        .with_header("set-cookie", "session=c-1234567890");
    sandbox.next(Provider::LlamaCloud, fault);
    let source = LlamaCloud::builder()
        .api_key(LLAMA_CLOUD_KEY)
        .base_url(sandbox.url())
        // The first attempt stalls until this timeout, which is far longer than the second attempt
        // needs.
        .attempt_timeout(Duration::from_secs(2))
        .retry(
            RetryPolicy::default()
                .max_attempts(2)
                .initial_backoff(Duration::from_millis(1)),
        );
    let out = Buffer::default();
    let recorder = Recorder::new(out.clone());
    let list = ChatSessions::new(source.build().unwrap()).list_sessions();
    list.record(&recorder).send().await.unwrap();
    assert_eq!(recorder.finish().unwrap(), 2);
    entries(&out.text());
    assert_snapshot(
        "document",
        &out.text().replace("},\"", "},\n\"").replace("],\"", "],\n\""),
    );
}

#[tokio::test]
async fn one_recorder_serves_several_scopes_concurrent_lists_and_prefetched_pages() {
    let sandbox = Sandbox::start().await.unwrap();
    let first = memories_ai(&sandbox);
    let client = ChatSessions::builder()
        .source(first.with_scope("team-a"))
        .source(first)
        .source(llama_cloud(&sandbox))
        .build()
        .unwrap();
    let out = Buffer::default();
    let recorder = Recorder::new(out.clone());
    let lists = [0, 3].map(|pages| {
        let list = client.clone().list_sessions().read_ahead(pages).record(&recorder);
        tokio::spawn(async move {
            let mut items = list.by_item();
            while items.next().await.transpose().unwrap().is_some() {}
        })
    });
    for list in lists {
        list.await.unwrap();
    }
    let recorded = recorder.finish().unwrap();
    assert_eq!(recorded as usize, sandbox.requests().len());
    assert_eq!(entries(&out.text()).len(), recorded as usize);

    // A prefetched page that is no longer needed is an entry too.
    let no_response = Fault::ordinary().with_hold();
    sandbox.always(Provider::LlamaCloud, no_response.on_pages(2..));
    sandbox.forget_requests();
    let out = Buffer::default();
    let recorder = Recorder::new(out.clone());
    let mut items = ChatSessions::new(llama_cloud(&sandbox))
        .list_sessions()
        .page_size(5)
        .record(&recorder)
        .by_item();
    items.next().await.unwrap().unwrap();
    while sandbox.request_count(Provider::LlamaCloud) < 2 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    drop(items);
    // The task that fetches the page ends at its next poll. On this single thread, that is before
    // the next line runs.
    tokio::task::yield_now().await;
    recorder.finish().unwrap();
    let entries = entries(&out.text());
    assert_eq!(
        entries.last().unwrap()["response"]["_error"],
        "no response: the request was cancelled"
    );
}

#[tokio::test]
async fn a_recording_names_the_missing_part_of_a_response() {
    let sandbox = Sandbox::start().await.unwrap();
    let mib = 1 << 20;
    for (fault, error, omitted, text) in [
        (Fault::large_body(40 * mib), "too large", "", 0),
        (
            Fault::large_body_chunked(40 * mib),
            "too large",
            "cut after 1048576 of ",
            1 << 20,
        ),
        (Fault::cut_body(40), "broke off", "", 40),
        (
            Fault::raw_bytes(200, "application/json", b"\xff\xfe[]".to_vec()),
            "",
            "4 bytes that are not UTF-8 text",
            0,
        ),
        (
            Fault::ordinary().with_header("content-encoding", "br"),
            "compressed",
            "",
            0,
        ),
    ] {
        sandbox.next(Provider::MemoriesAi, fault);
        let out = Buffer::default();
        let recorder = Recorder::new(out.clone());
        let list = ChatSessions::new(memories_ai(&sandbox))
            .list_sessions()
            .retry(RetryPolicy::none());
        list.record(&recorder).send().await.unwrap_err();
        recorder.finish().unwrap();
        let entry = entries(&out.text()).remove(0);
        let text_of = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        assert!(
            text_of(&entry["response"]["_error"]).contains(error),
            "{error}: {}",
            entry["response"]["_error"]
        );
        let content = &entry["response"]["content"];
        assert!(
            text_of(&content["comment"]).contains(omitted),
            "{omitted}: {}",
            content["comment"]
        );
        assert_eq!(text_of(&content["text"]).len(), text, "{error} {omitted}");
    }
}

#[tokio::test]
async fn a_recording_that_fails_does_not_fail_the_list() {
    struct Full;
    impl io::Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::Error::new(io::ErrorKind::StorageFull, "no space left"))
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let sandbox = Sandbox::start().await.unwrap();
    let recorder = Recorder::new(Full);
    let list = ChatSessions::new(memories_ai(&sandbox)).list_sessions();
    assert_eq!(list.record(&recorder).send().await.unwrap().sessions.len(), 50);
    assert_eq!(recorder.finish().unwrap_err().kind(), io::ErrorKind::StorageFull);
}

#[tokio::test]
async fn transcripts_sessions_and_scopes_are_recorded_and_their_texts_can_be_blanked() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = ChatSessions::builder()
        .source(memories_ai(&sandbox))
        .source(llama_cloud(&sandbox))
        .build()
        .unwrap();
    for blank in [false, true] {
        let out = Buffer::default();
        let recorder = Recorder::new(out.clone());
        let recorder = if blank { recorder.blank_titles() } else { recorder };
        let mut texts = Vec::new();
        for (provider, source) in [Provider::MemoriesAi, Provider::LlamaCloud]
            .into_iter()
            .zip(client.sources())
        {
            let id = sandbox.session_with(provider, Conversation::OneTurn).unwrap();
            let mut address = SessionAddress::new(SessionId::new(source.provider(), id));
            address.scope = source.scope();
            let transcript = client.transcript(&address).record(&recorder).send().await.unwrap();
            if source.capabilities().single_session {
                client.session(&address).record(&recorder).send().await.unwrap();
            }
            for message in transcript.messages {
                texts.extend(message.parts.into_iter().filter_map(|part| match part {
                    Part::Text(text) => Some(text.text),
                    Part::Thinking(thinking) => Some(thinking.text),
                    _ => None,
                }));
            }
        }
        client.scopes().record(&recorder).send().await.unwrap();
        recorder.finish().unwrap();

        let har = out.text();
        let entries = entries(&har);
        let paths: Vec<&str> = entries
            .iter()
            .map(|entry| entry["request"]["url"].as_str().unwrap())
            .map(|url| url.trim_start_matches(&sandbox.url()))
            .collect();
        let id = |provider| sandbox.session_with(provider, Conversation::OneTurn).unwrap();
        let (memories, llama) = (id(Provider::MemoriesAi), id(Provider::LlamaCloud));
        assert_eq!(
            paths,
            [
                format!(
                    "/serve/api/v1/get_session_detail?sessionId={memories}&session_id={memories}&unique_id=redacted"
                ),
                format!("/api/v1/chat/{llama}"),
                format!("/api/v1/chat/{llama}/summary"),
                "/serve/api/v1/list_unique_ids".to_owned(),
                "/api/v1/projects".to_owned(),
            ]
        );
        assert!(texts.len() >= 4, "{texts:?}");
        let bodies: Vec<Value> = entries
            .iter()
            .map(|entry| serde_json::from_str(body(entry)).unwrap())
            .collect();
        let mut strings = Vec::new();
        bodies.iter().for_each(|body| collect_strings(body, &mut strings));
        for text in &texts {
            assert_eq!(strings.contains(&text.as_str()), !blank, "{text}");
        }
    }
}

fn collect_strings<'a>(value: &'a Value, strings: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => strings.push(text),
        Value::Array(items) => items.iter().for_each(|item| collect_strings(item, strings)),
        Value::Object(members) => members.values().for_each(|member| collect_strings(member, strings)),
        _ => {}
    }
}
