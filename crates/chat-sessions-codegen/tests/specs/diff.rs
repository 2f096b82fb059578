//! Diff: the report about two versions of a spec, for real history, for single changes, and for
//! random changes.
//!
//! `tests/fixtures/diff/NAME.diff` changes `shop.yaml` beside it in one place: a sentence that
//! describes the change, then the hunks of a unified diff without their headers. `tests/fixtures/history`
//! has versions from the providers' documents and SDKs.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use chat_sessions_codegen::{Bump, Compatibility, Diff, Facade, FieldMap, Generated, Spec, Versions, diff, generate};
use proptest::prelude::*;

use crate::support::snapshot;
use crate::support::specs::root;

fn folder(name: &str) -> PathBuf {
    root().join("tests/fixtures").join(name)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("the fixture is in the repository")
}

fn facade() -> Facade {
    let field_map = FieldMap::parse(&read(&folder("history/field_map.rs"))).expect("the field map can be read");
    Facade::new(field_map)
        .with_source("llama-cloud", "client.list_chat_sessions(params)")
        .with_source("memories-ai", "client.list_sessions(page)")
        .with_source("shop", "client.list_orders(page)")
}

/// The versions of the workspace when the fixtures were written.
fn versions() -> Versions {
    let version = "0.1.0".parse().ok();
    Versions {
        raw: version.clone(),
        facade: version,
    }
}

fn history(old: &str, new: &str) -> Diff {
    let spec = |name: &str| {
        let name = format!("{name}.yaml");
        Spec::parse(&name, &read(&folder("history").join(&name))).expect("the fixture is YAML")
    };
    diff(&spec(old), &spec(new), &facade())
}

#[test]
fn real_history_is_reported_as_its_snapshots_say() {
    for (old, new, raw, facade) in [
        ("llama-cloud-2.16", "llama-cloud-2.17", Bump::Major, Bump::Patch),
        ("llama-cloud-2.17", "llama-cloud-2.18", Bump::Patch, Bump::None),
        ("memories-ai-1.1", "memories-ai-1.2", Bump::Major, Bump::Minor),
        ("memories-ai-1.2", "memories-ai-1.2-later", Bump::Major, Bump::Patch),
    ] {
        let found = history(old, new);
        let name = format!("history/{new}");
        snapshot::assert("diff", &name, &found.text(&versions()));
        snapshot::assert("diff", &format!("{name}.markdown"), &found.markdown());
        let json = serde_json::to_string_pretty(&found.json(&versions())).expect("it is JSON");
        snapshot::assert("diff", &format!("{name}.json"), &json);
        assert_eq!((found.raw.bump, found.facade.bump), (Some(raw), Some(facade)), "{new}");
    }
}

#[test]
fn an_sdk_that_only_moves_a_method_causes_only_notes() {
    let found = history("llama-cloud-2.17", "llama-cloud-2.18");
    assert!(
        found.changes.iter().all(|change| change.is_note()),
        "{:?}",
        found.changes
    );
}

#[test]
fn without_a_field_map_the_effect_on_the_facade_is_unknown() {
    let spec = |name: &str| Spec::parse(name, &read(&folder("history").join(name))).expect("the fixture is YAML");
    let (old, new) = (spec("llama-cloud-2.16.yaml"), spec("llama-cloud-2.17.yaml"));
    let found = diff(&old, &new, &Facade::default());
    assert_eq!(found.facade.bump, None);
    assert!(found.facade.reason.contains("no field map"), "{}", found.facade.reason);
    assert_eq!(found.raw.bump, Some(Bump::Major));
}

/// Applies the hunks of a case to a text.
fn apply(base: &str, case: &str) -> String {
    let (_, hunks) = case
        .split_once("\n\n")
        .expect("a case has a sentence, an empty line and hunks");
    let mut text = base.to_owned();
    for hunk in hunks.split("\n\n").map(str::trim_end) {
        let side = |other: char| -> String {
            let lines = hunk.lines().filter(|line| !line.starts_with(other));
            lines.map(|line| format!("{}\n", &line[1..])).collect()
        };
        let (old, new) = (side('+'), side('-'));
        assert_eq!(
            text.matches(&old).count(),
            1,
            "the hunk applies at exactly one place:\n{hunk}"
        );
        text = text.replacen(&old, &new, 1);
    }
    text
}

