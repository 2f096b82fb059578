//! Generation: the checked-in clients are what the specs say, broken specs give findings and never panics, and lowering
//! makes tolerant readers.

use std::fs;

use chat_sessions_codegen::{Spec, generate, lower, rules};
use proptest::prelude::*;

use super::specs::{PROVIDERS, broken_specs, mutated_spec, root, spec_text};

fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots/generation");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

#[test]
fn the_checked_in_clients_are_what_the_specs_say() {
    for provider in PROVIDERS {
        let spec = Spec::parse(&format!("specs/{provider}.yaml"), &spec_text(provider)).expect("the spec is YAML");
        let generated = generate(&spec).expect("the spec has no findings");
        let again = generate(&spec).expect("the spec has no findings");
        assert_eq!(generated, again, "the same spec gives the same bytes");
        for (file, text) in [
            ("generated.rs", &generated.client),
            ("generated_httpmock.rs", &generated.httpmock),
        ] {
            let path = root().join(format!("crates/{provider}-client/src/{file}"));
            let checked_in = fs::read_to_string(&path).expect("the generated file is in the repository");
            // The whole text would drown the remedy.
            assert!(
                checked_in.replace("\r\n", "\n") == *text,
                "crates/{provider}-client/src/{file} is stale; run `cargo xtask generate`"
            );
        }
        assert_eq!(chat_sessions_codegen::header_hash(&generated.client), Some(spec.hash()));
    }
}

#[test]
fn a_broken_spec_is_refused_with_its_finding_or_generates() {
    for (name, file, text) in broken_specs() {
        let snapshot = root().join(format!("tests/snapshots/generation/finding-{name}.snap"));
        match Spec::parse(&file, &text).and_then(|spec| generate(&spec)) {
            Ok(_) => assert!(!snapshot.exists(), "{file} generates, and did not"),
            Err(findings) => {
                assert!(!findings.is_empty(), "{file} fails without a finding");
                for finding in &findings {
                    assert!(finding.location.is_some(), "no place: {finding}");
                    assert!(
                        rules().iter().any(|rule| rule.name == finding.rule),
                        "a known trap has a check of its own: {finding}"
                    );
                }
                settings().bind(|| insta::assert_snapshot!(format!("finding-{name}"), findings));
            }
        }
    }
}

/// Everything that lowering touches, once.
const SMALL: &str = r##"
openapi: 3.0.3
info: {title: Small, version: "1"}
paths:
  /things/{kind}:
    get:
      operationId: list_things
      summary: Lists things.
      x-evidence: [table, live]
      parameters:
        - {name: kind, in: path, required: true, schema: {type: string, enum: [big, small]}}
        - {name: size, in: query, description: How many., x-evidence: table, schema: {type: integer, minimum: 1, default: 20}}
        - {name: session, in: cookie, schema: {type: string}}
        - {name: Authorization, in: header, required: true, schema: {type: string}}
      responses:
        "200": {description: Things., content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}
        "422": {description: Refused., content: {application/json: {schema: {$ref: "#/components/schemas/Refusal"}}}}
        default: {description: Failed.}
components:
  schemas:
    Thing:
      type: object
      required: [id, made_at, parts]
      properties:
        id: {type: string, x-lowering: id, minLength: 1, x-evidence: example}
        Id: {type: string, x-lowering: extra}
        made_at: {type: string, format: date-time, description: "See [RFC 3339] at https://example.org/."}
        parts: {type: array, minItems: 1, items: {$ref: "#/components/schemas/Part"}}
        state: {type: string, enum: [new, old], default: new}
        count: {oneOf: [{type: integer}, {type: string}]}
        part: {$ref: "#/components/schemas/Part"}
    Part:
      oneOf:
        - $ref: "#/components/schemas/Wheel"
        - $ref: "#/components/schemas/Door"
    Wheel: {type: object, required: [type], properties: {type: {type: string, enum: [wheel]}, spokes: {type: integer, maximum: 40}}}
    Door: {type: object, required: [type], properties: {type: {type: string, enum: [door]}, locked: {type: boolean}}}
    Refusal: {type: object, required: [detail], properties: {detail: {type: string}}, additionalProperties: false}
