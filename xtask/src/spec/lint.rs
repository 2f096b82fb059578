//! `lint`: reports what is wrong with specs, ours by default, as lines for people or as JSON for programs.

use std::path::{Path, PathBuf};
use std::{env, fs};

use chat_sessions_codegen::{DocumentedExample, Finding, RuleSet, Severity, lint_text, rules};
use serde_json::Value;

use crate::outcome::{Failure, Outcome};
use crate::providers::{self, Provider};
use crate::workspace;

/// How findings are printed.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// One line per finding, starting with its location.
    Text,
    /// One array of objects for all files.
    Json,
}

/// Lints files; without any, lints our own specs. With `is_generated`, what the generator does not
/// support is an error.
pub(crate) fn run(files: &[PathBuf], is_generated: bool, format: Format) -> Result<Outcome, Failure> {
    let root = workspace::root();
    let providers = providers::all(&root)?;
    let mut findings = Vec::new();
    if files.is_empty() {
        findings.extend(our_specs(&root)?);
    }
    let same_file = |one: &Path, other: &Path| {
        let canonical = |path: &Path| fs::canonicalize(path).ok();
        canonical(one).is_some_and(|path| canonical(other) == Some(path))
    };
    for file in files {
        // The rules for our own specs also apply when one of them is named on the command line.
        let path = env::current_dir()?.join(file);
        let provider = providers
            .iter()
            .find(|provider| same_file(&path, &root.join(provider.spec())));
        findings.extend(match provider {
            Some(provider) => our_spec(&root, provider)?,
            None => {
                let rules = if is_generated {
                    RuleSet::Generator
                } else {
                    RuleSet::Common
                };
                lint(&file.display().to_string(), &workspace::read(file)?, rules)
            }
        });
    }
    let number = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let errors = number(Severity::Error);
    if format == Format::Json {
        let list: Vec<Value> = findings.iter().map(Finding::to_json).collect();
        println!("{}", serde_json::to_string_pretty(&list)?);
    } else {
        for finding in &findings {
            println!("{finding}");
        }
        let linted = if files.is_empty() { providers.len() } else { files.len() };
        eprintln!(
            "{}, {}, {}, {}",
            count(linted, "file"),
            count(errors, "error"),
            count(number(Severity::Warning), "warning"),
            count(number(Severity::Note), "note")
        );
    }
    Ok(Outcome::of(errors == 0))
}

/// The step of `check`: our specs have no finding, not even a warning.
pub(crate) fn step(root: &Path) -> Result<bool, Failure> {
    let findings = our_specs(root)?;
    for finding in &findings {
        eprintln!("{finding}");
    }
    Ok(findings.is_empty())
}

/// Prints the table of all rules.
pub(crate) fn print_rules(format: Format) -> Result<Outcome, Failure> {
    if format == Format::Json {
        let list: Vec<Value> = rules()
            .iter()
            .map(|rule| {
                serde_json::json!({
                    "rule": rule.name,
                    "severity": rule.severity.to_string(),
                    "with_generator": rule.with_generator.to_string(),
                    "subject": rule.subject.name(),
                    "about": rule.about,
                    "remedy": rule.remedy,
                })
            })
            .collect();
        println!("{}", serde_json::to_string_pretty(&list)?);
        return Ok(Outcome::Clean);
    }
    println!("| rule | severity | with `--generator` | subject | what is wrong | remedy |\n|---|---|---|---|---|---|");
    for rule in rules() {
        let subject = rule.subject.name();
        println!(
            "| `{}` | {} | {} | {subject} | {} | {} |",
            rule.name, rule.severity, rule.with_generator, rule.about, rule.remedy
        );
    }
    Ok(Outcome::Clean)
}

fn our_specs(root: &Path) -> Result<Vec<Finding>, Failure> {
    let mut findings = Vec::new();
    for provider in &providers::all(root)? {
        findings.extend(our_spec(root, provider)?);
    }
    Ok(findings)
}

/// Lints one of our specs. The provider's own example is in the spec and in the fixtures; both must be the same data.
fn our_spec(root: &Path, provider: &Provider) -> Result<Vec<Finding>, Failure> {
    let name = provider.spec();
    let fixture = provider.documented_example();
    let text = workspace::read(&root.join(&fixture)).map_err(|error| {
        format!(
            "{error}. Remedy: write the provider's own example of a response there, the same as in the spec; \
             `cargo xtask provider new` writes both."
        )
    })?;
    let value: Value = serde_json::from_str(&text).map_err(|error| format!("{fixture} is not JSON: {error}"))?;
    let documented = DocumentedExample {
        file: &fixture,
        value: &value,
    };
    let rules = RuleSet::House {
        documented: Some(documented),
    };
    Ok(lint(&name, &workspace::read(&root.join(&name))?, rules))
}

fn lint(name: &str, text: &str, rules: RuleSet<'_>) -> Vec<Finding> {
    lint_text(name, text, rules).iter().cloned().collect()
}

fn count(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}
