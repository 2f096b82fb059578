//! What goes wrong on the way, as a table: every fault, for both providers, at each of the three ends. What comes of it is a
//! snapshot: the kind of the error, how often was asked, how long was waited, and whether the cursor goes on from there.
//!
//! The first page arrives whole, so that there is something to lose; every request behind it meets the fault.

use std::error::Error as StdError;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chat_sessions::http::{HttpExt, reqwest};
use chat_sessions::list::ListSessions;
use chat_sessions::retry::{Pacing, RetryPolicy};
use chat_sessions::{ChatSessions, Cursor, Error, LlamaCloud, MemoriesAi, Provider as Name};
use chat_sessions_sandbox::Provider::{LlamaCloud as Llama, MemoriesAi as Memories};
use chat_sessions_sandbox::{Fault, LLAMA_CLOUD_KEY, MEMORIES_AI_KEY, Provider, Sandbox};

use crate::snapshot;
use crate::tls::Terminator;

const PAGE_SIZE: u32 = 10;
const SESSIONS: usize = 25;
/// Where no redirect may lead: nobody listens there.
const ELSEWHERE: &str = "http://127.0.0.1:9/serve/api/v1/list_sessions";

struct Row {
    name: String,
    fault: Fault,
    /// For how long an answer is waited for.
    patience: Duration,
}

/// For how long an answer is waited for where it is certain to come.
const PATIENCE: Duration = Duration::from_secs(30);

/// Rows that run side by side: few enough for every healthy request to be answered in time.
const SIDE_BY_SIDE: usize = 8;

fn row(name: impl Into<String>, fault: Fault) -> Row {
    Row {
        name: name.into(),
        fault,
        patience: PATIENCE,
    }
}

/// A row whose fault nobody should wait for. Its first page still has to come in that time, so that such rows run by themselves.
fn silent(name: &str, fault: Fault) -> Row {
    Row {
        patience: Duration::from_secs(2),
        ..row(name, fault)
    }
}

