//! A response before it is sent, as separate parts that a fault can still change. It is independent
//! of the providers.

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

/// The most headers that a script can add. The header map panics above 32,768.
const MAX_HEADERS: usize = 10_000;

/// Status, headers and body of a response.
#[derive(Clone, Debug)]
pub(crate) struct ResponseDraft {
    pub(crate) status: u16,
    pub(crate) content_type: Cow<'static, str>,
    /// They replace the response's own headers of the same name. A name that occurs several times
    /// here is sent several times.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: DraftBody,
}

/// The body of a response.
#[derive(Clone, Debug)]
pub(crate) enum DraftBody {
    /// The whole body.
    Whole(Vec<u8>),
    /// The whole body, compressed.
    Gzipped(Vec<u8>),
    /// A long body, generated while it is sent. If `announce_length` is set and the body ends, the
    /// head has its length.
    Long { body: PaddedBody, announce_length: bool },
    /// A long body, compressed while it is sent. Its length is not known in advance.
    LongGzipped(PaddedBody),
}

impl DraftBody {
    /// Compresses the body, unless it already is.
    fn gzipped(self) -> Self {
        match self {
            // Writing to memory cannot fail. If it did, the header without the compression would be
            // noticed.
            Self::Whole(body) => Self::Gzipped(padded_body::gzip(&body).unwrap_or(body)),
            Self::Long { body, .. } => Self::LongGzipped(body),
            other => other,
        }
    }

    /// The number of bytes, if it is known in advance.
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
        // The sandbox serializes only its own structs with string keys, which cannot fail. If it
        // did, the first test that reads the empty body would notice.
        let body = serde_json::to_vec(body).unwrap_or_default();
        Self::bytes(status, "application/json", body)
    }

    /// Text of any content type.
    pub(crate) fn text(status: u16, content_type: impl Into<Cow<'static, str>>, body: impl Into<String>) -> Self {
        Self::bytes(status, content_type, body.into().into_bytes())
    }

    /// Bytes of any content type.
    pub(crate) fn bytes(status: u16, content_type: impl Into<Cow<'static, str>>, body: Vec<u8>) -> Self {
        Self {
            status,
            content_type: content_type.into(),
            headers: Vec::new(),
            body: DraftBody::Whole(body),
        }
    }

    /// Adds the headers without which RFC 9110 allows no response of this status. `challenge` names
    /// the scheme of the keys.
    ///
    /// Headers that it only recommends, such as a Retry-After, are left to the provider.
    pub(crate) fn with_required_headers(mut self, challenge: &str) -> Self {
        let required: &[(&str, &str)] = match self.status {
            401 => &[("www-authenticate", challenge)],
            405 => &[("allow", "GET")],
            407 => &[("proxy-authenticate", challenge)],
            426 => &[("upgrade", "h2c"), ("connection", "upgrade")],
            _ => &[],
        };
        let required = required
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        self.headers.extend(required);
        self
    }

    /// Pads the body to this many bytes, or forever. If `announce_length` is set and the body ends,
    /// the head has its length.
    pub(crate) fn padded(mut self, bytes: Option<u64>, announce_length: bool) -> Self {
        if let DraftBody::Whole(document) = self.body {
            let body = PaddedBody::new(document, bytes);
            self.body = DraftBody::Long { body, announce_length };
        }
        self
    }

    /// Compresses the body.
    pub(crate) fn gzipped(mut self) -> Self {
        self.body = self.body.gzipped();
        self
    }

    /// Returns how many bytes of the body to send so that at least one is missing, and at most
    /// `after`.
    pub(crate) fn incomplete_length(&self, after: usize) -> usize {
        let max = self.body.length().map(|length| length.saturating_sub(1));
        max.map_or(after, |max| max.min(after))
    }

    /// Builds the response. The HTTP server adds the length of a body that is not generated while
    /// it is sent.
    pub(crate) fn into_response(self) -> Response<Body> {
        let mut headers = HeaderMap::new();
        // An empty content type means no header.
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
                // Only the HTTP server can announce the end of the body. With another length it
                // would drop the connection.
                && ![CONTENT_LENGTH, TRANSFER_ENCODING].contains(&name)
            {
                overrides.append(name, value);
            }
        }
        let length = match &self.body {
            DraftBody::Long {
                body,
                announce_length: true,
            } => body.length(),
            _ => None,
        };
        let body = match self.body {
            DraftBody::Whole(body) | DraftBody::Gzipped(body) => Body::from(body),
            DraftBody::Long { body, .. } => Body::from_stream(body),
            DraftBody::LongGzipped(body) => Body::from_stream(GzippedPaddedBody::new(body)),
        };
        let mut response = Response::new(body);
        // A status below 200 announces a further response, which would never come.
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
