//! The Memories.ai dialect: `GET /serve/api/v1/list_sessions` as the v1.2 document and the live captures have it.
//!
//! It is responsible for that one operation: key, parameters, envelope, page. It does not know how the sessions came
//! about, nor that an answer may be replaced by a fault.

use serde::Serialize;
use serde_json::json;

use crate::{answer::Answer, dispatch::Asked, model::Model};

/// Where the list is.
pub(crate) const LIST_PATH: &str = "/serve/api/v1/list_sessions";

/// The envelope and the page in the order of the live capture. Of the two spellings in the document, this is that of its
/// example and of the live answers, not that of its table.
#[derive(Serialize)]
struct Envelope {
    code: &'static str,
    msg: &'static str,
    data: Data,
    success: bool,
    failed: bool,
}

#[derive(Serialize)]
struct Data {
    sessions: Vec<Row>,
    current_page: u64,
    page_size: usize,
    /// Seen live: the count is a string.
    total_count: String,
}

#[derive(Serialize)]
struct Row {
    #[serde(rename = "sessionId")]
    session_id: String,
    title: String,
}

/// Answers a request below `/serve/`.
pub(crate) fn answer(model: &Model, asked: &Asked<'_>, key: &str, page_size: usize) -> Answer {
    if asked.path != LIST_PATH {
        return not_found(asked.path);
    }
    if asked.method != "GET" {
        return error(405, None);
    }
    // The key stands bare: "no Bearer prefix" is written on every page of the newer documentation.
    if asked.header("authorization") != Some(key) {
        return error(401, None);
    }
    // The document's table says that `unique_id` is required and stands in the body; its sample and the live captures
    // have it in the query. The sandbox takes the sample's word for the place and the table's for the duty, so that a
    // client which forgets it is noticed.
    let Some(unique_id) = asked.first("unique_id").filter(|value| !value.is_empty()) else {
        return failure(200, "0001", "Parameters incorrect: unique_id is required.");
    };
    let page = match asked.first("page").map(str::parse::<u64>) {
        None => 1,
        Some(Ok(page)) if page >= 1 => page,
        // Which HTTP status goes with a failed parameter is not documented; seen live, failures come with 200.
        Some(_) => {
            return failure(
                200,
                "0003",
                "Parameters incorrect: page must be an integer of 1 or more.",
            );
        }
    };
    // A `unique_id` that was never used is an empty list: scopes come into being when something is put into them.
    let (rows, total) = model.video_page(unique_id, page, page_size);
    let sessions = rows
        .iter()
        .map(|row| Row {
            session_id: row.id.to_string(),
            title: row.title.clone(),
        })
        .collect();
    let data = Data {
        sessions,
        current_page: page,
        page_size,
        total_count: total.to_string(),
    };
    Answer::json(
        200,
        &Envelope {
            code: "0000",
            msg: "success",
            data,
            success: true,
            failed: false,
        },
    )
}

/// A failed envelope, with all the keys of the document's longer error sample.
pub(crate) fn failure(status: u16, code: &str, msg: &str) -> Answer {
    let (data, failed, success) = ((), true, false);
    Answer::json(
        status,
        &json!({ "code": code, "msg": msg, "data": data, "failed": failed, "success": success }),
    )
}

/// An error with an HTTP status.
///
/// Which body goes with which status is not documented for v1. The documented codes are taken where their number is the
/// status; a newer page says that a request without a valid key is rejected with 401, and the second version of the API
/// keeps status and code equal. Other statuses have the body that Spring makes, since the provider's own error messages
/// come from a Java server.
pub(crate) fn error(status: u16, message: Option<&str>) -> Answer {
    let (code, words) = match status {
        400 | 422 => ("0003", "Parameters incorrect."),
        401 => ("0401", "Authorization invalid."),
        402 => ("0402", "Not enough points."),
        403 => ("0403", "Developer account disabled."),
        409 => ("0409", "Duplicate request not allowed."),
        429 => {
            // The only documented error sample with two keys instead of five.
            let msg = message.unwrap_or("Request has exceeded the limit.");
            return Answer::json(status, &json!({ "code": "0429", "msg": msg }));
        }
        _ => {
            let words = message.unwrap_or(match status {
                404 => "Not Found",
                405 => "Method Not Allowed",
                503 => "Service Unavailable",
                _ => "Internal Server Error",
            });
            return Answer::json(status, &json!({ "status": status, "error": words, "path": LIST_PATH }));
        }
    };
    failure(status, code, message.unwrap_or(words))
}

fn not_found(path: &str) -> Answer {
    Answer::json(404, &json!({ "status": 404, "error": "Not Found", "path": path }))
}
