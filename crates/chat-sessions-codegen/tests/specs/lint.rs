//! Lint: the workspace's specs have no findings, every rule has a broken spec, every broken spec
//! has findings, and no input causes a panic.

use std::collections::BTreeSet;
use std::fs;

use chat_sessions_codegen::{
    DocumentedExample, Finding, Findings, Rule, RuleSet, Severity, Spec, generate, lint, lint_text, rules,
};
use proptest::prelude::*;
use serde_json::Value;

use crate::support::snapshot;
use crate::support::specs::{PROVIDERS, broken_specs, mutated_spec, root, spec_text};

#[test]
fn our_specs_have_no_finding() {
    for provider in PROVIDERS {
        let file = format!("tests/fixtures/{provider}/documented-example.json");
        let value = json(&file);
        let documented = Some(DocumentedExample {
            file: &file,
            value: &value,
        });
        let spec = Spec::parse(&format!("specs/{provider}.yaml"), &spec_text(provider)).unwrap();
        let findings = lint(&spec, RuleSet::House { documented });
        assert!(findings.is_empty(), "{findings}");
    }
}

#[test]
fn each_broken_spec_has_findings_and_each_rule_has_a_broken_spec() {
    let specs = broken_specs();
    assert!(specs.len() >= 100, "only {} broken specs", specs.len());
    let mut violated = BTreeSet::new();
    for (name, file, text) in specs {
        let findings = findings_of(&name, &file, &text);
        assert!(!findings.is_empty(), "{file} has no finding");
        for finding in &findings {
            assert!(finding.location.is_some(), "no location: {finding}");
            assert!(!finding.message.is_empty() && !finding.remedy.is_empty(), "{finding}");
            let expected = if name.starts_with("house-") {
                rule(finding).with_generator
            } else {
                rule(finding).severity
            };
            assert_eq!(expected, finding.severity, "{finding}");
            violated.insert(finding.rule);
        }
        snapshot::assert("lint", &name, &findings.to_string());
    }
    let without: Vec<&str> = rules()
        .iter()
        .map(|rule| rule.name)
        .filter(|name| !violated.contains(name))
        .collect();
    assert!(without.is_empty(), "no broken spec for {}", without.join(", "));
}

/// The rule of a finding.
fn rule(finding: &Finding) -> &'static Rule {
    let rule = rules().iter().find(|rule| rule.name == finding.rule);
    rule.unwrap_or_else(|| panic!("no such rule: {finding}"))
}

/// Lints a spec. Those whose name starts with `house-` must also follow the rules for the
/// workspace's own specs.
fn findings_of(name: &str, file: &str, text: &str) -> Findings {
    let common = lint_text(file, text, RuleSet::Common);
    if !name.starts_with("house-") {
        return common;
    }
    assert!(common.is_empty(), "{file} also violates common rules");
    let documented = format!("tests/fixtures/specs/documented/{name}.json");
    let value = root().join(&documented).exists().then(|| json(&documented));
    let documented = value.as_ref().map(|value| DocumentedExample {
        file: &documented,
        value,
    });
    lint_text(file, text, RuleSet::House { documented })
}

/// With the generator, the same findings are as severe as they are for our own specs.
#[test]
fn what_the_generator_does_not_support_is_an_error_only_with_the_generator() {
    let (mut notes, mut errors) = (0, 0);
    for (_, file, text) in broken_specs() {
        let common = lint_text(&file, &text, RuleSet::Common);
        let with_generator = lint_text(&file, &text, RuleSet::Generator);
        let same = |finding: &Finding| (finding.rule, finding.pointer.clone(), finding.message.clone());
        assert_eq!(
            common.iter().map(same).collect::<Vec<_>>(),
            with_generator.iter().map(same).collect::<Vec<_>>(),
            "{file}"
        );
        for finding in &with_generator {
            assert_eq!(rule(finding).with_generator, finding.severity, "{finding}");
        }
        notes += common
            .iter()
            .filter(|finding| finding.severity == Severity::Note)
            .count();
        errors += with_generator
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            .count();
    }
    assert!(notes > 50 && errors > 100, "{notes} notes, {errors} errors");
}

/// A document that our generator does not support, and that is valid, is no failure for others.
#[test]
fn a_valid_document_has_no_error() {
    let text = include_str!("../../../../tests/fixtures/valid-spec.yaml");
    let findings = lint_text("valid-spec.yaml", text, RuleSet::Common);
    assert!(!findings.has_errors(), "{findings}");
    let warnings = findings.iter().filter(|finding| finding.severity == Severity::Warning);
    let warnings: BTreeSet<&str> = warnings.map(|finding| finding.rule).collect();
    let expected = [
        "nullable-ignored",
        "response-failure",
        "unused-component",
        "yaml-ambiguous",
        "yaml-ambiguous-date",
        "yaml-ambiguous-letter",
    ];
    assert_eq!(warnings, BTreeSet::from(expected), "{findings}");
    assert!(lint_text("valid-spec.yaml", text, RuleSet::Generator).has_errors());
}

