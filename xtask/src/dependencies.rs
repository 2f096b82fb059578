//! `dependencies`: what the dependencies are licensed under, and which of them are doubled, unused, banned or not explained.
//!
//! Everything is read off the manifests, the lock file and the sources, without the network: cargo says what it resolves
//! (`graph`), the sources say which crates they name (`names`), the rules compare that with what was decided (`policy`).
//! The rules are pure: they take what was read and give findings, one line each with its remedy.

use std::collections::BTreeMap;
use std::path::Path;

use self::graph::{Resolved, Weight};
use crate::{Failure, Outcome, workspace};

mod banned;
mod duplicates;
mod graph;
mod licences;
mod names;
mod policy;
mod table;
#[cfg(test)]
mod tests;
mod unused;
mod weight;

/// The command: the step of `check` alone.
pub(crate) fn command() -> Result<Outcome, Failure> {
    Ok(if run(&workspace::root())? {
        Outcome::Clean
    } else {
        Outcome::Findings
    })
}

/// Prints the findings, and how much there is.
pub(crate) fn run(root: &Path) -> Result<bool, Failure> {
    let Looked {
        crates,
        facade,
        findings,
    } = look(root)?;
    println!(
        "{crates} crates in all; {} with the facade, {} without TLS (at most {}).",
        facade.with_tls,
        facade.without_tls,
        policy::MOST_CRATES,
    );
    for finding in &findings {
        eprintln!("{finding}");
    }
    Ok(findings.is_empty())
}

struct Looked {
    crates: usize,
    facade: Weight,
    findings: Vec<String>,
}

/// Reads the workspace and applies every rule.
fn look(root: &Path) -> Result<Looked, Failure> {
    let Resolved {
        metadata,
        graphs,
        facade,
    } = graph::read(root)?;
    let mut named = BTreeMap::new();
    let mut manifests = Vec::new();
    for member in metadata.members() {
        named.insert(member.name.clone(), names::of_package(member)?);
        manifests.push(workspace::read(&member.manifest_path)?);
    }
    let manifest = workspace::read(&root.join("Cargo.toml"))?;
    let contributing = workspace::read(&root.join("CONTRIBUTING.md"))?;
    let performance = workspace::read(&root.join(weight::PAGE))?;

    let findings = [
        licences::check(
            &metadata,
            &graphs.workspace,
            &policy::LICENCES,
            &policy::LICENSED_BY_NAME,
        ),
        duplicates::check(&graphs, &policy::DUPLICATES),
        unused::check(&metadata, &named, &policy::NAMED_NOWHERE),
        unused::check_workspace(&manifest, &manifests)?,
        banned::bans(&metadata, &graphs, &policy::BANS),
        banned::pins(&metadata, &policy::PINNED),
        banned::sources(&metadata),
        table::check(&metadata, &contributing, &policy::GROUPS),
        weight::check(facade, policy::MOST_CRATES, &performance),
    ];
    Ok(Looked {
        crates: graphs.workspace.len(),
        facade,
        findings: findings.concat(),
    })
}
