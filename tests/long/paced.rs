//! A rate-limited walk in real time: 200 pages from a sandbox that refuses more than 5 requests in
//! any second and takes 300 ms for each. No request may be refused, and the walk may take at most 5
//! % longer than 200 pages at 5 per second.
//!
//! `cargo xtask paced` runs it. It is not a test, because the result also depends on the machine.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement prints its results, and panics if it cannot continue"
)]

use std::process::ExitCode;
use std::time::{Duration, Instant};

use chat_sessions::{ChatSessions, MemoriesAi};
use chat_sessions_sandbox::{Fault, MEMORIES_AI_KEY, Provider, RateLimit, Sandbox};

const PAGES: usize = 200;
const PAGE_SIZE: usize = 20;
const PER_SECOND: usize = 5;
const PER_REQUEST: Duration = Duration::from_millis(300);
/// At this rate and latency, two requests are in flight; one more compensates for network delays.
const READ_AHEAD: u32 = 2;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let sandbox = Sandbox::builder()
        // The last page is short, so that no further request is needed.
        .memories_ai_sessions(PAGES * PAGE_SIZE - 1)
        .memories_ai_page_size(PAGE_SIZE)
        .rate_limit(Provider::MemoriesAi, RateLimit::per_second(PER_SECOND))
        .start()
        .await
        .unwrap();
    sandbox.always(Provider::MemoriesAi, Fault::ordinary().with_delay(PER_REQUEST));
    let held = sandbox.session_ids(Provider::MemoriesAi, None);
    let source = MemoriesAi::builder().api_key(MEMORIES_AI_KEY).base_url(sandbox.url());
    let client = ChatSessions::new(source.build().unwrap());

    let begun = Instant::now();
    let mut stream = client.list_sessions().read_ahead(READ_AHEAD).by_item();
    let mut ids = Vec::new();
    while let Some(session) = stream.next().await {
        ids.push(session.unwrap().id.as_str().to_owned());
    }
    let took = begun.elapsed();

    let report = stream.report().sources.pop().unwrap();
    let counters = sandbox.counters(Provider::MemoriesAi);
    let ideal = Duration::from_secs((PAGES / PER_SECOND) as u64);
    println!(
        "{} pages in {:.2} s, {:.1} % of {} s; {} refused, {} retries, {:.1} s waited for a turn, {} sessions",
        report.pages,
        took.as_secs_f64(),
        100.0 * took.as_secs_f64() / ideal.as_secs_f64(),
        ideal.as_secs(),
        counters.refused,
        report.retries,
        report.paced.as_secs_f64(),
        ids.len(),
    );
    let right = ids == held && counters.refused == 0 && report.retries == 0 && report.pages == PAGES as u64;
    if right && took <= ideal.mul_f64(1.05) {
        ExitCode::SUCCESS
    } else {
        println!("The rate limit was exceeded or not used.");
        ExitCode::FAILURE
    }
}
