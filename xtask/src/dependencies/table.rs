//! The tables in CONTRIBUTING.md: every crate that a manifest asks for, with the reason, and no other.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::{Kind, Metadata, Package};

/// A table: its heading, and the published members whose dependencies stand in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group {
    /// As the table's heading says it: `in TITLE for`.
    pub(super) title: &'static str,
    /// Empty for what only developers build: all of the unpublished members, and the dev-dependencies of all.
    pub(super) members: &'static [&'static str],
}

impl Group {
    fn holds(&self, member: &Package, kind: Kind) -> bool {
        let is_for_developers = member.is_internal() || kind == Kind::Dev;
        if self.members.is_empty() {
            is_for_developers
        } else {
            !is_for_developers && self.members.contains(&member.name.as_str())
        }
    }
}

/// Compares the tables with the manifests.
pub(super) fn check(metadata: &Metadata, contributing: &str, groups: &[Group]) -> Vec<String> {
    let mut findings = Vec::new();
    let members = metadata.members();
    for member in &members {
        let mut listed = groups.iter().flat_map(|group| group.members);
        if !member.is_internal() && !listed.any(|name| *name == member.name) {
            findings.push(format!(
                "No table of CONTRIBUTING.md is for {}. Remedy: add it to GROUPS in xtask/src/dependencies/policy.rs.",
                member.name
            ));
        }
    }
    for group in groups {
        for name in group.members {
            if !members.iter().any(|member| member.name == *name) {
                findings.push(format!(
                    "The table \"in {} for\" is for {name}, which is not a member. Remedy: take it off GROUPS in xtask/src/dependencies/policy.rs.",
                    group.title
                ));
            }
        }

        // Each crate with the members that ask for it. The members themselves are in ARCHITECTURE.md.
        let mut asked: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for member in &members {
            for dependency in &member.dependencies {
                if dependency.path.is_none() && group.holds(member, dependency.kind()) {
                    asked.entry(&dependency.name).or_default().insert(&member.name);
                }
            }
        }

        let heading = format!("in {} for", group.title);
        let Some(rows) = rows(contributing, &heading) else {
            if !asked.is_empty() {
                findings.push(format!(
                    "CONTRIBUTING.md has no table `| crate | {heading} |`. Remedy: add it, with a row for each of: {}.",
                    asked.keys().copied().collect::<Vec<_>>().join(", ")
                ));
            }
            continue;
        };
        let mut listed = BTreeSet::new();
        for row in &rows {
            let shown = row.crates.join(", ");
            if row.crates.is_empty() {
                findings.push(format!(
                    "CONTRIBUTING.md has a row without a crate in the table \"{heading}\". Remedy: name the crate in backticks."
                ));
            }
            if row.reason.is_empty() {
                findings.push(format!(
                    "CONTRIBUTING.md gives no reason for {shown} in the table \"{heading}\". Remedy: say what it is for."
                ));
            }
            for name in &row.crates {
                if !listed.insert(*name) {
                    findings.push(format!(
                        "CONTRIBUTING.md lists {name} twice in the table \"{heading}\". Remedy: keep one row."
                    ));
                }
                if !asked.contains_key(name) {
                    findings.push(format!(
                        "CONTRIBUTING.md lists {name} in the table \"{heading}\", but no manifest that it is for asks for it. Remedy: take it off the table."
                    ));
                }
            }
        }
        for (name, by) in asked.iter().filter(|(name, _)| !listed.contains(*name)) {
            let by: Vec<&str> = by.iter().copied().collect();
            findings.push(format!(
                "CONTRIBUTING.md does not say what {name} is for, which {} depends on. Remedy: add `{name}` with the reason to the table \"{heading}\".",
                by.join(", ")
            ));
        }
    }
    findings
}

struct Row<'a> {
    crates: Vec<&'a str>,
    reason: &'a str,
}

/// The rows of the table with a heading.
fn rows<'a>(text: &'a str, heading: &str) -> Option<Vec<Row<'a>>> {
    let mut lines = text.lines();
    lines.find(|line| cells(line).is_some_and(|cells| cells == ("crate", heading)))?;
    // The line of dashes.
    lines.next();
    let rows = lines.map_while(cells).map(|(crates, reason)| Row {
        crates: crates.split('`').skip(1).step_by(2).collect(),
        reason,
    });
    Some(rows.collect())
}

/// The first two cells of a row.
fn cells(line: &str) -> Option<(&str, &str)> {
    let (first, second) = line.trim().strip_prefix('|')?.strip_suffix('|')?.split_once('|')?;
    Some((first.trim(), second.trim()))
}