/// Whole answers that refuse or fail.
fn answers() -> Vec<Row> {
    let mut rows: Vec<Row> = [
        400, 401, 402, 403, 404, 408, 409, 413, 418, 422, 425, 429, 500, 501, 502, 503, 504, 529,
    ]
    .into_iter()
    .map(|status| row(format!("status {status}"), Fault::status(status)))
    .collect();
    let limited = |retry_after: &str| Fault::status(429).with_header("retry-after", retry_after);
    rows.extend([
        row(
            "status 422 with a text",
            Fault::status(422).with_message("page_size is too large"),
        ),
        row("status 429, retry-after 0", limited("0")),
        row("status 429, retry-after 0.05", limited("0.05")),
        row(
            "status 429, retry-after-ms 50",
            limited("7").with_header("retry-after-ms", "50"),
        ),
        row(
            "status 429, retry-after a date in one second",
            limited("Sun, 06 Nov 1994 08:49:38 GMT").with_header("date", "Sun, 06 Nov 1994 08:49:37 GMT"),
        ),
        row(
            "status 429, retry-after a past date",
            limited("Sun, 06 Nov 1994 08:49:37 GMT"),
        ),
        row("status 429, retry-after over the cap", limited("3")),
        row("status 429, retry-after of 114 hours", limited("410400")),
        row("status 429, retry-after garbage", limited("soon")),
        row("status 429, retry-after negative", limited("-1")),
        row(
            "status 503, retry-after 0.05",
            Fault::status(503).with_header("retry-after", "0.05"),
        ),
        row("status 502 with a web page", Fault::html(502)),
        row("status 200 with a web page", Fault::html(200)),
        row("status 204", Fault::raw(204, "", "")),
        row("status 200, empty", Fault::raw(200, "application/json", "")),
        row("status 200, null", Fault::raw(200, "application/json", "null")),
        row("status 200, a list", Fault::raw(200, "application/json", "[]")),
        row("status 200, an empty object", Fault::raw(200, "application/json", "{}")),
        row(
            "status 200, plain text",
            Fault::raw(200, "text/plain", "upstream connect error"),
        ),
        row(
            "status 200, not UTF-8",
            Fault::raw_bytes(
                200,
                "application/json",
                [br#"{"items": [{"session_id": ""#.as_slice(), &[0xff, 0xfe], br#""}]}"#].concat(),
            ),
        ),
        row(
            "status 200, not UTF-8 in an item or a token",
            Fault::raw_bytes(
                200,
                "application/json",
                [
                    br#"{"items": [], "code": "0000", "data": {"sessions": [{"sessionId": ""#.as_slice(),
                    &[0xff],
                    br#""}]}, "next_page_token": ""#,
                    &[0xff],
                    br#""}"#,
                ]
                .concat(),
            ),
        ),
        row(
            "status 200, bytes",
            Fault::raw_bytes(200, "application/octet-stream", vec![0; 64]),
        ),
        row("redirect 301 elsewhere", Fault::redirect(301, ELSEWHERE)),
        row("redirect 302 elsewhere", Fault::redirect(302, ELSEWHERE)),
        row("redirect 307 elsewhere", Fault::redirect(307, ELSEWHERE)),
        row(
            "redirect 302 to the same host",
            Fault::redirect(302, "/serve/api/v1/list_sessions?page=1"),
        ),
        row("redirect 308 without a place", Fault::raw(308, "", "")),
    ]);
    rows
}

/// Answers that Memories.ai gives with status 200 and a failure in them.
fn envelopes() -> Vec<Row> {
    [
        ("0001", "Request parameters are incorrect"),
        ("0001", "video not found"),
        ("0001", "The network is abnormal, please try again later"),
        ("0003", "Request parameters are incorrect"),
        ("0401", "Authorization is invalid"),
        ("0402", "Insufficient points"),
        ("0403", "The developer account is disabled"),
        ("0409", "Duplicate requests are not allowed"),
        ("0429", "Request has exceeded the limit."),
        ("9009", "Permission denied"),
        ("1024", "Something else"),
        ("1024", "Request has exceeded the limit."),
        ("", ""),
    ]
    .into_iter()
    .map(|(code, msg)| row(format!("envelope {code:?} {msg:?}"), Fault::envelope(code, msg)))
    .collect()
}

/// Answers that never arrive whole, and those that should not be read whole.
fn transport() -> Vec<Row> {
    const MIB: u64 = 1024 * 1024;
    let mut rows: Vec<Row> = [0, 1, 2, 10, 50, 100, 200, 300, 400, 500, 600, usize::MAX]
        .into_iter()
        .map(|after| match after {
            usize::MAX => row("cut before the last byte", Fault::cut_body(after)),
            _ => row(format!("cut after {after} bytes"), Fault::cut_body(after)),
        })
        .collect();
    rows.extend([
        row("reset before the headers", Fault::reset_before_headers()),
        row("reset after the headers", Fault::reset_after(0)),
        row("reset in the body", Fault::reset_after(100)),
        silent("stalled after the headers", Fault::stall(0)),
        silent("stalled in the body", Fault::stall(100)),
        silent("slow", Fault::ordinary().with_hold()),
        row("a body over the cap, announced", Fault::large_body(33 * MIB)),
        row("a body over the cap, in chunks", Fault::large_body_chunked(33 * MIB)),
        row("a body without an end", Fault::endless_body()),
        row("a compressed bomb", Fault::gzip_bomb(64 * MIB)),
        row(
            "an encoding that nobody asked for",
            Fault::ordinary().with_header("content-encoding", "br"),
        ),
        row(
            "compressed, and it is not",
            Fault::ordinary().with_header("content-encoding", "gzip"),
        ),
        row(
            "headers of a mebibyte",
            Fault::ordinary().with_large_headers(1024 * 1024),
        ),
    ]);
    rows
}

/// What is odd and no fault: the list comes whole.
fn harmless() -> Vec<Row> {
    vec![
        row("nothing wrong", Fault::ordinary()),
        row("compressed", Fault::ordinary().with_gzip()),
        row(
            "a wrong content type",
            Fault::ordinary().with_header("content-type", "text/html"),
        ),
        row("a body of a mebibyte", Fault::large_body(1024 * 1024)),
        row("headers of 64 KiB", Fault::ordinary().with_large_headers(64 * 1024)),
    ]
}

fn policy() -> RetryPolicy {
    RetryPolicy::default()
        .max_attempts(3)
        .initial_backoff(Duration::from_millis(4))
        .max_retry_after(Duration::from_secs(2))
}

/// Makes the client of one provider, with a source of randomness that always draws the longest wait.
fn client(
    provider: Provider,
    url: &str,
    patience: Duration,
    http: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + 'static,
) -> ChatSessions {
    match provider {
        Memories => {
            let builder = MemoriesAi::builder()
                .api_key(MEMORIES_AI_KEY)
                .base_url(url)
                .retry(policy());
            let builder = builder.random(|| 1.0).pacing(Pacing::none()).attempt_timeout(patience);
            ChatSessions::new(builder.configure_http(http).build().unwrap())
        }
        _ => {
            let builder = LlamaCloud::builder()
                .api_key(LLAMA_CLOUD_KEY)
                .base_url(url)
                .retry(policy());
            let builder = builder.random(|| 1.0).pacing(Pacing::none()).attempt_timeout(patience);
            ChatSessions::new(builder.configure_http(http).build().unwrap())
        }
    }
}

/// What came of a list at one of its ends.
struct Outcome {
    ids: Vec<String>,
    error: Option<Error>,
    /// The waits that were announced.
    waits: Vec<Duration>,
}

#[derive(Clone, Copy, Debug)]
enum End {
    Send,
    ByPage,
    ByItem,
}

const ENDS: [End; 3] = [End::Send, End::ByPage, End::ByItem];

async fn run(list: ListSessions, end: End) -> Outcome {
    let waits = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&waits);
    let list = list
        .page_size(PAGE_SIZE)
        .on_retry(move |retry| told.lock().unwrap().push(retry.wait));
    let (mut ids, mut failed) = (Vec::new(), None);
    let mut keep = |session: &chat_sessions::Session| ids.push(session.id.as_str().to_owned());
    match end {
        End::ByItem => {
            let mut stream = list.by_item();
            while let Some(next) = stream.next().await {
                match next {
                    Ok(session) => keep(&session),
                    Err(error) => failed = Some(error),
                }
            }
        }
        End::ByPage => {
            let mut stream = list.by_page();
            while let Some(next) = stream.next().await {
                match next {
                    Ok(page) => page.sessions.iter().for_each(&mut keep),
                    Err(error) => failed = Some(error),
                }
            }
        }
        End::Send => {
            let mut rest = Some(list.clone());
            while let Some(list_here) = rest.take() {
                match list_here.send().await {
                    Ok(page) => {
                        page.sessions.iter().for_each(&mut keep);
                        // What was sent beside a failure is kept, and the failure is told with it.
                        failed = page.failures.into_iter().next();
                        rest = page
                            .next
                            .filter(|_| failed.is_none())
                            .map(|next| list.clone().resume(next));
                    }
                    Err(error) => failed = Some(error),
                }
            }
        }
    }
    let waits = waits.lock().unwrap().clone();
    Outcome {
        ids,
        error: failed,
        waits,
    }
}

