//! A canary: a key, a cookie, a page token and a `unique_id` that can be looked for are driven through every fault, and
//! nothing that is said about it holds any of them, however it is written.
//!
//! Two things are meant to hold them and are taken out before the search, and nothing else. The scope is a label: errors,
//! reports and sources name it, so that a person knows which part of an account is meant. The text of a cursor is the place in
//! a list, which is the page token.

use std::collections::HashSet;
use std::error::Error as _;
use std::fmt::Debug;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chat_sessions::http::HttpExt;
use chat_sessions::list::ListSessions;
use chat_sessions::retry::{Pacing, RetryPolicy};
use chat_sessions::{ChatSessions, Cursor, Error, LlamaCloud, MemoriesAi, Order};
use chat_sessions_sandbox::{EchoForm, Fault, Paging, Provider, Sandbox};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::cases::sample;
use crate::needles::{Needles, without_cursors};

const MEMORIES_KEY: &str = r#"sk-Vq3/zK+8wJ=x5"Rb~T2&yH7<fP"#;
const LLAMA_KEY: &str = r"llx-Gd9\mS%2Fn4+cU6/pA=1eL>0jX";
pub(crate) const TOKEN: &str = r#"tok-Zn8/Yf+2"hQ=7vE\5üoK&9rI%41wM"#;
pub(crate) const UNIQUE_ID: &str = "uid-Wq7/Zr+5=kT~3&Bx'6sD";
/// One that the provider sets, and one that a program sends along by `configure_http`.
const COOKIES: [&str; 2] = ["cN4%2FtJ8+vP2=mG6zF0", "cO1/uL9+bS3=hX7yW5"];

pub(crate) fn needles() -> Needles {
    Needles::new(&[
        ("the key of Memories.ai", MEMORIES_KEY),
        ("the key of LlamaCloud", LLAMA_KEY),
        ("the page token", TOKEN),
        ("the unique_id", UNIQUE_ID),
        ("the cookie that is set", COOKIES[0]),
        ("the cookie that is sent", COOKIES[1]),
    ])
}

/// Everything that is said, each piece with where it was said.
#[derive(Default)]
struct Said(Vec<(String, String)>);

impl Said {
    fn text(&mut self, place: &str, text: impl Into<String>) {
        self.0.push((place.to_owned(), text.into()));
    }

    /// Takes both styles of `Debug`.
    fn debug(&mut self, place: &str, what: &impl Debug) {
        self.text(place, format!("{what:?}"));
        self.text(place, format!("{what:#?}"));
    }

    /// Takes everything that an error says, its scope and its cursor excepted.
    fn error(&mut self, place: &str, error: &Error) {
        self.debug(place, error);
        self.text(place, error.to_string());
        self.text(place, error.message());
        for part in [
            error.hint().as_deref(),
            error.code(),
            error.request_id(),
            error.snippet(),
        ] {
            self.text(place, part.unwrap_or_default());
        }
        self.debug(place, &error.cursor());
        let mut cause = error.source();
        while let Some(inner) = cause {
            self.debug(place, &inner);
            self.text(place, inner.to_string());
            cause = inner.source();
        }
        for other in error.others() {
            self.error(place, other);
        }
    }

    /// Fails where a needle stands in what was said.
    fn assert_clean(&self, needles: &Needles, case: &str) {
        // Much is said again and again.
        let mut seen = HashSet::new();
        for (place, text) in &self.0 {
            if !seen.insert(text) {
                continue;
            }
            if let Some(found) = needles.find(&without_labels(&without_cursors(text))) {
                panic!("{case}, {place}: {found}\n{text}");
            }
        }
    }
}

/// Takes out the scope where it stands as a label: behind its provider, and in the field of that name.
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

/// What the events of this project's crates said, all levels.
#[derive(Clone, Default)]
struct Events(Arc<Mutex<Vec<u8>>>);

