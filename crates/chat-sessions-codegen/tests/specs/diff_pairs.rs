//! Diff: pairs of specs beside the verdict in each direction, in `tests/fixtures/pairs`.

use std::collections::BTreeMap;
use std::fs;

use chat_sessions_codegen::{Compatibility, Diff, Facade, Spec, diff};

use crate::support::specs::root;

/// One entry of a file: its title, and its fields.
struct Entry {
    title: String,
    fields: BTreeMap<String, String>,
}

impl Entry {
    fn field(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str)
    }

    /// A field of one of the documents, or of both.
    fn of(&self, version: &str, name: &str) -> Option<&str> {
        self.field(&format!("{version} {name}")).or_else(|| self.field(name))
    }
}

/// Reads a file: after the introduction, entries that are separated by empty lines.
fn entries(name: &str) -> Vec<Entry> {
    let path = root().join("tests/fixtures/pairs").join(name);
    let text = fs::read_to_string(path).expect("the fixture is in the repository");
    let blocks = text.split("\n\n").filter(|block| block.contains("\nold: "));
    blocks
        .map(|block| {
            let (title, fields) = block.trim().split_once('\n').expect("an entry has a title");
            let fields = fields.lines().map(|line| {
                let (name, value) = line.split_once(": ").expect("a field has a value");
                (name.to_owned(), value.to_owned())
            });
            Entry {
                title: title.to_owned(),
                fields: fields.collect(),
            }
        })
        .collect()
}

fn spec(text: &str) -> Spec {
    Spec::parse("spec.yaml", text).unwrap_or_else(|findings| panic!("{findings}\n{text}"))
}

fn verdict(found: &Diff) -> &'static str {
    let gravest = found.changes.iter().map(|change| change.wire).max();
    gravest.unwrap_or(Compatibility::Same).name()
}

/// Compares two documents in both directions with the expected verdicts; returns what is wrong.
fn check(title: &str, old: &str, new: &str, expected: &str) -> Vec<String> {
    let (old, new) = (spec(old), spec(new));
    let expected: Vec<&str> = expected.split(", ").collect();
    assert_eq!(expected.len(), 2, "{title}: there and back");
    let directions = [
        ("there", diff(&old, &new, &Facade::default())),
        ("back", diff(&new, &old, &Facade::default())),
    ];
    let wrong = directions
        .iter()
        .zip(expected)
        .filter(|((_, found), expected)| verdict(found) != *expected);
    wrong
        .map(|((direction, found), expected)| {
            let changes = found.changes.iter();
            let changes =
                changes.map(|change| format!("\n    {}: {} {}", change.wire.name(), change.kind, change.message));
            let changes: String = changes.collect();
            format!(
                "{title}, {direction}: {} instead of {expected}{changes}",
                verdict(found)
            )
        })
        .collect()
}

#[test]
fn pairs_of_schemas_have_the_expected_verdicts() {
    let entries = entries("schemas.txt");
    let mut wrong = Vec::new();
    for entry in &entries {
        for direction in ["request", "response"] {
            let document = |version: &str| {
                let schema = entry.field(version).expect("an entry has two schemas");
                let content = format!("content: {{application/json: {{schema: {schema}}}}}");
                let operation = match direction {
                    "request" => format!("requestBody: {{{content}}}, responses: {{\"200\": {{description: OK}}}}"),
                    _ => format!("responses: {{\"200\": {{description: OK, {content}}}}}"),
                };
                let with = entry.of(version, "with").unwrap_or_default();
                format!(
                    "openapi: 3.0.3\ninfo: {{title: T, version: \"1\"}}\npaths: {{/v: {{post: {{{operation}}}}}}}\n\
                     components: {{schemas: {{{with}}}}}\n"
                )
            };
            let expected = entry.field(direction).expect("an entry has verdicts for both");
            let title = format!("{}, {direction}", entry.title);
            wrong.extend(check(&title, &document("old"), &document("new"), expected));
        }
    }
    assert!(entries.len() >= 70, "only {} pairs", entries.len());
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn pairs_of_operations_have_the_expected_verdicts() {
    let entries = entries("operations.txt");
    let mut wrong = Vec::new();
    for entry in &entries {
        let document = |version: &str| {
            let part = |name: &str| entry.of(version, name).unwrap_or_default();
            let path = entry.of(version, "path").unwrap_or("/v/{id}");
            let item = entry
                .of(version, "item")
                .map(|item| format!("{item}, "))
                .unwrap_or_default();
            let operation = entry.field(version).expect("an entry has two operations");
            format!(
                "openapi: 3.0.3\ninfo: {{title: T, version: \"1\"}}\npaths: {{\"{path}\": {{{item}post: {operation}}}}}\n\
                 components: {{{}}}\n{}\n",
                part("with"),
                part("root")
            )
        };
        let expected = entry.field("verdicts").expect("an entry has verdicts");
        wrong.extend(check(&entry.title, &document("old"), &document("new"), expected));
    }
    assert!(entries.len() >= 40, "only {} pairs", entries.len());
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}
