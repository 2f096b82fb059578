//! `lint`: what is wrong with specs, ours by default, as lines for people or as JSON for programs.

use std::path::{Path, PathBuf};
use std::{env, fs};

use chat_sessions_codegen::{DocumentedExample, Finding, RuleSet, Severity, Spec, rules};
use serde_json::Value;

use crate::workspace::{self, PROVIDERS};
use crate::{Failure, Outcome};

/// How findings are printed.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// One line for each finding, which begins with its place.
    Text,
    /// One array of objects for all files.
    Json,
}

/// Lints the given files, or our specs with the rules of the house when there are none.
pub(crate) fn run(files: &[PathBuf], format: Format) -> Result<Outcome, Failure> {
    let mut findings = Vec::new();
    let count = if files.is_empty() {
        findings.extend(ours(&workspace::root())?);
        PROVIDERS.len()
    } else {
        let here = env::current_dir()?;
        let own: Vec<PathBuf> = PROVIDERS
            .iter()
            .map(|name| workspace::root().join(spec_name(name)))
            .collect();
        for file in files {
            // Named one by one, our specs are still ours.
            let provider = fs::canonicalize(here.join(file)).ok().and_then(|file| {
                let index = own
                    .iter()
                    .position(|own| fs::canonicalize(own).is_ok_and(|own| own == file))?;
                PROVIDERS.get(index)
            });
            findings.extend(match provider {
                Some(provider) => one_of_ours(&workspace::root(), provider)?,
                None => found(&file.display().to_string(), &workspace::read(file)?, RuleSet::Common),
            });
        }
        files.len()
    };
    let errors = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .count();
    if format == Format::Json {
        let list: Vec<Value> = findings.iter().map(Finding::to_json).collect();
        println!("{}", serde_json::to_string_pretty(&list)?);
    } else {
        for finding in &findings {
            println!("{finding}");
        }
        let warnings = findings.len() - errors;
        eprintln!(
            "{}, {}, {}",
            counted(count, "file"),
            counted(errors, "error"),
            counted(warnings, "warning")
        );
    }
    Ok(if errors == 0 { Outcome::Clean } else { Outcome::Findings })
}

/// The step of `check`: our specs have no finding, not even a warning.
pub(crate) fn step(root: &Path) -> Result<bool, Failure> {
    let findings = ours(root)?;
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
                    "subject": rule.subject.name(),
                    "about": rule.about,
                    "remedy": rule.remedy,
                })
            })
            .collect();
        println!("{}", serde_json::to_string_pretty(&list)?);
        return Ok(Outcome::Clean);
    }
    println!("| rule | severity | subject | what is wrong | remedy |\n|---|---|---|---|---|");
    for rule in rules() {
        let subject = rule.subject.name();
        println!(
            "| `{}` | {} | {subject} | {} | {} |",
            rule.name, rule.severity, rule.about, rule.remedy
        );
    }
    Ok(Outcome::Clean)
}

fn ours(root: &Path) -> Result<Vec<Finding>, Failure> {
    let mut findings = Vec::new();
    for provider in PROVIDERS {
        findings.extend(one_of_ours(root, provider)?);
    }
    Ok(findings)
}

/// The documents' own examples stand in the specs and in the fixtures, and must be the same data.
fn one_of_ours(root: &Path, provider: &str) -> Result<Vec<Finding>, Failure> {
    let name = spec_name(provider);
    let fixture = format!("tests/fixtures/{provider}/documented-example.json");
    let value: Value = serde_json::from_str(&workspace::read(&root.join(&fixture))?)?;
    let documented = DocumentedExample {
        file: &fixture,
        value: &value,
    };
    let rules = RuleSet::House {
        documented: Some(documented),
    };
    Ok(found(&name, &workspace::read(&root.join(&name))?, rules))
}

fn found(name: &str, text: &str, rules: RuleSet<'_>) -> Vec<Finding> {
    let findings = match Spec::parse(name, text) {
        Ok(spec) => chat_sessions_codegen::lint(&spec, rules),
        Err(findings) => findings,
    };
    findings.iter().cloned().collect()
}

fn spec_name(provider: &str) -> String {
    format!("specs/{provider}.yaml")
}

fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}
