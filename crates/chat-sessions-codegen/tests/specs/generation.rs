//! Generation: the checked-in clients match the specs, a broken spec results in findings and never
//! in a panic, and the generated types tolerate unexpected responses.

use std::fs;

use chat_sessions_codegen::{Spec, generate, lower, rules};
use proptest::prelude::*;

use crate::support::snapshot;
use crate::support::specs::{PROVIDERS, broken_specs, mutated_spec, root, spec_text};

#[test]
fn the_checked_in_clients_match_the_specs() {
    for provider in PROVIDERS {
        let spec = Spec::parse(&format!("specs/{provider}.yaml"), &spec_text(provider)).expect("the spec is YAML");
        let generated = generate(&spec).expect("the spec has no findings");
        let again = generate(&spec).expect("the spec has no findings");
        assert_eq!(generated, again, "the same spec generates the same bytes");
        for (file, text) in [
            ("generated.rs", &generated.client),
            ("generated_httpmock.rs", &generated.httpmock),
        ] {
            let path = root().join(format!("crates/{provider}-client/src/{file}"));
            let checked_in = fs::read_to_string(&path).expect("the generated file is in the repository");
            // A message with both texts would hide the remedy.
            assert!(
                checked_in.replace("\r\n", "\n") == *text,
                "crates/{provider}-client/src/{file} is stale; run `cargo xtask generate`"
            );
        }
        assert_eq!(chat_sessions_codegen::header_hash(&generated.client), Some(spec.hash()));
    }
}

#[test]
fn a_broken_spec_generates_or_is_refused_with_its_findings() {
    for (name, file, text) in broken_specs() {
        let snapshot_path = root().join(format!("tests/snapshots/generation/finding-{name}.snap"));
        match Spec::parse(&file, &text).and_then(|spec| generate(&spec)) {
            Ok(_) => assert!(
                !snapshot_path.exists(),
                "{file} generates, but has a snapshot of findings"
            ),
            Err(findings) => {
                assert!(!findings.is_empty(), "{file} fails without a finding");
                for finding in &findings {
                    assert!(finding.location.is_some(), "no location: {finding}");
                    assert!(
                        rules().iter().any(|rule| rule.name == finding.rule),
                        "the finding has no rule: {finding}"
                    );
                }
                snapshot::assert("generation", &format!("finding-{name}"), &findings.to_string());
            }
        }
    }
}

/// A spec with one example of everything that lowering changes.
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
fn lowering_makes_responses_tolerant_and_leaves_requests_strict() {
    let spec = Spec::parse("small.yaml", SMALL).expect("the spec is YAML");
    let lowered = serde_json::to_string_pretty(&lower(&spec)).expect("it is JSON");
    snapshot::assert("generation", "lowered", &lowered);
    let generated = generate(&spec).expect("the spec has no findings");
    snapshot::assert("generation", "lowered-rust", &generated.client);
}

/// A type for UUIDs would need another crate in every user's build.
#[test]
fn a_uuid_in_a_request_is_a_plain_string() {
    let plain = "schema: {type: string, enum: [big, small]}";
    let uuid = "schema: {type: string, format: uuid}";
    let client = |schema: &str| {
        let spec = Spec::parse("small.yaml", &SMALL.replace(plain, schema)).expect("the spec is YAML");
        generate(&spec).expect("the spec has no findings").client
    };
    assert!(client(uuid).contains("kind: &'a str"), "{}", client(uuid));
}

/// Components of a request that allow null, in every form, and what refers to them.
const NULLABLE: &str = r##"
openapi: 3.0.3
info: {title: Nullable, version: "1"}
paths:
  /things:
    put:
      operationId: put_thing
      parameters:
        - {name: name, in: query, schema: {$ref: "#/components/schemas/Name"}}
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Change"}}}}
      responses: {"204": {description: Done.}}
components:
  schemas:
    Change:
      type: object
      required: [job, part, whole, parts, names, count, state]
      properties:
        job: {$ref: "#/components/schemas/Job"}
        part: {description: What it is part of., allOf: [{$ref: "#/components/schemas/Job"}]}
        whole: {type: object, description: Never null., allOf: [{$ref: "#/components/schemas/Job"}]}
        parts: {type: array, items: {$ref: "#/components/schemas/Job"}}
        names: {type: object, additionalProperties: {$ref: "#/components/schemas/Name"}}
        count: {$ref: "#/components/schemas/Count"}
        state: {$ref: "#/components/schemas/State"}
        either: {oneOf: [{$ref: "#/components/schemas/Name"}, {type: integer}]}
    Job: {type: object, nullable: true, properties: {name: {type: string}}}
    Name: {type: string, nullable: true}
    Count: {oneOf: [{type: integer, nullable: true}, {type: string}]}
    State: {type: string, nullable: true, enum: [new, old, null]}
"##;

