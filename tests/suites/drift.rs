//! Drift: real answers against the specs. The documents' own examples show what is known to contradict itself, each planted
//! deviation is found and nothing else, and the patch applies and cures.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chat_sessions::record::Recorder;
use chat_sessions::{ChatSessions, LlamaCloud, MemoriesAi, Order};
use chat_sessions_codegen::{Deviation, Drift, NamedText, RuleSet, Severity, Spec, drift, generate, lint};
use chat_sessions_sandbox::{Fault, LLAMA_CLOUD_KEY, MEMORIES_AI_KEY, Paging, Provider, Sandbox};
use serde_json::{Value, json};
use similar::TextDiff;

use crate::snapshot;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).expect("the file is in the repository")
}

/// Both providers' specs, under the names that a patch gives them.
pub(crate) fn specs() -> Vec<(String, String)> {
    ["specs/llama-cloud.yaml", "specs/memories-ai.yaml"]
        .map(|name| (name.to_owned(), read(name)))
        .to_vec()
}

fn sources(texts: &[(String, String)]) -> Vec<NamedText<'_>> {
    texts.iter().map(|(name, text)| NamedText { name, text }).collect()
}

/// Compares one text with specs.
pub(crate) fn compare(specs: &[(String, String)], name: &str, text: &str) -> Drift {
    drift(&sources(specs), &[NamedText { name, text }], None).expect("the answers can be read")
}

/// An archive of these entries, as a recorder writes it.
pub(crate) fn har(entries: &[Value]) -> String {
    let log = json!({"version": "1.2", "creator": {"name": "suite", "version": "1"}, "entries": entries});
    json!({ "log": log }).to_string()
}

/// One entry.
pub(crate) fn entry(method: &str, url: &str, status: u16, media_type: &str, body: &str) -> Value {
    json!({
        "startedDateTime": "2026-04-22T12:34:41Z",
        "time": 12,
        "request": {"method": method, "url": url, "httpVersion": "HTTP/1.1", "headers": [], "queryString": [], "cookies": []},
        "response": {
            "status": status, "statusText": "", "httpVersion": "HTTP/1.1", "headers": [], "cookies": [],
            "content": {"size": body.len(), "mimeType": media_type, "text": body},
        },
    })
}

/// The patch as one text.
fn patch(specs: &[(String, String)], found: &Drift) -> String {
    let mut patch = String::new();
    for new in &found.patched {
        let (name, old) = specs
            .iter()
            .find(|(name, _)| *name == new.name)
            .expect("a spec that was given");
        let diff = TextDiff::from_lines(old.as_str(), new.text.as_str());
        patch += &diff
            .unified_diff()
            .header(&format!("a/{name}"), &format!("b/{name}"))
            .to_string();
    }
    patch
}

/// The specs as the patch makes them.
fn patched(specs: &[(String, String)], found: &Drift) -> Vec<(String, String)> {
    let mut specs = specs.to_vec();
    for new in &found.patched {
        for (name, text) in &mut specs {
            if *name == new.name {
                text.clone_from(&new.text);
            }
        }
    }
    specs
}

fn is_note(deviation: &Deviation) -> bool {
    deviation.finding.severity == Severity::Note
}

#[test]
fn the_documents_own_examples_show_the_known_contradictions_only() {
    for name in [
        "memories-ai/documented-example",
        "memories-ai/live-capture",
        "llama-cloud/documented-example",
    ] {
        let file = format!("{name}.json");
        let found = compare(&specs(), &file, &read(&format!("tests/fixtures/{file}")));
        assert!(found.is_clean() && found.patched.is_empty());
        // What facts say of Memories.ai: its table names five fields that neither its example nor a live answer has.
        let only_in_the_table = ["page", "total_pages", "session_id", "video_no", "created_time"];
        let expected: &[&str] = if name.starts_with("memories-ai") {
            &only_in_the_table
        } else {
            &[]
        };
        let fields = found
            .deviations
            .iter()
            .map(|deviation| deviation.finding.pointer.as_str().rsplit('/').next().unwrap());
        assert_eq!(fields.collect::<Vec<_>>(), expected);
        snapshot::assert("drift", &name.replace('/', "-"), &found.to_string());
    }
}

#[test]
fn the_tables_spelling_is_covered_by_the_spec() {
    let found = compare(
        &specs(),
        "table-spelling.json",
        &read("tests/fixtures/memories-ai/table-spelling.json"),
    );
    assert!(found.is_clean(), "{found}");
}