/// Describes an error without what differs from run to run: ports.
fn described(outcome: &Outcome) -> String {
    let Some(error) = &outcome.error else {
        return "all sessions".to_owned();
    };
    let mut text = format!("{}, {} attempts", error.kind(), error.attempts());
    if !outcome.waits.is_empty() {
        let waits: Vec<String> = outcome.waits.iter().map(|wait| wait.as_millis().to_string()).collect();
        write!(text, " with {} ms between them", waits.join(" and ")).unwrap();
    }
    if let Some(reason) = error.gave_up() {
        write!(text, ", gave up: {reason}").unwrap();
    }
    if error.is_temporary() {
        text.push_str(", temporary");
    }
    write!(text, "\n    {error}").unwrap();
    if let Some(hint) = error.hint() {
        write!(text, ". {hint}").unwrap();
    }
    if let Some(snippet) = error.snippet() {
        let beginning: String = snippet.chars().take(80).collect();
        write!(text, "\n    snippet: {beginning}").unwrap();
    }
    text
}

/// Runs a row at every end, and returns its outcome, which must be the same.
async fn outcome_of(provider: Provider, row: &Row) -> String {
    // Side by side, since most of the time is spent waiting.
    let [sent, by_page, by_item] = ENDS.map(|end| outcome_at(provider, row, end));
    let (sent, by_page, by_item) = tokio::join!(sent, by_page, by_item);
    assert_eq!(by_page, sent, "{}", row.name);
    assert_eq!(by_item, sent, "{}", row.name);
    format!("{}\n    {sent}\n", row.name)
}

