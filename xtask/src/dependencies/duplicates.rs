//! Duplicates: two versions of one crate are built, linked and audited twice. How bad that is depends on who pays for it, so
//! that a duplicate is allowed for named versions and for a circle of people, and is a finding when it reaches more.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::{Crate, Graphs, Reach};

/// A crate that is there in several versions, for a reason.
#[derive(Clone, Copy, Debug)]
pub(super) struct Duplicate {
    pub(super) name: &'static str,
    /// Each version as far as it says what is compatible: `1`, `0.8`.
    pub(super) versions: &'static [&'static str],
    /// The most people that get more than one of them.
    pub(super) reach: Reach,
    pub(super) reason: &'static str,
}

/// Compares the duplicates of each graph with those that are allowed.
pub(super) fn check(graphs: &Graphs, allowed: &[Duplicate]) -> Vec<String> {
    let mut findings = Vec::new();
    let everywhere = versions(&graphs.workspace);
    for (name, found) in everywhere.iter().filter(|(_, found)| found.len() > 1) {
        let reach = [Reach::Facade, Reach::Published]
            .into_iter()
            .find(|reach| {
                versions(graphs.of(*reach))
                    .get(name)
                    .is_some_and(|found| found.len() > 1)
            })
            .unwrap_or(Reach::Workspace);
        let all: Vec<&str> = found.iter().copied().collect();
        let listed = all.join(", ");
        let oldest = all.first().copied().unwrap_or_default();
        let look = format!(
            "`cargo tree --workspace --all-features --target all -i {name}@{oldest}` shows who asks for the oldest"
        );
        let Some(entry) = allowed.iter().find(|entry| entry.name == *name) else {
            findings.push(format!(
                "{name} is there as {listed} for {reach}. Remedy: {look}; raise that, or list {name} in DUPLICATES of xtask/src/dependencies/policy.rs with the reason."
            ));
            continue;
        };
        let compatible: BTreeSet<String> = all.iter().map(|version| compatible(version)).collect();
        let expected: BTreeSet<String> = entry.versions.iter().map(ToString::to_string).collect();
        if compatible != expected {
            findings.push(format!(
                "{name} is there as {listed}, but {} are allowed. Remedy: {look}; raise that, or bring DUPLICATES in xtask/src/dependencies/policy.rs up to date.",
                entry.versions.join(", ")
            ));
        }
        if reach != entry.reach {
            findings.push(format!(
                "{name} is there as {listed} for {reach}, but is allowed for {}. Remedy: {look}; raise that, or bring DUPLICATES in xtask/src/dependencies/policy.rs up to date.",
                entry.reach
            ));
        }
    }
    for entry in allowed {
        if everywhere.get(entry.name).is_none_or(|found| found.len() < 2) {
            findings.push(format!(
                "{} is allowed to be there more than once, but is not. Remedy: take it off DUPLICATES in xtask/src/dependencies/policy.rs.",
                entry.name
            ));
        }
        if entry.reason.is_empty() {
            findings.push(format!(
                "{} is allowed to be there more than once without a reason. Remedy: give it in xtask/src/dependencies/policy.rs.",
                entry.name
            ));
        }
    }
    findings
}

fn versions(graph: &BTreeSet<Crate>) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, version) in graph {
        versions.entry(name).or_default().insert(version);
    }
    versions
}

/// The part of a version that cargo holds to be compatible: up to the first number that is not zero.
fn compatible(version: &str) -> String {
    let mut part = Vec::new();
    for number in version.split(['.', '+', '-']).take(3) {
        part.push(number);
        if number != "0" {
            break;
        }
    }
    part.join(".")
}