/// An answer in which everything is as the small spec says.
fn good() -> Value {
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

const URL: &str = "http://127.0.0.1:8080/proxy/v1/notes?limit=2";

/// A deviation: what it is called, the one rule that finds it, whether the patch cures it, and the exchange.
struct Plant {
    name: &'static str,
    rule: &'static str,
    cured: bool,
    entry: Value,
}

fn in_body(name: &'static str, rule: &'static str, cured: bool, change: impl Fn(&mut Value)) -> Plant {
    let mut body = good();
    change(&mut body);
    let entry = entry("GET", URL, 200, "application/json; charset=utf-8", &body.to_string());
    Plant {
        name,
        rule,
        cured,
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

fn exchange(name: &'static str, rule: &'static str, cured: bool, entry: Value) -> Plant {
    Plant {
        name,
        rule,
        cured,
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
fn small_spec(style: &str) -> Vec<(String, String)> {
    let name = format!("{style}.yaml");
    let text = read(&format!("tests/fixtures/drift/{name}"));
    vec![(name, text)]
}

#[test]
fn each_planted_deviation_is_found_and_nothing_else() {
    let (block, flow) = (small_spec("block"), small_spec("flow"));
    assert_eq!(parsed(&block).tree(), parsed(&flow).tree());
    let mut wrong = Vec::new();
    for plant in plants() {
        let name = plant.name;
        match (planted(&block, &plant), planted(&flow, &plant)) {
            (Ok(in_block), Ok(in_flow)) => {
                // The report would repeat itself; only the patch depends on the layout.
                let Planted { report, patch, .. } = &in_block;
                snapshot::assert(
                    "drift",
                    &format!("planted/{name}"),
                    &format!("{report}\n\n{patch}{}", in_flow.patch),
                );
                if in_block.without_places != in_flow.without_places {
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
                wrong.extend(errors.map(|what| format!("{name}: {what}")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// What was found for a plant, and the patch.
struct Planted {
    report: String,
    /// The report without file names and positions.
    without_places: Vec<Value>,
    patch: String,
    spec: Spec,
}

fn parsed(specs: &[(String, String)]) -> Spec {
    Spec::parse(&specs[0].0, &specs[0].1).expect("the spec is YAML")
}

/// Compares a plant with a spec, before and after the patch. The error says what is wrong.
fn planted(specs: &[(String, String)], plant: &Plant) -> Result<Planted, String> {
    // The good response beside it has all fields, so that none is missing.
    let good = entry("GET", URL, 200, "application/json", &good().to_string());
    let text = har(&[good, plant.entry.clone()]);
    let found = compare(specs, "a.har", &text);
    let patch = patch(specs, &found);
    let all = &found.deviations;
    if all.is_empty() || all.len() > 2 || all.iter().any(|deviation| deviation.finding.rule != plant.rule) {
        return Err(format!("not what was planted:\n{found}"));
    }
    if all.iter().all(|deviation| deviation.patched || is_note(deviation)) != plant.cured {
        return Err(format!("patched, or not, against expectation:\n{found}"));
    }
    let specs = patched(specs, &found);
    let again = compare(&specs, "a.har", &text);
    if again.is_clean() != plant.cured || !again.patched.is_empty() {
        return Err(format!("after the patch:\n{again}\n{patch}"));
    }
    let without_places = all.iter().map(|deviation| {
        let mut value = deviation.to_json();
        for place in ["file", "line", "column"] {
            value[place] = Value::Null;
        }
        value
    });
    Ok(Planted {
        report: found.to_string(),
        without_places: without_places.collect(),
        patch,
        spec: parsed(&specs),
    })
}

/// What the facade records of a walk over both lists, with a field injected into every object of every answer.
async fn recorded_with_an_injected_field() -> String {
    let builder = Sandbox::builder().memories_ai_sessions(45).llama_cloud_sessions(45);
    let sandbox = builder.start().await.unwrap();
    for provider in [Provider::MemoriesAi, Provider::LlamaCloud] {
        sandbox.always(provider, Fault::paging(Paging::UnknownFields));
    }
    let memories_ai = MemoriesAi::builder().api_key(MEMORIES_AI_KEY).base_url(sandbox.url());
    let llama_cloud = LlamaCloud::builder().api_key(LLAMA_CLOUD_KEY).base_url(sandbox.url());
    let client = ChatSessions::builder()
        .source(memories_ai.build().unwrap())
        .source(llama_cloud.build().unwrap())
        .build();

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("walk.har");
    let recorder = Recorder::create(&path).unwrap().blank_titles();
    let list = client.unwrap().list_sessions().order(Order::Source).page_size(20);
    let mut sessions = list.record(&recorder).by_item();
    while let Some(session) = sessions.next().await {
        session.unwrap();
    }
    recorder.finish().unwrap();
    fs::read_to_string(path).unwrap()
}

#[tokio::test]
async fn an_injected_field_is_found_and_the_patch_applies_and_cures() {
    let archive = recorded_with_an_injected_field().await;
    let specs = specs();
    let found = compare(&specs, "walk.har", &archive);
    let patch = patch(&specs, &found);
    snapshot::assert("drift", "injected-field", &format!("{found}\n\n{patch}"));

    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("specs")).unwrap();
    for (name, text) in &specs {
        fs::write(folder.path().join(name), text).unwrap();
    }
    fs::write(folder.path().join("drift.patch"), patch).unwrap();
    for arguments in [
        &["init", "--quiet"] as &[&str],
        &["apply", "--whitespace=error-all", "drift.patch"],
    ] {
        let git = Command::new("git")
            .args(arguments)
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(
            git.status.success(),
            "git {arguments:?}: {}",
            String::from_utf8_lossy(&git.stderr)
        );
    }
    let applied: Vec<(String, String)> = specs
        .iter()
        .map(|(name, _)| (name.clone(), fs::read_to_string(folder.path().join(name)).unwrap()))
        .collect();
    assert_eq!(applied, patched(&specs, &found));
    let again = compare(&applied, "walk.har", &archive);
    assert!(again.is_clean() && again.patched.is_empty(), "{again}");
    for (name, text) in &applied {
        let spec = Spec::parse(name, text).expect("the patched spec is YAML");
        let findings = lint(&spec, RuleSet::House { documented: None });
        assert!(findings.is_empty(), "{findings}");
        let generated = generate(&spec).expect("the patched spec generates").client;
        assert!(generated.contains("sandbox_unknown"), "{name}");
    }
}

#[test]
fn the_form_is_told_by_the_content() {
    let body = read("tests/fixtures/memories-ai/live-capture.json");
    let line = serde_json::from_str::<Value>(&body).unwrap().to_string();
    let url = "https://api.memories.ai/serve/api/v1/list_sessions?unique_id=default";
    let mut broken_off = entry("GET", url, 200, "application/json", "{\"code\":");
    broken_off["response"]["_error"] = json!("the answer broke off");
    let mut in_base64 = entry("GET", url, 200, "application/json", &STANDARD.encode(&body));
    in_base64["response"]["content"]["encoding"] = json!("base64");
    for (what, text, answers) in [
        ("a body", body.clone(), 1),
        ("an archive in base64", har(&[in_base64]), 1),
        ("a body with a byte order mark", format!("\u{feff}{body}"), 1),
        ("lines", format!("{line}\r\n\r\n{line}\n{line}"), 3),
        (
            "an archive",
            har(&[
                entry("GET", &format!("{url}&page=[redacted]"), 200, "application/json", &body),
                entry("GET", url, 0, "", ""),
                broken_off,
            ]),
            1,
        ),
    ] {
        let found = compare(&specs(), "answers.txt", &text);
        assert_eq!(
            (found.responses, found.deviations.len(), found.is_clean()),
            (answers, 5, true),
            "{what}: {found}"
        );
    }
}

#[test]
fn what_cannot_be_compared_is_said_with_a_remedy() {
    let body = good().to_string();
    let twice = [small_spec("block"), small_spec("flow")].concat();
    let said = |specs: &[(String, String)], text: &str, operation| {
        let answers = [NamedText { name: "a.json", text }];
        drift(&sources(specs), &answers, operation)
            .expect_err("this cannot be compared")
            .to_string()
    };
    let broken = [("broken.yaml".to_owned(), "openapi: [".to_owned())];
    let all = [
        said(&twice, "", None),
        said(&twice, "<html>", None),
        said(&twice, "{\"code\": 1}\n{\"code\": planted}\n", None),
        said(&twice, &body, None),
        said(&twice, "{\"planted\": 1}", None),
        said(&twice, &body, Some("list_notes")),
        said(&twice, &body, Some("nothing")),
        said(&broken, &body, None),
    ];
    let all = all.join("\n");
    assert!(!all.contains("planted"), "{all}");
    snapshot::assert("drift", "refused", &all);

    let named = drift(
        &sources(&specs()),
        &[NamedText {
            name: "a.json",
            text: "{\"planted\": 1}",
        }],
        Some("list_sessions"),
    );
    let named = named.expect("the operation is named").to_string();
    assert!(named.contains("error[field-missing]"), "{named}");
}

/// Whoever made the archive decides how many names and values are in it, and not how long the comparison takes.
#[test]
fn a_thousand_details_are_told_once() {
    const COUNT: usize = 1000;
    let word = |index: usize| {
        let letter = |index: usize| char::from(b'a' + u8::try_from(index % 26).unwrap());
        format!("w{}{}{}", letter(index), letter(index / 26), letter(index / 676))
    };
    let mut body = good();
    let note = body["notes"][0].clone();
    let notes = (0..COUNT).map(|index| {
        let mut note = note.clone();
        note["state"] = json!(word(index));
        note
    });
    body["notes"] = notes.collect();
    let queries: Vec<String> = (0..COUNT).map(|index| format!("{}=1", word(index))).collect();
    let mut entries = vec![entry(
        "GET",
        &format!("{URL}&{}", queries.join("&")),
        200,
        "application/json",
        &body.to_string(),
    )];
    for index in 0..COUNT {
        let elsewhere = format!("http://127.0.0.1/v1/{}", word(index));
        entries.push(entry("GET", &elsewhere, 200, "application/json", "{}"));
        let status = u16::try_from(600 + index).unwrap();
        entries.push(entry("GET", URL, status, "", ""));
    }
    let specs = small_spec("flow");
    let found = compare(&specs, "a.har", &har(&entries));
    snapshot::assert("drift", "thousands", &format!("{found}"));
}

#[test]
fn no_secret_comes_out() {
    const SECRET: &str = "sk-planted-needle-0123456789abcdef";
    let mut body = good();
    let note = body["notes"][0].as_object_mut().unwrap();
    note.insert(SECRET.to_owned(), json!(SECRET));
    note.insert("token".to_owned(), json!(SECRET));
    note.insert("nested".to_owned(), json!({SECRET: {SECRET: SECRET}, "list": [SECRET]}));
    note.insert("state".to_owned(), json!(SECRET));
    note.insert("made_at".to_owned(), json!(SECRET));
    note.insert("size".to_owned(), json!(SECRET));
    note.insert("author".to_owned(), json!(SECRET));
    let good_one = entry("GET", URL, 200, "application/json", &good().to_string());
    let url = format!(
        "http://{SECRET}:{SECRET}@127.0.0.1/{SECRET}/v1/notes?limit={SECRET}&{SECRET}={SECRET}&kind={SECRET}&after={SECRET}#{SECRET}"
    );
    let mut planted = entry("GET", &url, 200, "application/json", &body.to_string());
    for side in ["request", "response"] {
        planted[side]["headers"] =
            json!([{"name": "authorization", "value": SECRET}, {"name": SECRET, "value": SECRET}]);
        planted[side]["cookies"] = json!([{"name": SECRET, "value": SECRET}]);
    }
    planted["comment"] = json!(SECRET);
    let elsewhere = format!("http://127.0.0.1/v1/{SECRET}/{SECRET}");
    let text = har(&[
        good_one,
        planted,
        entry(SECRET, &elsewhere, 200, SECRET, SECRET),
        entry(
            "GET",
            &format!("https://{SECRET}.example/{SECRET}"),
            200,
            SECRET,
            SECRET,
        ),
        entry("GET", URL, 200, &format!("text/{SECRET}"), SECRET),
        entry("GET", URL, 200, "application/json", &format!("\"{SECRET}")),
        entry(
            "GET",
            URL,
            401,
            "application/json",
            &json!({ SECRET: SECRET }).to_string(),
        ),
        entry(
            "GET",
            URL,
            500,
            "application/json",
            &json!({ SECRET: SECRET }).to_string(),
        ),
    ]);
    let specs = small_spec("block");
    let found = compare(&specs, "a.har", &text);
    let patch = patch(&specs, &found);
    snapshot::assert("drift", "secrets", &format!("{found}\n\n{patch}"));
    for shown in [
        found.to_string(),
        found.to_json().to_string(),
        format!("{found:?}"),
        patch,
    ] {
        assert!(
            !shown.contains("planted") && !shown.contains("needle") && !shown.contains("0123456789"),
            "{shown}"
        );
    }
}
