//! An answer before it goes onto the wire: plain parts that a fault can still change.
//!
//! It is responsible for turning those parts into an HTTP response. It knows neither of the providers.

use std::borrow::Cow;

use axum::{
    body::Body,
    http::{
        HeaderMap, HeaderName, HeaderValue, Response, StatusCode,
        header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING},
    },
};
use serde::Serialize;

use crate::http::padded_body::{self, GzippedPaddedBody, PaddedBody};

/// The most headers that a script can add; the map that holds them would end in a panic beyond 32,768.
const MAX_HEADERS: usize = 10_000;

/// Status, headers and body of an answer.
#[derive(Clone, Debug)]
pub(crate) struct ResponseDraft {
    pub(crate) status: u16,
    pub(crate) content_type: Cow<'static, str>,
    /// A header of the same name as one of the answer's own takes its place; repeated here, it is sent repeatedly.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: DraftBody,
}

/// What stands in the body.
#[derive(Clone, Debug)]
pub(crate) enum DraftBody {
    /// All of it.
    Whole(Vec<u8>),
    /// All of it, compressed.
    Gzipped(Vec<u8>),
    /// So much that it is made while it is sent, with its length in the head where `tell_length` and where it has one.
    Long { body: PaddedBody, tell_length: bool },
    /// The same, compressed. How long that will be is not known before the end.
    LongGzipped(PaddedBody),
}

impl DraftBody {
    /// The same content, compressed. What is compressed already stays as it is.
    fn gzipped(self) -> Self {
        match self {
            // Writing into memory cannot fail; were that to change, the label without the compression would be noticed.
            Self::Whole(body) => Self::Gzipped(padded_body::gzip(&body).unwrap_or(body)),
            Self::Long { body, .. } => Self::LongGzipped(body),
            other => other,
        }
    }

    /// How many bytes are sent, where that is known before.
    fn length(&self) -> Option<usize> {
        match self {
            Self::Whole(body) | Self::Gzipped(body) => Some(body.len()),
            Self::Long { .. } | Self::LongGzipped(_) => None,
        }
    }
}

impl ResponseDraft {
    /// A JSON document.
    pub(crate) fn json(status: u16, body: &impl Serialize) -> Self {
        // What the sandbox writes are its own structs with text keys; serializing them cannot fail, and were that to
        // change, an empty body would be noticed by the first test that reads it.
        let body = serde_json::to_vec(body).unwrap_or_default();
        Self::bytes(status, "application/json", body)
    }

    /// Any text under any content type.
    pub(crate) fn text(status: u16, content_type: impl Into<Cow<'static, str>>, body: impl Into<String>) -> Self {
        Self::bytes(status, content_type, body.into().into_bytes())
    }

    /// Any bytes under any content type.
    pub(crate) fn bytes(status: u16, content_type: impl Into<Cow<'static, str>>, body: Vec<u8>) -> Self {
        Self {
            status,
            content_type: content_type.into(),
            headers: Vec::new(),
            body: DraftBody::Whole(body),
        }
    }

    /// The same answer with a body of this many bytes, or an endless one, whose length the head tells if it can.
    pub(crate) fn padded(mut self, bytes: Option<u64>, tell_length: bool) -> Self {
        if let DraftBody::Whole(document) = self.body {
            let body = PaddedBody::new(document, bytes);
            self.body = DraftBody::Long { body, tell_length };
        }
        self
    }

    /// The same answer, compressed.
    pub(crate) fn gzipped(mut self) -> Self {
        self.body = self.body.gzipped();
        self
    }

    /// How many bytes of the body can be sent so that some are missing, if no more than `after` are wanted.
    pub(crate) fn incomplete_length(&self, after: usize) -> usize {
        let max = self.body.length().map(|length| length.saturating_sub(1));
        max.map_or(after, |max| max.min(after))
    }

    /// The response for the HTTP server; the length of a body that is held as a whole is added there.
    pub(crate) fn into_response(self) -> Response<Body> {
        let mut headers = HeaderMap::new();
        // An empty content type means that the answer has none.
        if let Ok(content_type) = HeaderValue::try_from(self.content_type.as_ref())
            && !content_type.is_empty()
        {
            headers.insert(CONTENT_TYPE, content_type);
        }
        if matches!(self.body, DraftBody::Gzipped(_) | DraftBody::LongGzipped(_)) {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        let mut overrides = HeaderMap::new();
        for (name, value) in self.headers.into_iter().take(MAX_HEADERS) {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value))
                // Where the body ends is the HTTP server's to say; tell_length otherwise, it gives up the connection.
                && ![CONTENT_LENGTH, TRANSFER_ENCODING].contains(&name)
            {
                overrides.append(name, value);
            }
        }
        let length = match &self.body {
            DraftBody::Long {
                body,
                tell_length: true,
            } => body.length(),
            _ => None,
        };
        let body = match self.body {
            DraftBody::Whole(body) | DraftBody::Gzipped(body) => Body::from(body),
            DraftBody::Long { body, .. } => Body::from_stream(body),
            DraftBody::LongGzipped(body) => Body::from_stream(GzippedPaddedBody::new(body)),
        };
        let mut response = Response::new(body);
        // Statuses below 200 announce another answer, which never comes: they cannot be the status of this one.
        *response.status_mut() = match StatusCode::from_u16(self.status) {
            Ok(status) if self.status >= 200 => status,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        headers.extend(overrides);
        if let Some(length) = length {
            headers.insert(CONTENT_LENGTH, length.into());
        }
        *response.headers_mut() = headers;
        response
    }
}
