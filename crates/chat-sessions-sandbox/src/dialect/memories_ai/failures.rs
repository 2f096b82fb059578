//! The failures of Memories.ai: the envelope, the short form for a rate limit, and statuses.

use serde_json::json;

use crate::http::response::ResponseDraft;

/// HTTP demands the name of a scheme with a 401, but the provider's keys have none before them.
const CHALLENGE: &str = "ApiKey";

/// An error with an HTTP status.
///
/// The body for a status is not documented for v1. If a documented code has the number of the
/// status, the sandbox uses it: a newer page says that a request without a valid key gets a
/// 401, and in version 2 of the API the code always equals the status. Other statuses have the
/// body of Spring, since the provider's own error messages come from a Java server.
pub(crate) fn error(path: &str, status: u16, message: Option<&str>) -> ResponseDraft {
    let (code, default) = match status {
        400 | 422 => ("0003", "Parameters incorrect."),
        401 => ("0401", "Authorization invalid."),
        402 => ("0402", "Not enough points."),
        403 => ("0403", "Developer account disabled."),
        409 => ("0409", "Duplicate request not allowed."),
        429 => return limit_exceeded(status, message),
        _ => {
            let message = message.unwrap_or(match status {
                404 => "Not Found",
                405 => "Method Not Allowed",
                503 => "Service Unavailable",
                _ => "Internal Server Error",
            });
            let body = json!({ "status": status, "error": message, "path": path });
            return ResponseDraft::json(status, &body).with_required_headers(CHALLENGE);
        }
    };
    failure(status, code, message.unwrap_or(default)).with_required_headers(CHALLENGE)
}

/// A failure envelope with all fields of the longer error sample in the document.
pub(crate) fn failure(status: u16, code: &str, msg: &str) -> ResponseDraft {
    let (data, failed, success) = ((), true, false);
    ResponseDraft::json(
        status,
        &json!({ "code": code, "msg": msg, "data": data, "failed": failed, "success": success }),
    )
}

/// The error for a request that exceeds the rate limit. It is the only documented error sample with
/// two fields instead of five.
pub(crate) fn limit_exceeded(status: u16, message: Option<&str>) -> ResponseDraft {
    let msg = message.unwrap_or("Request has exceeded the limit.");
    ResponseDraft::json(status, &json!({ "code": "0429", "msg": msg }))
}

pub(crate) fn not_found(path: &str) -> ResponseDraft {
    ResponseDraft::json(404, &json!({ "status": 404, "error": "Not Found", "path": path }))
}
