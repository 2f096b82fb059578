//! Schemas that contain themselves through `allOf`: each is generated or has a finding, and no tool
//! overflows the stack.

use chat_sessions_codegen::{Facade, NamedText, RuleSet, Spec, diff, drift, generate, lint};

/// What becomes of a spec.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Outcome {
    /// It is generated, as a response and as a request.
    Generated,
    /// It is generated as a response only.
    OnlyResponse,
    /// It is generated as a request only.
    OnlyRequest,
    /// It has a finding.
    Refused,
}

use Outcome::{Generated, OnlyRequest, OnlyResponse, Refused};

/// The schemas `R`, which the operation uses, and others. `&R` stands for a reference to `R`, and
/// `{u}` for an object with the property `u`.
const CASES: [(&str, &str, Outcome); 28] = [
    ("property", "B: {b}, R: {allOf: [&B, {properties: {t: &R}}]}", Generated),
    (
        "items",
        "B: {b}, R: {allOf: [&B, {properties: {t: {type: array, items: &R}}}]}",
        Generated,
    ),
    (
        "map",
        "B: {b}, R: {allOf: [&B, {properties: {t: {type: object, additionalProperties: &R}}}]}",
        Generated,
    ),
    (
        "additional",
        "B: {b}, R: {allOf: [&B, {type: object, additionalProperties: &R}]}",
        OnlyResponse,
    ),
    (
        "wrapped",
        "B: {b}, R: {allOf: [&B, {properties: {t: {allOf: [&R]}}}]}",
        Generated,
    ),
    (
        "one-of",
        "B: {b}, R: {allOf: [&B, {properties: {t: {oneOf: [&R, {type: string}]}}}]}",
        Generated,
    ),
    (
        "any-of",
        "B: {b}, R: {allOf: [&B, {properties: {t: {anyOf: [&R, {type: string}]}}}]}",
        OnlyResponse,
    ),
    (
        "not",
        "B: {b}, R: {allOf: [&B, {properties: {t: {not: &R}}}]}",
        OnlyResponse,
    ),
    (
        "not-beside",
        "R: {type: object, properties: {t: &R}, not: {type: object, properties: {t: &R}}}",
        OnlyResponse,
    ),
    (
        "base",
        "B: {type: object, properties: {t: &R}}, R: {allOf: [&B, {u}]}",
        Generated,
    ),
    (
        "base-itself",
        "B: {type: object, properties: {t: &B}}, R: {allOf: [&B, {u}]}",
        Generated,
    ),
    (
        "beside",
        "B: {b}, R: {type: object, properties: {t: &R}, allOf: [&B]}",
        Generated,
    ),
    (
        "alias",
        "B: {type: object, properties: {t: &R}}, R: {allOf: [&B]}",
        Generated,
    ),
    (
        "chain",
        "A: {allOf: [&B, {u}]}, B: {allOf: [&C, {b}]}, C: {type: object, properties: {t: &A}}, R: {allOf: [&A]}",
        Generated,
    ),
    (
        "diamond",
        "B: {type: object, properties: {t: &R}}, C: {allOf: [&B, {u}]}, D: {allOf: [&B, {b}]}, R: {allOf: [&C, &D]}",
        Generated,
    ),
    (
        "plain",
        "R: {type: object, properties: {t: &R, l: {type: array, items: &R}}}",
        Generated,
    ),
    (
        "array",
        "B: {type: array, items: &R}, R: {type: object, properties: {t: &B}}",
        Generated,
    ),
    (
        "same-in-both",
        "B: {type: object, properties: {t: &R}}, C: {type: object, properties: {t: &R}}, R: {allOf: [&B, &C]}",
        Generated,
    ),
    (
        "other-in-both",
        "B: {type: object, properties: {t: &R}}, C: {type: object, properties: {t: &B}}, R: {allOf: [&B, &C]}",
        Refused,
    ),
    (
        "own-in-both",
        "B: {type: object, properties: {t: &B}}, C: {type: object, properties: {t: &C}}, R: {allOf: [&B, &C]}",
        Refused,
    ),
    (
        "narrowed",
        "B: {type: object, properties: {t: {allOf: [&B, {u}]}}}, R: {allOf: [&B, {b}]}",
        Refused,
    ),
    (
        "inline",
        "R: {type: object, properties: {t: {allOf: [&R, {u}]}}}",
        Refused,
    ),
    (
        "arrays",
        "B: {type: array, items: &B}, C: {type: array, items: &C}, R: {allOf: [&B, &C]}",
        Refused,
    ),
    (
        "maps",
        "B: {type: object, additionalProperties: &B}, C: {type: object, additionalProperties: &C}, R: {allOf: [&B, &C]}",
        OnlyResponse,
    ),
    (
        "union",
        "B: {b}, C: {type: object, properties: {k: {type: string, enum: [c]}, t: &R}}, D: {type: object, properties: {k: {type: string, enum: [d]}}}, R: {allOf: [&B, {oneOf: [&C, &D]}]}",
        OnlyRequest,
    ),
    (
        "union-beside",
        "C: {type: object, properties: {k: {type: string, enum: [c]}, t: &R}}, D: {type: object, properties: {k: {type: string, enum: [d]}}}, R: {type: object, properties: {w: {type: string}}, oneOf: [&C, &D]}",
        OnlyRequest,
    ),
    (
        "twice",
        "B: {type: object, nullable: true, properties: {t: &B}}, C: {allOf: [&B, {u}]}, R: {allOf: [&B, &C]}",
        Generated,
    ),
    ("composed-of-itself", "R: {allOf: [&B, {u}]}, B: {allOf: [&R]}", Refused),
];

