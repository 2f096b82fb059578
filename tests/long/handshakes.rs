//! Counts the TLS handshakes of walks: 200 walks, each with a new client, idle and while two busy
//! loops per core compete. They run on one thread and on two workers, with short pages and with
//! long ones.
//!
//! `cargo xtask handshakes` runs it. It is not a test, because it loads the machine for minutes.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement prints its results, and panics if it cannot continue"
)]

use std::collections::BTreeMap;
use std::fs;
use std::hint::black_box;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use chat_sessions::http::{HttpExt, reqwest};
use chat_sessions::retry::Pacing;
use chat_sessions::{ChatSessions, MemoriesAi};
use chat_sessions_sandbox::{MEMORIES_AI_KEY, Sandbox};
use tokio::runtime::{Builder, Runtime};

use crate::tls::TlsProxy;

#[path = "../suites/support/tls.rs"]
mod tls;

const WALKS: usize = 200;
const PAGES: usize = 5;

fn main() -> ExitCode {
    let one_thread = Builder::new_current_thread().enable_all().build().unwrap();
    let two_workers = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let mut clean = true;
    for loaded in [false, true] {
        let load = Load::start(if loaded { 2 } else { 0 });
        for (name, runtime) in [("one thread", &one_thread), ("two workers", &two_workers)] {
            for page_size in [20, 1000] {
                let counted = walks(runtime, page_size);
                let total: usize = counted.iter().map(|(handshakes, walks)| handshakes * walks).sum();
                println!(
                    "{}, {name}, pages of {page_size}: {total} handshakes in {WALKS} walks: {counted:?}",
                    if loaded { "two busy loops for each core" } else { "idle" },
                );
                clean &= total == WALKS;
            }
        }
        load.stop();
    }
    if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Returns how many walks made each number of handshakes.
fn walks(runtime: &Runtime, page_size: usize) -> BTreeMap<usize, usize> {
    // The server has threads of its own, like a provider.
    let servers = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let (_sandbox, tls) = servers.block_on(async {
        let sandbox = Sandbox::builder()
            .memories_ai_sessions(PAGES * page_size - 1)
            .memories_ai_page_size(page_size)
            .start()
            .await
            .unwrap();
        let tls = TlsProxy::start(sandbox.addr(), &["localhost"]).await;
        (sandbox, tls)
    });
    let mut counted = BTreeMap::new();
    for _ in 0..WALKS {
        let before = tls.handshakes();
        runtime.block_on(walk(&tls, PAGES * page_size - 1));
        // A handshake that is no longer needed may still be in progress.
        thread::sleep(std::time::Duration::from_millis(20));
        *counted.entry(tls.handshakes() - before).or_default() += 1;
    }
    servers.shutdown_background();
    counted
}

async fn walk(tls: &TlsProxy, sessions: usize) {
    let root = reqwest::Certificate::from_pem(&fs::read(&tls.root).unwrap()).unwrap();
    let source = MemoriesAi::builder()
        .api_key(MEMORIES_AI_KEY)
        .base_url(tls.url("localhost"))
        .pacing(Pacing::none())
        .configure_http(|client| client.tls_certs_only([root]))
        .build()
        .unwrap();
    let mut list = ChatSessions::new(source).list_sessions().by_item();
    let mut listed = 0;
    while let Some(session) = list.next().await {
        session.unwrap();
        listed += 1;
    }
    assert_eq!(listed, sessions);
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
}

/// Busy loops on every core.
struct Load {
    stopped: Arc<AtomicBool>,
    threads: Vec<thread::JoinHandle<()>>,
}

impl Load {
    fn start(per_core: usize) -> Self {
        let stopped = Arc::new(AtomicBool::new(false));
        let cores = thread::available_parallelism().unwrap().get();
        let threads = (0..per_core * cores).map(|_| {
            let stopped = Arc::clone(&stopped);
            thread::spawn(move || {
                let mut turns = 0_u64;
                while !stopped.load(Ordering::Relaxed) {
                    turns = black_box(turns + 1);
                }
            })
        });
        Self {
            threads: threads.collect(),
            stopped,
        }
    }

    fn stop(self) {
        self.stopped.store(true, Ordering::Relaxed);
        self.threads.into_iter().for_each(|thread| thread.join().unwrap());
    }
}
