//! Turns a captured request and response into an exchange that can be shown: addresses, headers and
//! bodies without secrets.
//!
//! It is the same for every provider. `scrub.rs` decides what is left of a body. This file does not
//! know who sees the exchange.

use std::time::SystemTime;

use chat_sessions_wire::{BodyEnd, Capture, Received, Wire};
use http::HeaderMap;
use reqwest::Url;

use crate::config::ApiKey;
use crate::model::{Provider, Timestamp};
use crate::provider::failure_cause::root_cause;
use crate::provider::request_id::request_id;
use crate::record::{Exchange, ExchangeObserver, ExchangeOptions, ExchangeResponse};
use crate::redact::{REDACTED, Secrets, cookies, scrub};

/// Replaces a value in an address, where brackets would have to be escaped.
const BLANK_VALUE: &str = "redacted";

/// The maximum number of headers shown, and of bytes of each value.
const MOST_HEADERS: usize = 100;
const MAX_VALUE_BYTES: usize = 1024;

/// The headers whose values are harmless: they describe the body, the time, the server's limits and
/// its log. Secrets in them are still redacted.
const HARMLESS: &[&str] = &[
    "accept",
    "accept-encoding",
    "age",
    "allow",
    "cache-control",
    "cf-ray",
    "connection",
    "content-encoding",
    "content-language",
    "content-length",
    "content-type",
    "date",
    "request-id",
    "retry-after",
    "retry-after-ms",
    "server",
    "server-timing",
    "transfer-encoding",
    "vary",
    "via",
    "x-amzn-requestid",
    "x-correlation-id",
    "x-request-id",
    "x-should-retry",
];
/// Prefixes of the names of headers about limits.
const ABOUT_LIMITS: &[&str] = &["ratelimit", "x-ratelimit", "x-rate-limit"];

/// Adds to the events of all requests the id under which each was logged.
pub(crate) fn logging(wire: Wire, key: &ApiKey) -> Wire {
    let key = key.clone();
    wire.log_request_ids(move |url, headers| logged_as(url, headers, &key))
}

/// Returns the wire for one request, observed if the request has an observer.
pub(crate) fn wire_for(exchange_options: &ExchangeOptions, wire: &Wire, provider: &Provider, key: &ApiKey) -> Wire {
    let wire = wire.clone().resent(exchange_options.resend_count);
    let Some(observer) = exchange_options.observer.clone() else {
        return wire;
    };
    let (provider, key) = (provider.clone(), key.clone());
    wire.observed_by(move |capture| observer.notify(&exchange(capture, provider.clone(), &key, &observer)))
}

/// Returns the id under which a request was logged, without the secrets of the request and its
/// response.
fn logged_as(url: &Url, headers: &HeaderMap, key: &ApiKey) -> Option<String> {
    let id = request_id(headers)?;
    let mut secrets = Secrets::new(key, []);
    for (_, value) in url.query_pairs() {
        secrets.add(&value);
    }
    secrets.add_cookies(headers);
    Some(secrets.redact(id))
}

fn exchange(capture: &Capture<'_>, provider: Provider, key: &ApiKey, observer: &ExchangeObserver) -> Exchange {
    let mut secrets = Secrets::new(key, []);
    for recent in observer.recent() {
        secrets.add(&recent);
    }
    let (url, query) = address(capture.url, &mut secrets, observer);
    if let Some(received) = capture.received {
        secrets.add_cookies(&received.headers);
        cookies(&received.headers).for_each(|cookie| observer.remember(&cookie));
    }
    let response = capture
        .received
        .map(|received| exchange_response(received, capture, &mut secrets, observer));
    // By now the secrets of the response are known too, which an address or an error may repeat.
    let blank = |text: String| secrets.redact(text);
    Exchange {
        provider,
        started: timestamp(capture.started),
        waited: capture.waited,
        read: capture.read,
        method: "GET",
        url,
        query,
        request_headers: headers(capture.headers, &secrets),
        response,
        error: error(capture).map(blank),
    }
}

/// Returns the address and its query without secrets, and adds the removed values to `secrets`.
fn address(url: &Url, secrets: &mut Secrets, observer: &ExchangeObserver) -> (String, Vec<(String, String)>) {
    let values = url.query_pairs().into_owned();
    let query: Vec<(String, String)> = values
        .map(|(name, value)| {
            let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
            let visible = match name.as_str() {
                _ if value.is_empty() => String::new(),
                "page" | "page_size" if is_number => value,
                // The id of a session, which responses show too.
                "sessionId" | "session_id" => value,
                "page_token" => {
                    secrets.add(&value);
                    observer.token_name(&value)
                }
                _ => {
                    secrets.add(&value);
                    BLANK_VALUE.to_owned()
                }
            };
            (name, visible)
        })
        .collect();

    let mut visible = url.clone();
    // A URL that cannot have a user name or password has none to remove.
    let _ = visible.set_username("");
    let _ = visible.set_password(None);
    visible.set_fragment(None);
    visible.set_path(&secrets.redact(url.path().to_owned()));
    visible.set_query(None);
    if !query.is_empty() {
        visible.query_pairs_mut().extend_pairs(&query);
    }
    (visible.into(), query)
}

fn exchange_response(
    received: &Received,
    capture: &Capture<'_>,
    secrets: &mut Secrets,
    observer: &ExchangeObserver,
) -> ExchangeResponse {
    let body = scrub(&received.body, secrets, observer);
    ExchangeResponse {
        status: received.status,
        version: capture
            .version
            .map_or_else(String::new, |version| format!("{version:?}")),
        headers: headers(&received.headers, secrets),
        body_bytes: received.body.len() as u64,
        body: body.text,
        omitted: body.omitted,
    }
}

/// Returns every header by name, and the values of the harmless ones.
fn headers(headers: &HeaderMap, secrets: &Secrets) -> Vec<(String, String)> {
    let visible = headers.iter().take(MOST_HEADERS).map(|(name, value)| {
        let is_harmless =
            HARMLESS.contains(&name.as_str()) || ABOUT_LIMITS.iter().any(|start| name.as_str().starts_with(start));
        let value = match value.to_str() {
            Ok(value) if is_harmless => secrets.redact(value[..value.len().min(MAX_VALUE_BYTES)].to_owned()),
            _ => REDACTED.to_owned(),
        };
        (secrets.redact(name.as_str().to_owned()), value)
    });
    visible.collect()
}

/// Returns why there is no complete response.
fn error(capture: &Capture<'_>) -> Option<String> {
    let cause = capture.error.map(|error| {
        if error.is_timeout() {
            "timed out".to_owned()
        } else {
            root_cause(error)
        }
    });
    match (capture.received.map(|received| received.end), cause) {
        (None, Some(cause)) => Some(format!("no response: {cause}")),
        (None, None) => Some("no response: the request was cancelled".to_owned()),
        (Some(_), Some(cause)) => Some(format!("the response broke off: {cause}")),
        (Some(BodyEnd::TooLarge), None) => Some("the response is too large and was not read to its end".to_owned()),
        (Some(_), None) => capture.received.and_then(Received::encoding_problem),
    }
}

fn timestamp(time: SystemTime) -> Timestamp {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let milliseconds = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_unix_millis(milliseconds).unwrap_or(Timestamp::LATEST)
}
