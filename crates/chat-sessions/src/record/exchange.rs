//! One request and its response as a program can see them: without secrets.
//!
//! The code in `redact/` removes the secrets.

use std::fmt;
use std::time::Duration;

use crate::model::{Provider, Timestamp};

/// `Exchange` is one HTTP request and its outcome, without secrets.
///
/// [`ListSessions::on_exchange`](crate::list::ListSessions::on_exchange) reports it. It does not
/// contain the following, in any form (plain, escaped for URLs, JSON or HTML, in hexadecimal, in
/// base64):
///
/// - the key, and cookies in both directions;
/// - page tokens: each is replaced by a name such as `page-token-3`, the same for the same token,
///   so that the path from page to page stays visible;
/// - every value of the query except `page` and `page_size`, such as a `unique_id` or a project,
///   also where the response repeats it;
/// - the values of headers that are not known to be harmless; a user name and a password in the
///   address.
///
/// Values of fewer than 8 characters, such as the `unique_id` `default`, are removed from the query
/// only. Ids stay, and so do titles unless you ask to blank them.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Exchange {
    /// The provider that received the request.
    pub provider: Provider,
    /// When the request was sent.
    pub started: Timestamp,
    /// The time from then to the headers of the response, or to the failure.
    pub waited: Duration,
    /// The time from the headers of the response to its end.
    pub read: Duration,
    /// The method, which is always `GET`.
    pub method: &'static str,
    /// The address.
    pub url: String,
    /// The names and unescaped values of the query in the address.
    pub query: Vec<(String, String)>,
    /// The headers of the request, except those that the HTTP stack adds to all of its requests.
    pub request_headers: Vec<(String, String)>,
    /// The response; `None` if there is none.
    pub response: Option<ExchangeResponse>,
    /// Why there is no complete response; `None` if there is one.
    pub error: Option<String>,
}

/// `ExchangeResponse` is the response of an [`Exchange`].
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExchangeResponse {
    /// The HTTP status.
    pub status: u16,
    /// The HTTP version, such as `HTTP/1.1`.
    pub version: String,
    /// The headers: harmless ones with their values, the others with `[redacted]`. The first 100,
    /// each value up to 1024 bytes.
    pub headers: Vec<(String, String)>,
    /// The length of the decompressed body in bytes, as it arrived.
    pub body_bytes: u64,
    /// The body as text; `None` if it is not UTF-8 text. JSON is still the same JSON, byte for
    /// byte, apart from the replaced strings.
    pub body: Option<String>,
    /// What the body lacks, in words; `None` if it is complete.
    pub omitted: Option<String>,
}

impl fmt::Debug for Exchange {
    /// Omits the body, which holds user content.
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
    /// Prints only the length of the body.
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
