//! Specs with unions and recursion: they are linted, generated and compared, and no mutation of them,
//! or of our own specs, makes a tool panic or end the process.

use std::fs;

use chat_sessions_codegen::{Facade, RuleSet, Spec, diff, generate, lint};

use crate::support::case_sample::sample;
use crate::support::snapshot;
use crate::support::specs::{PROVIDERS, root, spec_text};

const ACCEPTED: [&str; 3] = ["all-of-variants", "mapping", "recursion"];

fn text(name: &str) -> String {
    fs::read_to_string(root().join(format!("tests/fixtures/unions/{name}.yaml"))).expect("the fixture is there")
}

fn parsed(text: &str) -> Spec {
    Spec::parse("spec.yaml", text).expect("it is YAML")
}

#[test]
fn unions_and_recursion_are_accepted_and_generated_as_their_snapshots_say() {
    for name in ACCEPTED {
        let spec = parsed(&text(name));
        let findings = lint(&spec, RuleSet::Common);
        assert!(findings.is_empty(), "{name}: {findings}");
        let generated = generate(&spec).expect("the spec has no findings");
        let (types, _) = generated
            .client
            .split_once("\npub struct Client")
            .expect("the client is after the types");
        snapshot::assert("generation", &format!("unions-{name}"), types);
    }
}

#[test]
fn changes_of_unions_are_reported() {
    for (name, from, to, expected) in [
        (
            "mapping",
            "disc: Circle",
            "disk: Circle",
            "`Deserialize` of `Shape` behaves differently",
        ),
        (
            "mapping",
            "disc: Circle",
            "disc: Polygon",
            "`Deserialize` of `Shape` behaves differently",
        ),
        (
            "all-of-variants",
            "enum: [opened]}, by",
            "enum: [open]}, by",
            "`Deserialize` of `Event` behaves differently",
        ),
        (
            "all-of-variants",
            "        - $ref: \"#/components/schemas/Moved\"\n",
            "",
            "variant `Event::Moved` was removed",
        ),
        (
            "recursion",
            "width: {type: integer}",
            "width: {type: string}",
            "field `Media::width` is `Option<String>` instead of `Option<i64>`",
        ),
    ] {
        let old = text(name);
        assert_eq!(old.matches(from).count(), 1, "{from}");
        let new = old.replace(from, to);
        for (old, new, is_forward) in [(&old, &new, true), (&new, &old, false)] {
            let found = diff(&parsed(old), &parsed(new), &Facade::default());
            assert!(!found.is_empty(), "{from}");
            let rust: Vec<_> = found.rust_changes().map(|change| change.message.as_str()).collect();
            assert!(!is_forward || rust.contains(&expected), "{from}: {rust:#?}");
        }
    }
}

/// Each line of a text, mutated in one of several ways.
fn mutations(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let with = |at: usize, line: String| {
        let mut lines = lines.clone();
        lines[at] = &line;
        lines.join("\n")
    };
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let other = lines[(at * 7 + 3) % lines.len()];
        let half = line
            .char_indices()
            .nth(line.chars().count() / 2)
            .map_or(0, |(half, _)| half);
        found.extend([
            with(at, String::new()),
            with(at, other.to_owned()),
            with(at, format!("{line}\n{other}")),
            with(at, format!("  {line}")),
            with(at, line[..half].to_owned()),
            with(at, line.replace("string", "object").replace("object", "array")),
            with(
                at,
                line.replace("allOf", "oneOf")
                    .replace("anyOf", "allOf")
                    .replace("items", "not"),
            ),
            with(
                at,
                line.replace("properties", "additionalProperties")
                    .replace("Shape", "Group"),
            ),
            with(
                at,
                line.replace("Media", "Image")
                    .replace("Base", "Event")
                    .replace("Text", "Chat"),
            ),
        ]);
    }
    found.retain(|mutated| mutated.trim_end() != text.trim_end());
    found.dedup();
    found
}

/// Lints, generates and compares a mutated spec. A stack overflow would end the process.
fn use_everywhere(original: &Spec, mutated: &str) {
    let Ok(spec) = Spec::parse("spec.yaml", mutated) else {
        return;
    };
    let findings = lint(&spec, RuleSet::Common);
    for finding in &findings {
        assert!(finding.location.is_some(), "no location: {finding}\n{mutated}");
    }
    if let Err(findings) = generate(&spec) {
        let panicked = findings.iter().any(|finding| finding.message.contains("panicked"));
        assert!(!panicked, "{findings}\n{mutated}");
    }
    let found = diff(original, &spec, &Facade::default());
    assert_eq!(found.is_empty(), original.tree() == spec.tree(), "{mutated}");
}

#[test]
fn no_mutation_of_a_spec_with_unions_or_recursion_ends_the_process() {
    for name in ACCEPTED {
        let text = text(name);
        let original = parsed(&text);
        for mutated in sample(5, mutations(&text)) {
            use_everywhere(&original, &mutated);
        }
    }
}

#[test]
fn no_mutation_of_our_specs_ends_the_process() {
    for provider in PROVIDERS {
        let text = spec_text(provider);
        let original = parsed(&text);
        // The specs are long, and most of their lines alike.
        for mutated in sample(13, mutations(&text).into_iter().step_by(31)) {
            use_everywhere(&original, &mutated);
        }
    }
}
