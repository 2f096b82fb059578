//! From a request to its answer: the record, the rate limit and the scripted fault if there is one, the changes for its
//! moment, the dialect.
//!
//! It is responsible for the order of these steps. It knows neither dialect.

use std::{
    borrow::Cow,
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
    time::Duration,
};

use axum::{
    body::Body,
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, Method, Response, uri::PathAndQuery},
};
use serde_json::json;

use crate::{
    Provider,
    answer::Answer,
    changes::Side,
    control::{Control, State as Held},
    llama_cloud, memories_ai,
    page_sizes::PageSizes,
    paging::Paging,
    requests::query_pairs,
    wire::Wire,
};

/// What stays the same as long as the sandbox runs.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) memories_ai_key: String,
    pub(crate) llama_cloud_key: String,
    pub(crate) memories_ai_page_size: usize,
    pub(crate) llama_cloud_page_size: usize,
    pub(crate) memories_ai_page_sizes: PageSizes,
    pub(crate) llama_cloud_page_sizes: PageSizes,
}

/// What the handlers share.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) control: Control,
    pub(crate) settings: Settings,
}

/// What a dialect needs to know of a request.
#[derive(Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) method: &'a Method,
    pub(crate) path: &'a str,
    /// The path with the query, as it was sent.
    pub(crate) target: &'a str,
    query: Vec<(String, String)>,
    headers: &'a HeaderMap,
}

impl Asked<'_> {
    /// A header that is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Every value of a header, with a mark in place of what is no UTF-8.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = Cow<'_, str>> {
        let values = self.headers.get_all(name).iter();
        values.map(|value| String::from_utf8_lossy(value.as_bytes()))
    }

    /// The decoded query, in the order in which it was sent.
    pub(crate) fn query(&self) -> &[(String, String)] {
        &self.query
    }

    /// The first of a repeated parameter, which is the one that Java servers take.
    pub(crate) fn first(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The last of a repeated parameter, which is the one that `FastAPI` takes.
    pub(crate) fn last(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .rfind(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// A request to a provider from its arrival to its answer, or to the moment at which the client gave it up.
struct InProgress {
    control: Control,
    provider: Provider,
    /// Its place among the requests to the provider, as the changes to come count them.
    number: u64,
}

impl Drop for InProgress {
    fn drop(&mut self) {
        let mut state = self.control.lock();
        state.requests.end(self.provider);
        // Where the request was answered, nothing waits for it any more.
        state.make_changes(self.provider, self.number, Side::Before);
        state.make_changes(self.provider, self.number, Side::After);
    }
}

/// Answers everything outside the control room.
pub(crate) async fn dispatch(
    State(server): State<Arc<Server>>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    request: Request,
) -> Response<Body> {
    let asked = Asked {
        method: request.method(),
        path: request.uri().path(),
        target: request.uri().path_and_query().map_or("", PathAndQuery::as_str),
        query: query_pairs(request.uri()),
        headers: request.headers(),
    };
    let provider = Provider::of_path(asked.path);
    let (outcome, in_progress) = {
        let mut state = server.control.lock();
        let now = state.requests.now();
        // A mistyped path of the control room is a mistake of the test's and no request of the client's.
        if !asked.path.starts_with("/__sandbox") {
            let (method, uri, headers) = (asked.method, request.uri(), asked.headers);
            state.requests.add(provider, method, uri, headers, now);
        }
        let Some(provider) = provider else {
            let words = json!({ "error": "No provider answers here; see /__sandbox/." });
            return Answer::json(404, &words).into_response();
        };
        let page = page_asked(provider, &asked);
        let in_progress = InProgress {
            control: server.control.clone(),
            provider,
            number: state.changes.arrive(provider, page),
        };
        // The limit stands before everything else, so a scripted fault waits for a request that is let through.
        let outcome = match refusal(&mut state, provider, &asked, now) {
            Some(answer) => Err(answer),
            None => Ok(state.faults.take(provider, page)),
        };
        (outcome, in_progress)
    };
    let fault = match outcome {
        Ok(fault) => fault,
        Err(refusal) => return refusal.into_response(),
    };
    // The list is read after the delay, as by a server that is slow to begin; the other order cannot be told from a slow
    // network.
    if let Some(fault) = &fault {
        tokio::time::sleep(fault.delay()).await;
    }
    let (provider, number) = (in_progress.provider, in_progress.number);
    // One lock around all of it: no other request sees the list between the answer and the changes that follow it.
    let mut state = server.control.lock();
    state.make_changes(provider, number, Side::Before);
    let mut ordinary = |paging: &[Paging]| ordinary(&mut state, &server.settings, provider, &asked, paging);
    let answer = match fault {
        Some(fault) => fault.answer(provider, &wire, &asked, ordinary),
        None => ordinary(&[]),
    };
    state.make_changes(provider, number, Side::After);
    drop(state);
    answer.into_response()
}

/// The answer to a request that comes too soon after others of its account. One without a key has no account, and is
/// refused for that.
fn refusal(state: &mut Held, provider: Provider, asked: &Asked<'_>, now: Duration) -> Option<Answer> {
    let limiter = state.limiters.get_mut(&provider)?;
    let key = match provider {
        Provider::MemoriesAi => memories_ai::key_given(asked),
        Provider::LlamaCloud => llama_cloud::key_given(asked),
    };
    // A caller may have put a real key in, so only a number made of it is kept.
    let mut account = DefaultHasher::new();
    key?.hash(&mut account);
    let retry_after = limiter.arrive(account.finish(), now).err()?;
    state.requests.refuse(provider);
    let mut answer = match provider {
        Provider::MemoriesAi => memories_ai::limit_exceeded(200, None),
        Provider::LlamaCloud => llama_cloud::error(429, None),
    };
    let retry_after = retry_after.map(|seconds| ("retry-after".to_owned(), seconds));
    answer.headers.extend(retry_after);
    Some(answer)
}

fn page_asked(provider: Provider, asked: &Asked<'_>) -> u64 {
    match provider {
        Provider::MemoriesAi => memories_ai::page_asked(asked),
        Provider::LlamaCloud => llama_cloud::page_asked(asked),
    }
}

fn ordinary(state: &mut Held, settings: &Settings, provider: Provider, asked: &Asked<'_>, paging: &[Paging]) -> Answer {
    match provider {
        Provider::MemoriesAi => memories_ai::answer(&state.model, asked, settings, paging),
        Provider::LlamaCloud => llama_cloud::answer(&state.model, &mut state.given_tokens, asked, settings, paging),
    }
}
