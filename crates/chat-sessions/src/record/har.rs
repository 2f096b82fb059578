//! Formats HAR 1.2 documents (<http://www.softwareishard.com/blog/har-12-spec/>) as text.
//!
//! This file does not know when or where they are written.

use std::time::Duration;

use serde::Serialize;

use crate::record::exchange::{Exchange, ExchangeResponse};

/// The end of the document, after the last entry.
pub(super) const TAIL: &str = "\n]}}\n";

/// Returns the beginning of the document, before the first entry.
pub(super) fn head() -> String {
    format!(
        concat!(
            r#"{{"log":{{"version":"1.2","creator":{{"name":"chat-sessions","version":"{}"}},"#,
            r#""comment":"Keys, cookies, page tokens and what else could be a secret were replaced before this was written.","#,
            r#""entries":["#
        ),
        env!("CARGO_PKG_VERSION")
    )
}

/// Formats an exchange as one line.
pub(super) fn entry(exchange: &Exchange) -> String {
    let wait = milliseconds(exchange.waited);
    let receive = milliseconds(exchange.read);
    let version = exchange
        .response
        .as_ref()
        .map_or("unknown", |received| &received.version);
    let entry = Entry {
        started: exchange.started.to_string(),
        time: milliseconds(exchange.waited + exchange.read),
        request: Request {
            method: exchange.method,
            url: &exchange.url,
            http_version: version,
            cookies: [],
            headers: pairs(&exchange.request_headers),
            query: pairs(&exchange.query),
            headers_size: -1,
            body_size: 0,
        },
        response: response(exchange, version),
        cache: Cache {},
        timings: Timings { send: 0, wait, receive },
        provider: exchange.provider.as_str(),
    };
    // Strings, numbers and lists always serialize. If an entry ever failed, it would be empty, and
    // the document still valid.
    serde_json::to_string(&entry).unwrap_or_else(|_| "{}".to_owned())
}

fn response<'a>(exchange: &'a Exchange, version: &'a str) -> Response<'a> {
    let received = exchange.response.as_ref();
    let status = received.map_or(0, |received| received.status);
    let reason = http::StatusCode::from_u16(status).ok();
    let is_plain = |received: &ExchangeResponse| !received.headers.iter().any(|(name, _)| name == "content-encoding");
    Response {
        status,
        status_text: reason.and_then(|status| status.canonical_reason()).unwrap_or_default(),
        http_version: version,
        cookies: [],
        headers: pairs(received.map_or(&[], |received| &received.headers)),
        content: Content {
            size: received.map_or(0, |received| received.body_bytes),
            mime_type: received.and_then(content_type).unwrap_or("x-unknown"),
            text: received.and_then(|received| received.body.as_deref()),
            comment: received.and_then(|received| received.omitted.as_deref()),
        },
        redirect_url: "",
        headers_size: -1,
        // The compressed length of a body is not known.
        body_size: received
            .filter(|received| is_plain(received))
            .map_or(-1, |received| i64::try_from(received.body_bytes).unwrap_or(-1)),
        error: exchange.error.as_deref(),
    }
}

fn content_type(received: &ExchangeResponse) -> Option<&str> {
    let mut headers = received.headers.iter();
    headers
        .find(|(name, _)| name == "content-type")
        .map(|(_, value)| value.as_str())
}

fn pairs(list: &[(String, String)]) -> Vec<Pair<'_>> {
    list.iter().map(|(name, value)| Pair { name, value }).collect()
}

fn milliseconds(time: Duration) -> f64 {
    // More precision than a microsecond would only look exact.
    (time.as_secs_f64() * 1e6).round() / 1e3
}

#[derive(Serialize)]
struct Entry<'a> {
    #[serde(rename = "startedDateTime")]
    started: String,
    time: f64,
    request: Request<'a>,
    response: Response<'a>,
    cache: Cache,
    timings: Timings,
    #[serde(rename = "_provider")]
    provider: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Request<'a> {
    method: &'a str,
    url: &'a str,
    http_version: &'a str,
    /// Cookies are not recorded.
    cookies: [(); 0],
    headers: Vec<Pair<'a>>,
    #[serde(rename = "queryString")]
    query: Vec<Pair<'a>>,
    headers_size: i64,
    body_size: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Response<'a> {
    status: u16,
    status_text: &'a str,
    http_version: &'a str,
    /// Cookies are not recorded.
    cookies: [(); 0],
    headers: Vec<Pair<'a>>,
    content: Content<'a>,
    #[serde(rename = "redirectURL")]
    redirect_url: &'a str,
    headers_size: i64,
    body_size: i64,
    #[serde(rename = "_error", skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Content<'a> {
    size: u64,
    mime_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'a str>,
}

#[derive(Serialize)]
struct Pair<'a> {
    name: &'a str,
    value: &'a str,
}

/// HAR requires this object; nothing is cached.
#[derive(Serialize)]
struct Cache {}

#[derive(Serialize)]
struct Timings {
    send: u8,
    wait: f64,
    receive: f64,
}