/// What has no error for the generator is generated.
#[test]
fn what_lint_accepts_is_generated() {
    for (_, file, text) in broken_specs() {
        let Ok(spec) = Spec::parse(&file, &text) else { continue };
        let findings = lint_text(&file, &text, RuleSet::Generator);
        if let Err(refused) = generate(&spec) {
            assert!(findings.has_errors(), "{refused}");
        }
    }
}

#[test]
fn the_table_of_rules_is_sorted_and_complete() {
    let keys: Vec<_> = rules().iter().map(|rule| (rule.subject.name(), rule.name)).collect();
    let names: BTreeSet<_> = keys.iter().map(|(_, name)| name).collect();
    assert_eq!(names.len(), keys.len(), "a rule appears twice");
    for pair in keys.windows(2) {
        assert!(
            pair[0].0 != pair[1].0 || pair[0].1 < pair[1].1,
            "{} is before {}",
            pair[0].1,
            pair[1].1
        );
    }
    for rule in rules() {
        assert!(rule.about.ends_with('.') && rule.remedy.ends_with('.'), "{}", rule.name);
    }
}

/// `check` refuses to generate from a spec with findings, so lint must report each of them as an
/// error.
#[test]
fn lint_reports_all_findings_of_check() {
    for (_, file, text) in broken_specs() {
        let Ok(spec) = Spec::read(&file, &text) else { continue };
        let all = lint(&spec, RuleSet::Generator);
        for finding in &chat_sessions_codegen::check(&spec) {
            assert_eq!(finding.severity, Severity::Error);
            assert!(
                all.iter().any(|other| other == finding),
                "{finding}\nis not among\n{all}"
            );
        }
    }
}

#[test]
fn a_parameter_of_an_operation_overrides_that_of_its_path() {
    let text = "
openapi: 3.0.3
info: {title: Clock, version: '1'}
paths:
  '/zones/{id}':
    parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
      - {name: size, in: query, schema: {type: integer}}
    get:
      operationId: zone
      parameters: [{name: size, in: query, schema: {type: string}}]
      responses: {'200': {description: Fine.}, default: {description: Failed.}}
";
    let spec = Spec::parse("clock.yaml", text).unwrap();
    let findings = lint(&spec, RuleSet::Common);
    assert!(findings.is_empty(), "{findings}");
    let generated = generate(&spec).unwrap();
    assert!(
        generated.client.contains("size: Option<&'a str>"),
        "{}",
        generated.client
    );
}

/// Lint must finish for schemas that branch at every level and for schemas that reference
/// themselves.
#[test]
fn exponential_and_recursive_schemas_are_linted_in_finite_time() {
    let mut text = "openapi: 3.0.3\ninfo: {title: Many, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n".to_owned();
    for index in 0..40 {
        let next = format!("{{$ref: '#/components/schemas/S{}'}}", (index + 1) % 41);
        text += &format!("    S{index}: {{allOf: [{next}, {next}], example: {{a: 1}}}}\n");
    }
    let open = format!("{text}    S40: {{type: object, properties: {{a: {{type: string}}}}}}\n");
    let recursive = format!("{text}    S40: {{allOf: [{{$ref: '#/components/schemas/S0'}}]}}\n");
    for (text, expected) in [(open, "example-value"), (recursive, "reference-cycle")] {
        let findings = lint_text("many.yaml", &text, RuleSet::Common);
        assert!(findings.iter().any(|finding| finding.rule == expected), "{findings}");
    }
}

fn json(file: &str) -> Value {
    let text = fs::read_to_string(root().join(file)).expect("the fixture is in the repository");
    serde_json::from_str(&text).expect("the fixture is JSON")
}

proptest! {
    #![proptest_config(crate::support::case_sample::random(64))]

    /// A randomly mutated spec is linted without a panic, and each finding has a location.
    #[test]
    fn a_mutated_spec_is_linted_without_a_panic(mutated in mutated_spec()) {
        let findings = lint_text("mutated.yaml", &mutated, RuleSet::House { documented: None });
        for finding in &findings {
            prop_assert!(finding.location.is_some(), "no location: {finding}");
            prop_assert!(rules().iter().any(|rule| rule.name == finding.rule), "not in the table: {finding}");
        }
    }

    /// A spec that is truncated at any character is linted without a panic.
    #[test]
    fn a_cut_spec_is_linted_without_a_panic(provider in 0..PROVIDERS.len(), at in any::<prop::sample::Index>()) {
        let text = spec_text(PROVIDERS[provider]);
        let ends: Vec<usize> = text.char_indices().map(|(end, _)| end).collect();
        let cut = &text[..ends[at.index(ends.len())]];
        let _ = lint_text("cut.yaml", cut, RuleSet::House { documented: None }).to_string();
    }
}
