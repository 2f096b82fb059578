//! The LlamaCloud dialect: `GET /api/v1/chat` as the document and the types of the official SDK have it.
//!
//! It is responsible for that one operation: key, parameters, page, token. It does not know how the sessions came about,
//! nor that an answer may be replaced by a fault.

use std::{collections::VecDeque, ops::Range};

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::{
    DEFAULT_PROJECT_ID, ORGANIZATION_ID,
    answer::Answer,
    clock::naive,
    dispatch::{Asked, Settings},
    given_tokens::GivenTokens,
    model::{DocumentSession, Model, Run},
    page_sizes::Size,
    paging::{self, Element, Paging},
    token::{self, Place},
};

/// Where the list is.
pub(crate) const LIST_PATH: &str = "/api/v1/chat";

#[derive(Serialize)]
struct Page {
    items: Option<Vec<Element<Item>>>,
    /// "Omitted when there are no further pages", says the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_page_token: Option<Value>,
    #[serde(flatten)]
    unknown: Map<String, Value>,
}

/// A session summary. The document says of two fields that they are null, and nothing of absence, so nulls are written.
#[derive(Debug, Serialize)]
struct Item {
    session_id: String,
    last_updated_at: String,
    /// Not in the document this sandbox started from; the official SDK requires it since 2.17.
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

/// The number of the page that a request asks for, as far as its token tells; a wrong token is refused later.
pub(crate) fn page_asked(asked: &Asked<'_>) -> u64 {
    let project = asked.last("project_id").unwrap_or(DEFAULT_PROJECT_ID);
    let place = asked
        .last("page_token")
        .and_then(|token| token::decode(token, &project.to_ascii_lowercase()));
    place.map_or(1, |place| place.page)
}

/// Answers a request below `/api/`.
pub(crate) fn answer(
    model: &Model,
    given: &mut GivenTokens,
    asked: &Asked<'_>,
    settings: &Settings,
    paging: &[Paging],
) -> Answer {
    if asked.path != LIST_PATH {
        return error(404, None);
    }
    if asked.method != "GET" {
        return error(405, None);
    }
    if !keys(asked).any(|key| key == settings.llama_cloud_key) {
        return error(401, None);
    }
    let mut findings = Vec::new();
    let page_size = page_size(asked, settings, &mut findings);
    let project = uuid(asked, "project_id", &mut findings);
    let organization = uuid(asked, "organization_id", &mut findings);
    if !findings.is_empty() {
        return Answer::json(422, &json!({ "detail": findings }));
    }
    // What an unknown organization or project gets is not documented. A 404 tells a person who mistyped an id more than
    // an empty list would.
    if organization.is_some_and(|organization| organization != ORGANIZATION_ID) {
        return error(404, Some("Organization not found"));
    }
    let project = project.unwrap_or_else(|| DEFAULT_PROJECT_ID.to_owned());
    // The token is good for one project and for every page size: the document says nothing of the latter, and a place in
    // a list does not depend on it. An empty token is refused like any other that was not given out.
    let after = match asked.last("page_token").map(|token| token::decode(token, &project)) {
        None => Place::beginning(),
        Some(Some(place)) => place,
        Some(None) => return error(400, Some("Invalid page token")),
    };
    let Some(list) = model.documents.get(&project) else {
        return error(404, Some("Project not found"));
    };
    let start = Model::index_after(list, &after);
    let end = start.saturating_add(paging::shown(paging, page_size)).min(list.len());
    let before = start.saturating_sub(paging::duplicates(paging))..start;
    let sessions = list.range(before).chain(list.range(start..end)).map(item);
    let next = next_place(&after, list, start..end, paging);
    let next_page_token = next.map(|place| token::encode(&place, &project));
    let next_page_token = bent_token(next_page_token, given, &project, paging);
    if let Some(token) = next_page_token.as_ref().and_then(Value::as_str) {
        given.add(&project, token);
    }
    let items = paging::elements(sessions, paging, "session_id");
    Answer::json(
        200,
        &Page {
            items: (!paging.contains(&Paging::DataNull)).then_some(items),
            next_page_token,
            unknown: paging::unknown_fields(paging),
        },
    )
}

/// Where the list goes on after a page that came after `after` and shows `range`, if it goes on.
fn next_place(
    after: &Place,
    list: &VecDeque<DocumentSession>,
    range: Range<usize>,
    paging: &[Paging],
) -> Option<Place> {
    let again = if paging::shown(paging, usize::MAX) == 0 {
        true
    } else {
        paging.contains(&Paging::StickyEnd) && range.end == list.len()
    };
    let page = after.page.saturating_add(1);
    if again {
        return Some(Place { page, ..after.clone() });
    }
    let last = list
        .range(range.clone())
        .next_back()
        .filter(|_| range.end < list.len())?;
    Some(Place {
        updated_micros: last.updated_micros,
        session_id: last.id.clone(),
        page,
    })
}

/// The token as it is to be sent, given the true one.
fn bent_token(token: Option<String>, given: &GivenTokens, project: &str, paging: &[Paging]) -> Option<Value> {
    paging
        .iter()
        .fold(token.map(Value::String), |token, paging| match (paging, token) {
            (Paging::RepeatToken(back), token) => given.back(project, *back).map(Value::String).or(token),
            (Paging::Token(text), _) => Some(Value::String(text.clone())),
            (Paging::NullAtEnd, None) => Some(Value::Null),
            (Paging::EmptyAtEnd, None) => Some(Value::String(String::new())),
            (_, token) => token,
        })
}

/// The keys that a request carries: the bearer token and the `session` cookies.
fn keys<'a>(asked: &'a Asked<'_>) -> impl Iterator<Item = &'a str> {
    let bearer = asked.header("authorization").and_then(|value| value.split_once(' '));
    let bearer = bearer.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let cookies = asked.header("cookie").unwrap_or_default().split(';');
    let cookies = cookies
        .filter_map(|cookie| cookie.trim().split_once('='))
        .filter(|(name, _)| *name == "session");
    bearer
        .map(|(_, key)| key.trim())
        .into_iter()
        .chain(cookies.map(|(_, key)| key))
}

/// The key that counts when a request carries several.
pub(crate) fn key_given<'a>(asked: &'a Asked<'_>) -> Option<&'a str> {
    keys(asked).next()
}

fn page_size(asked: &Asked<'_>, settings: &Settings, findings: &mut Vec<Value>) -> usize {
    let default = settings.llama_cloud_page_size;
    let given = asked.last("page_size");
    let (kind, msg, context) = match settings.llama_cloud_page_sizes.size(given, default) {
        Size::Serve(size) => return size,
        Size::NotANumber => (
            "int_parsing",
            "Input should be a valid integer, unable to parse string as an integer".to_owned(),
            Value::Null,
        ),
        Size::TooSmall => (
            "greater_than_equal",
            "Input should be greater than or equal to 1".to_owned(),
            json!({ "ge": 1 }),
        ),
        Size::TooLarge(most) => (
            "less_than_equal",
            format!("Input should be less than or equal to {most}"),
            json!({ "le": most }),
        ),
    };
    findings.push(finding("page_size", kind, &msg, given.unwrap_or_default(), context));
    default
}

/// An id in lower case; the reference says of both ids that they are UUIDs.
fn uuid(asked: &Asked<'_>, name: &str, findings: &mut Vec<Value>) -> Option<String> {
    let given = asked.last(name)?;
    let groups = given.split('-').map(str::len).collect::<Vec<_>>();
    if groups != [8, 4, 4, 4, 12] || !given.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit()) {
        let msg = "Input should be a valid UUID";
        findings.push(finding(name, "uuid_parsing", msg, given, Value::Null));
        return None;
    }
    Some(given.to_ascii_lowercase())
}

