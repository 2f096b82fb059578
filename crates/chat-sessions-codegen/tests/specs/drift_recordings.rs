//! Drift: recordings as browsers and other tools write them, files that hold no responses, and
//! specs of anybody.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE};
use chat_sessions_codegen::{Drift, NamedText, drift};
use serde_json::{Value, json};

use super::drift_input::{entry, har, sources};
use super::planted_drift::{URL, good, small_spec};

const JSON: &str = "application/json";

/// Compares one response with the small spec. `encoding` is what the recorder says about its text.
fn recorded(text: &str, encoding: Option<&str>) -> Drift {
    let mut entry = entry("GET", URL, 200, JSON, text);
    entry["response"]["content"]["encoding"] = json!(encoding);
    compare(&small_spec("block"), &har(&[entry])).expect("the archive can be read")
}

fn compare(specs: &[(String, String)], text: &str) -> Result<Drift, String> {
    let files = [NamedText { name: "a.har", text }];
    drift(&sources(specs), &files, None).map_err(|error| error.to_string())
}

fn rules(found: &Drift) -> Vec<&str> {
    let rules = found.deviations.iter().map(|deviation| deviation.finding.rule);
    rules.filter(|rule| *rule != "field-never-seen").collect()
}

#[test]
fn base64_is_read_however_it_is_marked_and_written() {
    let mut body = good();
    // These letters need all digits of base64.
    body["planted"] = json!("~~~???>>>ÿÿÿ");
    let plain = body.to_string();
    let wrapped = |text: &str, end: &str| {
        let lines: Vec<String> = text
            .as_bytes()
            .chunks(19)
            .map(|line| String::from_utf8_lossy(line).into())
            .collect();
        lines.join(end)
    };
    let whole = STANDARD.encode(&plain);
    let marked = Some("base64");
    for (text, encoding) in [
        (plain.clone(), None),
        (plain.clone(), marked),
        (format!(" {plain}\n"), marked),
        (whole.clone(), marked),
        (whole.clone(), Some("Base64")),
        (whole.clone(), None),
        (STANDARD_NO_PAD.encode(&plain), marked),
        (format!("{}=", whole.trim_end_matches('=')), marked),
        (wrapped(&whole, "\r\n"), marked),
        (wrapped(&whole, "\n"), None),
        (URL_SAFE.encode(&plain), marked),
    ] {
        let found = recorded(&text, encoding);
        assert_eq!(rules(&found), ["field-unknown"], "{encoding:?} {text}: {found}");
        assert_eq!((found.responses, found.compared), (1, 1));
    }
}

