//! An answer before it goes onto the wire: plain parts that a fault can still change.
//!
//! It is responsible for turning those parts into an HTTP response. It knows neither of the providers.

use std::borrow::Cow;

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Response, StatusCode, header::CONTENT_TYPE},
};
use serde::Serialize;

/// Status, headers and body of an answer.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: Cow<'static, str>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    /// A JSON document.
    pub(crate) fn json(status: u16, body: &impl Serialize) -> Self {
        // What the sandbox writes are its own structs with text keys; serializing them cannot fail, and were that to
        // change, an empty body would be noticed by the first test that reads it.
        let body = serde_json::to_string(body).unwrap_or_default();
        Self {
            status,
            content_type: Cow::Borrowed("application/json"),
            headers: Vec::new(),
            body,
        }
    }

    /// Any text under any content type.
    pub(crate) fn text(status: u16, content_type: impl Into<Cow<'static, str>>, body: impl Into<String>) -> Self {
        Self {
            status,
            content_type: content_type.into(),
            headers: Vec::new(),
            body: body.into(),
        }
    }

    /// The response for the HTTP server; the length of the body is added there.
    pub(crate) fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body));
        // Statuses below 200 announce another answer, which never comes: they cannot be the status of this one.
        *response.status_mut() = match StatusCode::from_u16(self.status) {
            Ok(status) if self.status >= 200 => status,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let content_type = (CONTENT_TYPE.as_str().to_owned(), self.content_type.into_owned());
        for (name, value) in std::iter::once(content_type).chain(self.headers) {
            // An empty content type means that the answer has none.
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value))
                && !value.is_empty()
            {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}