/// Runs a row at one end, with a sandbox and a client of its own, since a limited account stays slowed down.
async fn outcome_at(provider: Provider, row: &Row, end: End) -> String {
    let sandbox = Sandbox::builder()
        .memories_ai_sessions(SESSIONS)
        .memories_ai_page_size(PAGE_SIZE as usize)
        .llama_cloud_sessions(SESSIONS)
        .start()
        .await
        .unwrap();
    let held = sandbox.session_ids(provider, None);
    let client = client(provider, &sandbox.url(), row.patience, |http| http);
    sandbox.always(provider, row.fault.clone().on_pages(2..));
    let outcome = run(client.list_sessions(), end).await;
    sandbox.clear_faults();
    let mut text = described(&outcome);
    match &outcome.error {
        None => assert_eq!(outcome.ids, held, "{} {end:?}", row.name),
        Some(error) => {
            assert_eq!(outcome.ids, held[..PAGE_SIZE as usize], "{} {end:?}", row.name);
            assert_eq!(
                error.waited(),
                outcome.waits.iter().sum::<Duration>(),
                "{} {end:?}",
                row.name
            );
            let cursor: Cursor = error.cursor().unwrap().to_string().parse().unwrap();
            let rest = run(client.list_sessions().resume(cursor), end).await;
            assert!(rest.error.is_none(), "{} {end:?}: {:?}", row.name, rest.error);
            assert_eq!([outcome.ids, rest.ids].concat(), held, "{} {end:?}", row.name);
            text.push_str("\n    the cursor goes on from there");
        }
    }
    text
}

