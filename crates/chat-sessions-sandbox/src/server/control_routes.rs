//! The control routes below `/__sandbox/`, for scripts and for people with curl.
//!
//! They translate JSON to calls of [`Control`]. They need no key, since the sandbox listens only on
//! the loopback interface and stores no secrets.

use std::{collections::BTreeMap, time::Duration};

use axum::{
    Json, Router,
    body::Body,
    extract::{Query, State, rejection::JsonRejection, rejection::QueryRejection},
    http::Response,
    routing::{get, post},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::{
    conversation::Conversation,
    data::change::Change,
    dialect::{operation::Operation, provider::Provider},
    faults::{Fault, script::FaultScript},
    http::response::ResponseDraft,
    server::{control::Control, rate_limit::RateLimit, schedule::When},
};

/// The control routes. Other paths are left to the providers.
pub(crate) fn routes() -> Router<Control> {
    Router::new()
        .route("/__sandbox", get(index))
        .route("/__sandbox/", get(index))
        .route("/__sandbox/requests", get(requests).delete(forget_requests))
        .route(
            "/__sandbox/sessions",
            get(sessions).post(insert).patch(retitle).delete(delete),
        )
        .route("/__sandbox/conversation", get(conversation))
        .route("/__sandbox/conversations", get(conversations))
        .route("/__sandbox/faults", post(add_faults).delete(clear_faults))
        .route("/__sandbox/chance", post(add_chance))
        .route("/__sandbox/rate-limit", post(limit_rate).delete(clear_rate_limits))
        .route("/__sandbox/enforce-rates", post(enforce_rates))
        .route("/__sandbox/changes", post(add_change).delete(clear_changes))
        .route("/__sandbox/counters", get(counters))
}

type HttpResponse = Response<Body>;
type FromJson<T> = Result<Json<T>, JsonRejection>;

async fn index() -> HttpResponse {
    let index = json!({
        "providers": by_provider(|provider| {
            let routes = provider.profile().routes.iter();
            routes.map(|(_, path)| format!("GET {path}")).collect::<Vec<_>>()
        }),
        "control": {
            "GET /__sandbox/requests": "list the providers' requests, with redacted credentials",
            "DELETE /__sandbox/requests": "clear the request log",
            "GET /__sandbox/sessions": "list the sessions by provider and scope",
            "POST /__sandbox/sessions": "create a session {provider, scope?, title}",
            "PATCH /__sandbox/sessions": "change a title {provider, id, title}",
            "DELETE /__sandbox/sessions?provider=&id=": "delete a session",
            "GET /__sandbox/conversation?provider=&id=&scope=": "the messages or events of a session, as the provider sends them",
            "GET /__sandbox/conversations": "list the kinds of conversation, each with the id of a session in the default scope",
            "GET /__sandbox/counters": "count requests by provider: requests, in_progress, most_in_progress, refused, arrivals_ms",
            "POST /__sandbox/faults": "add a fault {provider, times? | always?, headers?, large_headers?, gzip?, delay_ms?, \
                                       hold?, paging?, operations?, from_page?, to_page?, fault: ordinary | status | envelope | html | \
                                       cut_body | reset_before_headers | reset_after | stall | large_body | \
                                       large_body_chunked | endless_body | gzip_bomb | redirect | raw | raw_bytes | \
                                       echo, …}",
            "POST /__sandbox/chance": "send faults at random {provider, probability, seed?, faults: [{fault: …}, …]}",
            "DELETE /__sandbox/faults": "remove all faults, and send the responses that they hold",
            "POST /__sandbox/rate-limit": "limit the rate {provider, operation?, requests, window_ms?, retry_after?, count_refused?}",
            "POST /__sandbox/enforce-rates": "enforce the providers' own rates",
            "DELETE /__sandbox/rate-limit": "remove all rate limits",
            "POST /__sandbox/changes": "change the sessions {provider, before | after: the number of a later request, or \
                                        before_page | after_page: the page it requests, change: {insert | retitle | \
                                        retitle_at | continue | continue_at | delete | delete_at | delete_newest | delete_oldest: {…}}}",
            "DELETE /__sandbox/changes": "remove all scheduled changes",
        },
    });
    ResponseDraft::json(200, &index).into_response()
}

async fn requests(State(control): State<Control>) -> HttpResponse {
    let counts = by_provider(|provider| control.request_count(provider));
    ResponseDraft::json(200, &json!({ "counts": counts, "requests": control.requests() })).into_response()
}

async fn forget_requests(State(control): State<Control>) -> HttpResponse {
    control.forget_requests();
    ok()
}

async fn sessions(State(control): State<Control>) -> HttpResponse {
    let mut scopes = Vec::new();
    for provider in Provider::ALL {
        for scope in control.scopes(provider) {
            scopes.push(json!({
                "provider": provider,
                "scope": scope,
                "default": scope == provider.profile().default_scope,
                "sessions": control.sessions(provider, Some(&scope)),
            }));
        }
    }
    ResponseDraft::json(200, &json!({ "scopes": scopes })).into_response()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct InsertBody {
    provider: Provider,
    scope: Option<String>,
    title: String,
}

async fn insert(State(control): State<Control>, body: FromJson<InsertBody>) -> HttpResponse {
    match body {
        Ok(Json(InsertBody { provider, scope, title })) => {
            let id = control.insert(provider, scope.as_deref(), &title);
            ResponseDraft::json(200, &json!({ "id": id })).into_response()
        }
        Err(rejection) => bad_request(&rejection.body_text()),
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RetitleBody {
    provider: Provider,
    id: String,
    title: String,
}

async fn retitle(State(control): State<Control>, body: FromJson<RetitleBody>) -> HttpResponse {
    match body {
        Ok(Json(RetitleBody { provider, id, title })) => ok_or_not_found(control.retitle(provider, &id, &title)),
        Err(rejection) => bad_request(&rejection.body_text()),
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DeleteQuery {
    provider: Provider,
    id: String,
}

async fn delete(State(control): State<Control>, query: Result<Query<DeleteQuery>, QueryRejection>) -> HttpResponse {
    match query {
        Ok(Query(DeleteQuery { provider, id })) => ok_or_not_found(control.delete(provider, &id)),
        Err(rejection) => bad_request(&rejection.body_text()),
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConversationQuery {
    provider: Provider,
    scope: Option<String>,
    id: String,
}

async fn conversation(
    State(control): State<Control>,
    query: Result<Query<ConversationQuery>, QueryRejection>,
) -> HttpResponse {
    let ConversationQuery { provider, scope, id } = match query {
        Ok(Query(query)) => query,
        Err(rejection) => return bad_request(&rejection.body_text()),
    };
    match control.conversation_json(provider, scope.as_deref(), &id) {
        Some(json) => ResponseDraft::bytes(200, "application/json", json).into_response(),
        None => ok_or_not_found(false),
    }
}

async fn conversations(State(control): State<Control>) -> HttpResponse {
    let by_kind = |provider| {
        let kinds = Conversation::ALL.into_iter();
        let found = kinds.filter_map(|kind| Some((kind, control.session_with(provider, kind)?)));
        found.collect::<BTreeMap<_, _>>()
    };
    ResponseDraft::json(200, &by_provider(by_kind)).into_response()
}

async fn add_faults(State(control): State<Control>, body: FromJson<Map<String, Value>>) -> HttpResponse {
    let script = body
        .map_err(|rejection| rejection.body_text())
        .and_then(|Json(script)| FaultScript::from_json(script));
    match script {
        Ok(FaultScript {
            provider,
            times,
            always,
            fault,
        }) => {
            if always {
                control.always(provider, fault);
            } else {
                for _ in 0..times.min(MAX_TIMES) {
                    control.next(provider, fault.clone());
                }
            }
            ResponseDraft::json(200, &json!({ "pending": control.pending_faults(provider) })).into_response()
        }
        Err(reason) => bad_request(&reason),
    }
}

/// The queue is in memory, and a script that asks for more is probably wrong.
const MAX_TIMES: usize = 100_000;

async fn clear_faults(State(control): State<Control>) -> HttpResponse {
    control.clear_faults();
    ok()
}

/// The body of `POST /__sandbox/chance`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ChanceBody {
    provider: Provider,
    probability: f64,
    seed: Option<u64>,
    faults: Vec<Map<String, Value>>,
}

async fn add_chance(State(control): State<Control>, body: FromJson<ChanceBody>) -> HttpResponse {
    let script = match body {
        Ok(Json(script)) => script,
        Err(rejection) => return bad_request(&rejection.body_text()),
    };
    let ChanceBody {
        provider, probability, ..
    } = script;
    if !(0.0..=1.0).contains(&probability) {
        return bad_request("`probability` must be between 0 and 1");
    }
    if script.faults.is_empty() {
        return bad_request("`faults` must not be empty");
    }
    let faults = script.faults.into_iter();
    let faults = faults
        .map(|fault| Fault::from_json(provider, fault))
        .collect::<Result<Vec<_>, _>>();
    match faults {
        Ok(faults) => {
            // The default seed is 1, as for the sessions.
            control.chance(provider, probability, faults, script.seed.unwrap_or(1));
            ok()
        }
        Err(reason) => bad_request(&reason),
    }
}

/// The body of `POST /__sandbox/rate-limit`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RateLimitBody {
    provider: Provider,
    operation: Option<Operation>,
    requests: usize,
    /// The default is one second.
    window_ms: Option<u64>,
    #[serde(default)]
    retry_after: bool,
    #[serde(default)]
    count_refused: bool,
}

async fn limit_rate(State(control): State<Control>, body: FromJson<RateLimitBody>) -> HttpResponse {
    let script = match body {
        Ok(Json(script)) => script,
        Err(rejection) => return bad_request(&rejection.body_text()),
    };
    if let Some(operation) = script.operation.filter(|operation| !script.provider.has(*operation)) {
        return bad_request(&format!("{} has no operation {}", script.provider, json!(operation)));
    }
    let window = Duration::from_millis(script.window_ms.unwrap_or(1000));
    let mut limit = RateLimit::new(script.requests, window);
    if script.retry_after {
        limit = limit.with_retry_after();
    }
    if script.count_refused {
        limit = limit.counting_refused();
    }
    match script.operation {
        None => control.rate_limit(script.provider, limit),
        Some(operation) => control.rate_limit_operation(script.provider, operation, limit),
    }
    ok()
}

async fn enforce_rates(State(control): State<Control>) -> HttpResponse {
    control.enforce_rates();
    ok()
}

async fn clear_rate_limits(State(control): State<Control>) -> HttpResponse {
    control.clear_rate_limits();
    ok()
}

/// The body of `POST /__sandbox/changes`. Without a moment, the change is made at once.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangeBody {
    provider: Provider,
    before: Option<u64>,
    after: Option<u64>,
    before_page: Option<u64>,
    after_page: Option<u64>,
    change: Change,
}

async fn add_change(State(control): State<Control>, body: FromJson<ChangeBody>) -> HttpResponse {
    let script = match body {
        Ok(Json(script)) => script,
        Err(rejection) => return bad_request(&rejection.body_text()),
    };
    let moments = [
        script.before.map(When::Before),
        script.after.map(When::After),
        script.before_page.map(When::BeforePage),
        script.after_page.map(When::AfterPage),
    ];
    let moments = moments.into_iter().flatten().collect::<Vec<_>>();
    let ChangeBody { provider, change, .. } = script;
    match moments.as_slice() {
        [] => control.change(provider, &change),
        [When::Before(0) | When::After(0) | When::BeforePage(0) | When::AfterPage(0)] => {
            return bad_request("requests and pages are counted from 1");
        }
        [when] => control.at(provider, *when, change),
        _ => return bad_request("`before`, `after`, `before_page` and `after_page` exclude each other"),
    }
    ResponseDraft::json(200, &json!({ "pending": control.pending_changes(provider) })).into_response()
}

async fn clear_changes(State(control): State<Control>) -> HttpResponse {
    control.clear_changes();
    ok()
}

async fn counters(State(control): State<Control>) -> HttpResponse {
    ResponseDraft::json(200, &by_provider(|provider| control.counters(provider))).into_response()
}

/// A JSON object with a value for each provider.
fn by_provider<T: Serialize>(value: impl Fn(Provider) -> T) -> Map<String, Value> {
    let values = Provider::ALL.map(|provider| (provider.to_string(), json!(value(provider))));
    values.into_iter().collect()
}

fn ok() -> HttpResponse {
    ResponseDraft::json(200, &json!({ "done": true })).into_response()
}

fn ok_or_not_found(found: bool) -> HttpResponse {
    if found {
        ok()
    } else {
        ResponseDraft::json(404, &json!({ "error": "No such session." })).into_response()
    }
}

fn bad_request(reason: &str) -> HttpResponse {
    ResponseDraft::json(400, &json!({ "error": reason })).into_response()
}
