//! The generated clients, each in the loop that their users have to write: typed responses without
//! any of the facade's policy. Times remain text.

use std::num::NonZeroU64;

use llama_cloud_client::types::ListChatSessionsParams;
use memories_ai_client::types::Count;

use super::key::KEY;
use crate::failure::Failure;
use crate::job::{Job, Tally};

/// Lists LlamaCloud page by page.
pub(super) async fn llama_cloud(job: &Job, http: reqwest::Client) -> Result<Tally, Failure> {
    let client = llama_cloud_client::Client::new_with_client(&job.url, http, llama_cloud_client::wire(KEY)?);
    let size = i64::from(job.page_size.unwrap_or(1000));
    let mut tally = Tally::default();
    let mut token: Option<String> = None;
    loop {
        let params = ListChatSessionsParams {
            page_size: Some(size),
            page_token: token.as_deref(),
            ..Default::default()
        };
        let page = client.list_chat_sessions(params).await?;
        let page = page.into_inner();
        for item in page.items.unwrap_or_default() {
            let sources = item.index_ids.iter().flatten().map(String::as_str);
            let tokens = item.job_metadata.and_then(|run| run.total_input_tokens);
            let tokens = tokens.and_then(|tokens| u64::try_from(tokens).ok());
            tally.session(&item.session_id, item.generated_title.as_deref(), sources, tokens);
        }
        token = page.next_page_token.filter(|token| !token.is_empty());
        if token.is_none() {
            return Ok(tally);
        }
    }
}

/// Lists Memories.ai page by page.
pub(super) async fn memories_ai(job: &Job, http: reqwest::Client) -> Result<Tally, Failure> {
    let client = memories_ai_client::Client::new_with_client(&job.url, http, memories_ai_client::wire(KEY)?);
    let mut tally = Tally::default();
    let mut page = NonZeroU64::MIN;
    loop {
        let envelope = client.list_sessions(Some(page), "default").await?.into_inner();
        if envelope.code.as_deref() != Some("0000") {
            return Err(format!("Memories.ai returned the code {:?}", envelope.code).into());
        }
        let data = envelope.data.ok_or("the response of Memories.ai has no data")?;
        let total = match data.total_count {
            Some(Count::Text(text)) => text.parse()?,
            Some(Count::Integer(number)) => u64::try_from(number)?,
            _ => return Err("the response of Memories.ai has no total".into()),
        };
        let sessions = data.sessions.unwrap_or_default();
        let is_empty = sessions.is_empty();
        for item in sessions {
            tally.session(
                item.session_id.as_deref().unwrap_or_default(),
                item.title.as_deref(),
                [],
                None,
            );
        }
        if is_empty || tally.sessions >= total {
            return Ok(tally);
        }
        page = page.saturating_add(1);
    }
}
