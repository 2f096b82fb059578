//! What a HAR 1.2 document looks like (<http://www.softwareishard.com/blog/har-12-spec/>), as text.
//!
//! It knows neither when it is written nor where to.

use std::time::Duration;

use serde::Serialize;

use crate::record::exchange::{Exchange, ExchangeResponse};

/// What ends the document behind the last entry.
pub(super) const TAIL: &str = "\n]}}\n";

/// What begins the document before the first entry.
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

/// Writes an exchange as one line.
pub(super) fn entry(exchange: &Exchange) -> String {
    let wait = milliseconds(exchange.waited);
    let receive = milliseconds(exchange.read);
    let version = exchange.response.as_ref().map_or("unknown", |answer| &answer.version);
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
    // Texts, numbers and lists cannot fail; an entry that did would be one that says nothing, and still no broken document.
    serde_json::to_string(&entry).unwrap_or_else(|_| "{}".to_owned())
}

fn response<'a>(exchange: &'a Exchange, version: &'a str) -> Response<'a> {
    let answer = exchange.response.as_ref();
    let status = answer.map_or(0, |answer| answer.status);
    let reason = http::StatusCode::from_u16(status).ok();
    let is_plain = |answer: &ExchangeResponse| !answer.headers.iter().any(|(name, _)| name == "content-encoding");
    Response {
        status,
        status_text: reason.and_then(|status| status.canonical_reason()).unwrap_or_default(),
        http_version: version,
        cookies: [],
        headers: pairs(answer.map_or(&[], |answer| &answer.headers)),
        content: Content {
            size: answer.map_or(0, |answer| answer.body_bytes),
            mime_type: answer.and_then(content_type).unwrap_or("x-unknown"),
            text: answer.and_then(|answer| answer.body.as_deref()),
            comment: answer.and_then(|answer| answer.omitted.as_deref()),
        },
        redirect_url: "",
        headers_size: -1,
        // How many bytes a compressed body had is not known any more.
        body_size: answer
            .filter(|answer| is_plain(answer))
            .map_or(-1, |answer| i64::try_from(answer.body_bytes).unwrap_or(-1)),
        error: exchange.error.as_deref(),
    }
}

fn content_type(answer: &ExchangeResponse) -> Option<&str> {
    let mut headers = answer.headers.iter();
    headers
        .find(|(name, _)| name == "content-type")
        .map(|(_, value)| value.as_str())
}

fn pairs(list: &[(String, String)]) -> Vec<Pair<'_>> {
    list.iter().map(|(name, value)| Pair { name, value }).collect()
}

fn milliseconds(time: Duration) -> f64 {
    // More digits than a microsecond has would only look exact.
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
    /// None are kept.
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
    /// None are kept.
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

/// Nothing is cached, and the document wants it said.
#[derive(Serialize)]
struct Cache {}

#[derive(Serialize)]
struct Timings {
    send: u8,
    wait: f64,
    receive: f64,
}
