//! Secrets do not leak: keys, cookies, a page token and a `unique_id` are driven through every
//! fault, and no message, debug output or log event contains any of them, in any encoding.
//!
//! Two places may contain them and are removed before the search: the scope in a label, because
//! errors, reports and sources name the part of an account that they are about, and the text of a
//! cursor, because the page token is its content.

use std::collections::HashSet;
use std::error::Error as _;
use std::fmt::Debug;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chat_sessions::list::ListSessions;
use chat_sessions::{ChatSessions, Cursor, Error, LlamaCloud, Order, SessionAddress, SessionId};
use chat_sessions_sandbox::{Fault, Provider};
use tracing::Dispatch;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use super::leak_cases::{
    COOKIES, Case, LLAMA_KEY, MEMORIES_KEY, TOKEN, UNIQUE_ID, client, first_page, for_all_cases, leak_finder,
    leak_finder_without_token, repetitions, sandbox, with_cookie,
};
use crate::support::leak_finder::{LeakFinder, without_cursors};

/// All text that a program can print or log, each with its origin.
#[derive(Default)]
struct Messages(Vec<(String, String)>);

impl Messages {
    fn text(&mut self, origin: &str, text: impl Into<String>) {
        self.0.push((origin.to_owned(), text.into()));
    }

    /// Adds both styles of `Debug`.
    fn debug(&mut self, origin: &str, value: &impl Debug) {
        self.text(origin, format!("{value:?}"));
        self.text(origin, format!("{value:#?}"));
    }

    /// Adds all texts of an error and of its causes.
    fn error(&mut self, origin: &str, error: &Error) {
        self.debug(origin, error);
        self.text(origin, error.to_string());
        self.text(origin, error.message());
        for part in [
            error.hint().as_deref(),
            error.code(),
            error.request_id(),
            error.snippet(),
        ] {
            self.text(origin, part.unwrap_or_default());
        }
        self.debug(origin, &error.cursor());
        let mut cause = error.source();
        while let Some(inner) = cause {
            self.debug(origin, &inner);
            self.text(origin, inner.to_string());
            cause = inner.source();
        }
        for other in error.others() {
            self.error(origin, other);
        }
    }

    /// Fails if a message contains a secret.
    fn assert_clean(&self, finder: &LeakFinder, case: &str) {
        // Many messages repeat.
        let mut seen = HashSet::new();
        for (origin, text) in &self.0 {
            if !seen.insert(text) {
                continue;
            }
            if let Some(found) = finder.find(&without_labels(&without_cursors(text))) {
                panic!("{case}, {origin}: {found}\n{text}");
            }
        }
    }
}

/// Removes the scope where it is a label: after its provider, and in the field `scope`.
fn without_labels(text: &str) -> String {
    let mut text: String = text.chars().filter(|character| !character.is_whitespace()).collect();
    for label in [
        format!("memories-ai/{UNIQUE_ID}"),
        format!("scope:{UNIQUE_ID:?}"),
        format!("scope:Some({UNIQUE_ID:?})"),
        format!("scope:Some({UNIQUE_ID:?},)"),
    ] {
        text = text.replace(&label, "[label]");
    }
    text
}

/// The log events of the workspace's crates, at all levels.
#[derive(Clone, Default)]
struct Events(Arc<Mutex<Vec<u8>>>);

impl Events {
    /// Collects the events of this thread until the guard is dropped.
    fn listen(&self) -> impl Drop {
        // While a process has only one subscriber, `tracing` decides whether an event is wanted by the
        // thread that emits it first, for all threads. Other tests run in threads without a
        // subscriber. With a second one, it asks both.
        static SECOND: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(tracing_subscriber::registry()));
        LazyLock::force(&SECOND);
        let events = self.clone();
        let lines = tracing_subscriber::fmt::layer()
            .with_ansi(false)
            .with_writer(move || events.clone());
        let own = Targets::new()
            .with_target("chat_sessions", LevelFilter::TRACE)
            .with_target("chat_sessions_wire", LevelFilter::TRACE);
        tracing_subscriber::registry().with(own).with(lines).set_default()
    }

    fn take(&self) -> String {
        String::from_utf8(std::mem::take(&mut *self.0.lock().unwrap())).unwrap()
    }
}