/// Beside a reference, `nullable` never allowed null. On the component it does, and lowering moves
/// it back to the field, so that the generated Rust stays.
#[test]
fn nullable_that_moves_to_the_component_allows_null_and_changes_no_rust() {
    let spec = |place: &str, component: &str| {
        let place = format!("place: {{{place}allOf: [{{$ref: \"#/components/schemas/Place\"}}]}}");
        let component =
            format!("    Place: {{type: object, {component}properties: {{town: {{type: string}}}}}}\n    Price:\n");
        let text = read(&folder("diff/shop.yaml"))
            .replace("place: {type: object, properties: {town: {type: string}}}", &place)
            .replace("    Price:\n", &component);
        Spec::parse("shop.yaml", &text).expect("it is YAML")
    };
    let old = spec("type: object, nullable: true, ", "");
    let new = spec("", "nullable: true, ");
    let found = diff(&old, &new, &facade());
    let text = found.text(&versions());
    let kinds: Vec<_> = found.changes.iter().map(|change| (change.kind, change.wire)).collect();
    assert_eq!(kinds, [("null-allowed", Compatibility::Breaking)], "{text}");
    assert_eq!(found.rust_changes().count(), 0, "{text}");
    assert!(!text.contains("still"), "{text}");
}

fn cases() -> Vec<(String, String)> {
    let entries = fs::read_dir(folder("diff")).expect("the cases are in the repository");
    let mut cases: Vec<(String, String)> = entries
        .map(|entry| entry.expect("an entry can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "diff"))
        .map(|path| {
            let name = path
                .file_stem()
                .and_then(|name| name.to_str())
                .expect("names are ASCII");
            (name.to_owned(), read(&path))
        })
        .collect();
    cases.sort();
    cases
}

fn shop(text: &str) -> Spec {
    Spec::parse("shop.yaml", text).expect("the base and the changed specs are YAML")
}

/// Compares the reports of the selected cases with their snapshots. Several tests share the cases,
/// so that they run in parallel.
fn check_cases(is_selected: impl Fn(&str) -> bool) {
    let base = read(&folder("diff/shop.yaml"));
    let old = shop(&base);
    let selected: Vec<_> = cases().into_iter().filter(|(name, _)| is_selected(name)).collect();
    assert!(selected.len() >= 5, "only {} cases", selected.len());
    for (name, case) in selected {
        let new = shop(&apply(&base, &case));
        let found = diff(&old, &new, &facade());
        assert!(!found.is_empty(), "{name}: no change is reported");
        let report = format!("{}\n{}\n", case.trim_end(), found.text(&versions()));
        snapshot::assert("diff", &format!("single/{name}"), &report);
    }
}

#[test]
fn single_changes_of_parameters() {
    check_cases(|name| name.contains("parameter"));
}

#[test]
fn single_changes_of_requests() {
    check_cases(|name| name.starts_with("request-"));
}

#[test]
fn single_changes_of_responses() {
    check_cases(|name| name.starts_with("answer-"));
}

#[test]
fn single_changes_of_everything_else() {
    check_cases(|name| !(name.contains("parameter") || name.starts_with("request-") || name.starts_with("answer-")));
}

#[test]
fn there_are_enough_single_changes() {
    assert!(cases().len() >= 40, "only {} cases", cases().len());
}

/// Returns the lines of a generated file without comments.
fn code(text: &str) -> Vec<String> {
    let mut code = Vec::new();
    let mut in_comment = false;
    for line in text.lines() {
        let trimmed = line.trim();
        in_comment |= trimmed.starts_with("/**");
        if !in_comment && !trimmed.starts_with("//") {
            code.push(line.to_owned());
        }
        in_comment &= !trimmed.ends_with("*/");
    }
    code
}

/// Returns the kind of change that reverses this kind, if it has one.
fn mirrored(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "property-added" => "property-removed",
        "property-removed" => "property-added",
        "parameter-added" => "parameter-removed",
        "parameter-removed" => "parameter-added",
        "operation-added" => "operation-removed",
        "operation-removed" => "operation-added",
        "status-added" => "status-removed",
        "status-removed" => "status-added",
        "enum-value-added" => "enum-value-removed",
        "enum-value-removed" => "enum-value-added",
        "variant-added" => "variant-removed",
        "variant-removed" => "variant-added",
        "required-added" => "required-removed",
        "required-removed" => "required-added",
        "null-allowed" => "null-forbidden",
        "null-forbidden" => "null-allowed",
        "schema-added" => "schema-removed",
        "schema-removed" => "schema-added",
        _ => return None,
    })
}

