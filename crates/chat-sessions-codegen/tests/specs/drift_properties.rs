//! Properties of drift: a response that matches its schema has no drift, no input causes a panic,
//! and every patch fixes what the report promises.

use chat_sessions_codegen::{Drift, NamedText, Severity, Spec, check, drift};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::drift_input::{compare, entry, har, specs};

/// The responses that bodies are generated for: the index of the spec, the schema, the URL and the
/// status.
const RESPONSES: [(usize, &str, &str, u16); 3] = [
    (0, "ChatSessionList", "http://127.0.0.1/api/v1/chat", 200),
    (
        1,
        "ListSessionsResponse",
        "http://127.0.0.1/serve/api/v1/list_sessions?unique_id=a",
        200,
    ),
    (0, "HttpValidationError", "http://127.0.0.1/api/v1/chat", 422),
];

/// A pseudo-random sequence from a seed, by the generator `SplitMix64`.
struct Choices(u64);

impl Choices {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % end as u64).unwrap()
    }

    fn one_in(&mut self, end: usize) -> bool {
        self.below(end) == 0
    }
}

/// Generates a value that matches a schema of the workspace's specs.
fn value_of(tree: &Value, schema: &Value, choices: &mut Choices) -> Value {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        return value_of(tree, tree.pointer(&reference[1..]).unwrap(), choices);
    }
    if schema.get("nullable").is_some() && choices.one_in(3) {
        return Value::Null;
    }
    for keyword in ["oneOf", "allOf"] {
        if let Some(parts) = schema.get(keyword).and_then(Value::as_array) {
            return value_of(tree, &parts[choices.below(parts.len())], choices);
        }
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("integer") => json!([0, -1, i64::MAX, 7][choices.below(4)]),
        Some("number") => json!([0.5, 18.0, -2.25][choices.below(3)]),
        Some("boolean") => json!(choices.one_in(2)),
        Some("array") => (0..choices.below(4))
            .map(|_| value_of(tree, &schema["items"], choices))
            .collect(),
        Some("object") => {
            let required = |name: &str| {
                schema["required"]
                    .as_array()
                    .is_some_and(|names| names.iter().any(|known| known == name))
            };
            let properties = schema
                .get("properties")
                .and_then(Value::as_object)
                .into_iter()
                .flatten();
            let mut members = Map::new();
            for (name, property) in properties {
                if required(name) || !choices.one_in(4) {
                    members.insert(name.clone(), value_of(tree, property, choices));
                }
            }
            Value::Object(members)
        }
        _ => json!(["", "text", "601308802842759168"][choices.below(3)]),
    }
}

fn body_for(response: usize, seed: u64) -> Value {
    let (spec, schema, ..) = RESPONSES[response];
    let (name, text) = &specs()[spec];
    let spec = Spec::parse(name, text).unwrap();
    value_of(
        spec.tree(),
        &spec.tree()["components"]["schemas"][schema],
        &mut Choices(seed),
    )
}

fn archive(response: usize, body: &Value) -> String {
    let (_, _, url, status) = RESPONSES[response];
    har(&[entry("GET", url, status, "application/json", &body.to_string())])
}

fn any_json() -> impl Strategy<Value = Value> {
    let name = "[a-zA-Z_$ /~äö]{1,8}|items|data|sessions|code|detail|title|Extra|extra|type|60130880284275916[0-9]";
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(name, inner, 0..5).prop_map(|members| members.into_iter().collect()),
        ]
    })
}

/// Collects the pointers of a value and of everything in it.
fn pointers(value: &Value, at: &str, out: &mut Vec<String>) {
    out.push(at.to_owned());
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                pointers(
                    member,
                    &format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")),
                    out,
                );
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                pointers(item, &format!("{at}/{index}"), out);
            }
        }
        _ => {}
    }
}

/// Inserts a value into a random object or array of the body, or replaces a random scalar with it.
fn mutate(body: &mut Value, at: prop::sample::Index, name: &str, with: Value) {
    let mut all = Vec::new();
    pointers(body, "", &mut all);
    let pointer = &all[at.index(all.len())];
    match body.pointer_mut(pointer).unwrap() {
        Value::Object(members) => drop(members.insert(name.to_owned(), with)),
        Value::Array(items) => items.push(with),
        other => *other = with,
    }
}

/// Counts the deviations that a patch does not fix.
fn unpatched(found: &Drift) -> usize {
    found
        .deviations
        .iter()
        .filter(|deviation| deviation.finding.severity > Severity::Note && !deviation.patched)
        .count()
}

proptest! {
    #![proptest_config(crate::support::case_sample::random(12))]

    #[test]
    fn a_response_that_matches_its_schema_has_no_drift(response in 0..RESPONSES.len(), seed in any::<u64>()) {
        let found = compare(&specs(), "a.har", &archive(response, &body_for(response, seed)));
        prop_assert!(found.is_clean(), "{}", found);
    }

    #[test]
    fn any_json_is_compared_or_refused(response in 0..RESPONSES.len(), body in any_json()) {
        let specs = specs();
        let sources: Vec<NamedText<'_>> = specs.iter().map(|(name, text)| NamedText { name, text }).collect();
        let text = body.to_string();
        let file = [NamedText { name: "a.json", text: &text }];
        if let Err(error) = drift(&sources, &file, None) {
            prop_assert!(error.to_string().contains("Remedy"), "{}", error);
        }
        drift(&sources, &file, Some("list_sessions")).expect("the operation is named");
        compare(&specs, "a.har", &archive(response, &body));
        // The same JSON as entries of an archive.
        let entries = json!({"log": {"entries": [body, {"request": body, "response": body}]}}).to_string();
        drift(&sources, &[NamedText { name: "a.har", text: &entries }], None).expect("invalid entries are skipped");
    }

    #[test]
    fn a_patched_spec_is_valid_and_fixes_what_the_report_promises(
        response in 0..RESPONSES.len(),
        seed in any::<u64>(),
        mutations in prop::collection::vec((any::<prop::sample::Index>(), "[a-zA-Z]{1,6}|title|msg|items", any_json()), 1..4),
    ) {
        let mut body = body_for(response, seed);
        for (at, name, with) in mutations {
            mutate(&mut body, at, &name, with);
        }
        let specs = specs();
        let text = archive(response, &body);
        let found = compare(&specs, "a.har", &text);
        let mut after = specs;
        for new in &found.patched {
            let spec = Spec::parse(&new.name, &new.text).expect("a patched spec is YAML");
            prop_assert!(check(&spec).is_empty(), "{}\n{}", check(&spec), new.text);
            after.iter_mut().filter(|(name, _)| *name == new.name).for_each(|(_, text)| text.clone_from(&new.text));
        }
        let again = compare(&after, "a.har", &text);
        prop_assert_eq!(unpatched(&again), unpatched(&found), "{}\n\n{}", found, again);
        prop_assert!(again.patched.is_empty(), "{}", again);
    }
}
