//! Recognises files that hold something else than recorded responses, and says what it is.
//!
//! Without this, a log would be compared with the responses that its lines resemble most.

use serde_json::Value;

/// What a file or a line holds instead of a response.
pub(in crate::drift) struct Foreign {
    /// As the end of a sentence that starts with "this is".
    pub(in crate::drift) what: &'static str,
    pub(in crate::drift) remedy: &'static str,
    /// Whether no response can look like this, whatever a spec says.
    pub(in crate::drift) is_certain: bool,
}

const RECORD: &str = "Record the responses, as a HAR file or one body per line.";
const WRAP: &str = "Write `{\"log\": {\"entries\": [...]}}` around it, or export the whole HAR file.";

/// What a JSON value is instead of a response; `None` if it can be one.
pub(in crate::drift) fn value(value: &Value) -> Option<Foreign> {
    let certain = |what, remedy| {
        Some(Foreign {
            what,
            remedy,
            is_certain: true,
        })
    };
    let has = |name: &str| value.get(name).is_some();
    if let Some(items) = value.as_array() {
        let first = items.first().and_then(self::value)?;
        return match is_entry(&items[0]) {
            true => certain("a list of HAR entries, not a HAR file", WRAP),
            false => Some(first),
        };
    }
    if is_entry(value) {
        return certain("one entry of a HAR file, not a HAR file", WRAP);
    }
    let is_entries = |entries: &Value| entries.as_array().is_some_and(|all| all.first().is_none_or(is_entry));
    if value.get("entries").is_some_and(is_entries) && (has("creator") || has("version")) {
        return certain("the `log` of a HAR file without the object around it", WRAP);
    }
    if value.get("log").is_some_and(|log| log.get("creator").is_some()) {
        return certain("a HAR file without `entries`", "Export the HAR file again.");
    }
    if has("openapi") || has("swagger") {
        return certain(
            "a spec, not a response",
            "Name the spec with --spec, and then the recorded responses.",
        );
    }
    if is_log_line(value) {
        return Some(Foreign {
            what: "a line of a server log, not a response",
            remedy: RECORD,
            is_certain: false,
        });
    }
    is_request(value).then_some(Foreign {
        what: "a request, not a response",
        remedy: RECORD,
        is_certain: false,
    })
}

/// What a text that is not JSON is instead; `None` if nothing is known.
pub(in crate::drift) fn text(text: &str) -> Option<(&'static str, &'static str)> {
    let first = text.lines().find(|line| !line.trim().is_empty())?.trim();
    let words: Vec<&str> = first.split_whitespace().take(12).collect();
    if first.starts_with("HTTP/") {
        return Some((
            "an HTTP response with its head, not its body",
            "Keep only the body, without status and headers.",
        ));
    }
    if is_request_line(first) {
        return Some(("an HTTP request, not a response", RECORD));
    }
    if first.starts_with("data:") || first.starts_with("event:") {
        return Some((
            "an event stream, not one response",
            "Keep the data of its events, one per line.",
        ));
    }
    if first.starts_with("openapi:") || first.starts_with("swagger:") {
        return Some((
            "a spec, not a response",
            "Name the spec with --spec, and then the recorded responses.",
        ));
    }
    // The line of a request is in quotes in the formats of Apache and nginx.
    let has_request = first.split('"').any(is_request_line);
    let is_level = |word: &&str| {
        let word = word.trim_matches(|c: char| !c.is_ascii_alphabetic());
        ["DEBUG", "ERROR", "FATAL", "INFO", "TRACE", "WARN", "WARNING"]
            .iter()
            .any(|level| word.eq_ignore_ascii_case(level))
    };
    let has_level = words.iter().take(4).any(is_level);
    let has_method = words.iter().any(|word| METHODS.contains(word)) && words.iter().any(|word| word.starts_with('/'));
    (has_request || has_level || has_method).then_some(("a server log, not a response", RECORD))
}

const METHODS: [&str; 7] = ["GET", "PUT", "POST", "DELETE", "HEAD", "PATCH", "OPTIONS"];

fn is_request_line(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let is_method = words.next().is_some_and(|word| METHODS.contains(&word));
    is_method && words.next_back().is_some_and(|word| word.starts_with("HTTP/"))
}

/// Whether a value is an entry of a HAR file.
fn is_entry(value: &Value) -> bool {
    let request = value.get("request");
    request.is_some_and(|request| request.get("method").is_some() && request.get("url").is_some())
        && value.get("response").is_some()
}

