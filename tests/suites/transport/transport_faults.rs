//! Every transport fault, for both providers, with `send`, `by_page` and `by_item`. The outcome is
//! a snapshot: the kind of the error, the number of attempts, the waits, and whether the cursor
//! resumes.
//!
//! The first page arrives, so that there are sessions to lose; every later request meets the fault.

use std::error::Error as StdError;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chat_sessions::http::{HttpExt, reqwest};
use chat_sessions::list::ListSessions;
use chat_sessions::retry::{Pacing, RetryPolicy};
use chat_sessions::{ChatSessions, Cursor, Error, LlamaCloud, MemoriesAi, Provider as Name};
use chat_sessions_sandbox::Provider::{LlamaCloud as Llama, MemoriesAi as Memories};
use chat_sessions_sandbox::{LLAMA_CLOUD_KEY, MEMORIES_AI_KEY, Provider, Sandbox};

use super::fault_cases::{Case, DEFAULT_TIMEOUT, envelopes, harmless, refusals, transport};
use crate::support::snapshot;
use crate::support::tls::TlsProxy;

const PAGE_SIZE: u32 = 10;
const SESSIONS: usize = 25;
/// How many cases run at once: few enough for every healthy request to finish in time.
const CONCURRENT_CASES: usize = 8;

fn policy() -> RetryPolicy {
    RetryPolicy::default()
        .max_attempts(3)
        .initial_backoff(Duration::from_millis(4))
        .max_retry_after(Duration::from_secs(2))
}

/// Returns the client of one provider. Its random source always yields the longest wait.
fn client(
    provider: Provider,
    url: &str,
    timeout: Duration,
    http: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + 'static,
) -> ChatSessions {
    match provider {
        Memories => {
            let builder = MemoriesAi::builder()
                .api_key(MEMORIES_AI_KEY)
                .base_url(url)
                .retry(policy());
            let builder = builder.random(|| 1.0).pacing(Pacing::none()).attempt_timeout(timeout);
            ChatSessions::new(builder.configure_http(http).build().unwrap())
        }
        _ => {
            let builder = LlamaCloud::builder()
                .api_key(LLAMA_CLOUD_KEY)
                .base_url(url)
                .retry(policy());
            let builder = builder.random(|| 1.0).pacing(Pacing::none()).attempt_timeout(timeout);
            ChatSessions::new(builder.configure_http(http).build().unwrap())
        }
    }
}

/// The result of reading a list in one of the three ways.
struct Outcome {
    ids: Vec<String>,
    error: Option<Error>,
    /// The waits that `on_retry` reported.
    waits: Vec<Duration>,
}

#[derive(Clone, Copy, Debug)]
enum Way {
    Send,
    ByPage,
    ByItem,
}

const WAYS: [Way; 3] = [Way::Send, Way::ByPage, Way::ByItem];