"##;

#[test]
fn lowering_makes_answers_tolerant_and_leaves_requests_strict() {
    let spec = Spec::parse("small.yaml", SMALL).expect("the spec is YAML");
    settings().bind(|| insta::assert_json_snapshot!("lowered", lower(&spec)));
    let generated = generate(&spec).expect("the spec has no findings");
    settings().bind(|| insta::assert_snapshot!("lowered-rust", generated.client));
}

#[test]
fn a_header_that_the_document_asks_for_is_sent_and_no_other() {
    for asked_for in [&[][..], &["X-Trace"], &["api-version"], &["X-Trace", "api-version"]] {
        let headers: String = asked_for
            .iter()
            .map(|name| format!("        - {{name: {name}, in: header, schema: {{type: string}}}}\n"))
            .collect();
        let text = SMALL.replacen("      responses:", &format!("{headers}      responses:"), 1);
        let spec = Spec::parse("small.yaml", &text).expect("the spec is YAML");
        let client = generate(&spec).expect("the spec has no findings").client;
        for name in asked_for {
            assert!(
                client.contains(&format!("header_map.append(\"{name}\", value")),
                "{client}"
            );
        }
        assert_eq!(
            client.matches("header_map.append(").count(),
            asked_for.len(),
            "{client}"
        );
        assert_eq!(client.contains(".headers(header_map)"), !asked_for.is_empty());
    }
}

/// Names that Rust or the readers use themselves, and further fields of a type of their own. That the whole of it compiles is
/// what `cargo xtask prove` shows, with the case `operation-added-with-hard-names`.
const HARD_NAMES: &str = r##"
openapi: 3.0.3
info: {title: Hard names, version: "1"}
paths:
  /things:
    put:
      operationId: put_thing
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Change"}}}}
      responses:
        "200": {description: Done., content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}
components:
  schemas:
    Thing: {type: object, properties: {"\"": {type: string}, map: {type: string}}}
    Change:
      type: object
      required: [option]
      properties: {option: {$ref: "#/components/schemas/Option"}, counts: {$ref: "#/components/schemas/Counts"}}
      additionalProperties: {}
    Option: {type: object, properties: {x: {type: string}}}
    Counts: {type: object, properties: {main: {type: string}}, additionalProperties: {type: integer}}
"##;

#[test]
fn a_reader_is_written_where_it_means_the_same_whatever_the_spec_calls_its_parts() {
    let spec = Spec::parse("hard.yaml", HARD_NAMES).expect("the spec is YAML");
    let client = generate(&spec).expect("the spec has no findings").client;
    let written = |name: &str| client.contains(&format!("impl<'de> ::serde::Deserialize<'de> for {name} {{"));
    let derived = |name: &str| {
        let (before, _) = client
            .split_once(&format!("pub struct {name} {{"))
            .expect("the type is there");
        let derives = before.rsplit_once("#[derive(").expect("it derives something").1;
        derives.starts_with("::serde::Deserialize")
    };
    for (name, is_written) in [("Thing", true), ("Change", true), ("Option", false), ("Counts", false)] {
        assert_eq!((written(name), derived(name)), (is_written, !is_written), "{name}");
    }
    // The quote is the name, and no sign around one.
    assert!(client.contains(r#"["map", "\""]"#));
    assert!(client.contains(r#""\"" => 1"#));
    // A schema of this name is no reason to do without the field.
    assert!(client.contains(r#"missing_field("option")"#));
}

proptest! {
    #![proptest_config(crate::cases::random(24))]

    /// Whatever is cut out of, doubled in or put into a real spec: an answer or findings, never a panic.
    #[test]
    fn a_mutated_spec_never_panics(mutated in mutated_spec()) {
        if let Err(findings) = Spec::parse("mutated.yaml", &mutated).and_then(|spec| generate(&spec)) {
            prop_assert!(!findings.is_empty());
            prop_assert!(findings.iter().all(|finding| finding.rule != "generator-panic"), "{}", findings);
        }
    }
}