/// Returns the reversible kinds among the changes, or the kinds that reverse them, sorted.
fn kinds(found: &Diff, mirror: bool) -> Vec<&'static str> {
    let kinds = found.changes.iter().filter_map(|change| {
        let other = mirrored(change.kind)?;
        Some(if mirror { other } else { change.kind })
    });
    let mut kinds: Vec<_> = kinds.collect();
    kinds.sort_unstable();
    kinds
}

/// The specs that the properties mutate, each with its generated Rust, which is slow to generate.
static SPECS: LazyLock<[(Spec, Generated); 3]> = LazyLock::new(|| {
    SPEC_FILES.map(|name| {
        let spec = shop(&read(&folder(name)));
        let generated = generate(&spec).expect("the spec has no findings");
        (spec, generated)
    })
});

const SPEC_FILES: [&str; 3] = [
    "../../specs/llama-cloud.yaml",
    "../../specs/memories-ai.yaml",
    "diff/shop.yaml",
];

/// Changes a text in one place, mostly so that it remains YAML.
fn mutate(text: &str, line: prop::sample::Index, other: prop::sample::Index, mutation: u8) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let (line, other) = (line.index(lines.len()), other.index(lines.len()));
    match mutation {
        0 => {
            lines.remove(line);
        }
        1 => lines[line] = lines[other].clone(),
        2 => lines[line] = lines[line].replace("string", "integer"),
        3 => lines[line] = lines[line].replace("integer", "string"),
        4 => lines[line] = lines[line].replace("true", "false"),
        5 => lines[line] = lines[line].replace(": ", ": x"),
        _ => {
            let copy = lines[other].clone();
            lines.insert(line, copy);
        }
    }
    lines.join("\n")
}

#[test]
fn a_spec_does_not_differ_from_itself() {
    for (spec, _) in &*SPECS {
        assert!(diff(spec, spec, &facade()).is_empty());
    }
}

proptest! {
    #![proptest_config(crate::support::case_sample::random(16))]

    #[test]
    fn every_change_is_reported_and_nothing_else(
        which in 0..SPEC_FILES.len(),
        line in any::<prop::sample::Index>(),
        other in any::<prop::sample::Index>(),
        mutation in 0..7_u8,
    ) {
        let text = read(&folder(SPEC_FILES[which]));
        let (old, before) = &SPECS[which];
        let Ok(new) = Spec::parse("shop.yaml", &mutate(&text, line, other, mutation)) else {
            return Ok(());
        };
        let there = diff(old, &new, &facade());
        prop_assert_eq!(there.is_empty(), old.tree() == new.tree(), "a change is not reported, or a report has no change");
        let back = diff(&new, old, &facade());
        prop_assert_eq!(kinds(&there, true), kinds(&back, false), "{}", there.text(&versions()));
        for found in [&there, &back] {
            prop_assert!(found.changes.iter().all(|change| change.location().is_some_and(|node| node.location.is_some())));
            for change in &found.changes {
                let side_of_none = change.side.name() == "neither";
                prop_assert!(!side_of_none || change.wire == Compatibility::Same, "{}", change.message);
            }
        }
        if let Ok(after) = generate(&new) {
            let only_comments = there.rust_changes().all(|difference| difference.is_documentation());
            prop_assert_eq!(only_comments, code(&before.client) == code(&after.client), "{}", there.text(&versions()));
            prop_assert!(!only_comments || code(&before.httpmock) == code(&after.httpmock));
        }
    }
}
