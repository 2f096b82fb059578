//! The LlamaCloud dialect: `GET /api/v1/chat` as the document and the types of the official SDK
//! describe it.
//!
//! This file is responsible for the key, the parameters, the page and its token of that one
//! operation. It does not know how the sessions were created, nor that a fault may replace the
//! response.

use std::{borrow::Cow, collections::VecDeque, ops::Range};

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::{
    data::{
        documents::{DocumentSession, Run},
        session_lists::{SessionLists, SessionStore},
        time::naive_iso,
    },
    dialect::{Dialect, Profile, ProviderSettings},
    http::{request::RequestHead, response::ResponseDraft},
    paging::{
        self, PageFeature, Paging,
        issued_tokens::IssuedTokens,
        items::{PageItem, page_items},
        page_size::{PageSizeDecision, PageSizeRule},
        page_token::{self, ListPosition},
    },
};

/// The key that the sandbox accepts for LlamaCloud by default.
pub const LLAMA_CLOUD_KEY: &str = "llx-sandbox";

/// The LlamaCloud project of a request without `project_id`.
pub const DEFAULT_PROJECT_ID: &str = "7f3c2a10-5b1e-4c7d-9a52-0d6f8e1b4c33";

/// A second LlamaCloud project with other sessions.
pub const OTHER_PROJECT_ID: &str = "b81d90e4-2c6f-4f0a-8e37-61a5c9d2f708";

/// The LlamaCloud organization that both projects belong to.
pub const ORGANIZATION_ID: &str = "3e5a7c91-84d2-4b6e-a0f5-27c9d1e86b40";

const LIST_PATH: &str = "/api/v1/chat";

pub(crate) static PROFILE: Profile = Profile {
    name: "llama-cloud",
    variable_prefix: "LLAMA_CLOUD",
    path_prefix: "/api/",
    list_path: LIST_PATH,
    default_scope: DEFAULT_PROJECT_ID,
    page_features: &[PageFeature::Token],
    default_settings: ProviderSettings {
        key: Cow::Borrowed(LLAMA_CLOUD_KEY),
        sessions: 112,
        // Not documented for chat; the same as for Memories.ai, so that one page of each has
        // equally many sessions.
        page_size: 20,
        // The documents of sibling lists: "The maximum value is typically 1000; values above this
        // will be coerced to the maximum".
        page_size_rule: PageSizeRule::CoerceAbove(1000),
    },
    create: |settings| {
        Box::new(LlamaCloud {
            settings,
            sessions: SessionLists::default(),
            issued_tokens: IssuedTokens::default(),
        })
    },
};

#[derive(Debug)]
struct LlamaCloud {
    settings: ProviderSettings,
    sessions: SessionLists<DocumentSession>,
    issued_tokens: IssuedTokens,
}

#[derive(Serialize)]
struct Page {
    items: Option<Vec<PageItem<Item>>>,
    /// The document says: "Omitted when there are no further pages".
    #[serde(skip_serializing_if = "Option::is_none")]
    next_page_token: Option<Value>,
    #[serde(flatten)]
    unknown: Map<String, Value>,
}

/// A session summary. The document says that two fields can be null and never that one can be
/// missing, so the sandbox writes nulls.
#[derive(Debug, Serialize)]
struct Item {
    session_id: String,
    last_updated_at: String,
    /// Not in the document that the sandbox was written from. The official SDK requires it since
    /// 2.17.
    shared_access: &'static str,
    generated_title: Option<String>,
    index_ids: Option<Vec<String>>,
    job_metadata: Option<JobMetadata>,
}

#[derive(Debug, Serialize)]
struct JobMetadata {
    duration_ms: f64,
    error: Option<&'static str>,
    export_config_ids: Option<Vec<String>>,
    is_error: bool,
    total_input_tokens: Option<u64>,
    total_output_tokens: Option<u64>,
    turns: u64,
}

impl Dialect for LlamaCloud {
    fn sessions(&self) -> &dyn SessionStore {
        &self.sessions
    }

    fn sessions_mut(&mut self) -> &mut dyn SessionStore {
        &mut self.sessions
    }

    fn requested_page(&self, request: &RequestHead<'_>) -> u64 {
        let project = request.last("project_id").unwrap_or(DEFAULT_PROJECT_ID);
        let position = request
            .last("page_token")
            .and_then(|token| page_token::decode(token, &project.to_ascii_lowercase()));
        position.map_or(1, |position| position.page)
    }