async fn run(list: ListSessions, way: Way) -> Outcome {
    let waits = Arc::new(Mutex::new(Vec::new()));
    let reported = Arc::clone(&waits);
    let list = list
        .page_size(PAGE_SIZE)
        .on_retry(move |retry| reported.lock().unwrap().push(retry.wait));
    let (mut ids, mut failed) = (Vec::new(), None);
    let mut keep = |session: &chat_sessions::Session| ids.push(session.id.as_str().to_owned());
    match way {
        Way::ByItem => {
            let mut stream = list.by_item();
            while let Some(next) = stream.next().await {
                match next {
                    Ok(session) => keep(&session),
                    Err(error) => failed = Some(error),
                }
            }
        }
        Way::ByPage => {
            let mut stream = list.by_page();
            while let Some(next) = stream.next().await {
                match next {
                    Ok(page) => page.sessions.iter().for_each(&mut keep),
                    Err(error) => failed = Some(error),
                }
            }
        }
        Way::Send => {
            let mut rest = Some(list.clone());
            while let Some(request) = rest.take() {
                match request.send().await {
                    Ok(page) => {
                        page.sessions.iter().for_each(&mut keep);
                        // A page can have sessions and the error that ended it.
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

/// Describes the error of an outcome, without ports, which change from run to run.
fn describe(outcome: &Outcome) -> String {
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
    without_ports(&text)
}

/// Replaces the ports of this machine.
fn without_ports(text: &str) -> String {
    let mut parts = text
        .split_inclusive("127.0.0.1:")
        .flat_map(|part| part.split_inclusive("localhost:"));
    let mut replaced = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        replaced.push_str("[port]");
        replaced.push_str(part.trim_start_matches(|character: char| character.is_ascii_digit()));
    }
    replaced
}

/// Runs a case in every way, and returns its outcome, which must be the same.
async fn outcome_of(provider: Provider, case: &Case) -> String {
    // Concurrently, because most of the time is spent waiting.
    let [sent, by_page, by_item] = WAYS.map(|way| outcome_by(provider, case, way));
    let (sent, by_page, by_item) = tokio::join!(sent, by_page, by_item);
    assert_eq!(by_page, sent, "{}", case.name);
    assert_eq!(by_item, sent, "{}", case.name);
    format!("{}\n    {sent}\n", case.name)
}

/// Runs a case in one way. It needs its own sandbox and client, because a rate limit slows down the
/// whole account.
async fn outcome_by(provider: Provider, case: &Case, way: Way) -> String {
    let sandbox = Sandbox::builder()
        .memories_ai_sessions(SESSIONS)
        .memories_ai_page_size(PAGE_SIZE as usize)
        .llama_cloud_sessions(SESSIONS)
        .start()
        .await
        .unwrap();
    let expected = sandbox.session_ids(provider, None);
    let client = client(provider, &sandbox.url(), case.timeout, |http| http);
    sandbox.always(provider, case.fault.clone().on_pages(2..));
    let outcome = run(client.list_sessions(), way).await;
    sandbox.clear_faults();
    let mut text = describe(&outcome);
    match &outcome.error {
        None => assert_eq!(outcome.ids, expected, "{} {way:?}", case.name),
        Some(error) => {
            assert_eq!(outcome.ids, expected[..PAGE_SIZE as usize], "{} {way:?}", case.name);
            assert_eq!(
                error.waited(),
                outcome.waits.iter().sum::<Duration>(),
                "{} {way:?}",
                case.name
            );
            let cursor: Cursor = error.cursor().unwrap().to_string().parse().unwrap();
            let rest = run(client.list_sessions().resume(cursor), way).await;
            assert!(rest.error.is_none(), "{} {way:?}: {:?}", case.name, rest.error);
            assert_eq!([outcome.ids, rest.ids].concat(), expected, "{} {way:?}", case.name);
            text.push_str("\n    the cursor resumes after the last session");
        }
    }
    text
}

/// Runs the cases of several tables concurrently, because most of their time is spent waiting.
/// Stalled cases run first, without the others.
async fn tables<const N: usize>(tables: [(Provider, Vec<Case>); N]) -> [String; N] {
    let cases = tables.into_iter().enumerate().flat_map(|(table, (provider, cases))| {
        let cases = cases.into_iter().enumerate();
        cases.map(move |(number, case)| ((table, number), provider, case))
    });
    let (stalled, others): (Vec<_>, Vec<_>) = cases.partition(|(_, _, case)| case.timeout < DEFAULT_TIMEOUT);
    let mut outcomes = Vec::new();
    for cases in [stalled, others] {
        let slots = Arc::new(tokio::sync::Semaphore::new(CONCURRENT_CASES));
        let mut tasks = tokio::task::JoinSet::new();
        for (position, provider, case) in cases {
            let slots = Arc::clone(&slots);
            tasks.spawn(async move {
                let _slot = slots.acquire().await.unwrap();
                (position, outcome_of(provider, &case).await)
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
async fn each_refusal_has_the_outcome_of_its_snapshot() {
    let mut memories_ai = refusals();
    memories_ai.extend(envelopes());
    let [memories_ai, llama_cloud] = tables([(Memories, memories_ai), (Llama, refusals())]).await;
    snapshot::assert("transport_faults", "memories-ai-refusals", &memories_ai);
    snapshot::assert("transport_faults", "llama-cloud-refusals", &llama_cloud);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_broken_transfer_has_the_outcome_of_its_snapshot() {
    let [memories_ai, llama_cloud] = tables([(Memories, transport()), (Llama, transport())]).await;
    snapshot::assert("transport_faults", "memories-ai-transport", &memories_ai);
    snapshot::assert("transport_faults", "llama-cloud-transport", &llama_cloud);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn harmless_oddities_cause_no_error() {
    for provider in [Memories, Llama] {
        for case in harmless() {
            assert_eq!(
                outcome_of(provider, &case).await,
                format!("{}\n    all sessions\n", case.name)
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn transient_faults_are_retried_without_an_error() {
    let faults = || {
        let mut cases = refusals();
        cases.extend(transport());
        cases
    };
    for provider in [Memories, Llama] {
        let sandbox = Sandbox::builder()
            .memories_ai_sessions(SESSIONS)
            .llama_cloud_sessions(SESSIONS)
            .start()
            .await
            .unwrap();
        let expected = sandbox.session_ids(provider, None);
        for case in faults() {
            // The tables cover slow and permanent faults.
            let transient = case.name.starts_with("cut")
                || case.name.starts_with("reset")
                || [
                    "status 500",
                    "status 502 with a web page",
                    "status 429, retry-after 0.05",
                    "status 408",
                ]
                .contains(&case.name.as_str());
            if !transient {
                continue;
            }
            let client = client(provider, &sandbox.url(), case.timeout, |http| http);
            sandbox.next(provider, case.fault.clone());
            sandbox.next(provider, case.fault);
            let outcome = run(client.list_sessions(), Way::ByItem).await;
            assert!(outcome.error.is_none(), "{}: {:?}", case.name, outcome.error);
            assert_eq!(
                (outcome.ids, outcome.waits.len()),
                (expected.clone(), 2),
                "{}",
                case.name
            );
        }
    }
}

/// A resolver that fails for every name, so that no query leaves this machine.
struct FailingResolver;

impl reqwest::dns::Resolve for FailingResolver {
    fn resolve(&self, _: reqwest::dns::Name) -> reqwest::dns::Resolving {
        Box::pin(async {
            Err(Box::<dyn StdError + Send + Sync>::from(
                "failed to lookup address information",
            ))
        })
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_unreachable_server_has_the_outcome_of_its_snapshot() {
    let sandbox = Sandbox::start().await.unwrap();
    let tls = TlsProxy::start(sandbox.addr(), &["localhost"]).await;
    let mut text = String::new();
    for provider in [Memories, Llama] {
        let name = match provider {
            Memories => Name::MEMORIES_AI,
            _ => Name::LLAMA_CLOUD,
        };
        for (case, client) in [
            (
                "a refused port",
                client(provider, "http://127.0.0.1:9", DEFAULT_TIMEOUT, |http| http),
            ),
            (
                "an unknown host name",
                client(provider, "https://nowhere.invalid", DEFAULT_TIMEOUT, |http| {
                    http.no_proxy().dns_resolver(Arc::new(FailingResolver))
                }),
            ),
            (
                "a certificate that is not trusted",
                client(provider, &tls.url("localhost"), DEFAULT_TIMEOUT, |http| http),
            ),
        ] {
            let mut common: Option<String> = None;
            for way in WAYS {
                let outcome = run(client.list_sessions(), way).await;
                assert!(outcome.ids.is_empty());
                let error = outcome.error.as_ref().unwrap();
                assert!(error.cursor().is_some(), "{error}");
                let described = describe(&outcome);
                assert!(common.is_none_or(|common| common == described), "{described}");
                common = Some(described);
            }
            writeln!(text, "{case}, {name}\n    {}\n", common.unwrap()).unwrap();
        }
    }
    assert!(sandbox.requests().is_empty(), "no request was sent");
    snapshot::assert("transport_faults", "unreachable", &text);
}
