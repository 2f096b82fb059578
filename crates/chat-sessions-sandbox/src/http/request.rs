//! The head of a request, in the form that dialects read.

use std::borrow::Cow;

use axum::{
    extract::{Query, Request},
    http::{HeaderMap, Method, Uri, uri::PathAndQuery},
};

/// A request without its body.
#[derive(Debug)]
pub(crate) struct RequestHead<'a> {
    pub(crate) method: &'a Method,
    pub(crate) uri: &'a Uri,
    pub(crate) headers: &'a HeaderMap,
    /// The decoded query in its original order. Empty if the query cannot be decoded.
    pub(crate) query: Vec<(String, String)>,
}

impl<'a> RequestHead<'a> {
    pub(crate) fn new(request: &'a Request) -> Self {
        let query = Query::try_from_uri(request.uri());
        Self {
            method: request.method(),
            uri: request.uri(),
            headers: request.headers(),
            query: query.map(|query| query.0).unwrap_or_default(),
        }
    }

    pub(crate) fn path(&self) -> &'a str {
        self.uri.path()
    }

    /// The path with the query, as it was sent.
    pub(crate) fn target(&self) -> &'a str {
        self.uri.path_and_query().map_or("", PathAndQuery::as_str)
    }

    /// A header, if its value is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Every value of a header, with replacement characters for invalid UTF-8.
    pub(crate) fn header_values(&self, name: &str) -> impl Iterator<Item = Cow<'_, str>> {
        let values = self.headers.get_all(name).iter();
        values.map(|value| String::from_utf8_lossy(value.as_bytes()))
    }

    /// The first value of a query parameter, which is the one that Java servers use.
    pub(crate) fn first(&self, name: &str) -> Option<&str> {
        let mut query = self.query.iter();
        query.find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The last value of a query parameter, which is the one that `FastAPI` uses.
    pub(crate) fn last(&self, name: &str) -> Option<&str> {
        let mut query = self.query.iter();
        query.rfind(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Decodes a segment of a path. Returns `None` if the result is not UTF-8. A `%` that is not
/// followed by two hexadecimal digits stays, as in other servers.
pub(crate) fn percent_decoded(segment: &str) -> Option<String> {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let (mut rest, mut decoded) = (segment.as_bytes(), Vec::with_capacity(segment.len()));
    while let Some((first, after)) = rest.split_first() {
        match (first, digit(after.first()), digit(after.get(1))) {
            (b'%', Some(high), Some(low)) => {
                decoded.push((high * 16 + low) as u8);
                rest = &after[2..];
            }
            _ => {
                decoded.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(decoded).ok()
}

#[cfg(test)]
mod tests {
    use super::percent_decoded;

    #[test]
    fn a_segment_is_decoded_once() {
        for (segment, expected) in [
            ("ses-abc123", Some("ses-abc123")),
            ("ses%2Dabc", Some("ses-abc")),
            ("%2f%25%32%35+", Some("/%25+")),
            ("100%", Some("100%")),
            ("%zz%4", Some("%zz%4")),
            ("%E2%82%AC", Some("€")),
            ("%FF", None),
        ] {
            assert_eq!(percent_decoded(segment).as_deref(), expected, "{segment}");
        }
    }
}