    fn key<'a>(&self, request: &'a RequestHead<'_>) -> Option<&'a str> {
        keys(request).next()
    }

    fn respond(&mut self, request: &RequestHead<'_>, paging: &[Paging]) -> ResponseDraft {
        if request.path() != LIST_PATH {
            return self.error(404, None);
        }
        if request.method != "GET" {
            return self.error(405, None);
        }
        if !keys(request).any(|key| *key == *self.settings.key) {
            return self.error(401, None);
        }
        let mut errors = Vec::new();
        let page_size = page_size(request, &self.settings, &mut errors);
        let project = uuid(request, "project_id", &mut errors);
        let organization = uuid(request, "organization_id", &mut errors);
        if !errors.is_empty() {
            return ResponseDraft::json(422, &json!({ "detail": errors }));
        }
        // The response to an unknown organization or project is not documented. A 404 tells a
        // person who mistyped an id more than an empty list.
        if organization.is_some_and(|organization| organization != ORGANIZATION_ID) {
            return self.error(404, Some("Organization not found"));
        }
        let project = project.unwrap_or_else(|| DEFAULT_PROJECT_ID.to_owned());
        let Some(list) = self.sessions.list(&project) else {
            return self.error(404, Some("Project not found"));
        };
        // A token is valid for one project and any page size. The document does not mention the
        // latter, and a position does not depend on it. An empty token is as invalid as any other
        // that was not issued.
        let after = match request
            .last("page_token")
            .map(|token| page_token::decode(token, &project))
        {
            None => ListPosition::beginning(),
            Some(Some(position)) => position,
            Some(None) => return self.error(400, Some("Invalid page token")),
        };
        let start = index_after(list, &after);
        let end = start
            .saturating_add(paging::visible_items(paging, page_size))
            .min(list.len());
        let repeated = start.saturating_sub(paging::duplicate_count(paging))..start;
        let sessions = list.range(repeated).chain(list.range(start..end)).map(item);
        let next = next_position(&after, list, start..end, paging);
        let next_page_token = next.map(|position| page_token::encode(&position, &project));
        let next_page_token = altered_token(next_page_token, &self.issued_tokens, &project, paging);
        if let Some(token) = next_page_token.as_ref().and_then(Value::as_str) {
            self.issued_tokens.add(&project, token);
        }
        let items = page_items(sessions, paging, "session_id");
        ResponseDraft::json(
            200,
            &Page {
                items: (!paging.contains(&Paging::DataNull)).then_some(items),
                next_page_token,
                unknown: paging::unknown_fields(paging),
            },
        )
    }

    /// `detail` is a string. A 422 without a given message has a list of validation errors, as in
    /// `FastAPI`.
    fn error(&self, status: u16, message: Option<&str>) -> ResponseDraft {
        if status == 422 && message.is_none() {
            let msg = "Input should be a valid integer, unable to parse string as an integer";
            let error = validation_error("page_size", "int_parsing", msg, "many", Value::Null);
            return ResponseDraft::json(status, &json!({ "detail": [error] }));
        }
        let message = message.unwrap_or(match status {
            // Seen in a bug report about the real API.
            401 => "Invalid authentication token",
            403 => "Forbidden",
            404 => "Not Found",
            405 => "Method Not Allowed",
            409 => "Conflict",
            429 => "Too Many Requests",
            500 => "Internal Server Error",
            503 => "Service Unavailable",
            _ => "Error",
        });
        ResponseDraft::json(status, &json!({ "detail": message })).with_required_headers("Bearer")
    }

    fn rate_limit_error(&self) -> ResponseDraft {
        self.error(429, None)
    }
}

/// The index of the first session after `position`.
fn index_after(list: &VecDeque<DocumentSession>, position: &ListPosition) -> usize {
    list.partition_point(|session| {
        (session.updated_micros, session.id.as_str()) >= (position.updated_micros, position.session_id.as_str())
    })
}

/// Returns the position after a page, if the list continues. The page follows `after` and has the
/// sessions in `range`.
fn next_position(
    after: &ListPosition,
    list: &VecDeque<DocumentSession>,
    range: Range<usize>,
    paging: &[Paging],
) -> Option<ListPosition> {
    let repeats = if paging::visible_items(paging, usize::MAX) == 0 {
        true
    } else {
        paging.contains(&Paging::StickyEnd) && range.end == list.len()
    };
    let page = after.page.saturating_add(1);
    if repeats {
        return Some(ListPosition { page, ..after.clone() });
    }
    let last = list
        .range(range.clone())
        .next_back()
        .filter(|_| range.end < list.len())?;
    Some(ListPosition {
        updated_micros: last.updated_micros,
        session_id: last.id.clone(),
        page,
    })
}

