//! Generation: the checked-in clients are what the specs say, broken specs give findings and never panics, and lowering
//! makes tolerant readers.

use std::fs;
use std::path::{Path, PathBuf};

use chat_sessions_codegen::{Spec, generate, lower};
use proptest::prelude::*;

const PROVIDERS: [&str; 2] = ["llama-cloud", "memories-ai"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn spec_text(provider: &str) -> String {
    fs::read_to_string(root().join(format!("specs/{provider}.yaml"))).expect("the spec is in the repository")
}

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
fn each_broken_spec_has_its_finding() {
    let folder = root().join("tests/fixtures/specs");
    let entries = fs::read_dir(folder).expect("the broken specs are in the repository");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry can be read").path())
        .collect();
    files.sort();
    assert!(files.len() >= 25, "only {} broken specs", files.len());
    for file in files {
        let name = file
            .file_stem()
            .and_then(|name| name.to_str())
            .expect("names are ASCII")
            .to_owned();
        let text = fs::read_to_string(&file).expect("a fixture can be read");
        let findings = match Spec::parse(&format!("{name}.yaml"), &text).and_then(|spec| generate(&spec)) {
            Ok(_) => panic!("{name}.yaml generates without a finding"),
            Err(findings) => findings,
        };
        assert!(!findings.is_empty(), "{name}.yaml fails without a finding");
        for finding in &findings {
            assert!(finding.place.is_some(), "no place: {finding}");
            assert_ne!(
                finding.rule, "generator-panic",
                "a known trap has a check of its own: {finding}"
            );
        }
        settings().bind(|| insta::assert_snapshot!(format!("finding-{name}"), findings));
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is cut out of, doubled in or put into a real spec: an answer or findings, never a panic.
    #[test]
    fn a_mutated_spec_never_panics(
        provider in 0..PROVIDERS.len(),
        line in any::<prop::sample::Index>(),
        other in any::<prop::sample::Index>(),
        mutation in 0..6_u8,
    ) {
        let text = spec_text(PROVIDERS[provider]);
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let (line, other) = (line.index(lines.len()), other.index(lines.len()));
        match mutation {
            0 => lines.truncate(line),
            1 => {
                lines.remove(line);
            }
            2 => lines[line] = lines[other].clone(),
            3 => lines[line].insert_str(0, "  "),
            4 => lines[line] = lines[line].replace("string", "object").replace("true", "[]"),
            _ => {
                let cut = lines[line].char_indices().nth(lines[line].chars().count() / 2).map_or(0, |(at, _)| at);
                lines[line].truncate(cut);
            }
        }
        let mutated = lines.join("\n");
        if let Err(findings) = Spec::parse("mutated.yaml", &mutated).and_then(|spec| generate(&spec)) {
            prop_assert!(!findings.is_empty());
            prop_assert!(findings.iter().all(|finding| finding.rule != "generator-panic"), "{}", findings);
        }
    }
}
