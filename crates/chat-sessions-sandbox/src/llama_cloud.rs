//! The LlamaCloud dialect: `GET /api/v1/chat` as the document and the types of the official SDK have it.
//!
//! It is responsible for that one operation: key, parameters, page, token. It does not know how the sessions came about,
//! nor that an answer may be replaced by a fault.

use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    DEFAULT_PROJECT_ID, ORGANIZATION_ID,
    answer::Answer,
    clock::naive,
    dispatch::Asked,
    model::{DocumentSession, Model, Run},
    token::{self, Place},
};

/// Where the list is.
pub(crate) const LIST_PATH: &str = "/api/v1/chat";

/// The documents of sibling lists: "The maximum value is typically 1000; values above this will be coerced".
const MAXIMUM_PAGE_SIZE: usize = 1000;

#[derive(Serialize)]
struct Page {
    items: Vec<Item>,
    /// "Omitted when there are no further pages", says the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_page_token: Option<String>,
}

/// A session summary. The document says of two fields that they are null, and nothing of absence, so nulls are written.
#[derive(Serialize)]
struct Item {
    session_id: String,
    last_updated_at: String,
    /// Not in the document this sandbox started from; the official SDK requires it since 2.17.
    shared_access: &'static str,
    generated_title: Option<String>,
    index_ids: Option<Vec<String>>,
    job_metadata: Option<JobMetadata>,
}

#[derive(Serialize)]
struct JobMetadata {
    duration_ms: f64,
    error: Option<&'static str>,
    export_config_ids: Option<Vec<String>>,
    is_error: bool,
    total_input_tokens: Option<u64>,
    total_output_tokens: Option<u64>,
    turns: u64,
}

/// Answers a request below `/api/`.
pub(crate) fn answer(model: &Model, asked: &Asked<'_>, key: &str, default_page_size: usize) -> Answer {
    if asked.path != LIST_PATH {
        return error(404, None);
    }
    if asked.method != "GET" {
        return error(405, None);
    }
    if !knows(asked, key) {
        return error(401, None);
    }
    let mut findings = Vec::new();
    let page_size = page_size(asked, default_page_size, &mut findings);
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
        None => None,
        Some(Some(place)) => Some(place),
        Some(None) => return error(400, Some("Invalid page token")),
    };
    let Some((sessions, more)) = model.document_page(&project, after.as_ref(), page_size) else {
        return error(404, Some("Project not found"));
    };
    let next_page_token = sessions.last().filter(|_| more).map(|last| {
        let place = Place {
            updated_micros: last.updated_micros,
            session_id: last.id.clone(),
        };
        token::encode(&place, &project)
    });
    Answer::json(
        200,
        &Page {
            items: sessions.iter().map(item).collect(),
            next_page_token,
        },
    )
}

/// Whether the request carries the key, as a bearer token or as the `session` cookie.
fn knows(asked: &Asked<'_>, key: &str) -> bool {
    let bearer = asked.header("authorization").and_then(|value| value.split_once(' '));
    let by_header = bearer.is_some_and(|(scheme, given)| scheme.eq_ignore_ascii_case("bearer") && given.trim() == key);
    let cookies = asked.header("cookie").unwrap_or_default().split(';');
    by_header
        || cookies
            .filter_map(|cookie| cookie.trim().split_once('='))
            .any(|pair| pair == ("session", key))
}

fn page_size(asked: &Asked<'_>, default: usize, findings: &mut Vec<Value>) -> usize {
    let Some(given) = asked.last("page_size") else {
        return default;
    };
    match given.parse::<i64>() {
        Ok(size) if size >= 1 => usize::try_from(size)
            .unwrap_or(MAXIMUM_PAGE_SIZE)
            .min(MAXIMUM_PAGE_SIZE),
        Ok(_) => {
            let msg = "Input should be greater than or equal to 1";
            findings.push(finding(
                "page_size",
                "greater_than_equal",
                msg,
                given,
                json!({ "ge": 1 }),
            ));
            default
        }
        Err(_) => {
            let msg = "Input should be a valid integer, unable to parse string as an integer";
            findings.push(finding("page_size", "int_parsing", msg, given, Value::Null));
            default
        }
    }
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
