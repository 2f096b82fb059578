//! The floor: reads the same bytes with the same HTTP client and decodes nothing. It only searches
//! for the few bytes that lead to the next page.

use reqwest::Client;
use reqwest::header::AUTHORIZATION;
use tokio::task::JoinSet;

use super::hand;
use super::key::KEY;
use crate::failure::Failure;
use crate::job::{Job, List, Tally};

/// The number of sessions on a page of Memories.ai.
const MEMORIES_AI_PAGE: u64 = 20;

/// Fetches LlamaCloud page by page.
pub(super) async fn llama_cloud(job: &Job, http: &Client) -> Result<Tally, Failure> {
    let mut tally = Tally::default();
    let mut token: Option<String> = None;
    loop {
        let body = llama_cloud_page(job, http, job.page_size.unwrap_or(1000), token.as_deref()).await?;
        tally.body(body.len());
        token = text_after(&body, "\"next_page_token\":\"").map(str::to_owned);
        if token.is_none() {
            return Ok(tally);
        }
    }
}

/// Fetches Memories.ai page by page, or with as many requests at a time as the job says.
pub(super) async fn memories_ai(job: &Job, http: Client) -> Result<Tally, Failure> {
    let mut tally = Tally::default();
    let in_flight = job.read_ahead.unwrap_or(0).max(1) as usize;
    let first = memories_ai_page(job, &http, 1).await?;
    let total: u64 = text_after(&first, "\"total_count\":\"")
        .ok_or("there is no total")?
        .parse()?;
    tally.body(first.len());
    let mut rest = 2..=total.div_ceil(MEMORIES_AI_PAGE);
    if in_flight == 1 {
        for page in rest {
            tally.body(memories_ai_page(job, &http, page).await?.len());
        }
        return Ok(tally);
    }
    let mut flight = JoinSet::new();
    loop {
        while flight.len() < in_flight
            && let Some(page) = rest.next()
        {
            let (http, job) = (http.clone(), job.clone());
            flight.spawn(async move { memories_ai_page(&job, &http, page).await.map(|body| body.len()) });
        }
        match flight.join_next().await {
            Some(bytes) => tally.body(bytes??),
            None => return Ok(tally),
        }
    }
}

/// Fetches the first page of the job's list; at LlamaCloud, with this page size.
pub(super) async fn first_page(job: &Job, http: &Client, sessions: u32) -> Result<(), Failure> {
    match job.list {
        List::LlamaCloud => llama_cloud_page(job, http, sessions, None).await?,
        List::MemoriesAi => memories_ai_page(job, http, 1).await?,
        List::Both => return Err("there is no first page of both lists".into()),
    };
    Ok(())
}

async fn llama_cloud_page(job: &Job, http: &Client, size: u32, token: Option<&str>) -> Result<bytes::Bytes, Failure> {
    let request = http
        .get(format!("{}/api/v1/chat", job.url))
        .query(&[("page_size", size)]);
    let request = match token {
        Some(token) => request.query(&[("page_token", token)]),
        None => request,
    };
    hand::body(request.header(AUTHORIZATION, format!("Bearer {KEY}"))).await
}

async fn memories_ai_page(job: &Job, http: &Client, page: u64) -> Result<bytes::Bytes, Failure> {
    let request = http.get(format!("{}/serve/api/v1/list_sessions", job.url));
    let request = request.query(&[("page", page)]).query(&[("unique_id", "default")]);
    hand::body(request.header(AUTHORIZATION, KEY)).await
}

/// The text between these bytes and the next quotation mark, near the end of a body, where both
/// lists have what leads to the next page.
fn text_after<'a>(body: &'a [u8], before: &str) -> Option<&'a str> {
    let end = &body[body.len().saturating_sub(160)..];
    let at = end
        .windows(before.len())
        .rposition(|window| window == before.as_bytes())?;
    str::from_utf8(&end[at + before.len()..]).ok()?.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::text_after;

    #[test]
    fn the_token_is_found_at_the_end() {
        let body = format!("{{\"items\":[{}],\"next_page_token\":\"from-100\"}}", "1,".repeat(400));
        assert_eq!(text_after(body.as_bytes(), "\"next_page_token\":\""), Some("from-100"));
        assert_eq!(text_after(b"{\"items\":[]}", "\"next_page_token\":\""), None);
    }
}
