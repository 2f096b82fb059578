//! Reasons: the tables in CONTRIBUTING.md list every crate that a manifest depends on, with the reason, and no other crate.

use std::collections::{BTreeMap, BTreeSet};

use super::graphs::Crates;
use super::policy::{FILE, Policy};
use crate::packages::{Kind, Metadata, Package};

/// The table for the facade and everything below it.
const FACADE: &str = "the facade";
/// The table for the members that are not published, and for all dev-dependencies.
const DEVELOPERS: &str = "tests, the bench and xtask";

/// Compares the tables with the manifests. The members themselves are described in ARCHITECTURE.md.
pub(super) fn check(metadata: &Metadata, facade: &Crates, policy: &Policy, contributing: &str) -> Vec<String> {
    let mut findings = Vec::new();
    let table_of = |member: &Package, kind: Kind| {
        if member.is_internal() || kind == Kind::Dev {
            Some(DEVELOPERS)
        } else if facade.contains(&(member.name.clone(), member.version.clone())) {
            Some(FACADE)
        } else {
            policy.tables.get(&member.name).map(String::as_str)
        }
    };
    // For each table, the crates and the members that depend on them.
    let mut tables: BTreeMap<&str, BTreeMap<&str, BTreeSet<&str>>> = BTreeMap::new();
    for member in metadata.members() {
        for dependency in &member.dependencies {
            match table_of(member, dependency.kind()) {
                Some(title) if dependency.path.is_none() => {
                    let table = tables.entry(title).or_default();
                    table.entry(&dependency.name).or_default().insert(&member.name);
                }
                Some(_) => {}
                None => findings.push(format!(
                    "CONTRIBUTING.md has no table for {} in {}. Remedy: add one there and in {FILE}.",
                    dependency.name, member.name
                )),
            }
        }
    }
    for (name, title) in &policy.tables {
        tables.entry(title).or_default();
        if !metadata.members().any(|member| member.name == *name) {
            findings.push(format!(
                "{name} has a table but is no member. Remedy: remove it from {FILE}."
            ));
        }
    }
    for (title, crates) in &tables {
        findings.extend(compare(title, crates, contributing));
    }
    findings
}

/// Compares one table with the crates that it must list.
fn compare(title: &str, crates: &BTreeMap<&str, BTreeSet<&str>>, contributing: &str) -> Vec<String> {
    let mut findings = Vec::new();
    let heading = format!("in {title} for");
    let mut listed = BTreeSet::new();
    for (cell, reason) in rows(contributing, &heading) {
        if reason.is_empty() || !cell.contains('`') {
            findings.push(format!(
                "A row of the table \"{heading}\" in CONTRIBUTING.md has no crate or no reason: {cell}. Remedy: add it."
            ));
        }
        for name in cell.split('`').skip(1).step_by(2) {
            if !listed.insert(name) || !crates.contains_key(name) {
                findings.push(format!(
                    "The table \"{heading}\" in CONTRIBUTING.md lists {name} twice, or no member depends on it. Remedy: remove it."
                ));
            }
        }
    }
    for (name, members) in crates.iter().filter(|(name, _)| !listed.contains(*name)) {
        let members = members.iter().copied().collect::<Vec<_>>().join(", ");
        findings.push(format!(
            "{members} depends on {name}, but CONTRIBUTING.md gives no reason. Remedy: add it to the table \"{heading}\"."
        ));
    }
    findings
}

/// The rows of the table with a heading: crates and reasons.
fn rows<'a>(text: &'a str, heading: &str) -> Vec<(&'a str, &'a str)> {
    let mut lines = text.lines();
    let found = lines.find(|line| cells(line).is_some_and(|cells| cells == ("crate", heading)));
    // The line of dashes follows.
    let rows = found.map(|_| lines.skip(1).map_while(cells));
    rows.into_iter().flatten().collect()
}

/// The first two cells of a row.
fn cells(line: &str) -> Option<(&str, &str)> {
    let (first, second) = line.trim().strip_prefix('|')?.strip_suffix('|')?.split_once('|')?;
    Some((first.trim(), second.trim()))
}
