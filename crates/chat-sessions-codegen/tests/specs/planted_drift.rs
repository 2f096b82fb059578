//! Each kind of deviation, planted in a response that otherwise matches a small spec: the
//! comparison reports it and nothing else.

use chat_sessions_codegen::{Spec, generate};
use serde_json::{Value, json};

use super::drift_input::{compare, entry, har, is_note, patch, patched, read};
use crate::support::snapshot;

/// A response that matches the small spec.
pub(crate) fn good() -> Value {
    json!({
        "notes": [
            {"id": "n1", "title": "First", "state": "draft", "made_at": "2026-04-22T12:34:41Z", "size": 1,
             "author": {"name": "A"}, "tags": ["a"]},
            {"id": "n2", "title": "Second", "state": "done", "made_at": "2026-04-22T12:34:41.5+02:00", "size": 2,
             "author": {"name": "B"}, "tags": []},
        ],
        "total": "2",
    })
}

pub(crate) const URL: &str = "http://127.0.0.1:8080/proxy/v1/notes?limit=2";

/// A deviation: its name, the one rule that reports it, whether the patch fixes it, and the
/// exchange that contains it.
struct Plant {
    name: &'static str,
    rule: &'static str,
    fixed: bool,
    entry: Value,
}

fn in_body(name: &'static str, rule: &'static str, fixed: bool, change: impl Fn(&mut Value)) -> Plant {
    let mut body = good();
    change(&mut body);
    let entry = entry("GET", URL, 200, "application/json; charset=utf-8", &body.to_string());
    Plant {
        name,
        rule,
        fixed,
        entry,
    }
}

fn set(pointer: &'static str, value: Value) -> impl Fn(&mut Value) {
    move |body| {
        let (above, name) = pointer.rsplit_once('/').unwrap();
        let above = body.pointer_mut(above).unwrap();
        match above {
            Value::Array(items) => items[name.parse::<usize>().unwrap()] = value.clone(),
            above => above[name] = value.clone(),
        }
    }
}

fn exchange(name: &'static str, rule: &'static str, fixed: bool, entry: Value) -> Plant {
    Plant {
        name,
        rule,
        fixed,
        entry,
    }
}

