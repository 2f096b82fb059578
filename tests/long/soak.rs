//! Runs many walks at once against a server that fails at random, for a given time. Every walk must
//! end with the right sessions, or with an error whose cursor continues with the rest of them. No
//! memory, task or socket may leak.
//!
//! `cargo xtask soak` runs it; `soak SECONDS` runs it directly. The server is this program in
//! another process, so that only the memory of the client is measured. Linux only, because it reads
//! `/proc`.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement prints its results, and panics if it cannot continue"
)]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chat_sessions::list::ListSessions;
use chat_sessions::retry::{Pacing, RetryPolicy};
use chat_sessions::{ChatSessions, Cursor, LlamaCloud, MemoriesAi, Order};
use chat_sessions_sandbox::{Fault, LLAMA_CLOUD_KEY, MEMORIES_AI_KEY, Paging, Provider, Sandbox, SandboxBuilder};

const WALKS: u64 = 64;
const PROBABILITY: f64 = 0.05;
const SESSIONS: usize = 230;
const PAGE_SIZE: usize = 10;
/// After this many errors with a cursor, a list counts as making no progress.
const MOST_ERRORS: usize = 500;
/// How much the memory may grow after the first tenth of the time, in KiB. The allocator's memory
/// varies by less from minute to minute; a leak of one page per walk would be a thousand times
/// this.
const ALLOWANCE: i64 = 16 * 1024;

fn sandbox() -> SandboxBuilder {
    Sandbox::builder()
        .memories_ai_sessions(SESSIONS)
        .memories_ai_page_size(PAGE_SIZE)
        .llama_cloud_sessions(SESSIONS)
}

fn faults(provider: Provider) -> Vec<Fault> {
    let mut faults = vec![
        Fault::status(400),
        Fault::status(401),
        Fault::status(408),
        Fault::status(429),
        Fault::status(429).with_header("retry-after", "0.02"),
        Fault::status(429).with_header("retry-after", "900"),
        Fault::status(500),
        Fault::status(503),
        Fault::html(502),
        Fault::html(200),
        Fault::cut_body(0),
        Fault::cut_body(50),
        Fault::cut_body(usize::MAX),
        Fault::reset_before_headers(),
        Fault::reset_after(0),
        Fault::reset_after(200),
        Fault::stall(0),
        Fault::stall(100),
        Fault::large_body(33 * 1024 * 1024),
        Fault::gzip_bomb(64 * 1024 * 1024),
        Fault::redirect(302, "http://127.0.0.1:9/"),
        Fault::raw(200, "application/json", "{\"items\": ["),
        Fault::raw_bytes(200, "application/json", vec![0xff; 64]),
        Fault::ordinary().with_gzip(),
        Fault::ordinary().with_delay(Duration::from_millis(50)),
        Fault::paging(Paging::AllItemsBad),
        Fault::paging(Paging::DataNull),
    ];
    if provider == Provider::MemoriesAi {
        faults.push(Fault::envelope("0429", "Request has exceeded the limit."));
        faults.push(Fault::envelope(
            "0001",
            "The network is abnormal, please try again later",
        ));
        faults.push(Fault::envelope("0402", "Insufficient points"));
    }
    faults
}

/// Runs the server: prints its address and serves until standard input ends.
async fn serve() {
    let sandbox = sandbox().start().await.unwrap();
    for provider in [Provider::MemoriesAi, Provider::LlamaCloud] {
        sandbox.chance(provider, PROBABILITY, faults(provider), 20_261_122);
    }
    println!("{}", sandbox.url());
    // The request log is not needed and would grow.
    let control = sandbox.control();
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(Duration::from_millis(500));
            control.forget_requests();
        }
    });
    let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
}

