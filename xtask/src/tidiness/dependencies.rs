//! `dependencies`: licences, duplicates, bans, requirements, and the reason for each dependency.
//!
//! The rules compare the manifests, the lock file and what cargo resolves with the decisions in `policy.toml`. They need no
//! network. Unused dependencies are reported by rustc, see `lints`.

use std::path::Path;

use self::graphs::Reach;
use self::policy::Policy;
use crate::outcome::{Failure, Outcome};
use crate::packages::Metadata;
use crate::workspace;

mod bans;
mod duplicates;
mod graphs;
mod licences;
mod manifests;
mod policy;
mod reasons;
#[cfg(test)]
mod tests;

/// The command: the step of `check` alone.
pub(crate) fn command() -> Result<Outcome, Failure> {
    Ok(Outcome::of(run(&workspace::root())?))
}

/// Prints the findings and the number of crates.
pub(crate) fn run(root: &Path) -> Result<bool, Failure> {
    let (findings, summary) = check(root)?;
    println!("{summary}");
    for finding in &findings {
        eprintln!("{finding}");
    }
    Ok(findings.is_empty())
}

/// Applies all rules; returns the findings and a summary.
fn check(root: &Path) -> Result<(Vec<String>, String), Failure> {
    let policy: Policy = toml::from_str(include_str!("dependencies/policy.toml"))?;
    let metadata = Metadata::of_all_packages(root)?;
    let graphs = graphs::read(root, &metadata)?;
    let weight = graphs::weight(root, &metadata)?;
    let read = |name: &str| workspace::read(&root.join(name));
    let mut manifests = String::new();
    for member in metadata.members() {
        manifests += &workspace::read(&member.manifest_path)?;
    }
    let findings = [
        licences::check(&metadata, &graphs[&Reach::Workspace], &policy),
        duplicates::check(&graphs, &policy),
        bans::check(&metadata, &graphs, &policy),
        manifests::requirements(&metadata, &policy),
        manifests::sources(&read("Cargo.lock")?)?,
        manifests::inherited(&read("Cargo.toml")?, &manifests)?,
        reasons::check(&metadata, &graphs[&Reach::Facade], &policy, &read("CONTRIBUTING.md")?),
        weight_of_facade(weight, policy.facade_crates, &read(PERFORMANCE)?),
    ];
    let [with_tls, without_tls, _] = weight;
    let summary = format!(
        "{} crates in all; {with_tls} with the facade, {without_tls} without TLS (at most {}).",
        graphs[&Reach::Workspace].len(),
        policy.facade_crates
    );
    Ok((findings.concat(), summary))
}

/// The page that states how many crates the facade needs.
const PERFORMANCE: &str = "docs/performance.md";

/// Compares the number of crates that the facade needs with the limit and with the page.
fn weight_of_facade([with_tls, without_tls, ours]: [usize; 3], limit: usize, page: &str) -> Vec<String> {
    let mut findings = Vec::new();
    if with_tls > limit {
        findings.push(format!(
            "The facade needs {with_tls} crates; the limit is {limit}. Remedy: remove some (`cargo tree -p chat-sessions -e \
             normal`), or raise the limit in {} and give the reason.",
            policy::FILE
        ));
    }
    let sentence = format!(
        "The facade needs {with_tls} crates with rustls and {without_tls} without TLS; {ours} of them belong to this project"
    );
    let words: Vec<&str> = page.split_whitespace().collect();
    if !words.join(" ").contains(&sentence) {
        findings.push(format!(
            "{PERFORMANCE} states another number of crates. Remedy: say \"{sentence}\" there."
        ));
    }
    findings
}