/// Runs the rows side by side, since most of their time is waiting, and those that wait for nothing else before the others.
async fn tables<const N: usize>(tables: [(Provider, Vec<Row>); N]) -> [String; N] {
    let rows = tables.into_iter().enumerate().flat_map(|(table, (provider, rows))| {
        let rows = rows.into_iter().enumerate();
        rows.map(move |(number, row)| ((table, number), provider, row))
    });
    let (silent, others): (Vec<_>, Vec<_>) = rows.partition(|(_, _, row)| row.patience < PATIENCE);
    let mut outcomes = Vec::new();
    for rows in [silent, others] {
        let places = Arc::new(tokio::sync::Semaphore::new(SIDE_BY_SIDE));
        let mut tasks = tokio::task::JoinSet::new();
        for (place, provider, row) in rows {
            let places = Arc::clone(&places);
            tasks.spawn(async move {
                let _place = places.acquire().await.unwrap();
                (place, outcome_of(provider, &row).await)
            });
        }
        outcomes.extend(tasks.join_all().await);
    }
    outcomes.sort();
    std::array::from_fn(|wanted| {
        let of_table = outcomes.iter().filter(|((table, _), _)| *table == wanted);
        let texts: Vec<&str> = of_table.map(|(_, text)| text.as_str()).collect();
        texts.join("\n")
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_refusal_is_told_as_its_snapshot_says() {
    let mut memories_ai = answers();
    memories_ai.extend(envelopes());
    let [memories_ai, llama_cloud] = tables([(Memories, memories_ai), (Llama, answers())]).await;
    snapshot::assert("transport_faults", "memories-ai-answers", &memories_ai);
    snapshot::assert("transport_faults", "llama-cloud-answers", &llama_cloud);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_broken_transport_is_told_as_its_snapshot_says() {
    let [memories_ai, llama_cloud] = tables([(Memories, transport()), (Llama, transport())]).await;
    snapshot::assert("transport_faults", "memories-ai-transport", &memories_ai);
    snapshot::assert("transport_faults", "llama-cloud-transport", &llama_cloud);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_odd_and_no_fault_costs_nothing() {
    for provider in [Memories, Llama] {
        for row in harmless() {
            assert_eq!(
                outcome_of(provider, &row).await,
                format!("{}\n    all sessions\n", row.name)
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_passes_by_itself_is_never_seen() {
    let faults = || {
        let mut rows = answers();
        rows.extend(transport());
        rows
    };
    for provider in [Memories, Llama] {
        let sandbox = Sandbox::builder()
            .memories_ai_sessions(SESSIONS)
            .llama_cloud_sessions(SESSIONS)
            .start()
            .await
            .unwrap();
        let held = sandbox.session_ids(provider, None);
        for row in faults() {
            // Those that take long or are refused for good have their place in the tables.
            let passing = row.name.starts_with("cut")
                || row.name.starts_with("reset")
                || [
                    "status 500",
                    "status 502 with a web page",
                    "status 429, retry-after 0.05",
                    "status 408",
                ]
                .contains(&row.name.as_str());
            if !passing {
                continue;
            }
            let client = client(provider, &sandbox.url(), row.patience, |http| http);
            sandbox.next(provider, row.fault.clone());
            sandbox.next(provider, row.fault);
            let outcome = run(client.list_sessions(), End::ByItem).await;
            assert!(outcome.error.is_none(), "{}: {:?}", row.name, outcome.error);
            assert_eq!((outcome.ids, outcome.waits.len()), (held.clone(), 2), "{}", row.name);
        }
    }
}

/// A resolver that knows no name, so that none is asked for outside this machine.
struct NoNames;

impl reqwest::dns::Resolve for NoNames {
    fn resolve(&self, _: reqwest::dns::Name) -> reqwest::dns::Resolving {
        Box::pin(async {
            Err(Box::<dyn StdError + Send + Sync>::from(
                "failed to lookup address information",
            ))
        })
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_reached_is_told_as_its_snapshot_says() {
    let sandbox = Sandbox::start().await.unwrap();
    let tls = Terminator::start(sandbox.addr(), &["localhost"]).await;
    let mut text = String::new();
    for provider in [Memories, Llama] {
        let name = match provider {
            Memories => Name::MEMORIES_AI,
            _ => Name::LLAMA_CLOUD,
        };
        for (row, client) in [
            (
                "a refused port",
                client(provider, "http://127.0.0.1:9", PATIENCE, |http| http),
            ),
            (
                "an unknown host name",
                client(provider, "https://nowhere.invalid", PATIENCE, |http| {
                    http.no_proxy().dns_resolver(Arc::new(NoNames))
                }),
            ),
            (
                "a certificate that is not trusted",
                client(provider, &tls.url("localhost"), PATIENCE, |http| http),
            ),
        ] {
            let mut told: Option<String> = None;
            for end in ENDS {
                let outcome = run(client.list_sessions(), end).await;
                assert!(outcome.ids.is_empty());
                let error = outcome.error.as_ref().unwrap();
                assert!(error.cursor().is_some(), "{error}");
                let described = described(&outcome);
                assert!(told.is_none_or(|told| told == described), "{described}");
                told = Some(described);
            }
            writeln!(text, "{row}, {name}\n    {}\n", told.unwrap()).unwrap();
        }
    }
    assert!(sandbox.requests().is_empty(), "no request was sent");
    snapshot::assert("transport_faults", "unreachable", &text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_limit_slows_down_every_walk_of_the_account_and_of_no_other() {
    let sandbox = Sandbox::builder()
        .memories_ai_sessions(40)
        .memories_ai_page_size(10)
        .start()
        .await
        .unwrap();
    let source = || {
        let builder = MemoriesAi::builder().api_key(MEMORIES_AI_KEY).base_url(sandbox.url());
        builder.pacing(Pacing::none()).build().unwrap()
    };
    let (limited, stranger) = (source(), source());
    let sibling = ChatSessions::new(limited.with_scope("another"));
    let limited = ChatSessions::new(limited);
    sandbox.next(Memories, Fault::status(429).with_header("retry-after", "3"));
    let (tell, told) = tokio::sync::oneshot::channel();
    let tell = Mutex::new(Some(tell));
    let list = limited.list_sessions().limit(1).on_retry(move |_| {
        let tell = tell.lock().unwrap().take().expect("it is limited once");
        tell.send(()).expect("somebody waits for it");
    });
    let begun = Instant::now();
    let first = tokio::spawn(async move { list.send().await.map(|_| Instant::now()) });
    told.await.unwrap();
    let second = tokio::spawn(async move { sibling.list_sessions().limit(1).send().await.map(|_| Instant::now()) });

    // A stranger waits for nobody: its response comes while both of the others wait.
    ChatSessions::new(stranger)
        .list_sessions()
        .limit(1)
        .send()
        .await
        .unwrap();
    assert_eq!(
        sandbox.request_count(Memories),
        2,
        "one of the limited account, and this one"
    );
    for held_up in [first, second] {
        assert!(held_up.await.unwrap().unwrap() >= begun + Duration::from_secs(3));
    }
}

#[tokio::test]
async fn what_cannot_stand_in_a_request_is_refused_before_it() {
    let sandbox = Sandbox::start().await.unwrap();
    let memories_ai = || MemoriesAi::builder().api_key(MEMORIES_AI_KEY).base_url(sandbox.url());
    let llama_cloud = || LlamaCloud::builder().api_key(LLAMA_CLOUD_KEY).base_url(sandbox.url());
    let long = "x".repeat(1025);
    for bad in ["", "two\nlines", "nul\0", "bell\u{7}", "\u{85}", long.as_str()] {
        for client in [
            ChatSessions::new(memories_ai().scope(bad).build().unwrap()),
            ChatSessions::new(llama_cloud().scope(bad).build().unwrap()),
            ChatSessions::new(llama_cloud().organization_id(bad).build().unwrap()),
        ] {
            let error = client.list_sessions().send().await.unwrap_err();
            assert_eq!(
                error.kind(),
                chat_sessions::ErrorKind::InvalidRequest,
                "{bad:?}: {error}"
            );
            assert_eq!((error.attempts(), error.gave_up()), (0, None), "{bad:?}: {error}");
        }
    }
    // What only looks as if it would escape is encoded, and is a scope like any other.
    for odd in [
        "../admin",
        "a/b?c#d",
        "a&page=9",
        "%2e%2e",
        "ünïcode",
        "a b",
        "a+b",
        "'; --",
    ] {
        let client = ChatSessions::new(memories_ai().scope(odd).build().unwrap());
        let page = client.list_sessions().send().await.unwrap();
        assert!(page.sessions.is_empty(), "{odd}");
        let requests = sandbox.requests();
        let query = &requests.last().unwrap().query;
        assert!(
            query.contains(&("unique_id".to_owned(), odd.to_owned())),
            "{odd}: {query:?}"
        );
        assert_eq!(query.len(), 2, "{odd}: {query:?}");
    }
    assert_eq!(sandbox.request_count(Llama), 0);
}