/// Alters the token for the next page.
fn altered_token(token: Option<String>, issued: &IssuedTokens, project: &str, paging: &[Paging]) -> Option<Value> {
    paging
        .iter()
        .fold(token.map(Value::String), |token, paging| match (paging, token) {
            (Paging::RepeatToken(back), token) => issued.nth_newest(project, *back).map(Value::String).or(token),
            (Paging::Token(text), _) => Some(Value::String(text.clone())),
            (Paging::NullAtEnd, None) => Some(Value::Null),
            (Paging::EmptyAtEnd, None) => Some(Value::String(String::new())),
            (_, token) => token,
        })
}

/// The API keys of a request: the bearer token and the `session` cookies.
fn keys<'a>(request: &'a RequestHead<'_>) -> impl Iterator<Item = &'a str> {
    let bearer = request.header("authorization").and_then(|value| value.split_once(' '));
    let bearer = bearer.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let cookies = request.header("cookie").unwrap_or_default().split(';');
    let cookies = cookies
        .filter_map(|cookie| cookie.trim().split_once('='))
        .filter(|(name, _)| *name == "session");
    bearer
        .map(|(_, key)| key.trim())
        .into_iter()
        .chain(cookies.map(|(_, key)| key))
}

fn page_size(request: &RequestHead<'_>, settings: &ProviderSettings, errors: &mut Vec<Value>) -> usize {
    let default = settings.page_size;
    let requested = request.last("page_size");
    let (kind, msg, context) = match settings.page_size_rule.decide(requested, default) {
        PageSizeDecision::Serve(size) => return size,
        PageSizeDecision::NotAnInteger => (
            "int_parsing",
            "Input should be a valid integer, unable to parse string as an integer".to_owned(),
            Value::Null,
        ),
        PageSizeDecision::TooSmall => (
            "greater_than_equal",
            "Input should be greater than or equal to 1".to_owned(),
            json!({ "ge": 1 }),
        ),
        PageSizeDecision::TooLarge(max) => (
            "less_than_equal",
            format!("Input should be less than or equal to {max}"),
            json!({ "le": max }),
        ),
    };
    errors.push(validation_error(
        "page_size",
        kind,
        &msg,
        requested.unwrap_or_default(),
        context,
    ));
    default
}

/// Returns an id in lower case. The reference says that both ids are UUIDs.
fn uuid(request: &RequestHead<'_>, name: &str, errors: &mut Vec<Value>) -> Option<String> {
    let value = request.last(name)?;
    let groups = value.split('-').map(str::len).collect::<Vec<_>>();
    if groups != [8, 4, 4, 4, 12] || !value.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit()) {
        let msg = "Input should be a valid UUID";
        errors.push(validation_error(name, "uuid_parsing", msg, value, Value::Null));
        return None;
    }
    Some(value.to_ascii_lowercase())
}

/// One entry of the list with which `FastAPI` responds to an invalid request.
fn validation_error(name: &str, kind: &str, msg: &str, input: &str, context: Value) -> Value {
    let mut error = json!({ "type": kind, "loc": ["query", name], "msg": msg, "input": input });
    if let (Some(error), false) = (error.as_object_mut(), context.is_null()) {
        error.insert("ctx".to_owned(), context);
    }
    error
}

fn item(session: &DocumentSession) -> Item {
    Item {
        session_id: session.id.clone(),
        last_updated_at: naive_iso(session.updated_micros),
        shared_access: if session.read_only { "read_only" } else { "query" },
        generated_title: session.title.clone(),
        index_ids: session.index_ids.clone(),
        job_metadata: session.run.as_ref().map(job_metadata),
    }
}

fn job_metadata(run: &Run) -> JobMetadata {
    JobMetadata {
        duration_ms: run.duration_ms,
        error: run.error,
        export_config_ids: run.export_config_ids.clone(),
        is_error: run.error.is_some(),
        total_input_tokens: run.tokens.map(|tokens| tokens.input),
        total_output_tokens: run.tokens.map(|tokens| tokens.output),
        turns: run.turns,
    }
}