/// The server's process, which is killed on drop.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start() -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .arg("serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut url = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut url)
            .unwrap();
        Self {
            process,
            url: url.trim().to_owned(),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The results of the walks.
#[derive(Debug, Default)]
struct Tally {
    lists: u64,
    undisturbed: u64,
    retries: u64,
    errors: BTreeMap<String, u64>,
    wrong: Vec<String>,
}

/// The sources of a walk and the sessions that it must find.
#[derive(Clone)]
struct Stage {
    memories_ai: MemoriesAi,
    llama_cloud: LlamaCloud,
    held: Arc<[Vec<String>; 2]>,
}

impl Stage {
    fn client(&self, which: u64) -> (ChatSessions, Vec<String>) {
        let [memories_ai, llama_cloud] = &*self.held;
        let builder = ChatSessions::builder();
        let (builder, mut held) = match which % 3 {
            0 => (builder.source(self.memories_ai.clone()), memories_ai.clone()),
            1 => (builder.source(self.llama_cloud.clone()), llama_cloud.clone()),
            _ => (
                builder
                    .source(self.memories_ai.clone())
                    .source(self.llama_cloud.clone()),
                [memories_ai.clone(), llama_cloud.clone()].concat(),
            ),
        };
        held.sort();
        (builder.build().unwrap(), held)
    }

    /// Lists once, with the options that `way` encodes, and resumes after every error from its
    /// cursor.
    async fn list(&self, way: u64, tally: &Mutex<Tally>) {
        let (client, held) = self.client(way);
        let order = [Order::Arrival, Order::Source, Order::Newest][(way / 3 % 3) as usize];
        let read_ahead = [0, 1, 4][(way / 9 % 3) as usize];
        let retried = Arc::new(Mutex::new(0));
        let request = || {
            let retried = Arc::clone(&retried);
            client
                .list_sessions()
                .order(order)
                .page_size(PAGE_SIZE as u32)
                .read_ahead(read_ahead)
                .on_retry(move |_| *retried.lock().unwrap() += 1)
        };
        let mut ids = Vec::new();
        let mut errors = 0;
        let mut request_here = request();
        let outcome = loop {
            match follow(request_here, way / 27 % 3, &mut ids).await {
                Ok(()) => break Ok(()),
                Err(_) if errors == MOST_ERRORS => break Err("it makes no progress".to_owned()),
                Err((kind, None)) => break Err(format!("an error without a cursor: {kind}")),
                Err((kind, Some(cursor))) => {
                    errors += 1;
                    *tally.lock().unwrap().errors.entry(kind).or_default() += 1;
                    // Converts it to text and back, as a person would who copies it.
                    let cursor: Cursor = cursor.to_string().parse().unwrap();
                    request_here = request().resume(cursor);
                }
            }
        };
        ids.sort();
        let mut tally = tally.lock().unwrap();
        tally.lists += 1;
        tally.undisturbed += u64::from(errors == 0);
        tally.retries += *retried.lock().unwrap();
        match outcome {
            Ok(()) if ids == held => {}
            Ok(()) => tally
                .wrong
                .push(format!("way {way}: {} sessions of {}", ids.len(), held.len())),
            Err(reason) => tally.wrong.push(format!("way {way}: {reason}")),
        }
    }
}

/// Reads a list in one of the three ways; an error comes with its cursor.
async fn follow(list: ListSessions, end: u64, ids: &mut Vec<String>) -> Result<(), (String, Option<Cursor>)> {
    let of = |error: chat_sessions::Error| (error.kind().to_string(), error.cursor().cloned());
    let mut keep = |session: &chat_sessions::Session| ids.push(session.id.to_string());
    match end {
        0 => {
            let mut stream = list.by_item();
            while let Some(next) = stream.next().await {
                keep(&next.map_err(of)?);
            }
        }
        1 => {
            let mut stream = list.by_page();
            while let Some(next) = stream.next().await {
                next.map_err(of)?.sessions.iter().for_each(&mut keep);
            }
        }
        _ => {
            let mut next = Some(list.clone());
            while let Some(here) = next.take() {
                let page = here.send().await.map_err(of)?;
                page.sessions.iter().for_each(&mut keep);
                // The cursor of a page is after its sessions and before whatever failed.
                next = page.next.map(|cursor| list.clone().resume(cursor));
            }
        }
    }
    Ok(())
}

/// The memory in KiB, the open sockets and the tasks of this process.
fn held_by_this_process() -> (i64, usize, usize) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let memory = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let memory = memory.and_then(|line| line.split_whitespace().next()).unwrap();
    let descriptors = std::fs::read_dir("/proc/self/fd").unwrap();
    let sockets = descriptors
        .filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok())
        .filter(|target| target.to_string_lossy().starts_with("socket:"))
        .count();
    let tasks = tokio::runtime::Handle::current().metrics().num_alive_tasks();
    (memory.parse().unwrap(), sockets, tasks)
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    let argument = std::env::args().nth(1);
    let seconds = match argument.as_deref() {
        Some("serve") => {
            serve().await;
            return ExitCode::SUCCESS;
        }
        Some(seconds) => seconds.parse().unwrap(),
        None => 600,
    };
    let held = {
        let sandbox = sandbox().start().await.unwrap();
        [
            (Provider::MemoriesAi, "memories-ai"),
            (Provider::LlamaCloud, "llama-cloud"),
        ]
        .map(|(provider, name)| {
            let ids = sandbox.session_ids(provider, None).into_iter();
            ids.map(|id| format!("{name}:{id}")).collect::<Vec<_>>()
        })
    };
    let before = held_by_this_process();
    let server = Server::start();
    let policy = RetryPolicy::default()
        .max_attempts(3)
        .initial_backoff(Duration::from_millis(5))
        .max_backoff(Duration::from_millis(40))
        .max_retry_after(Duration::from_millis(100));
    let patience = Duration::from_millis(1000);
    let stage = Stage {
        memories_ai: MemoriesAi::builder()
            .api_key(MEMORIES_AI_KEY)
            .base_url(&server.url)
            .pacing(Pacing::none())
            .retry(policy)
            .attempt_timeout(patience)
            .build()
            .unwrap(),
        llama_cloud: LlamaCloud::builder()
            .api_key(LLAMA_CLOUD_KEY)
            .base_url(&server.url)
            .retry(policy)
            .attempt_timeout(patience)
            .build()
            .unwrap(),
        held: Arc::new(held),
    };

    let begun = Instant::now();
    let end = begun + Duration::from_secs(seconds);
    let tally = Arc::new(Mutex::new(Tally::default()));
    let mut walks = tokio::task::JoinSet::new();
    for walk in 0..WALKS {
        let (stage, tally) = (stage.clone(), Arc::clone(&tally));
        walks.spawn(async move {
            let mut way = walk;
            while Instant::now() < end {
                stage.list(way, &tally).await;
                way += WALKS;
            }
        });
    }
    let mut early = None;
    let mut most_sockets = 0;
    while !walks.is_empty() {
        let _ = tokio::time::timeout(Duration::from_secs(1), walks.join_next()).await;
        let (memory, sockets, tasks) = held_by_this_process();
        most_sockets = most_sockets.max(sockets);
        if begun.elapsed().as_secs() >= seconds / 10 {
            early.get_or_insert(memory);
        }
        if begun.elapsed().as_secs().is_multiple_of(30) {
            let lists = tally.lock().unwrap().lists;
            println!(
                "{:>4} s: {lists} lists, {memory} KiB, {sockets} sockets, {tasks} tasks",
                begun.elapsed().as_secs()
            );
        }
    }
    let (memory, _, _) = held_by_this_process();
    drop(stage);
    drop(server);
    // The tasks of idle connections end once they notice that no client is left.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let after = held_by_this_process();

    let tally = tally.lock().unwrap();
    let more = memory - early.unwrap_or(memory);
    println!(
        "{} lists in {} s, {} of them without errors, {} retries; errors that were resumed from: {:?}",
        tally.lists,
        begun.elapsed().as_secs(),
        tally.undisturbed,
        tally.retries,
        tally.errors
    );
    println!("memory: {memory} KiB, {more} KiB more than after a tenth of the time; at most {most_sockets} sockets");
    println!(
        "leaked: {} sockets, {} tasks",
        after.1 as i64 - before.1 as i64,
        after.2
    );
    for wrong in tally.wrong.iter().take(20) {
        println!("WRONG: {wrong}");
    }
    let clean = tally.wrong.is_empty() && more <= ALLOWANCE && after.1 <= before.1 && after.2 == 0 && tally.lists > 0;
    println!("{}", if clean { "ok" } else { "NOT CLEAN" });
    if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
