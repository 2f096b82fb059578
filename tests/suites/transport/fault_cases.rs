//! The table of transport faults: refusals, failures with status 200, broken transfers, and
//! harmless oddities.

use std::time::Duration;

use chat_sessions_sandbox::Fault;

/// A fault with its name in the snapshot.
pub(super) struct Case {
    pub(super) name: String,
    pub(super) fault: Fault,
    /// The timeout of an attempt.
    pub(super) timeout: Duration,
}

/// The timeout for responses that are certain to arrive.
pub(super) const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// A redirect target that must not be requested; no server listens there.
const ELSEWHERE: &str = "http://127.0.0.1:9/serve/api/v1/list_sessions";

fn case(name: impl Into<String>, fault: Fault) -> Case {
    Case {
        name: name.into(),
        fault,
        timeout: DEFAULT_TIMEOUT,
    }
}

/// A case that ends with a timeout. Its first page must still arrive in time, so such cases do not
/// run beside others.
fn stalled(name: &str, fault: Fault) -> Case {
    Case {
        timeout: Duration::from_secs(2),
        ..case(name, fault)
    }
}

/// Complete responses that refuse the request or are invalid.
pub(super) fn refusals() -> Vec<Case> {
    let mut cases: Vec<Case> = [
        400, 401, 402, 403, 404, 408, 409, 413, 418, 422, 425, 429, 500, 501, 502, 503, 504, 529,
    ]
    .into_iter()
    .map(|status| case(format!("status {status}"), Fault::status(status)))
    .collect();
    let limited = |retry_after: &str| Fault::status(429).with_header("retry-after", retry_after);
    cases.extend([
        case(
            "status 422 with a text",
            Fault::status(422).with_message("page_size is too large"),
        ),
        case("status 429, retry-after 0", limited("0")),
        case("status 429, retry-after 0.05", limited("0.05")),
        case(
            "status 429, retry-after-ms 50",
            limited("7").with_header("retry-after-ms", "50"),
        ),
        case(
            "status 429, retry-after a date in one second",
            limited("Sun, 06 Nov 1994 08:49:38 GMT").with_header("date", "Sun, 06 Nov 1994 08:49:37 GMT"),
        ),
        case(
            "status 429, retry-after a past date",
            limited("Sun, 06 Nov 1994 08:49:37 GMT"),
        ),
        case("status 429, retry-after over the cap", limited("3")),
        case("status 429, retry-after of 114 hours", limited("410400")),
        case("status 429, retry-after garbage", limited("soon")),
        case("status 429, retry-after negative", limited("-1")),
        case(
            "status 503, retry-after 0.05",
            Fault::status(503).with_header("retry-after", "0.05"),
        ),
        case("status 502 with a web page", Fault::html(502)),
        case("status 200 with a web page", Fault::html(200)),
        case("status 204", Fault::raw(204, "", "")),
        case("status 200, empty", Fault::raw(200, "application/json", "")),
        case("status 200, null", Fault::raw(200, "application/json", "null")),
        case("status 200, a list", Fault::raw(200, "application/json", "[]")),
        case("status 200, an empty object", Fault::raw(200, "application/json", "{}")),
        case(
            "status 200, plain text",
            Fault::raw(200, "text/plain", "upstream connect error"),
        ),
        case(
            "status 200, not UTF-8",
            Fault::raw_bytes(
                200,
                "application/json",
                [br#"{"items": [{"session_id": ""#.as_slice(), &[0xff, 0xfe], br#""}]}"#].concat(),
            ),
        ),
        case(
            "status 200, not UTF-8 in an item or a token",
            Fault::raw_bytes(
                200,
                "application/json",
                [
                    br#"{"items": [], "code": "0000", "data": {"sessions": [{"sessionId": ""#.as_slice(),
                    &[0xff],
                    br#""}]}, "next_page_token": ""#,
                    &[0xff],
                    br#""}"#,
                ]
                .concat(),
            ),
        ),
        case(
            "status 200, bytes",
            Fault::raw_bytes(200, "application/octet-stream", vec![0; 64]),
        ),
        case("redirect 301 elsewhere", Fault::redirect(301, ELSEWHERE)),
        case("redirect 302 elsewhere", Fault::redirect(302, ELSEWHERE)),
        case("redirect 307 elsewhere", Fault::redirect(307, ELSEWHERE)),
        case(
            "redirect 302 to the same host",
            Fault::redirect(302, "/serve/api/v1/list_sessions?page=1"),
        ),
        case("redirect 308 without a location", Fault::raw(308, "", "")),
    ]);
    cases
}

/// Responses of Memories.ai with status 200 that contain a failure.
pub(super) fn envelopes() -> Vec<Case> {
    [
        ("0001", "Request parameters are incorrect"),
        ("0001", "video not found"),
        ("0001", "The network is abnormal, please try again later"),
        ("0003", "Request parameters are incorrect"),
        ("0401", "Authorization is invalid"),
        ("0402", "Insufficient points"),
        ("0403", "The developer account is disabled"),
        ("0409", "Duplicate requests are not allowed"),
        ("0429", "Request has exceeded the limit."),
        ("9009", "Permission denied"),
        ("1024", "Something else"),
        ("1024", "Request has exceeded the limit."),
        ("", ""),
    ]
    .into_iter()
    .map(|(code, msg)| case(format!("envelope {code:?} {msg:?}"), Fault::envelope(code, msg)))
    .collect()
}

/// Responses that never arrive completely, and responses that must not be read completely.
pub(super) fn transport() -> Vec<Case> {
    const MIB: u64 = 1024 * 1024;
    let mut cases: Vec<Case> = [0, 1, 2, 10, 50, 100, 200, 300, 400, 500, 600, usize::MAX]
        .into_iter()
        .map(|after| match after {
            usize::MAX => case("cut before the last byte", Fault::cut_body(after)),
            _ => case(format!("cut after {after} bytes"), Fault::cut_body(after)),
        })
        .collect();
    cases.extend([
        case("reset before the headers", Fault::reset_before_headers()),
        case("reset after the headers", Fault::reset_after(0)),
        case("reset in the body", Fault::reset_after(100)),
        stalled("stalled after the headers", Fault::stall(0)),
        stalled("stalled in the body", Fault::stall(100)),
        stalled("slow", Fault::ordinary().with_hold()),
        case("a body over the cap, announced", Fault::large_body(33 * MIB)),
        case("a body over the cap, in chunks", Fault::large_body_chunked(33 * MIB)),
        case("a body without an end", Fault::endless_body()),
        case("a decompression bomb", Fault::gzip_bomb(64 * MIB)),
        case(
            "an encoding that was not requested",
            Fault::ordinary().with_header("content-encoding", "br"),
        ),
        case(
            "labelled as compressed, but plain",
            Fault::ordinary().with_header("content-encoding", "gzip"),
        ),
        case(
            "headers of a mebibyte",
            Fault::ordinary().with_large_headers(1024 * 1024),
        ),
    ]);
    cases
}

/// Oddities that are not faults: the list is complete.
pub(super) fn harmless() -> Vec<Case> {
    vec![
        case("nothing wrong", Fault::ordinary()),
        case("compressed", Fault::ordinary().with_gzip()),
        case(
            "a wrong content type",
            Fault::ordinary().with_header("content-type", "text/html"),
        ),
        case("a body of a mebibyte", Fault::large_body(1024 * 1024)),
        case("headers of 64 KiB", Fault::ordinary().with_large_headers(64 * 1024)),
    ]
}
