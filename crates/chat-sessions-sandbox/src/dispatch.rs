//! From a request to its answer: the record, the scripted fault if there is one, the dialect.
//!
//! It is responsible for the order of these steps. It knows neither dialect.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, Method, Response},
};
use serde_json::json;

use crate::{Provider, answer::Answer, control::Control, llama_cloud, memories_ai, requests::query_pairs, wire::Wire};

/// What stays the same as long as the sandbox runs.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) memories_ai_key: String,
    pub(crate) llama_cloud_key: String,
    pub(crate) memories_ai_page_size: usize,
    pub(crate) llama_cloud_page_size: usize,
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
    query: Vec<(String, String)>,
    headers: &'a HeaderMap,
}

impl Asked<'_> {
    /// A header that is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
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

/// Answers everything outside the control room.
pub(crate) async fn dispatch(
    State(server): State<Arc<Server>>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    request: Request,
) -> Response<Body> {
    let provider = Provider::of_path(request.uri().path());
    let fault = {
        let mut state = server.control.lock();
        // A mistyped path of the control room is a mistake of the test's and no request of the client's.
        if !request.uri().path().starts_with("/__sandbox") {
            let (method, uri, headers) = (request.method(), request.uri(), request.headers());
            state.requests.add(provider, method, uri, headers);
        }
        provider.and_then(|provider| state.faults.take(provider))
    };
    let Some(provider) = provider else {
        return Answer::json(404, &json!({ "error": "No provider answers here; see /__sandbox/." })).into_response();
    };
    // The list is read after the delay, as by a server that is slow to begin; the other order cannot be told from a slow
    // network.
    if let Some(fault) = &fault {
        tokio::time::sleep(fault.delay()).await;
    }
    let ordinary = || ordinary(&server, provider, &request);
    let answer = match fault {
        Some(fault) => fault.answer(provider, &wire, ordinary),
        None => ordinary(),
    };
    answer.into_response()
}

fn ordinary(server: &Server, provider: Provider, request: &Request) -> Answer {
    let asked = Asked {
        method: request.method(),
        path: request.uri().path(),
        query: query_pairs(request.uri()),
        headers: request.headers(),
    };
    let Settings {
        memories_ai_key,
        llama_cloud_key,
        memories_ai_page_size,
        llama_cloud_page_size,
    } = &server.settings;
    let model = &server.control.lock().model;
    match provider {
        Provider::MemoriesAi => memories_ai::answer(model, &asked, memories_ai_key, *memories_ai_page_size),
        Provider::LlamaCloud => llama_cloud::answer(model, &asked, llama_cloud_key, *llama_cloud_page_size),
    }
}