impl Events {
    /// Listens on this thread until the guard is dropped.
    fn listen(&self) -> impl Drop {
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

pub(crate) async fn sandbox() -> Sandbox {
    let builder = Sandbox::builder()
        .memories_ai_key(MEMORIES_KEY)
        .llama_cloud_key(LLAMA_KEY);
    builder.start().await.unwrap()
}

/// A client of both providers whose second attempt comes at once, and whose requests carry a cookie.
pub(crate) fn client(url: &str, attempt_timeout: Duration) -> ChatSessions {
    let policy = RetryPolicy::default()
        .max_attempts(2)
        .initial_backoff(Duration::from_millis(1));
    let cookie = |client: reqwest::ClientBuilder| {
        let mut headers = reqwest::header::HeaderMap::new();
        headers.insert("cookie", format!("session={}", COOKIES[1]).parse().unwrap());
        client.default_headers(headers)
    };
    let memories_ai = MemoriesAi::builder()
        .api_key(MEMORIES_KEY)
        .base_url(url)
        .scope(UNIQUE_ID)
        .attempt_timeout(attempt_timeout)
        .retry(policy)
        .pacing(Pacing::none())
        .configure_http(cookie);
    let llama_cloud = LlamaCloud::builder()
        .api_key(LLAMA_KEY)
        .base_url(url)
        .attempt_timeout(attempt_timeout)
        .retry(policy)
        .pacing(Pacing::none())
        .configure_http(cookie);
    let builder = ChatSessions::builder()
        .source(memories_ai.build().unwrap())
        .source(llama_cloud.build().unwrap());
    builder.build().unwrap()
}

fn json(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// A page of each provider that leads to a next one, for LlamaCloud with the token.
pub(crate) fn first_page(provider: Provider) -> Fault {
    with_cookie(Fault::raw(200, "application/json", match provider {
        Provider::MemoriesAi => r#"{"code":"0000","msg":"success","success":true,"failed":false,"data":
            {"current_page":1,"page_size":1,"total_count":"9","sessions":[{"sessionId":"588888888888888888","title":"x"}]}}"#
            .to_owned(),
        _ => format!(r#"{{"items":[{{"session_id":"a"}}],"next_page_token":{}}}"#, json(TOKEN)),
    }))
}

/// Sets the cookie, and repeats it in an id.
pub(crate) fn with_cookie(fault: Fault) -> Fault {
    fault
        .with_header("set-cookie", format!("session={}; HttpOnly", COOKIES[0]))
        .with_header("x-request-id", format!("request-{}", COOKIES[0]))
}

/// Gives what a provider gets to know.
fn known_to(provider: Provider) -> [&'static str; 3] {
    match provider {
        Provider::MemoriesAi => [MEMORIES_KEY, UNIQUE_ID, COOKIES[0]],
        _ => [LLAMA_KEY, TOKEN, COOKIES[0]],
    }
}

/// What a server could say that repeats everything it knows, in the ways that are known of servers.
fn repetitions(provider: Provider) -> Vec<(&'static str, String)> {
    let joined = |write: &dyn Fn(&str) -> String| known_to(provider).map(write).join(" ");
    let percent = |text: &str| text.bytes().map(|byte| format!("%{byte:02x}")).collect::<String>();
    let hex = |text: &str| text.bytes().map(|byte| format!("{byte:02X}")).collect::<String>();
    vec![
        ("as-it-is", joined(&str::to_owned)),
        ("in-json", joined(&json)),
        ("in-json-in-json", joined(&|text| json(&json(text)))),
        (
            "in-json-in-ascii",
            joined(&|text| json(text).replace('ü', "\\u00fc").replace('/', "\\/")),
        ),
        (
            "in-html",
            joined(&|text| text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")),
        ),
        (
            "in-html-numbers",
            joined(&|text| text.chars().map(|c| format!("&#{};", u32::from(c))).collect()),
        ),
        ("in-percents", joined(&percent)),
        ("in-percents-twice", joined(&|text| percent(text).replace('%', "%25"))),
        ("in-hexadecimal", joined(&hex)),
        ("in-base64", joined(&|text| STANDARD.encode(text))),
        (
            "in-base64-behind-a-byte",
            joined(&|text| STANDARD.encode(format!(":{text}"))),
        ),
        (
            "in-base64-as-basic",
            joined(&|text| STANDARD.encode(format!("me:{text}"))),
        ),
        ("in-a-cookie", format!("Cookie: other={}", COOKIES[1])),
    ]
}

/// Every fault, by name; the names are the same for both providers, and what they repeat is not.
pub(crate) fn faults(provider: Provider) -> Vec<(String, Fault)> {
    let [key, other, _] = known_to(provider);
    let mut faults: Vec<(String, Fault)> = Vec::new();
    let mut row = |name: String, fault: Fault| faults.push((name, fault));
    let json_of = |body: String| Fault::raw(200, "application/json", body);

    for status in [
        204, 304, 400, 401, 402, 403, 404, 405, 408, 409, 410, 413, 418, 422, 425, 429, 451, 500, 501, 502, 503, 504,
        529, 999,
    ] {
        row(format!("status-{status}"), Fault::status(status));
    }
    for code in ["0001", "0003", "0401", "0402", "0403", "0409", "0429", "9009", "7777"] {
        row(format!("envelope-{code}"), Fault::envelope(code, "No."));
    }
    row(
        "envelope-transient".to_owned(),
        Fault::envelope("0001", "Network abnormal, try again"),
    );
    for status in [200, 404, 502, 503] {
        row(format!("html-{status}"), Fault::html(status));
    }
    for (after, gzip) in [(0, false), (1, false), (40, false), (40, true), (200, false)] {
        let cut = Fault::cut_body(after);
        row(format!("cut-{after}-{gzip}"), if gzip { cut.with_gzip() } else { cut });
    }
    row("reset-before-headers".to_owned(), Fault::reset_before_headers());
    for after in [0, 40] {
        row(format!("reset-after-{after}"), Fault::reset_after(after));
        row(format!("stall-{after}"), Fault::stall(after));
    }
    row("stall-before-headers".to_owned(), Fault::ordinary().with_hold());
    let large = 33 * 1024 * 1024;
    row("large-body".to_owned(), Fault::large_body(large));
    row("large-body-chunked".to_owned(), Fault::large_body_chunked(large));
    row("endless-body".to_owned(), Fault::endless_body());
    row("gzip-bomb".to_owned(), Fault::gzip_bomb(large));
    row("gzip-ordinary".to_owned(), Fault::ordinary().with_gzip());
    row(
        "encoding-unknown".to_owned(),
        Fault::ordinary().with_header("content-encoding", key),
    );
    row(
        "large-headers".to_owned(),
        Fault::ordinary().with_large_headers(1 << 20),
    );
    for status in [301, 302, 303, 307, 308] {
        for (place, location) in [
            ("elsewhere", format!("http://user:{key}@127.0.0.1:9/?token={other}")),
            ("here", format!("/api/v1/chat?page_token={other}&unique_id={other}")),
        ] {
            row(format!("redirect-{status}-{place}"), Fault::redirect(status, location));
        }
    }
    for status in [200, 400, 401, 404, 429, 500, 503] {
        for form in [EchoForm::Json, EchoForm::Text, EchoForm::Html] {
            row(format!("echo-{status}-{form:?}"), Fault::echo(status).with_form(form));
        }
    }
    let first_combination = faults.len();
    let mut row = |name: String, fault: Fault| faults.push((name, fault));
    for (name, words) in repetitions(provider) {
        for status in [200, 401, 429] {
            let text = format!("Not for {words}");
            row(
                format!("said-{name}-{status}"),
                Fault::status(status).with_message(&text),
            );
            row(format!("text-{name}-{status}"), Fault::raw(status, "text/plain", &text));
            row(
                format!("html-{name}-{status}"),
                Fault::raw(status, "text/html", format!("<p>{text}</p>")),
            );
        }
        row(format!("envelope-{name}"), Fault::envelope("0001", &words));
        row(format!("code-{name}"), Fault::envelope(&words, "See the code."));
        row(
            format!("id-{name}"),
            Fault::status(500).with_header("request-id", &words),
        );
        row(
            format!("retry-after-{name}"),
            Fault::status(429).with_header("retry-after", &words),
        );
        // Values, names and everything around them, whole and cut off.
        let words = json(&words);
        for (place, body) in [
            (
                "value",
                format!(r#"{{"items":{words},"next_page_token":[{words}],"data":{words}}}"#),
            ),
            ("name", format!(r#"{{{words}:1,"items":5,"data":5}}"#)),
            (
                "msg",
                format!(r#"{{"error":{{"msg":{words},"code":[{words}],"detail":{{"type":{words}}}}}}}"#),
            ),
            ("text", words.clone()),
            ("list", format!("[{words}]")),
            ("token-alone", format!(r#"{{"next_page_token":{words}}}"#)),
            ("cut", format!(r#"{{"items":[{{"session_id":{words}"#)),
            (
                "item",
                format!(
                    r#"{{"items":[{{"session_id":{{{words}:{words}}}}}],"data":{{"sessions":[{{"sessionId":{{{words}:1}}}}]}}}}"#
                ),
            ),
        ] {
            row(format!("json-{place}-{name}"), json_of(body));
        }
    }
    // A secret in which the end of what is shown falls.
    for width in (60..=310).step_by(10) {
        let filler = "x".repeat(width);
        row(
            format!("cut-in-text-{width}"),
            Fault::raw(400, "text/plain", format!("{filler} {key}{other}")),
        );
        row(
            format!("cut-in-json-{width}"),
            json_of(format!(r#"{{"msg":[{}"#, json(&format!("{filler} {other}{key}")))),
        );
        row(
            format!("cut-in-id-{width}"),
            Fault::status(400).with_header("request-id", format!("{filler}{key}{key}")),
        );
    }
    // Each way of writing a secret is combined with each of 21 places; every fourth combination still covers all of both.
    let combinations = faults.split_off(first_combination);
    faults.extend(sample(4, combinations));
    let mut row = |name: String, fault: Fault| faults.push((name, fault));
    let bytes = [
        b"\xff\xfe {\"items\": \"",
        key.as_bytes(),
        b"\xff\"}",
        other.as_bytes(),
        &[0xc3],
    ]
    .concat();
    for kind in ["application/json", "text/html", "", "application/octet-stream"] {
        row(format!("no-utf-8-{kind}"), Fault::raw_bytes(200, kind, bytes.clone()));
    }
    for body in [
        "",
        "[]",
        "{}",
        "null",
        "{\"items\":",
        "5",
        "\u{feff}{}",
        "{\"items\":null,\"data\":null,\"success\":false}",
    ] {
        row(format!("raw-{body}"), json_of(body.to_owned()));
    }
    use Paging::*;
    for bend in [
        DataNull,
        EmptyPage,
        StickyEnd,
        AllItemsBad,
        RepeatToken(1),
        Token(TOKEN.to_owned()),
        UnknownFields,
        TableSpelling,
    ] {
        row(format!("paging-{bend:?}"), Fault::paging(bend));
    }
    // The token that led here, again.
    row("paging-walk".to_owned(), first_page(Provider::LlamaCloud));
    faults
}

/// Those after which a list can go well, since they are faults of one provider or none where a list is empty.
fn may_go_well(name: &str) -> bool {
    // Whether a compressed answer is understood is a feature of the facade.
    [
        "paging-",
        "gzip-ordinary",
        "envelope",
        "code-",
        "said-",
        "text-",
        "json-",
        "raw-",
    ]
    .iter()
    .any(|start| name.starts_with(start))
}

/// Asks for a list in every way, with everything said on the way.
async fn walk(list: impl Fn() -> ListSessions, prepare: impl Fn(bool), said: &mut Said) -> (usize, Option<Cursor>) {
    let mut errors = 0;
    let mut place = None;
    prepare(true);
    let request = list();
    said.debug("the request", &request);
    let mut items = request.by_item();
    said.debug("the stream", &items);
    while let Some(next) = items.next().await {
        if let Err(error) = next {
            errors += 1;
            said.error("the error of by_item", &error);
        }
    }
    said.debug("the stream at its end", &items);
    said.debug("the report", &items.report());

    prepare(true);
    let mut pages = list().by_page();
    while let Some(next) = pages.next().await {
        match next {
            Ok(page) => said.debug("a page", &page),
            Err(error) => {
                errors += 1;
                said.error("the error of by_page", &error);
                place = error.cursor().cloned().or(place);
            }
        }
        said.debug("the pages", &pages);
    }
    said.debug("the report", &pages.report());

    prepare(false);
    let request = match place.clone() {
        Some(place) => list().resume(place),
        None => list(),
    };
    said.debug("the request", &request);
    match request.send().await {
        Ok(page) => said.debug("the page", &page),
        Err(error) => {
            errors += 1;
            said.error("the error of send", &error);
        }
    }
    (errors, place)
}

/// One fault, in the form that each provider has of it.
pub(crate) struct Case {
    pub(crate) name: String,
    faults: [(Provider, Fault); 2],
}

impl Case {
    /// Makes every request fail in this way; with `first`, all but the first request of each provider.
    pub(crate) fn inject(&self, sandbox: &Sandbox, first: bool) {
        sandbox.clear_faults();
        for (provider, fault) in &self.faults {
            if first {
                sandbox.next(*provider, first_page(*provider));
            }
            sandbox.always(*provider, with_cookie(fault.clone()));
        }
    }

    /// How long a client waits for a response: not long where none comes.
    pub(crate) fn patience(&self) -> Duration {
        Duration::from_millis(if self.name.starts_with("stall") { 150 } else { 60_000 })
    }
}

/// Shares the cases out among threads with a runtime each, because nearly all of the time is spent waiting. Returns the sum of
/// what `check` returns, and the number of cases.
pub(crate) fn for_all_cases<Checked: Future<Output = usize>>(
    check: impl Fn(Vec<Case>) -> Checked + Sync,
) -> (usize, usize) {
    const THREADS: usize = 12;
    let mut shares: [Vec<Case>; THREADS] = Default::default();
    let llama_cloud = faults(Provider::LlamaCloud);
    let cases = llama_cloud.len();
    for (index, ((name, memories_ai), (_, llama_cloud))) in
        faults(Provider::MemoriesAi).into_iter().zip(llama_cloud).enumerate()
    {
        let faults = [(Provider::MemoriesAi, memories_ai), (Provider::LlamaCloud, llama_cloud)];
        shares[index % THREADS].push(Case { name, faults });
    }
    let check = &check;
    let checked = thread::scope(|scope| {
        let run = |share| {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(check(share))
        };
        let threads = shares.map(|share| scope.spawn(move || run(share)));
        threads.map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)))
    });
    (checked.into_iter().sum(), cases)
}

#[test]
fn no_fault_brings_a_secret_into_what_is_said() {
    let needles = needles();
    let (tokens_carried, cases) = for_all_cases(|cases| say_everything(cases, &needles));
    assert!(
        tokens_carried > cases,
        "the token was carried {tokens_carried} times only"
    );
}

/// Lists with each fault, looks for secrets in everything that is said, and returns how often the page token was sent.
async fn say_everything(cases: Vec<Case>, needles: &Needles) -> usize {
    let sandbox = sandbox().await;
    let events = Events::default();
    let _listening = events.listen();
    let mut tokens_carried = 0;
    for case in &cases {
        let name = &case.name;
        let client = client(&sandbox.url(), case.patience());
        let retries = Arc::new(Mutex::new(Said::default()));
        let list = || {
            let retries = Arc::clone(&retries);
            client
                .list_sessions()
                .order(Order::Source)
                .limit(200)
                .on_retry(move |retry| {
                    let mut said = retries.lock().unwrap();
                    said.debug("a retry", retry);
                    said.error("the error of a retry", retry.error);
                })
        };
        let mut said = Said::default();
        said.debug("the client", &client);
        let (errors, _) = walk(list, |first| case.inject(&sandbox, first), &mut said).await;
        assert!(errors > 0 || may_go_well(name), "{name}: nothing went wrong");
        said.text("the events", events.take());
        said.assert_clean(needles, name);
        retries.lock().unwrap().assert_clean(needles, name);
        let requests = sandbox.requests();
        tokens_carried += requests
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
    tokens_carried
}

#[tokio::test]
async fn no_connection_that_fails_brings_a_secret_into_what_is_said() {
    let needles = needles();
    let sandbox = sandbox().await;
    let events = Events::default();
    let _listening = events.listen();
    for url in [
        "http://127.0.0.1:9".to_owned(),
        sandbox.url().replace("http:", "https:"),
    ] {
        let client = client(&url, Duration::from_secs(5));
        let mut said = Said::default();
        let (errors, _) = walk(|| client.list_sessions(), |_| {}, &mut said).await;
        assert_eq!(errors, 3, "{url}");
        let told = events.take();
        assert!(told.contains("no answer") && told.contains("is made again"), "{told}");
        said.text("the events", told);
        said.assert_clean(&needles, &url);
    }
}

#[tokio::test]
async fn a_cursor_of_another_list_is_refused_without_a_secret() {
    let needles = needles();
    let sandbox = sandbox().await;
    let client = client(&sandbox.url(), Duration::from_secs(5));
    sandbox.next(Provider::LlamaCloud, first_page(Provider::LlamaCloud));
    let page = client.list_sessions().order(Order::Source).send().await.unwrap();
    let cursor = page.next.unwrap();
    assert!(
        needles.find(&cursor.to_string()).is_some(),
        "the token is in the cursor: {cursor}"
    );
    let other = LlamaCloud::builder()
        .api_key(LLAMA_KEY)
        .base_url("http://127.0.0.1:9")
        .build()
        .unwrap();
    let damaged = cursor.to_string().replacen("cs1_", "cs1_A", 1);
    let mut said = Said::default();
    said.debug("the cursor", &cursor);
    said.error("a damaged cursor", &damaged.parse::<Cursor>().unwrap_err());
    let refusal = ChatSessions::new(other).list_sessions().resume(cursor).send().await;
    said.error("a cursor elsewhere", &refusal.unwrap_err());
    said.assert_clean(&needles, "cursors");
}

#[tokio::test]
async fn a_panic_with_everything_in_it_holds_no_secret() {
    let needles = needles();
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
    let mut said = Said::default();
    said.text("a panic", *message);
    said.assert_clean(&needles, "a panic");
}

#[test]
fn the_search_finds_what_it_looks_for() {
    let needles = needles();
    for provider in [Provider::MemoriesAi, Provider::LlamaCloud] {
        for (how, words) in repetitions(provider) {
            assert!(needles.find(&format!("a {words} b")).is_some(), "{how}");
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
            let mut said = Said::default();
            said.text("planted", format!("before {written} behind"));
            let outcome = catch_unwind(AssertUnwindSafe(|| said.assert_clean(&needles, "control")));
            assert!(outcome.is_err(), "{secret} as {written} is not found");
        }
    }
    // What is excepted, and nothing beside it.
    let label = format!("memories-ai/{UNIQUE_ID}: no. scope: Some(\n  {UNIQUE_ID:?},\n)");
    assert_eq!(needles.find(&without_labels(&label)), None);
    assert!(
        needles
            .find(&without_labels(&format!("{label} for {UNIQUE_ID}")))
            .is_some()
    );
    let cursor = format!("cs1_{}", STANDARD.encode(MEMORIES_KEY).replace(['+', '/', '='], "-"));
    assert!(needles.find(&cursor).is_some());
    assert_eq!(
        needles.find(&without_cursors(&format!("go on with {cursor}, or not"))),
        None
    );
    assert!(needles.find(&without_cursors(&format!("{cursor} {TOKEN}"))).is_some());
    assert_eq!(
        needles.find("What holds no secret, such as tok-en or sk-example, is left alone."),
        None
    );
}
