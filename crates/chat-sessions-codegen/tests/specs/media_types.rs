//! Media types: lint, generation, drift and diff agree about which ones are JSON, however they are
//! written.

use chat_sessions_codegen::{Compatibility, Facade, RuleSet, Spec, diff, generate, lint};

use super::drift_input::{compare, entry, har};

/// Media types, each with whether it is JSON, and whether it is `application/json` on the wire.
const MEDIA_TYPES: [(&str, bool, bool); 9] = [
    ("application/json", true, true),
    ("application/json; charset=utf-8", true, true),
    ("Application/JSON;charset=\"UTF-8\"", true, true),
    ("application/problem+json", true, false),
    ("application/vnd.notes+json; charset=utf-8", true, false),
    ("application/vnd.notes+JSON", true, false),
    ("text/plain", false, false),
    ("application/x-json-stream", false, false),
    ("application/octet-stream", false, false),
];

/// A spec whose response has a media type; without a schema, it has no content.
fn spec(request: &str, response: &str, schema: Option<&str>) -> Spec {
    let text = text(request, response, schema);
    Spec::parse("specs/notes.yaml", &text).unwrap_or_else(|findings| panic!("{findings}\n{text}"))
}

fn text(request: &str, response: &str, schema: Option<&str>) -> String {
    let schema = schema.map_or_else(String::new, |schema| format!("schema: {schema}"));
    format!(
        r#"
openapi: 3.0.3
info: {{title: Notes, version: "1"}}
servers: [{{url: "https://notes.example"}}]
paths:
  /notes:
    post:
      operationId: addNote
      summary: Adds a note
      requestBody:
        required: true
        content:
          '{request}':
            schema: {{type: object, properties: {{text: {{type: string}}}}}}
      responses:
        "200":
          description: The note
          content:
            '{response}': {{{schema}}}
"#
    )
}

const NOTE: &str = "{type: object, required: [id], properties: {id: {type: string}}}";

#[test]
fn a_response_that_is_json_has_a_type() {
    for (media_type, is_json, _) in MEDIA_TYPES {
        let generated = generate(&spec("application/json", media_type, Some(NOTE))).expect("the spec generates");
        let is_typed = !generated.client.contains("ResponseValue<ByteStream>");
        assert_eq!(is_typed, is_json, "{media_type}");
    }
}

#[test]
fn a_request_is_sent_as_the_media_type_of_the_spec_or_refused() {
    for (media_type, is_json, is_plain) in MEDIA_TYPES {
        let generated = generate(&spec(media_type, "application/json", Some(NOTE)));
        match generated {
            Ok(generated) => assert!(!is_json || is_plain, "{media_type}: {}", generated.client),
            Err(findings) => {
                assert!(!is_plain, "{findings}");
                assert!(
                    findings.iter().any(|finding| finding.rule == "media-type"),
                    "{findings}"
                );
            }
        }
    }
}

#[test]
fn json_without_a_schema_is_a_finding() {
    for (media_type, is_json, _) in MEDIA_TYPES {
        let findings = lint(&spec("application/json", media_type, None), RuleSet::Generator);
        let has_finding = findings.iter().any(|finding| finding.rule == "json-schema");
        assert_eq!(has_finding, is_json, "{media_type}: {findings}");
    }
}

#[test]
fn a_recorded_response_that_is_json_is_compared() {
    for (media_type, is_json, _) in MEDIA_TYPES.into_iter().filter(|(_, is_json, _)| *is_json) {
        let specs = [(
            "specs/notes.yaml".to_owned(),
            text("application/json", media_type, Some(NOTE)),
        )];
        for (body, kind) in [(r#"{"id": 1}"#, "type"), ("not JSON", "not-json")] {
            let sent = entry("POST", "https://notes.example/notes", 200, media_type, body);
            let found = compare(&specs, "recording.har", &har(&[sent]));
            let rules: Vec<&str> = found
                .deviations
                .iter()
                .map(|deviation| deviation.finding.rule)
                .collect();
            assert_eq!(rules, [kind], "{media_type}, {is_json}");
        }
    }
}

#[test]
fn two_spellings_of_a_media_type_are_the_same_on_the_wire() {
    for (one, _, is_plain) in MEDIA_TYPES {
        for (side, old, new) in [
            (
                "sent",
                spec(one, "text/plain", Some(NOTE)),
                spec("application/json", "text/plain", Some(NOTE)),
            ),
            (
                "received",
                spec("text/plain", one, Some(NOTE)),
                spec("text/plain", "application/json", Some(NOTE)),
            ),
        ] {
            let found = diff(&old, &new, &Facade::default());
            let is_same = found.changes.iter().all(|change| change.wire == Compatibility::Same);
            assert_eq!(is_same, is_plain, "{one}, {side}");
        }
    }
}