/// One entry of the list that `FastAPI` makes of a request that does not fit.
fn finding(name: &str, kind: &str, msg: &str, input: &str, context: Value) -> Value {
    let mut finding = json!({ "type": kind, "loc": ["query", name], "msg": msg, "input": input });
    if let (Some(finding), false) = (finding.as_object_mut(), context.is_null()) {
        finding.insert("ctx".to_owned(), context);
    }
    finding
}

/// An error: `detail` is a text, and for a 422 without words of its own the list that `FastAPI` makes.
pub(crate) fn error(status: u16, message: Option<&str>) -> Answer {
    let words = message.unwrap_or(match status {
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
    if status == 422 && message.is_none() {
        let msg = "Input should be a valid integer, unable to parse string as an integer";
        let finding = finding("page_size", "int_parsing", msg, "many", Value::Null);
        return Answer::json(status, &json!({ "detail": [finding] }));
    }
    Answer::json(status, &json!({ "detail": words }))
}

fn item(session: &DocumentSession) -> Item {
    Item {
        session_id: session.id.clone(),
        last_updated_at: naive(session.updated_micros),
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
        total_input_tokens: run.tokens.map(|(input, _)| input),
        total_output_tokens: run.tokens.map(|(_, output)| output),
        turns: run.turns,
    }
}
