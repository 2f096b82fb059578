//! The facade as its users call it: `by_item`, and every session is taken by value.

use std::time::Duration;

use chat_sessions::list::ListSessions;
use chat_sessions::retry::Pacing;
use chat_sessions::source::Operation;
use chat_sessions::{ChatSessions, LlamaCloud, MemoriesAi, Session};

use super::key::KEY;
use crate::failure::Failure;
use crate::job::{Job, List, Order, Tally};

/// Creates the client for the job's list, without rate limits, which would hide the client's speed.
pub(super) fn client(job: &Job) -> Result<ChatSessions, Failure> {
    let mut builder = ChatSessions::builder();
    if job.list != List::MemoriesAi {
        let source = LlamaCloud::builder().api_key(KEY).base_url(&job.url);
        builder = builder.source(protocol(job, source).build()?);
    }
    if job.list != List::LlamaCloud {
        let source = MemoriesAi::builder()
            .api_key(KEY)
            .base_url(&job.url)
            .pacing(Pacing::none())
            .operation_pacing(Operation::Transcript, Pacing::none());
        builder = builder.source(protocol(job, source).build()?);
    }
    Ok(builder.build()?)
}

/// Uses HTTP/2 for a job with HTTP/2, through the facade's own setting.
#[cfg(feature = "http2")]
fn protocol<B: chat_sessions::http::HttpExt>(job: &Job, builder: B) -> B {
    let http2 = job.http2;
    builder.configure_http(move |client| if http2 { client.http2_prior_knowledge() } else { client })
}

/// Without the feature, a job with HTTP/2 has failed earlier.
#[cfg(not(feature = "http2"))]
fn protocol<B>(_: &Job, builder: B) -> B {
    builder
}

/// The list with the options of the job.
pub(super) fn list(job: &Job, client: &ChatSessions) -> ListSessions {
    let mut list = client.list_sessions().order(match job.order {
        Order::Arrival => chat_sessions::Order::Arrival,
        Order::Source => chat_sessions::Order::Source,
        Order::Newest => chat_sessions::Order::Newest,
    });
    if let Some(sessions) = job.page_size {
        list = list.page_size(sessions);
    }
    if let Some(pages) = job.read_ahead {
        list = list.read_ahead(pages);
    }
    if let Some(sessions) = job.limit {
        list = list.limit(sessions);
    }
    list
}

/// Reads the list to its end.
pub(super) async fn walk(job: &Job, client: &ChatSessions) -> Result<Tally, Failure> {
    let work = Duration::from_millis(job.work_ms);
    let page = u64::from(job.page_size.unwrap_or(20));
    let mut tally = Tally::default();
    let mut sessions = list(job, client).by_item();
    while let Some(session) = sessions.next().await {
        take(&mut tally, &session?);
        if !work.is_zero() && tally.sessions.is_multiple_of(page) {
            tokio::time::sleep(work).await;
        }
    }
    Ok(tally)
}

fn take(tally: &mut Tally, session: &Session) {
    let sources = session.resources.iter().flatten().map(|source| source.id.as_str());
    let tokens = session.last_run.as_ref().and_then(|run| run.input_tokens);
    tally.session(session.id.as_str(), session.title.as_deref(), sources, tokens);
    if let Some(time) = session.time() {
        tally.time(time.at.unix_millis());
    }
}
