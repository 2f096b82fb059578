//! Rate-limited walks in real time: 200 pages, 60 transcripts and 60 requests for the scopes, all at
//! the same time and with one account, from a sandbox that enforces the rates of Memories.ai (5, 1
//! and 1 in any second) and takes 300 ms for each request. No request may be refused, and each walk
//! may take at most 5 % longer than its rate allows.
//!
//! `cargo xtask paced` runs it. It is not a test, because the result also depends on the machine.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement prints its results, and panics if it cannot continue"
)]

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use chat_sessions::{ChatSessions, MemoriesAi, SessionAddress, SessionId};
use chat_sessions_sandbox::{Fault, MEMORIES_AI_KEY, Provider, Sandbox};

const PAGES: u64 = 200;
const PAGE_SIZE: u64 = 20;
const PAGES_PER_SECOND: u64 = 5;
/// The requests of each of the other two walks, which may send one a second.
const DETAILS: u64 = 60;
const PER_REQUEST: Duration = Duration::from_millis(300);
/// At this rate and latency, two requests are in flight; one more compensates for network delays.
const READ_AHEAD: u32 = 2;

/// The result of one walk.
struct Walk {
    what: &'static str,
    requests: u64,
    per_second: u64,
    took: Duration,
    /// The time waited for the rate limit, if the walk reports it.
    paced: Option<Duration>,
    retries: u64,
    /// Whether everything arrived that the sandbox holds.
    whole: bool,
}

impl Walk {
    /// Prints the result, and returns whether it is acceptable.
    fn report(&self) -> bool {
        let ideal = Duration::from_secs(self.requests) / u32::try_from(self.per_second).unwrap();
        println!(
            "{} {} in {:.2} s, {:.1} % of {} s; {} retries{}",
            self.requests,
            self.what,
            self.took.as_secs_f64(),
            100.0 * self.took.as_secs_f64() / ideal.as_secs_f64(),
            ideal.as_secs(),
            self.retries,
            self.paced.map_or_else(String::new, |paced| format!(
                ", {:.1} s waited for a turn",
                paced.as_secs_f64()
            )),
        );
        self.whole && self.retries == 0 && self.took <= ideal.mul_f64(1.05)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let sandbox = Sandbox::builder()
        // The last page is short, so that no further request is needed.
        .memories_ai_sessions(usize::try_from(PAGES * PAGE_SIZE - 1).unwrap())
        .memories_ai_page_size(usize::try_from(PAGE_SIZE).unwrap())
        .enforce_rates()
        .start()
        .await
        .unwrap();
    sandbox.always(Provider::MemoriesAi, Fault::ordinary().with_delay(PER_REQUEST));
    let held = sandbox.session_ids(Provider::MemoriesAi, None);
    let source = MemoriesAi::builder().api_key(MEMORIES_AI_KEY).base_url(sandbox.url());
    let client = ChatSessions::new(source.build().unwrap());

    let (pages, transcripts, scopes) =
        tokio::join!(pages(&client, &held), transcripts(&client, &held), scopes(&client));
    let acceptable = [pages, transcripts, scopes].map(|walk| walk.report());
    let counters = sandbox.counters(Provider::MemoriesAi);
    println!("{} of {} requests refused", counters.refused, counters.requests);
    if acceptable == [true; 3] && counters.refused == 0 {
        ExitCode::SUCCESS
    } else {
        println!("A rate limit was exceeded or not used, or something is missing.");
        ExitCode::FAILURE
    }
}

async fn pages(client: &ChatSessions, held: &[String]) -> Walk {
    let begun = Instant::now();
    let mut stream = client.list_sessions().read_ahead(READ_AHEAD).by_item();
    let mut ids = Vec::new();
    while let Some(session) = stream.next().await {
        ids.push(session.unwrap().id.as_str().to_owned());
    }
    let took = begun.elapsed();
    let report = stream.report().sources.pop().unwrap();
    Walk {
        what: "pages",
        requests: PAGES,
        per_second: PAGES_PER_SECOND,
        took,
        paced: Some(report.paced),
        retries: report.retries,
        whole: ids == held && report.pages == PAGES,
    }
}

async fn transcripts(client: &ChatSessions, held: &[String]) -> Walk {
    let wanted = &held[..usize::try_from(DETAILS).unwrap()];
    let address = |id: &String| SessionAddress::from(SessionId::new(chat_sessions::Provider::MEMORIES_AI, id.as_str()));
    let addresses: Vec<SessionAddress> = wanted.iter().map(address).collect();
    let begun = Instant::now();
    let mut stream = client.transcripts(addresses).by_item();
    let mut ids = Vec::new();
    while let Some(transcript) = stream.next().await {
        ids.push(transcript.unwrap().session.id.as_str().to_owned());
    }
    let took = begun.elapsed();
    let report = stream.report();
    Walk {
        what: "transcripts",
        requests: DETAILS,
        per_second: 1,
        took,
        paced: Some(report.paced),
        retries: report.retries,
        whole: ids == wanted,
    }
}

async fn scopes(client: &ChatSessions) -> Walk {
    let retries = Arc::new(AtomicU64::new(0));
    let begun = Instant::now();
    let mut whole = true;
    for _ in 0..DETAILS {
        let retries = Arc::clone(&retries);
        let request = client.scopes().on_retry(move |_| {
            retries.fetch_add(1, Ordering::Relaxed);
        });
        whole &= !request.send().await.unwrap().scopes.is_empty();
    }
    Walk {
        what: "requests for the scopes",
        requests: DETAILS,
        per_second: 1,
        took: begun.elapsed(),
        paced: None,
        retries: retries.load(Ordering::Relaxed),
        whole,
    }
}