/// Whether an object is a request in any of the usual forms.
fn is_request(value: &Value) -> bool {
    // Some write a request inside an object with its time.
    let inner = value.get("request").filter(|inner| inner.is_object()).unwrap_or(value);
    let method = inner
        .get("method")
        .or_else(|| inner.get("verb"))
        .and_then(Value::as_str);
    let is_method = method.is_some_and(|method| METHODS.iter().any(|known| method.eq_ignore_ascii_case(known)));
    is_method
        && ["url", "uri", "path", "target"]
            .iter()
            .any(|name| inner.get(name).is_some_and(Value::is_string))
}

/// Whether an object is a line of a log in JSON: a level beside a message or time, or a request
/// beside its status.
fn is_log_line(value: &Value) -> bool {
    let has_any = |names: &[&str]| names.iter().any(|name| value.get(name).is_some());
    let has_level = has_any(&["level", "levelname", "lvl", "loglevel", "severity"]);
    let has_time = has_any(&["@timestamp", "asctime", "time", "timestamp", "ts"]);
    let has_message = has_any(&["event", "fields", "message", "msg"]);
    let request = value.get("request").and_then(Value::as_str);
    let has_status = has_any(&["duration_ms", "latency", "status", "status_code"]);
    (has_level && (has_time || has_message))
        || request.is_some_and(is_request_line)
        || (value.get("log").is_some_and(Value::is_string) && has_any(&["stream"]) && has_time)
        || (is_request(value) && has_status)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{text, value};

    #[test]
    fn what_is_no_response_is_named() {
        let request = json!({"method": "GET", "url": "https://notes.example/v1/notes"});
        let entry = json!({"request": request, "response": {"status": 200}});
        let rows = [
            (
                json!([{"time": "12:00", "request": request, "response": {}}]),
                "a list of HAR entries, not a HAR file",
            ),
            (
                json!({"version": "1.2", "creator": {}, "entries": [entry]}),
                "the `log` of a HAR file without the object around it",
            ),
            (entry, "one entry of a HAR file, not a HAR file"),
            (
                json!({"log": {"version": "1.2", "creator": {}}}),
                "a HAR file without `entries`",
            ),
            (json!({"openapi": "3.0.3", "paths": {}}), "a spec, not a response"),
            (
                json!({"level": "info", "msg": "started"}),
                "a line of a server log, not a response",
            ),
            (
                json!({"timestamp": "2026-04-22", "level": "INFO", "fields": {}}),
                "a line of a server log, not a response",
            ),
            (
                json!({"method": "GET", "path": "/v1/notes", "status": 200}),
                "a line of a server log, not a response",
            ),
            (
                json!({"remote_addr": "::1", "request": "GET / HTTP/1.1"}),
                "a line of a server log, not a response",
            ),
            (
                json!({"log": "started", "stream": "stdout", "time": "12:00"}),
                "a line of a server log, not a response",
            ),
            (
                json!({"method": "post", "path": "/v1/notes", "headers": []}),
                "a request, not a response",
            ),
            (json!([{"verb": "GET", "uri": "/"}]), "a request, not a response"),
            (json!({"at": 1, "request": request}), "a request, not a response"),
        ];
        for (given, expected) in rows {
            assert_eq!(value(&given).map(|found| found.what), Some(expected), "{given}");
        }
        for body in [
            json!({"notes": []}),
            json!({"message": "no"}),
            json!({"log": {"entries": []}}),
            json!({"method": "card", "url": "/"}),
            json!([]),
            json!([[]]),
        ] {
            assert!(value(&body).is_none(), "{body}");
        }
    }

    #[test]
    fn a_text_that_is_no_json_is_named() {
        let rows = [
            (
                "127.0.0.1 - - [22/Apr/2026:12:34:41 +0000] \"GET /v1/notes HTTP/1.1\" 200 12",
                "a server log, not a response",
            ),
            (
                "2026-04-22T12:34:41Z  INFO notes: started",
                "a server log, not a response",
            ),
            ("[error] no such file", "a server log, not a response"),
            ("12:34:41 GET /v1/notes 200 4 ms", "a server log, not a response"),
            (
                "\nHTTP/1.1 200 OK\ncontent-type: application/json\n\n{}",
                "an HTTP response with its head, not its body",
            ),
            ("GET /v1/notes HTTP/1.1\nhost: a", "an HTTP request, not a response"),
            ("data: {}", "an event stream, not one response"),
            ("openapi: 3.0.3", "a spec, not a response"),
        ];
        for (given, expected) in rows {
            assert_eq!(text(given).map(|(what, _)| what), Some(expected), "{given}");
        }
        for other in ["<html>", "", "{\"a\": ", "some words"] {
            assert!(text(other).is_none(), "{other}");
        }
    }
}