fn spec(schemas: &str, is_response: bool) -> String {
    let mut schemas = schemas
        .replace("{b}", "{type: object, properties: {b: {type: integer}}}")
        .replace("{u}", "{type: object, properties: {u: {type: string}}}");
    for name in ["A", "B", "C", "D", "R"] {
        schemas = schemas.replace(&format!("&{name}"), &format!("{{$ref: '#/components/schemas/{name}'}}"));
    }
    let content = "{application/json: {schema: {$ref: '#/components/schemas/R'}}}";
    let operation = if is_response {
        format!("get: {{operationId: op, responses: {{'200': {{description: Fine., content: {content}}}}}}}")
    } else {
        format!(
            "post: {{operationId: op, requestBody: {{required: true, content: {content}}}, responses: {{'204': {{description: Done.}}}}}}"
        )
    };
    format!(
        "openapi: 3.0.3\ninfo: {{title: Trees, version: '1'}}\npaths: {{/trees: {{{operation}}}}}\ncomponents: {{schemas: {{{schemas}}}}}\n"
    )
}

#[test]
fn recursion_in_every_position_is_generated_or_has_a_finding() {
    let mut different = Vec::new();
    for (name, schemas, expected) in CASES {
        let is_generated = [true, false].map(|is_response| {
            let parsed = Spec::parse("trees.yaml", &spec(schemas, is_response)).expect(name);
            let findings = lint(&parsed, RuleSet::Generator);
            let generated = generate(&parsed);
            assert_eq!(findings.has_errors(), generated.is_err(), "{name}: {findings}");
            if let Err(findings) = &generated {
                let rules = ["reference-cycle", "schema-any-of", "schema-not", "schema-recursion"];
                assert!(
                    findings.iter().all(|finding| rules.contains(&finding.rule)),
                    "{name}: {findings}"
                );
            }
            generated.is_ok()
        });
        let outcome = match is_generated {
            [true, true] => Generated,
            [true, false] => OnlyResponse,
            [false, true] => OnlyRequest,
            [false, false] => Refused,
        };
        if outcome != expected {
            different.push((name, outcome));
        }
    }
    assert!(different.is_empty(), "{different:?}");
}

#[test]
fn recursive_specs_are_compared_with_each_other_and_with_responses() {
    let body = r#"{"b": 1, "u": "a", "t": {"b": "one", "t": {"t": [{"t": {}}], "new": null}}}"#;
    for (name, schemas, _) in CASES {
        let old = spec(schemas, true);
        for (from, to) in [("type: string", "type: integer"), ("t:", "s:"), ("allOf", "oneOf")] {
            let parsed = |text: &str| Spec::parse("trees.yaml", text).expect(name);
            let new = old.replace(from, to);
            let found = diff(&parsed(&old), &parsed(&new), &Facade::default());
            assert_eq!(found.is_empty(), old == new, "{name}: {from}");
        }
        let text = NamedText {
            name: "trees.yaml",
            text: &old,
        };
        let recorded = NamedText {
            name: "body.json",
            text: body,
        };
        // The response of two cases is a list, so that this body matches no operation.
        let _ = drift(&[text], &[recorded], None);
    }
}

/// The base of a variant may be recursive; its type refers to the union and not into it.
#[test]
fn a_merged_type_has_the_properties_of_all_parts_and_refers_to_named_types() {
    let (_, schemas, _) = CASES[0];
    let client = generate(&Spec::parse("trees.yaml", &spec(schemas, true)).unwrap())
        .unwrap()
        .client;
    assert!(client.contains("pub b: ::std::option::Option<i64>"), "{client}");
    assert!(
        client.contains("pub t: ::std::option::Option<::std::boxed::Box<R>>"),
        "{client}"
    );
}