#[test]
fn null_moves_from_the_components_of_requests_to_the_references() {
    let spec = Spec::parse("nullable.yaml", NULLABLE).expect("the spec is YAML");
    let findings = chat_sessions_codegen::lint(&spec, chat_sessions_codegen::RuleSet::Common);
    assert!(
        findings.iter().all(|finding| finding.rule == "response-failure"),
        "{findings}"
    );
    let client = generate(&spec).expect("the spec has no findings").client;
    let fields: String = client
        .split_once("pub struct Change {")
        .and_then(|(_, rest)| rest.split_once("\n    }"))
        .map(|(fields, _)| fields.lines().filter(|line| line.contains("pub ")))
        .into_iter()
        .flatten()
        .map(|line| line.trim().replace("::std::option::", "") + "\n")
        .collect();
    snapshot::assert("generation", "nullable-components", &fields);
    for plain in ["pub struct Job {", "pub enum Count {", "pub enum State {"] {
        assert!(client.contains(plain), "{plain} is missing in {client}");
    }
}

#[test]
fn only_the_headers_of_the_spec_are_sent() {
    for names in [&[][..], &["X-Trace"], &["api-version"], &["X-Trace", "api-version"]] {
        let headers: String = names
            .iter()
            .map(|name| format!("        - {{name: {name}, in: header, schema: {{type: string}}}}\n"))
            .collect();
        let text = SMALL.replacen("      responses:", &format!("{headers}      responses:"), 1);
        let spec = Spec::parse("small.yaml", &text).expect("the spec is YAML");
        let client = generate(&spec).expect("the spec has no findings").client;
        for name in names {
            assert!(
                client.contains(&format!("header_map.append(\"{name}\", value")),
                "{client}"
            );
        }
        assert_eq!(client.matches("header_map.append(").count(), names.len(), "{client}");
        assert_eq!(client.contains(".headers(header_map)"), !names.is_empty());
    }
}

/// Names that Rust or the generated code uses itself, and additional properties with a schema. The
/// case `operation-added-with-hard-names` of `cargo xtask prove` shows that the generated code
/// compiles.
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
fn deserialize_is_generated_unless_names_or_schemas_require_the_derived_one() {
    let spec = Spec::parse("hard.yaml", HARD_NAMES).expect("the spec is YAML");
    let client = generate(&spec).expect("the spec has no findings").client;
    let generated = |name: &str| client.contains(&format!("impl<'de> ::serde::Deserialize<'de> for {name} {{"));
    let derived = |name: &str| {
        let (before, _) = client
            .split_once(&format!("pub struct {name} {{"))
            .expect("the type exists");
        let derives = before.rsplit_once("#[derive(").expect("the type derives traits").1;
        derives.starts_with("::serde::Deserialize")
    };
    for (name, is_generated) in [("Thing", true), ("Change", true), ("Option", false), ("Counts", false)] {
        assert_eq!(
            (generated(name), derived(name)),
            (is_generated, !is_generated),
            "{name}"
        );
    }
    // This quote is the name itself, not a delimiter.
    assert!(client.contains(r#"["map", "\""]"#));
    assert!(client.contains(r#""\"" => 1"#));
    // A schema with the same name does not make the field optional.
    assert!(client.contains(r#"missing_field("option")"#));
}

proptest! {
    #![proptest_config(crate::support::case_sample::random(24))]

    /// A randomly mutated spec generates or results in findings.
    #[test]
    fn a_mutated_spec_never_panics(mutated in mutated_spec()) {
        if let Err(findings) = Spec::parse("mutated.yaml", &mutated).and_then(|spec| generate(&spec)) {
            prop_assert!(!findings.is_empty());
            prop_assert!(findings.iter().all(|finding| !finding.message.contains("panicked")), "{}", findings);
        }
    }
}

/// A `$ref` is a URI reference, so its pointer may be percent-encoded.
#[test]
fn a_percent_encoded_reference_is_that_to_the_schema() {
    let client = |reference: &str| {
        let text = format!(
            "openapi: 3.0.3\ninfo: {{title: T, version: \"1\"}}\nservers: [{{url: \"https://example.org\"}}]\n\
             paths: {{/v: {{get: {{operationId: op, responses: {{\"200\": {{description: OK, \
             content: {{application/json: {{schema: {{$ref: \"#/components/schemas/{reference}\"}}}}}}}}}}}}}}}}\n\
             components: {{schemas: {{Page.Note: {{type: object, properties: {{a: {{type: string}}}}}}}}}}\n"
        );
        let spec = Spec::parse("spec.yaml", &text).expect("it is YAML");
        let client = generate(&spec).expect("the spec has no errors").client;
        // The header of the file has the hash of the text.
        client.lines().skip(3).map(str::to_owned).collect::<Vec<String>>()
    };
    assert_eq!(client("Page%2ENote"), client("Page.Note"));
}
