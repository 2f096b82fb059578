//! One request and its response as a program gets to see them: without secrets.
//!
//! The secrets are removed in `redact/`.

use std::fmt;
use std::time::Duration;

use crate::model::{Provider, Timestamp};

/// `Exchange` is one request and what came of it, as it went over the wire, without secrets.
///
/// [`ListSessions::on_exchange`](crate::list::ListSessions::on_exchange) gives it. What is not in it, however it is written there
/// (as it is, escaped for URLs, JSON or HTML, in hexadecimal, in base64):
///
/// - the key, and cookies in both directions;
/// - page tokens: each is replaced by a name such as `page-token-3`, the same for the same token, so that the way from page to
///   page can be followed;
/// - every value of the query but `page` and `page_size`, such as a `unique_id` or a project, also where the answer repeats it;
/// - the values of headers that are not known to be harmless; a user name and a password in the address.
///
/// Of values with fewer than 8 characters, such as the `unique_id` `default`, only those in the query are taken out. Ids stay,
/// and so do titles unless they are asked to be blanked.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Exchange {
    /// Who was asked.
    pub provider: Provider,
    /// When the request was made.
    pub started: Timestamp,
    /// The time from there to the headers of the answer, or to the failure.
    pub waited: Duration,
    /// The time from the headers of the answer to its end.
    pub read: Duration,
    /// The method, which is always `GET`.
    pub method: &'static str,
    /// The address.
    pub url: String,
    /// The query, name by name, as it stands in the address, with its escapes undone.
    pub query: Vec<(String, String)>,
    /// The headers of the request, those excepted that the HTTP stack adds to all of its requests.
    pub request_headers: Vec<(String, String)>,
    /// The answer; `None` where there is none.
    pub response: Option<ExchangeResponse>,
    /// Why there is no whole answer; `None` where there is one.
    pub error: Option<String>,
}

/// `ExchangeResponse` is the answer of an [`Exchange`].
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExchangeResponse {
    /// The HTTP status.
    pub status: u16,
    /// The version of HTTP, such as `HTTP/1.1`.
    pub version: String,
    /// The headers: those known to be harmless with their values, the others with `[redacted]`. The first 100, each value up to
    /// 1024 bytes.
    pub headers: Vec<(String, String)>,
    /// The length of the body in bytes, decompressed, as it arrived.
    pub body_bytes: u64,
    /// The body as text; `None` where it is no UTF-8 text. What is JSON is still the same JSON, byte for byte, but for the
    /// texts that were replaced.
    pub body: Option<String>,
    /// What is missing of the body, in words; `None` where it is whole.
    pub omitted: Option<String>,
}

impl fmt::Debug for Exchange {
    /// Leaves the body out: it holds what people wrote.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("provider", &self.provider)
            .field("started", &self.started)
            .field("waited", &self.waited)
            .field("read", &self.read)
            .field("method", &self.method)
            .field("url", &self.url)
            .field("response", &self.response)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ExchangeResponse {
    /// Gives the length of the body only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExchangeResponse")
            .field("status", &self.status)
            .field("version", &self.version)
            .field("headers", &self.headers)
            .field("body_bytes", &self.body_bytes)
            .field("omitted", &self.omitted)
            .finish_non_exhaustive()
    }
}
