//! Errors that repeat the request with its credentials, as some servers send them.
//!
//! This file decides what is repeated. The dialects decide the format of an error in JSON.

use crate::{
    dialect::Dialect,
    faults::echo_form::EchoForm,
    http::{request::RequestHead, response::ResponseDraft},
};

/// Returns the error for one request.
pub(crate) fn respond(dialect: &dyn Dialect, request: &RequestHead<'_>, status: u16, form: EchoForm) -> ResponseDraft {
    let message = message(request);
    match form {
        EchoForm::Json => dialect.echo_error(request.path(), status, &message),
        EchoForm::Text => {
            ResponseDraft::text(status, "text/plain; charset=utf-8", message).with_required_headers("Basic")
        }
        EchoForm::Html => {
            let message = message.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            let page =
                format!("<!DOCTYPE html>\n<html>\n<body>\n<h1>{status}</h1>\n<p>{message}</p>\n</body>\n</html>\n");
            ResponseDraft::text(status, "text/html; charset=utf-8", page).with_required_headers("Basic")
        }
    }
}

/// Describes the request in one line: each part as it was sent, and the decoded query parameters.
fn message(request: &RequestHead<'_>) -> String {
    let mut message = format!("Cannot serve {} {}", request.method, request.target());
    for (header, name) in [("authorization", "Authorization"), ("cookie", "Cookie")] {
        for value in request.header_values(header) {
            message.push_str(&format!("; {name}: {value}"));
        }
    }
    for (name, value) in &request.query {
        message.push_str(&format!("; {name}: {value}"));
    }
    message
}
