//! Duplicates: a crate in two versions is built, linked and audited twice. The policy allows it for certain versions and a
//! certain group of people; a duplicate that reaches others is a finding.

use std::collections::{BTreeMap, BTreeSet};

use super::graphs::{Crates, Graphs, Reach};
use super::policy::{FILE, Policy};

/// Compares the duplicates in each graph with those that the policy allows.
pub(super) fn check(graphs: &Graphs, policy: &Policy) -> Vec<String> {
    let mut findings = Vec::new();
    let mut duplicates: BTreeMap<&str, (BTreeSet<&str>, Reach)> = BTreeMap::new();
    // From the fewest people to the most, so that the widest reach remains.
    for (reach, crates) in graphs.iter().rev() {
        for (name, found) in versions(crates).into_iter().filter(|(_, found)| found.len() > 1) {
            duplicates.entry(name).or_insert((found, *reach)).1 = *reach;
        }
    }
    for (name, (found, reach)) in &duplicates {
        let compatible: BTreeSet<String> = found.iter().map(|version| compatible(version)).collect();
        let is_allowed = policy
            .duplicates
            .get(*name)
            .is_some_and(|entry| entry.reach == *reach && entry.versions.iter().eq(&compatible));
        if !is_allowed {
            let listed = found.iter().copied().collect::<Vec<_>>().join(", ");
            let oldest = found.first().copied().unwrap_or_default();
            findings.push(format!(
                "{reach} build {name} in the versions {listed}, which the policy does not allow. Remedy: raise what needs the \
                 oldest (`cargo tree --workspace --all-features --target all -i {name}@{oldest}`), or change {FILE}."
            ));
        }
    }
    let is_single = |name: &&String| !duplicates.contains_key(name.as_str());
    for name in policy.duplicates.keys().filter(is_single) {
        findings.push(format!(
            "{name} has one version only. Remedy: remove it from the duplicates in {FILE}."
        ));
    }
    findings
}

fn versions(crates: &Crates) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, version) in crates {
        versions.entry(name).or_default().insert(version);
    }
    versions
}

/// The part of a version that decides compatibility: up to the first number that is not zero.
fn compatible(version: &str) -> String {
    let numbers: Vec<&str> = version.split(['.', '+', '-']).collect();
    let decisive = numbers.iter().take(3).position(|number| *number != "0").unwrap_or(2);
    numbers.get(..=decisive).unwrap_or(&numbers).join(".")
}
