//! Handles a request to a provider: logs it, applies the rate limit, chooses a fault, makes the
//! scheduled changes and responds.
//!
//! This file is responsible for the order of these steps. It treats all providers alike.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    time::Duration,
};

use axum::{
    body::Body,
    extract::{ConnectInfo, Request, State as ServerState},
    http::Response,
};
use serde_json::json;
use tokio::sync::watch;

use crate::{
    dialect::{operation::Operation, provider::Provider},
    faults::selection::Target,
    http::{connection::ConnectionHandle, request::RequestHead, response::ResponseDraft},
    server::{
        control::{Control, State},
        schedule::Phase,
    },
};

/// A request to a provider that has arrived and has no response yet.
///
/// Dropping it ends the request, also when the client disconnects early.
struct RequestInProgress {
    control: Control,
    provider: Provider,
    /// The request's number among those to the provider, as scheduled changes count them.
    number: u64,
}

impl Drop for RequestInProgress {
    fn drop(&mut self) {
        let mut state = self.control.lock();
        state.requests.end(self.provider);
        // After a response, nothing is scheduled for this request.
        state.apply_scheduled(self.provider, self.number, Phase::BeforeRead);
        state.apply_scheduled(self.provider, self.number, Phase::AfterRead);
    }
}

/// Handles every request that is not for a control route.
pub(crate) async fn dispatch(
    ServerState(control): ServerState<Control>,
    ConnectInfo(connection): ConnectInfo<ConnectionHandle>,
    request: Request,
) -> Response<Body> {
    let request = RequestHead::new(&request);
    let provider = Provider::of_path(request.path());
    let (fault, hold, in_progress) = {
        let mut state = control.lock();
        let now = state.requests.now();
        // A mistyped control route is a mistake of the test, not a request of the client.
        let operation = provider.and_then(|provider| state.providers[provider].dialect.operation(request.path()));
        if !request.path().starts_with("/__sandbox") {
            state.requests.add(provider, operation, &request, now);
        }
        let Some(provider) = provider else {
            let body = json!({ "error": "No provider has this path; see /__sandbox/." });
            return ResponseDraft::json(404, &body).into_response();
        };
        let page = match operation {
            None | Some(Operation::ListSessions) => Some(state.providers[provider].dialect.requested_page(&request)),
            Some(_) => None,
        };
        let in_progress = RequestInProgress {
            control: control.clone(),
            provider,
            number: state.providers[provider].schedule.arrive(page),
        };
        // The rate limit comes first, so that a queued fault waits for a request that is admitted.
        if let Some(response) = rate_limit_response(&mut state, provider, operation, &request, now) {
            drop(state);
            return response.into_response();
        }
        let faults = &mut state.providers[provider].faults;
        (faults.take(Target { operation, page }), faults.hold(), in_progress)
    };
    // The list is read after the delay, as by a slow server. The other order would look like a slow
    // network.
    if let Some(fault) = &fault {
        tokio::time::sleep(fault.delay()).await;
        if fault.holds() {
            wait_until_cleared(hold).await;
        }
    }
    let (provider, number) = (in_progress.provider, in_progress.number);
    // The lock is held until the end, so that no other request sees the list between the response
    // and the changes after it.
    let mut state = control.lock();
    state.apply_scheduled(provider, number, Phase::BeforeRead);
    let dialect = state.providers[provider].dialect.as_mut();
    let response = match fault {
        Some(fault) => fault.respond(dialect, &connection, &request),
        None => dialect.respond(&request, &[]),
    };
    state.apply_scheduled(provider, number, Phase::AfterRead);
    drop(state);
    response.into_response()
}

/// Waits until the faults are cleared, which closes the channel.
async fn wait_until_cleared(mut hold: watch::Receiver<()>) {
    while hold.changed().await.is_ok() {}
}

/// Returns the error for a request that exceeds the rate limit.
///
/// A request without a key belongs to no account. It is rejected later because the key is missing.
fn rate_limit_response(
    state: &mut State,
    provider: Provider,
    operation: Option<Operation>,
    request: &RequestHead<'_>,
    now: Duration,
) -> Option<ResponseDraft> {
    let provider_state = &mut state.providers[provider];
    // A caller may have used a real key, so only its hash is kept.
    let mut account = DefaultHasher::new();
    provider_state.dialect.key(request)?.hash(&mut account);
    let retry_after = provider_state.limiters.admit(operation, account.finish(), now).err()?;
    let mut response = provider_state.dialect.rate_limit_error();
    let retry_after = retry_after.map(|seconds| ("retry-after".to_owned(), seconds));
    response.headers.extend(retry_after);
    state.requests.count_refusal(provider);
    Some(response)
}