fn plants() -> Vec<Plant> {
    let ok = |method, url| entry(method, url, 200, "application/json", &good().to_string());
    let failure = r#"{"message": "Later."}"#;
    let mut without_body = ok("GET", URL);
    without_body["response"]["content"] = json!({"size": 500, "mimeType": "application/json"});
    let ids = json!({"601308802842759168": 1, "601308024392519680": 2});
    vec![
        in_body(
            "field-scalar",
            "field-unknown",
            true,
            set("/notes/0/pinned", json!(true)),
        ),
        in_body("field-at-the-top", "field-unknown", true, set("/next", json!("a"))),
        in_body(
            "field-of-a-part",
            "field-unknown",
            true,
            set("/notes/1/author/age", json!(7)),
        ),
        in_body(
            "field-object",
            "field-unknown",
            true,
            set("/notes/0/place", json!({"lat": 1.5, "lon": 2, "of": {"name": null}})),
        ),
        in_body("field-array", "field-unknown", true, |body| {
            set("/notes/0/marks", json!([]))(body);
            set("/notes/1/marks", json!([{"at": 1}, {"at": null, "by": "x"}]))(body);
        }),
        in_body("field-mixed", "field-unknown", true, |body| {
            set("/notes/0/rank", json!("first"))(body);
            set("/notes/1/rank", json!(null))(body);
            set("/notes/0/author/score", json!(1))(body);
            set("/notes/1/author/score", json!(1.5))(body);
        }),
        in_body("field-two-types", "field-unknown", true, |body| {
            set("/notes/0/rank", json!("first"))(body);
            set("/notes/1/rank", json!(1))(body);
        }),
        in_body(
            "field-null-only",
            "field-unknown",
            true,
            set("/notes/0/parent", json!(null)),
        ),
        in_body(
            "field-name-taken",
            "field-unknown",
            true,
            set("/notes/0/Title", json!("First")),
        ),
        in_body(
            "field-with-ids-inside",
            "field-unknown",
            true,
            set("/notes/0/votes", ids),
        ),
        in_body(
            "fields-that-are-ids",
            "field-unknown",
            false,
            set("/notes/0/601308802842759168", json!(1)),
        ),
        in_body("field-missing", "field-missing", true, |body| {
            drop(body["notes"][0].as_object_mut().unwrap().remove("title"));
        }),
        in_body("field-missing-the-only-one", "field-missing", true, |body| {
            drop(body.as_object_mut().unwrap().remove("notes"));
        }),
        in_body("null-scalar", "null", true, set("/notes/0/title", json!(null))),
        in_body("null-item", "null", true, set("/notes/1", json!(null))),
        in_body("null-part", "null", true, set("/notes/1/author", json!(null))),
        in_body("null-union", "null", true, set("/total", json!(null))),
        in_body("null-enum", "null", true, set("/notes/0/state", json!(null))),
        in_body("type-scalar", "type", true, set("/notes/0/title", json!(5))),
        in_body("type-fraction", "type", true, set("/notes/0/size", json!(18.0))),
        in_body("type-item", "type", true, set("/notes/1", json!("n2"))),
        in_body("type-part", "type", true, set("/notes/0/author", json!("A"))),
        in_body("type-list", "type", true, set("/notes/0/tags", json!("a"))),
        in_body("type-union", "type", true, set("/total", json!([2]))),
        in_body("type-union-fraction", "type", true, set("/total", json!(2.5))),
        in_body("type-of-the-answer", "type", false, |body| *body = json!([])),
        in_body(
            "enum-value",
            "enum-value",
            true,
            set("/notes/0/state", json!("archived")),
        ),
        in_body(
            "enum-value-not-shown",
            "enum-value",
            false,
            set("/notes/0/state", json!("sk-planted-in-an-enum")),
        ),
        in_body("format", "format", true, set("/notes/0/made_at", json!("yesterday"))),
        in_body(
            "format-no-zone",
            "format",
            true,
            set("/notes/0/made_at", json!("2026-04-22T12:34:41")),
        ),
        in_body("bound", "bound", true, set("/notes/0/size", json!(101))),
        exchange(
            "status-failure",
            "status",
            true,
            entry("GET", URL, 503, "application/json", failure),
        ),
        exchange(
            "status-page",
            "status",
            true,
            entry("GET", URL, 404, "text/html", "<p>Not here.</p>"),
        ),
        exchange(
            "media-type",
            "media-type",
            false,
            entry("GET", URL, 200, "text/html", "<p>Sign in.</p>"),
        ),
        exchange(
            "not-json",
            "not-json",
            false,
            entry("GET", URL, 200, "application/json", "{\"notes\": ["),
        ),
        exchange(
            "not-json-empty",
            "not-json",
            false,
            entry("GET", URL, 200, "application/json", ""),
        ),
        exchange(
            "parameter-unknown",
            "parameter-unknown",
            true,
            ok("GET", "http://127.0.0.1/v1/notes?limit=2&after=17"),
        ),
        exchange(
            "parameter-refused",
            "parameter-unknown",
            false,
            entry(
                "GET",
                "http://127.0.0.1/v1/notes?limit=2&after=17",
                401,
                "application/json",
                failure,
            ),
        ),
        exchange(
            "parameter-missing",
            "parameter-missing",
            true,
            ok("GET", "http://127.0.0.1/v1/notes"),
        ),
        exchange(
            "request-value",
            "request-value",
            false,
            ok("GET", "http://127.0.0.1/v1/notes?limit=0"),
        ),
        exchange(
            "request-enum",
            "request-value",
            false,
            ok("GET", "http://127.0.0.1/v1/notes?limit=1&kind=theirs"),
        ),
        exchange(
            "endpoint-method",
            "endpoint",
            false,
            ok("POST", "https://notes.example/v1/notes"),
        ),
        exchange(
            "endpoint-path",
            "endpoint",
            false,
            ok("GET", "https://notes.example/v1/notes/601308802842759168/parts"),
        ),
        exchange("body-not-recorded", "body-not-recorded", true, without_body),
        exchange(
            "other-host",
            "other-host",
            true,
            ok("GET", "https://elsewhere.example/v2/track"),
        ),
    ]
}

