//! One run of one client in a process of its own. Nothing is warmed up except what the job says:
//! the client is created, the clock starts, the list is read, the clock stops.

mod arrival;
mod facade;
mod first;
mod floor;
mod hand;
mod instant;
mod key;
mod raw;
mod transcripts;

use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::job::{Client, Job, List, Outcome, Runtime, Tally, Task};
use crate::usage;

/// Runs a job and measures it.
///
/// # Errors
///
/// Fails if the list fails, or if the client does not support the job.
pub(crate) fn run(job: &Job) -> Result<Outcome, Failure> {
    let runtime = match job.runtime {
        Runtime::CurrentThread => tokio::runtime::Builder::new_current_thread().enable_all().build()?,
        Runtime::MultiThread => tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()?,
    };
    runtime.block_on(async {
        let http = http(job)?;
        match job.task {
            Task::Walk => walk(job, http).await,
            Task::RoundTrip { times } => first::round_trip(job, &http, times).await,
            Task::First { times } => first::first(job, &http, times).await,
            Task::Decode { session, times } => transcripts::decode(job, &http, session, times).await,
            Task::Transcripts { sessions, in_flight } => transcripts::walk(job, sessions, in_flight).await,
            Task::TranscriptsOfList { in_flight } => transcripts::walk_list(job, in_flight).await,
        }
    })
}

async fn walk(job: &Job, http: reqwest::Client) -> Result<Outcome, Failure> {
    let facade = match job.client {
        Client::Facade => Some(facade::client(job)?),
        _ => None,
    };
    let cpu = usage::own_cpu()?;
    let begun = Instant::now();
    let tally = match (job.client, job.list) {
        (Client::Hand | Client::HandKeeping, List::LlamaCloud) => hand::llama_cloud(job, &http).await?,
        (Client::Hand, List::MemoriesAi) => hand::memories_ai(job, http).await?,
        (Client::Raw, List::LlamaCloud) => raw::llama_cloud(job, http).await?,
        (Client::Raw, List::MemoriesAi) => raw::memories_ai(job, http).await?,
        (Client::Floor, List::LlamaCloud) => floor::llama_cloud(job, &http).await?,
        (Client::Floor, List::MemoriesAi) => floor::memories_ai(job, http).await?,
        (Client::Facade, _) => match facade {
            Some(client) => facade::walk(job, &client).await?,
            None => Tally::default(),
        },
        (Client::HandKeeping, List::MemoriesAi) => {
            return Err("the client that keeps unknown fields supports only LlamaCloud".into());
        }
        (_, List::Both) => return Err("only the facade merges both lists".into()),
    };
    Ok(Outcome {
        seconds: begun.elapsed().as_secs_f64(),
        cpu: usage::own_cpu()? - cpu,
        base: None,
        peak_kib: usage::peak_kib()?,
        tally,
    })
}

/// The HTTP client of all clients except the facade, with the facade's settings: its timeouts, no
/// redirects, no proxy on loopback, and no certificates, because there is no TLS.
fn http(job: &Job) -> Result<reqwest::Client, Failure> {
    let builder = reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(10))
        .timeout(Duration::from_secs(30))
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .no_proxy()
        .tls_certs_only([]);
    Ok(protocol(job, builder)?.build()?)
}

/// Uses HTTP/2 for a job with HTTP/2.
#[cfg(feature = "http2")]
#[allow(clippy::unnecessary_wraps, reason = "without the feature it can fail")]
fn protocol(job: &Job, builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, Failure> {
    Ok(if job.http2 {
        builder.http2_prior_knowledge()
    } else {
        builder
    })
}

#[cfg(not(feature = "http2"))]
fn protocol(job: &Job, builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, Failure> {
    if job.http2 {
        return Err("this build has no HTTP/2; build it with --features http2".into());
    }
    Ok(builder)
}
