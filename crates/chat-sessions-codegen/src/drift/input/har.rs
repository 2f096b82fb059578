//! Reads HTTP archives, HAR 1.2. Headers, cookies and times are ignored.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::Value;

use super::exchange::{Body, Exchange, Request};
use super::query::decode;
use crate::spec::normal::wire;

/// Takes the entries out of an archive; `None` when the value is not an archive.
pub(super) fn entries(whole: &mut Value) -> Option<Vec<Value>> {
    let entries = whole.get_mut("log")?.get_mut("entries")?.as_array_mut()?;
    Some(std::mem::take(entries))
}

/// Reads one entry. Returns `None` for a request without a response, which has status 0, and for an
/// aborted response, which has `_error`. Browsers and our own recorder write them like this.
pub(super) fn exchange(mut entry: Value, place: String) -> Option<Exchange> {
    let response = entry.get("response")?;
    if response.get("_error").is_some_and(|error| !error.is_null()) {
        return None;
    }
    // Some proxies write it as a string.
    let status = match response.get("status")? {
        Value::String(status) => status.parse().ok(),
        status => status.as_u64().and_then(|status| u16::try_from(status).ok()),
    };
    let status = status.filter(|status| *status >= 100)?;
    let request = request(entry.get("request")?)?;
    let content = entry
        .get_mut("response")?
        .get_mut("content")
        .map(Value::take)
        .unwrap_or_default();
    let media_type = content.get("mimeType").and_then(Value::as_str).map(wire::essence);
    Some(Exchange {
        place,
        request: Some(request),
        status: Some(status),
        media_type: media_type.filter(|essence| !essence.is_empty()),
        body: body(&content),
    })
}

fn request(request: &Value) -> Option<Request> {
    let method = request.get("method")?.as_str()?.to_ascii_lowercase();
    let url = request.get("url")?.as_str()?;
    let (_, rest) = url.split_once("://").unwrap_or(("", url));
    let rest = rest.split('#').next().unwrap_or_default();
    let (address, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (host, path) = match address.find('/') {
        Some(at) => address.split_at(at),
        None => (address, "/"),
    };
    // User information before an `@` is not part of the host.
    let host = host.rsplit('@').next().unwrap_or_default();
    let listed = request.get("queryString").and_then(Value::as_array);
    let listed: Vec<(String, String)> = listed.into_iter().flatten().filter_map(pair).collect();
    let query = if listed.is_empty() {
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        pairs
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                (decode(name), decode(value))
            })
            .collect()
    } else {
        listed
    };
    let posted = request
        .get("postData")
        .and_then(|data| data.get("text"))
        .and_then(Value::as_str);
    Some(Request {
        method,
        host: host.to_ascii_lowercase(),
        path: path.to_owned(),
        query,
        body: posted.and_then(|text| serde_json::from_str(text).ok()),
    })
}

fn pair(pair: &Value) -> Option<(String, String)> {
    let name = pair.get("name")?.as_str()?;
    let value = pair.get("value").and_then(Value::as_str).unwrap_or_default();
    Some((name.to_owned(), value.to_owned()))
}

fn body(content: &Value) -> Body {
    let Some(text) = content.get("text").and_then(Value::as_str) else {
        let size = content.get("size").and_then(Value::as_i64);
        return if size == Some(0) {
            Body::Empty
        } else {
            Body::NotRecorded
        };
    };
    if text.is_empty() {
        return Body::Empty;
    }
    let is_marked = content
        .get("encoding")
        .and_then(Value::as_str)
        .is_some_and(|encoding| encoding.eq_ignore_ascii_case("base64"));
    let plain = || serde_json::from_str(text).ok();
    let decoded = decode_base64(text);
    let encoded = || serde_json::from_slice(decoded.as_deref()?).ok();
    // Some browsers mark every body as base64, and some mark none. Digits and words can be both.
    let json = match is_marked {
        true => encoded().or_else(plain),
        false => plain().or_else(|| encoded().filter(|body: &Value| body.is_object() || body.is_array())),
    };
    match json {
        Some(body) => Body::Json(body),
        None if is_marked && decoded.is_none() || is_compressed(text, decoded.as_deref()) => Body::Undecodable,
        None => Body::Other,
    }
}

/// Whether a proxy recorded the bytes on the wire, which start like those of gzip, as text or base64.
fn is_compressed(text: &str, decoded: Option<&[u8]>) -> bool {
    let start: Vec<char> = text.chars().take(2).collect();
    // The second byte is no UTF-8.
    matches!(start[..], ['\u{1f}', '\u{8b}' | '\u{fffd}'])
        || decoded.is_some_and(|body| body.starts_with(&[0x1f, 0x8b]))
}

/// Decodes base64 as browsers write it: with line breaks, without padding, in either alphabet.
fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let digits: String = text
        .chars()
        .filter(|c| !c.is_ascii_whitespace())
        .map(|c| match c {
            '-' => '+',
            '_' => '/',
            c => c,
        })
        .collect();
    LENIENT.decode(digits.trim_end_matches('=')).ok()
}

/// Base64 without padding. The last digit may have bits that are not used.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);