/// The small spec in one of its two styles. They differ only in layout.
pub(crate) fn small_spec(style: &str) -> Vec<(String, String)> {
    let name = format!("{style}.yaml");
    let text = read(&format!("tests/fixtures/drift/{name}"));
    vec![(name, text)]
}

#[test]
fn exactly_the_planted_deviation_is_reported() {
    let (block, flow) = (small_spec("block"), small_spec("flow"));
    assert_eq!(parsed(&block).tree(), parsed(&flow).tree());
    let mut wrong = Vec::new();
    for plant in plants() {
        let name = plant.name;
        match (planted(&block, &plant), planted(&flow, &plant)) {
            (Ok(in_block), Ok(in_flow)) => {
                // Only the patch depends on the layout; the two reports are equal.
                let Planted { report, patch, .. } = &in_block;
                snapshot::assert(
                    "drift",
                    &format!("planted/{name}"),
                    &format!("{report}\n\n{patch}{}", in_flow.patch),
                );
                if in_block.without_locations != in_flow.without_locations {
                    wrong.push(format!("{name}: the layout changes the report:\n{}", in_flow.report));
                }
                if in_block.spec.tree() != in_flow.spec.tree() {
                    wrong.push(format!(
                        "{name}: the layout changes what the patch means:\n{}",
                        in_flow.patch
                    ));
                }
                if let Err(findings) = generate(&in_block.spec) {
                    wrong.push(format!("{name}: {findings}\n{patch}"));
                }
            }
            (in_block, in_flow) => {
                let errors = [in_block, in_flow].into_iter().filter_map(Result::err);
                wrong.extend(errors.map(|error| format!("{name}: {error}")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// The result of comparing a planted deviation.
struct Planted {
    report: String,
    /// The report without file names and positions.
    without_locations: Vec<Value>,
    patch: String,
    spec: Spec,
}

fn parsed(specs: &[(String, String)]) -> Spec {
    Spec::parse(&specs[0].0, &specs[0].1).expect("the spec is YAML")
}

/// Compares a planted deviation with a spec, before and after the patch. Returns what went wrong as
/// the error.
fn planted(specs: &[(String, String)], plant: &Plant) -> Result<Planted, String> {
    // The good response next to it has all fields, so none is reported as missing.
    let good = entry("GET", URL, 200, "application/json", &good().to_string());
    let text = har(&[good, plant.entry.clone()]);
    let found = compare(specs, "a.har", &text);
    let patch = patch(specs, &found);
    let all = &found.deviations;
    if all.is_empty() || all.len() > 2 || all.iter().any(|deviation| deviation.finding.rule != plant.rule) {
        return Err(format!("a different deviation is reported:\n{found}"));
    }
    if all.iter().all(|deviation| deviation.patched || is_note(deviation)) != plant.fixed {
        return Err(format!("whether it is patched differs from the expectation:\n{found}"));
    }
    let specs = patched(specs, &found);
    let again = compare(&specs, "a.har", &text);
    if again.is_clean() != plant.fixed || !again.patched.is_empty() {
        return Err(format!("after the patch:\n{again}\n{patch}"));
    }
    let without_locations = all.iter().map(|deviation| {
        let mut value = deviation.to_json();
        for field in ["file", "line", "column"] {
            value[field] = Value::Null;
        }
        value
    });
    Ok(Planted {
        report: found.to_string(),
        without_locations: without_locations.collect(),
        patch,
        spec: parsed(&specs),
    })
}