impl io::Write for Events {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Whether reading a list can succeed in spite of this fault, because it affects one provider only,
/// or an empty list not at all.
fn may_succeed(name: &str) -> bool {
    // The facade decompresses a response only with its feature `gzip`.
    [
        "paging-",
        "gzip-ordinary",
        "envelope",
        "code-",
        "message-",
        "text-",
        "json-",
        "raw-",
    ]
    .iter()
    .any(|start| name.starts_with(start))
}

/// Reads a list in every way, and collects all messages. Returns the number of errors.
async fn walk(list: impl Fn() -> ListSessions, prepare: impl Fn(bool), messages: &mut Messages) -> usize {
    let mut errors = 0;
    let mut cursor = None;
    prepare(true);
    let request = list();
    messages.debug("the request", &request);
    let mut items = request.by_item();
    messages.debug("the stream", &items);
    while let Some(next) = items.next().await {
        if let Err(error) = next {
            errors += 1;
            messages.error("the error of by_item", &error);
        }
    }
    messages.debug("the stream at its end", &items);
    messages.debug("the report", &items.report());

    prepare(true);
    let mut pages = list().by_page();
    while let Some(next) = pages.next().await {
        match next {
            Ok(page) => messages.debug("a page", &page),
            Err(error) => {
                errors += 1;
                messages.error("the error of by_page", &error);
                cursor = error.cursor().cloned().or(cursor);
            }
        }
        messages.debug("the pages", &pages);
    }
    messages.debug("the report", &pages.report());

    prepare(false);
    let request = match cursor {
        Some(cursor) => list().resume(cursor),
        None => list(),
    };
    messages.debug("the request", &request);
    match request.send().await {
        Ok(page) => messages.debug("the page", &page),
        Err(error) => {
            errors += 1;
            messages.error("the error of send", &error);
        }
    }
    errors
}

/// Reads one session of each source with its messages, without them, and the scopes, and collects all
/// messages. Returns the number of errors.
async fn read_sessions(client: &ChatSessions, prepare: impl Fn(), messages: &mut Messages) -> usize {
    let mut errors = 0;
    for source in client.sources() {
        let mut address = SessionAddress::new(SessionId::new(source.provider(), "601308802842759168"));
        address.scope = source.scope();
        prepare();
        let request = client.transcript(&address);
        messages.debug("the request for a transcript", &request);
        match request.send().await {
            // What a session holds is printed as the provider sent it.
            Ok(_) => {}
            Err(error) => {
                errors += 1;
                messages.error("the error of a transcript", &error);
            }
        }
        if source.capabilities().single_session {
            prepare();
            if let Err(error) = client.session(&address).send().await {
                errors += 1;
                messages.error("the error of a session", &error);
            }
        }
        prepare();
        let mut transcripts = client.transcripts([address]).by_item();
        messages.debug("the transcripts", &transcripts);
        while let Some(next) = transcripts.next().await {
            if let Err(error) = next {
                messages.error("the error of one of several transcripts", &error);
            }
        }
        messages.debug("the report on transcripts", &transcripts.report());
    }
    prepare();
    match client.scopes().send().await {
        Ok(list) => {
            for error in &list.failures {
                messages.error("the error of a list of scopes", error);
            }
        }
        Err(error) => messages.error("the error of all lists of scopes", &error),
    }
    errors
}

#[test]
fn no_fault_leaks_a_secret() {
    let finder = leak_finder();
    let (tokens_sent, cases) = for_all_cases(|cases| collect_messages(cases, &finder));
    assert!(tokens_sent > cases, "the token was sent only {tokens_sent} times");
}

/// Reads a list with each fault, searches all messages for secrets, and returns how often the page
/// token was sent.
async fn collect_messages(cases: Vec<Case>, finder: &LeakFinder) -> usize {
    let sandbox = sandbox().await;
    let events = Events::default();
    let _listening = events.listen();
    let mut tokens_sent = 0;
    let without_token = leak_finder_without_token();
    for case in &cases {
        let name = &case.name;
        let client = client(&sandbox.url(), case.attempt_timeout());
        let retries = Arc::new(Mutex::new(Messages::default()));
        let list = || {
            let retries = Arc::clone(&retries);
            client
                .list_sessions()
                .order(Order::Source)
                .limit(200)
                .on_retry(move |retry| {
                    let mut messages = retries.lock().unwrap();
                    messages.debug("a retry", retry);
                    messages.error("the error of a retry", retry.error);
                })
        };
        let mut messages = Messages::default();
        messages.debug("the client", &client);
        let errors = walk(
            list,
            |after_first_page| case.inject(&sandbox, after_first_page),
            &mut messages,
        )
        .await;
        assert!(errors > 0 || may_succeed(name), "{name}: no request failed");
        messages.text("the events", events.take());
        messages.assert_clean(finder, name);

        let mut messages = Messages::default();
        let errors = read_sessions(&client, || case.inject(&sandbox, false), &mut messages).await;
        assert!(
            errors > 0 || may_succeed(name),
            "{name}: no request for a session failed"
        );
        messages.text("the events", events.take());
        messages.assert_clean(&without_token, name);
        retries.lock().unwrap().assert_clean(finder, name);
        let requests = sandbox.requests();
        tokens_sent += requests
            .iter()
            .filter(|request| request.parameter("page_token") == Some(TOKEN))
            .count();
        assert!(
            requests
                .iter()
                .any(|request| request.parameter("unique_id") == Some(UNIQUE_ID))
        );
        sandbox.forget_requests();
    }
    tokens_sent
}

#[tokio::test]
async fn no_failed_connection_leaks_a_secret() {
    let finder = leak_finder();
    let sandbox = sandbox().await;
    let events = Events::default();
    let _listening = events.listen();
    for url in [
        "http://127.0.0.1:9".to_owned(),
        sandbox.url().replace("http:", "https:"),
    ] {
        let client = client(&url, Duration::from_secs(5));
        let mut messages = Messages::default();
        let errors = walk(|| client.list_sessions(), |_| {}, &mut messages).await;
        assert_eq!(errors, 3, "{url}");
        let logged = events.take();
        assert!(
            logged.contains("no response") && logged.contains("is retried"),
            "{logged}"
        );
        messages.text("the events", logged);
        messages.assert_clean(&finder, &url);
    }
}

#[tokio::test]
async fn refusing_a_cursor_of_another_list_leaks_no_secret() {
    let finder = leak_finder();
    let sandbox = sandbox().await;
    let client = client(&sandbox.url(), Duration::from_secs(5));
    sandbox.next(Provider::LlamaCloud, first_page(Provider::LlamaCloud));
    let page = client.list_sessions().order(Order::Source).send().await.unwrap();
    let cursor = page.next.unwrap();
    assert!(
        finder.find(&cursor.to_string()).is_some(),
        "the cursor contains the token: {cursor}"
    );
    let other = LlamaCloud::builder()
        .api_key(LLAMA_KEY)
        .base_url("http://127.0.0.1:9")
        .build()
        .unwrap();
    let damaged = cursor.to_string().replacen("cs2_", "cs2_A", 1);
    let mut messages = Messages::default();
    messages.debug("the cursor", &cursor);
    messages.error("a damaged cursor", &damaged.parse::<Cursor>().unwrap_err());
    let refusal = ChatSessions::new(other).list_sessions().resume(cursor).send().await;
    messages.error("a cursor of another list", &refusal.unwrap_err());
    messages.assert_clean(&finder, "cursors");
}

#[tokio::test]
async fn a_panic_message_with_all_debug_output_leaks_no_secret() {
    let finder = leak_finder();
    let sandbox = sandbox().await;
    let client = client(&sandbox.url(), Duration::from_secs(5));
    for provider in [Provider::MemoriesAi, Provider::LlamaCloud] {
        sandbox.next(provider, first_page(provider));
        sandbox.always(provider, with_cookie(Fault::echo(500)));
    }
    let mut stream = client.list_sessions().by_item();
    let mut outcome = Ok(());
    while let Some(next) = stream.next().await {
        outcome = next.map(drop);
    }
    let everything = format!("{client:?} {:?} {stream:?}", client.sources());
    let panic = catch_unwind(AssertUnwindSafe(|| outcome.expect(&everything)));
    let message = panic.unwrap_err().downcast::<String>().unwrap();
    assert!(message.contains("Cannot serve"), "{message}");
    let mut messages = Messages::default();
    messages.text("a panic", *message);
    messages.assert_clean(&finder, "a panic");
}

#[test]
fn the_search_finds_every_encoding_of_a_secret() {
    let finder = leak_finder();
    for provider in [Provider::MemoriesAi, Provider::LlamaCloud] {
        for (encoding, words) in repetitions(provider) {
            assert!(finder.find(&format!("a {words} b")).is_some(), "{encoding}");
        }
    }
    for secret in [MEMORIES_KEY, LLAMA_KEY, TOKEN, UNIQUE_ID, COOKIES[0], COOKIES[1]] {
        let middle: String = secret.chars().skip(3).take(9).collect();
        for written in [
            format!("{secret:?}"),
            format!("{:?}", secret.as_bytes()),
            format!("{:#?}", secret.as_bytes()),
            secret.to_uppercase(),
            secret.to_lowercase(),
            secret.escape_unicode().to_string(),
            middle.clone(),
            format!("x={}", STANDARD.encode(format!("Authorization: {middle};"))),
        ] {
            let mut messages = Messages::default();
            messages.text("planted", format!("before {written} after"));
            let outcome = catch_unwind(AssertUnwindSafe(|| messages.assert_clean(&finder, "control")));
            assert!(outcome.is_err(), "{secret} as {written} is not found");
        }
    }
    // Only the exceptions are removed.
    let label = format!("memories-ai/{UNIQUE_ID}: no. scope: Some(\n  {UNIQUE_ID:?},\n)");
    assert_eq!(finder.find(&without_labels(&label)), None);
    assert!(
        finder
            .find(&without_labels(&format!("{label} for {UNIQUE_ID}")))
            .is_some()
    );
    let cursor = format!("cs2_{}", STANDARD.encode(MEMORIES_KEY).replace(['+', '/', '='], "-"));
    assert!(finder.find(&cursor).is_some());
    assert_eq!(
        finder.find(&without_cursors(&format!("resume with {cursor}, or not"))),
        None
    );
    assert!(finder.find(&without_cursors(&format!("{cursor} {TOKEN}"))).is_some());
    assert_eq!(
        finder.find("Text without a secret, such as tok-en or sk-example, is not reported."),
        None
    );
}
