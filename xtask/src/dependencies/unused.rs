//! Unused: a dependency that no source names is built for nothing, and one in the wrong table is built by the wrong people.

use std::collections::{BTreeMap, BTreeSet};

use toml::Table;

use super::graph::{Dependency, Kind, Metadata, Package};
use super::names::Names;
use crate::Failure;

/// A dependency that has to be there although no source names it.
#[derive(Clone, Copy, Debug)]
pub(super) struct NamedNowhere {
    pub(super) member: &'static str,
    pub(super) name: &'static str,
    pub(super) reason: &'static str,
}

/// Compares the manifests of the members with what their sources name.
pub(super) fn check(metadata: &Metadata, named: &BTreeMap<String, Names>, allowed: &[NamedNowhere]) -> Vec<String> {
    let nothing = Names::default();
    let mut findings = Vec::new();
    let mut needed = BTreeSet::new();
    for member in metadata.members() {
        let names = named.get(&member.name).unwrap_or(&nothing);
        for dependency in &member.dependencies {
            let (own, name, table) = (&member.name, &dependency.name, dependency.kind().table());
            if repeats(member, dependency) {
                findings.push(format!(
                    "{own} lists {name} in {table} and, with the same features, in [dependencies]. Remedy: take it off {table}."
                ));
                continue;
            }
            let word = metadata.extern_name(dependency);
            let (is_used, elsewhere) = match dependency.kind() {
                Kind::Normal => (
                    names.code.contains(&word),
                    names.tests.contains(&word).then_some("[dev-dependencies]"),
                ),
                Kind::Build => (names.build.contains(&word), None),
                Kind::Dev => (
                    names.tests.contains(&word),
                    names.code.contains(&word).then_some("[dependencies]"),
                ),
            };
            if is_used {
                continue;
            }
            let is_allowed = |entry: &&NamedNowhere| entry.member == own && entry.name == name;
            if let Some(entry) = allowed.iter().find(is_allowed) {
                needed.insert((entry.member, entry.name));
                continue;
            }
            findings.push(match elsewhere {
                Some(other) if dependency.kind() == Kind::Normal => format!(
                    "{own} lists {name} in {table}, but only its tests, examples or doc comments name it. Remedy: move it to {other}."
                ),
                Some(other) => format!(
                    "{own} lists {name} in {table}, but its code names it and its tests do not. Remedy: see that it stands in {other}, and only there."
                ),
                None => format!(
                    "{own} lists {name} in {table}, but no source that this is for names `{word}`. Remedy: take it off {}, or list it in NAMED_NOWHERE of xtask/src/dependencies/policy.rs with the reason.",
                    manifest(member)
                ),
            });
        }
    }
    for entry in allowed {
        if !needed.contains(&(entry.member, entry.name)) {
            findings.push(format!(
                "{} may list {} without naming it, but does not. Remedy: take it off NAMED_NOWHERE in xtask/src/dependencies/policy.rs.",
                entry.member, entry.name
            ));
        }
        if entry.reason.is_empty() {
            findings.push(format!(
                "{} may list {} without naming it, for no reason. Remedy: give it in xtask/src/dependencies/policy.rs.",
                entry.member, entry.name
            ));
        }
    }
    findings
}

/// Whether a dev-dependency adds nothing to the dependency of the same name, which tests see anyway.
fn repeats(member: &Package, dependency: &Dependency) -> bool {
    let adds_nothing = |other: &Dependency| {
        other.kind() == Kind::Normal
            && other.name == dependency.name
            && other.rename == dependency.rename
            && !other.optional
            && dependency
                .features
                .iter()
                .all(|feature| other.features.contains(feature))
    };
    dependency.kind() == Kind::Dev && member.dependencies.iter().any(adds_nothing)
}

fn manifest(member: &Package) -> String {
    let folder = member.manifest_path.parent().and_then(|folder| folder.file_name());
    let folder = folder.map(|folder| folder.to_string_lossy().into_owned());
    format!("{}/Cargo.toml", folder.unwrap_or_default())
}

/// Looks for entries of `[workspace.dependencies]` that no manifest takes.
pub(super) fn check_workspace(manifest: &str, manifests: &[String]) -> Result<Vec<String>, Failure> {
    let mut taken = BTreeSet::new();
    for text in manifests {
        let manifest: Table = text.parse()?;
        inherited(&manifest, &mut taken);
        for (_, target) in table(&manifest, "target").into_iter().flatten() {
            if let Some(target) = target.as_table() {
                inherited(target, &mut taken);
            }
        }
    }
    let root: Table = manifest.parse()?;
    let offered = table(&root, "workspace").and_then(|workspace| table(workspace, "dependencies"));
    let untaken = offered
        .into_iter()
        .flat_map(Table::keys)
        .filter(|name| !taken.contains(*name));
    Ok(untaken
        .map(|name| {
            format!("[workspace.dependencies] lists {name}, but no member takes it. Remedy: take it off Cargo.toml.")
        })
        .collect())
}

/// The entries with `workspace = true`.
fn inherited(manifest: &Table, taken: &mut BTreeSet<String>) {
    for name in ["dependencies", "dev-dependencies", "build-dependencies"] {
        for (name, entry) in table(manifest, name).into_iter().flatten() {
            if entry.get("workspace").and_then(toml::Value::as_bool) == Some(true) {
                taken.insert(name.clone());
            }
        }
    }
}

fn table<'a>(parent: &'a Table, name: &str) -> Option<&'a Table> {
    parent.get(name).and_then(toml::Value::as_table)
}
