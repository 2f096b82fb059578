//! Sessions with their messages: the facade's stream of them, and what the facade takes for one from
//! its bytes, beside `serde_json` into the raw types.

use std::time::Instant;

use bytes::Bytes;
use chat_sessions::model::{Part, SessionAddress};
use chat_sessions::transcript::TranscriptStream;
use chat_sessions::{Provider, SessionId, Transcript};
use reqwest::header::AUTHORIZATION;

use super::arrival::{self, Moment};
use super::key::KEY;
use super::{facade, hand};
use crate::failure::Failure;
use crate::job::{Base, Job, List, Outcome, Tally};
use crate::server::transcripts::{FIRST_USUAL, llama_cloud_id};
use crate::stats::median;
use crate::usage;

/// Reads the first sessions of usual size.
pub(super) async fn walk(job: &Job, sessions: u64, in_flight: usize) -> Result<Outcome, Failure> {
    let client = facade::client(job)?;
    let addresses = (FIRST_USUAL..FIRST_USUAL + sessions)
        .map(|number| address(job.list, number))
        .collect::<Result<Vec<_>, Failure>>()?;
    let cpu = usage::own_cpu()?;
    let begun = Instant::now();
    let stream = client.transcripts(addresses).concurrency(in_flight).by_item();
    finish(stream, begun, cpu).await
}

/// Reads the sessions of the list.
pub(super) async fn walk_list(job: &Job, in_flight: usize) -> Result<Outcome, Failure> {
    let client = facade::client(job)?;
    let cpu = usage::own_cpu()?;
    let begun = Instant::now();
    let list = facade::list(job, &client).by_item();
    finish(client.transcripts_of(list).concurrency(in_flight).by_item(), begun, cpu).await
}

async fn finish(mut stream: TranscriptStream, begun: Instant, cpu: f64) -> Result<Outcome, Failure> {
    let mut tally = Tally::default();
    while let Some(transcript) = stream.next().await {
        take(&mut tally, &transcript?);
    }
    Ok(Outcome {
        seconds: begun.elapsed().as_secs_f64(),
        cpu: usage::own_cpu()? - cpu,
        base: None,
        peak_kib: usage::peak_kib()?,
        tally,
    })
}

/// Reads the same session in turns with the facade, and with the floor and `serde_json`. The time of the
/// facade begins when the body has arrived.
pub(super) async fn decode(job: &Job, http: &reqwest::Client, number: u64, times: u32) -> Result<Outcome, Failure> {
    let client = facade::client(job)?;
    let address = address(job.list, number)?;
    arrival::watch()?;
    let mut tally = Tally::default();
    take(&mut tally, &client.transcript(&address).send().await?);
    tally.body(fetch(job, http, number).await?.len());
    let (mut facade, mut decoding) = (Samples::default(), Samples::default());
    for _ in 0..times {
        let body = fetch(job, http, number).await?;
        let start = Moment::now()?;
        let raw = Raw::decode(job.list, body)?;
        decoding.add(start.took()?);
        drop(raw);

        let transcript = client.transcript(&address).send().await?;
        facade.add(arrival::last()?.took()?);
        drop(transcript);
    }
    Ok(Outcome {
        seconds: median(&facade.seconds),
        cpu: median(&facade.cpu),
        base: Some(Base {
            seconds: median(&decoding.seconds),
            cpu: median(&decoding.cpu),
        }),
        peak_kib: usage::peak_kib()?,
        tally,
    })
}

/// A session as the raw types have it. The values are only created and dropped.
#[allow(dead_code, reason = "the measurement ends when the value exists")]
#[allow(clippy::large_enum_variant, reason = "there is one at a time")]
enum Raw {
    LlamaCloud(llama_cloud_client::types::ChatSessionDetail),
    MemoriesAi(memories_ai_client::types::SessionDetailResponse),
}

impl Raw {
    /// Decodes a body in the fastest way that `serde_json` has: as text, which is checked once. As in
    /// the facade, the body is dropped at the end.
    fn decode(list: List, body: Bytes) -> Result<Self, Failure> {
        let text = str::from_utf8(&body)?;
        let raw = match list {
            List::LlamaCloud => Self::LlamaCloud(serde_json::from_str(text)?),
            List::MemoriesAi => Self::MemoriesAi(serde_json::from_str(text)?),
            List::Both => return Err("a session belongs to one list".into()),
        };
        drop(body);
        Ok(raw)
    }
}

/// Seconds and processor time, sample by sample.
#[derive(Default)]
struct Samples {
    seconds: Vec<f64>,
    cpu: Vec<f64>,
}

impl Samples {
    fn add(&mut self, (seconds, cpu): (f64, f64)) {
        self.seconds.push(seconds);
        self.cpu.push(cpu);
    }
}

fn address(list: List, number: u64) -> Result<SessionAddress, Failure> {
    let (provider, id) = match list {
        List::LlamaCloud => (Provider::LLAMA_CLOUD, llama_cloud_id(number)),
        List::MemoriesAi => (Provider::MEMORIES_AI, number.to_string()),
        List::Both => return Err("a session belongs to one list".into()),
    };
    Ok(SessionId::new(provider, id).into())
}

/// The floor: the same bytes with the same HTTP client, decoded by nobody.
async fn fetch(job: &Job, http: &reqwest::Client, number: u64) -> Result<Bytes, Failure> {
    let request = match job.list {
        List::LlamaCloud => http
            .get(format!("{}/api/v1/chat/{}", job.url, llama_cloud_id(number)))
            .header(AUTHORIZATION, format!("Bearer {KEY}")),
        List::MemoriesAi => http
            .get(format!("{}/serve/api/v1/get_session_detail", job.url))
            .query(&[("sessionId", number), ("session_id", number)])
            .query(&[("unique_id", "default")])
            .header(AUTHORIZATION, KEY),
        List::Both => return Err("a session belongs to one list".into()),
    };
    hand::body(request).await
}

fn take(tally: &mut Tally, transcript: &Transcript) {
    let session = &transcript.session;
    let sources = session.resources.iter().flatten().map(|source| source.id.as_str());
    tally.session(session.id.as_str(), session.title.as_deref(), sources, None);
    for part in transcript.messages.iter().flat_map(|message| &message.parts) {
        tally.texts += match part {
            Part::Text(text) => text.text.len(),
            Part::Thinking(thinking) => thinking.text.len(),
            _ => 0,
        } as u64;
    }
}