#[test]
fn a_body_that_cannot_be_decoded_is_reported_and_not_compared() {
    for text in ["not base64!", "{\"cut", "ÿ", "a"] {
        let found = recorded(text, Some("base64"));
        assert_eq!(rules(&found), ["body-undecodable"], "{text}: {found}");
        assert!(found.to_string().contains("The body cannot be decoded"), "{found}");
        assert!(!found.is_clean() && (found.responses, found.compared) == (1, 0));
    }
    // Some proxies record the bytes of gzip.
    let gzip = STANDARD.encode(b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xab\xae\x05\0C\xbf\xa6\xa3\x02\0\0\0");
    for (text, encoding) in [
        (&*gzip, Some("base64")),
        (&*gzip, None),
        ("\u{1f}\u{8b}\u{8}", None),
        ("\u{1f}\u{fffd}\u{8}", None),
    ] {
        let found = recorded(text, encoding);
        assert_eq!(
            (rules(&found), found.compared),
            (vec!["body-undecodable"], 0),
            "{text:?}: {found}"
        );
    }
    // A body need not be JSON.
    let found = recorded(&STANDARD.encode("<p>Sign in.</p>"), Some("base64"));
    assert_eq!((rules(&found), found.compared), (vec!["not-json"], 1));
}

#[test]
fn a_status_in_quotes_is_read() {
    let mut quoted = entry("GET", URL, 200, JSON, "[]");
    quoted["response"]["status"] = json!("200");
    let found = compare(&small_spec("block"), &har(&[quoted])).unwrap();
    assert_eq!((found.responses, found.compared), (1, 1), "{found}");
}

#[test]
fn the_narrowest_range_of_media_types_describes_a_body() {
    let content = |media_type: &str, kind: &str| format!("'{media_type}': {{schema: {{type: {kind}}}}}");
    let ranges = [
        content("*/*", "integer"),
        content("application/*", "boolean"),
        content("application/json", "string"),
    ];
    let sent = [entry("GET", "https://notes.example/notes", 200, JSON, "\"a\"")];
    for (contents, is_right) in [(&ranges[..], true), (&ranges[..2], false), (&ranges[..1], false)] {
        let text = format!(
            "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\nservers: [{{url: 'https://notes.example'}}]\n\
             paths: {{/notes: {{get: {{operationId: get, responses: {{'200': {{description: OK, content: {{{}}}}}}}}}}}}}\n",
            contents.join(", ")
        );
        let found = compare(&[("notes.yaml".to_owned(), text)], &har(&sent)).unwrap();
        assert_eq!(rules(&found).is_empty(), is_right, "{contents:?}: {found}");
    }
}

#[test]
fn a_recording_without_responses_of_the_specs_compares_nothing() {
    let elsewhere = entry("GET", "https://elsewhere.example/", 200, JSON, "{}");
    let unknown = entry("GET", "http://127.0.0.1/v1/unknown", 200, JSON, "{}");
    let mut without_body = entry("GET", URL, 200, JSON, "");
    without_body["response"]["content"] = json!({"size": 12, "mimeType": JSON});
    for (entries, responses) in [(vec![], 0), (vec![elsewhere, unknown], 0), (vec![without_body], 1)] {
        let found = compare(&small_spec("block"), &har(&entries)).unwrap();
        assert_eq!((found.responses, found.compared), (responses, 0), "{found}");
        assert_eq!(found.to_json()["compared"], 0);
    }
}

#[test]
fn what_is_no_recording_is_named() {
    let entry = entry("GET", URL, 200, JSON, &good().to_string());
    let request = "{\"method\": \"GET\", \"url\": \"/v1/notes?planted=1\"}";
    let logged = "{\"level\": \"info\", \"message\": \"planted\"}";
    for (text, expected) in [
        (entry.to_string(), "a.har: this is one entry of a HAR file"),
        (json!([entry]).to_string(), "a.har: this is a list of HAR entries"),
        (
            format!("{entry}\n{entry}"),
            "a.har line 1: this is one entry of a HAR file",
        ),
        (
            format!("{request}\n{request}"),
            "a.har line 1: this is a request, not a response",
        ),
        (format!("[{request}]"), "a.har: this is a request, not a response"),
        (
            format!("{logged}\n{logged}"),
            "a.har line 1: this is a line of a server log",
        ),
        (
            "127.0.0.1 - - [22/Apr/2026] \"GET /planted HTTP/1.1\" 200 1\n".to_owned(),
            "a.har:1:6: this is a server log",
        ),
        (
            "2026-04-22 12:34:41 INFO planted\n".to_owned(),
            "a.har:1:5: this is a server log",
        ),
    ] {
        let message = compare(&small_spec("block"), &text).expect_err("this is no recording");
        assert!(
            message.starts_with(expected) && message.contains("Remedy: "),
            "{message}"
        );
        assert!(!message.contains("planted"), "{message}");
    }
}

/// A spec decides what a response looks like, even if it looks like a request.
#[test]
fn a_response_that_a_spec_describes_is_no_foreign_file() {
    let text = "
openapi: 3.0.3
info: {title: Proxy, version: '1'}
paths:
  /last:
    get:
      operationId: last
      responses:
        '200':
          description: The last request.
          content:
            application/vnd.proxy+json; charset=utf-8:
              schema:
                type: object
                required: [method, url, secret]
                properties: {method: {type: string}, url: {type: string}, secret: {type: string, writeOnly: true}}
";
    let specs = [("proxy.yaml".to_owned(), text.to_owned())];
    let found = compare(&specs, "{\"method\": \"GET\", \"url\": \"/\", \"secret\": \"\"}").unwrap();
    assert_eq!((rules(&found), found.compared), (vec![], 1), "{found}");
    // What only requests have is not missing in a response.
    let sent = entry(
        "GET",
        "http://127.0.0.1/last",
        200,
        JSON,
        "{\"method\": \"GET\", \"url\": \"/\"}",
    );
    let mut sent_as = sent;
    sent_as["response"]["content"]["mimeType"] = json!("application/vnd.proxy+json");
    let found = compare(&specs, &har(&[sent_as])).unwrap();
    assert_eq!((found.deviations.len(), found.compared), (0, 1), "{found}");
}

#[test]
fn a_request_body_is_compared_in_every_media_type_of_json() {
    for media in [
        "application/json",
        "application/json; charset=utf-8",
        "application/merge-patch+json",
    ] {
        let text = format!(
            "
openapi: 3.0.3
info: {{title: Notes, version: '1'}}
paths:
  /notes:
    post:
      operationId: add
      requestBody:
        content:
          '{media}':
            schema:
              type: object
              required: [id, size]
              properties: {{id: {{type: string, readOnly: true}}, size: {{type: integer}}}}
      responses: {{'204': {{description: Fine.}}}}
"
        );
        let specs = [("notes.yaml".to_owned(), text)];
        let sent = |body: Value| {
            let mut entry = entry("POST", "http://127.0.0.1/notes", 204, "", "");
            entry["request"]["postData"] = json!({"mimeType": media, "text": body.to_string()});
            compare(&specs, &har(&[entry])).unwrap()
        };
        assert_eq!(rules(&sent(json!({"size": 1}))), Vec::<&str>::new(), "{media}");
        assert_eq!(rules(&sent(json!({"size": "large"}))), ["request-value"], "{media}");
        assert_eq!(rules(&sent(json!({}))), ["request-value"], "{media}");
    }
}

/// Any segment that no spec has can be a name, a title or an id.
#[test]
fn a_path_that_no_operation_has_shows_no_value() {
    let found = |method: &str, path: &str| {
        let entry = entry(method, &format!("http://127.0.0.1{path}"), 200, JSON, "{}");
        let found = compare(&small_spec("block"), &har(&[entry])).unwrap();
        found.deviations[0].finding.message.clone()
    };
    for (method, path, expected) in [
        (
            "GET",
            "/v1/alice/notes/my-title/keys",
            "No operation matches GET /v1/…/notes/…/….",
        ),
        ("GET", "/alice", "No operation matches GET /…."),
        ("POST", "/v1/notes", "No operation matches POST /v1/notes."),
        ("ALICE", "/v1/bob", "No operation matches a method /v1/…."),
    ] {
        assert_eq!(found(method, path), expected);
    }
}

#[test]
fn a_spec_that_is_not_one_whole_document_is_refused() {
    let version = |line: &str| format!("{line}\ninfo: {{title: Other, version: '1'}}\npaths: {{}}\n");
    let external =
        "openapi: 3.0.3\ninfo: {title: Other, version: '1'}\npaths: {/a: {$ref: a.yaml}, /b: {$ref: b.yaml}}\n";
    for (text, rule) in [
        (version("openapi: 3.1.0"), "openapi-version"),
        (version("swagger: '2.0'"), "openapi-version"),
        (external.to_owned(), "reference-external"),
    ] {
        let message = compare(&[("other.yaml".to_owned(), text)], &good().to_string()).expect_err(rule);
        assert_eq!(
            (message.matches(rule).count(), message.lines().count()),
            (1, 1),
            "{message}"
        );
    }
}
