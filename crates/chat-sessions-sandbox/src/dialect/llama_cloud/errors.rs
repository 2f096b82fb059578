//! The errors of LlamaCloud, as `FastAPI` sends them.

use serde_json::{Value, json};

use crate::http::response::ResponseDraft;

/// `detail` is a string. A 422 without a given message has a list of validation errors, as in
/// `FastAPI`.
pub(crate) fn error(status: u16, message: Option<&str>) -> ResponseDraft {
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

/// The response to a request with these invalid parameters.
pub(crate) fn validation(errors: &[Value]) -> ResponseDraft {
    ResponseDraft::json(422, &json!({ "detail": errors }))
}

/// One entry of the list with which `FastAPI` responds to an invalid request.
pub(crate) fn validation_error(name: &str, kind: &str, msg: &str, input: &str, context: Value) -> Value {
    let mut error = json!({ "type": kind, "loc": ["query", name], "msg": msg, "input": input });
    if let (Some(error), false) = (error.as_object_mut(), context.is_null()) {
        error.insert("ctx".to_owned(), context);
    }
    error
}
