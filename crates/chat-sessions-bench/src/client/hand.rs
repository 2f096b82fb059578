//! What a careful person writes for one list with reqwest and serde, to be as fast as possible. It
//! decodes responses directly into owned strings and parsed times, and keeps nothing else. Unknown
//! fields are dropped, except in the variant that keeps them. There are no retries, no detection of
//! duplicates and no cursors; the facade does all of that in addition.

use bytes::Bytes;
use reqwest::header::{ACCEPT, AUTHORIZATION};
use reqwest::{Client, RequestBuilder};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use tokio::task::JoinSet;

use super::instant;
use super::key::KEY;
use crate::failure::Failure;
use crate::job::{Client as Who, Job, Tally};

/// The types of a hand-written client for LlamaCloud, with or without a field for unknown fields.
macro_rules! chats {
    ($name:ident $(, #[$flatten:meta] $extra:ident: $map:ty)?) => {
        mod $name {
            use serde::Deserialize;

            use crate::job::Tally;

            #[derive(Deserialize)]
            #[allow(dead_code, reason = "the user gets all fields; the tally reads some")]
            struct Chat {
                session_id: String,
                generated_title: Option<String>,
                /// Microseconds since 1970.
                #[serde(deserialize_with = "crate::client::hand::time")]
                last_updated_at: i64,
                index_ids: Option<Vec<String>>,
                job_metadata: Option<Run>,
                $(#[$flatten] $extra: $map,)?
            }

            #[derive(Deserialize)]
            #[allow(dead_code, reason = "the user gets all fields; the tally reads one")]
            struct Run {
                duration_ms: Option<f64>,
                error: Option<String>,
                export_config_ids: Option<Vec<String>>,
                is_error: Option<bool>,
                total_input_tokens: Option<u64>,
                total_output_tokens: Option<u64>,
                turns: Option<u64>,
                $(#[$flatten] $extra: $map,)?
            }

            #[derive(Deserialize)]
            pub(super) struct Chats {
                items: Vec<Chat>,
                next_page_token: Option<String>,
            }

            impl super::Page for Chats {
                fn take(self, tally: &mut Tally) -> Option<String> {
                    for chat in self.items {
                        let sources = chat.index_ids.iter().flatten().map(String::as_str);
                        let tokens = chat.job_metadata.and_then(|run| run.total_input_tokens);
                        tally.session(&chat.session_id, chat.generated_title.as_deref(), sources, tokens);
                        tally.time(chat.last_updated_at.div_euclid(1000));
                    }
                    self.next_page_token.filter(|token| !token.is_empty())
                }
            }
        }
    };
}

chats!(documented);
chats!(whole, #[serde(flatten)] extra: serde_json::Map<String, serde_json::Value>);

/// A page of LlamaCloud.
trait Page: DeserializeOwned {
    /// Counts its sessions and returns the token of the next page.
    fn take(self, tally: &mut Tally) -> Option<String>;
}

/// Parses the time directly from the borrowed text, without a copy.
fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let text = <&str>::deserialize(deserializer)?;
    instant::micros(text).ok_or_else(|| D::Error::custom("invalid time"))
}

/// Lists LlamaCloud page by page.
pub(super) async fn llama_cloud(job: &Job, http: &Client) -> Result<Tally, Failure> {
    if job.client == Who::HandKeeping {
        pages_of::<whole::Chats>(job, http).await
    } else {
        pages_of::<documented::Chats>(job, http).await
    }
}

async fn pages_of<P: Page>(job: &Job, http: &Client) -> Result<Tally, Failure> {
    let mut tally = Tally::default();
    let url = format!("{}/api/v1/chat", job.url);
    let page_size = job.page_size.unwrap_or(1000);
    let mut token: Option<String> = None;
    loop {
        let request = http.get(&url).query(&[("page_size", page_size)]);
        let request = match &token {
            Some(token) => request.query(&[("page_token", token)]),
            None => request,
        };
        let body = body(request.header(AUTHORIZATION, format!("Bearer {KEY}"))).await?;
        tally.body(body.len());
        token = serde_json::from_slice::<P>(&body)?.take(&mut tally);
        if token.is_none() {
            return Ok(tally);
        }
    }
}

/// The epoch of Memories.ai's ids in milliseconds since 1970; the bits above the lowest 22 hold the
/// milliseconds since then.
const ID_EPOCH: i64 = 1_609_459_200_000;

/// The type of a hand-written client for Memories.ai.
#[derive(Deserialize)]
struct Video {
    #[serde(rename = "sessionId")]
    session_id: String,
    title: Option<String>,
}

#[derive(Deserialize)]
struct Envelope<'a> {
    code: &'a str,
    #[serde(borrow)]
    data: Option<Videos<'a>>,
}

#[derive(Deserialize)]
struct Videos<'a> {
    sessions: Vec<Video>,
    total_count: &'a str,
}

/// A page with the times of its sessions.
struct VideoPage {
    sessions: Vec<(Video, i64)>,
    total: u64,
    bytes: usize,
}

/// Lists Memories.ai page by page, or with as many requests at a time as the job says, in order of
/// arrival.
pub(super) async fn memories_ai(job: &Job, http: Client) -> Result<Tally, Failure> {
    let url = format!("{}/serve/api/v1/list_sessions", job.url);
    let in_flight = job.read_ahead.unwrap_or(0).max(1) as usize;
    let mut tally = Tally::default();
    let first = memories_ai_page(&http, &url, 1).await?;
    // The first page determines the number of pages: its total divided by its own size.
    let size = (first.sessions.len() as u64).max(1);
    let pages = first.total.div_ceil(size);
    take(&mut tally, first);
    if in_flight == 1 {
        for page in 2..=pages {
            take(&mut tally, memories_ai_page(&http, &url, page).await?);
        }
        return Ok(tally);
    }
    let mut flight = JoinSet::new();
    let mut rest = 2..=pages;
    loop {
        while flight.len() < in_flight
            && let Some(page) = rest.next()
        {
            let (http, url) = (http.clone(), url.clone());
            flight.spawn(async move { memories_ai_page(&http, &url, page).await });
        }
        match flight.join_next().await {
            Some(page) => take(&mut tally, page??),
            None => return Ok(tally),
        }
    }
}

async fn memories_ai_page(http: &Client, url: &str, page: u64) -> Result<VideoPage, Failure> {
    let request = http
        .get(url)
        .query(&[("page", page)])
        .query(&[("unique_id", "default")]);
    let body = body(request.header(AUTHORIZATION, KEY)).await?;
    let envelope: Envelope<'_> = serde_json::from_slice(&body)?;
    if envelope.code != "0000" {
        return Err(format!("Memories.ai returned the code {}", envelope.code).into());
    }
    let videos = envelope.data.ok_or("the response of Memories.ai has no data")?;
    let sessions = videos.sessions.into_iter().map(|video| {
        let id: i64 = video.session_id.parse()?;
        Ok((video, (id >> 22) + ID_EPOCH))
    });
    Ok(VideoPage {
        sessions: sessions.collect::<Result<_, Failure>>()?,
        total: videos.total_count.parse()?,
        bytes: body.len(),
    })
}

fn take(tally: &mut Tally, page: VideoPage) {
    tally.body(page.bytes);
    for (video, time) in page.sessions {
        tally.session(&video.session_id, video.title.as_deref(), [], None);
        tally.time(time);
    }
}

/// Sends the request and returns the whole body; any error status fails.
pub(super) async fn body(request: RequestBuilder) -> Result<Bytes, Failure> {
    let request = request.header(ACCEPT, "application/json");
    #[cfg(feature = "gzip")]
    let request = request.header(reqwest::header::ACCEPT_ENCODING, "gzip");
    let response = request.send().await?.error_for_status()?;
    #[cfg(feature = "gzip")]
    if response.headers().contains_key(reqwest::header::CONTENT_ENCODING) {
        let mut whole = Vec::new();
        std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&*response.bytes().await?), &mut whole)?;
        return Ok(whole.into());
    }
    Ok(response.bytes().await?)
}
