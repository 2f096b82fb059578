//! Banned: crates that were looked at and turned down, and ways of asking for a crate that hide what is built.

use super::graph::{Graphs, Kind, Metadata, Reach};

/// Where crates come from.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// A crate that was turned down.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ban {
    pub(super) name: &'static str,
    pub(super) place: Place,
    pub(super) reason: &'static str,
}

/// Where a banned crate must not be found.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    /// In what these people build, whoever asked for it.
    Graph(Reach),
    /// In the manifest of any member; that other crates use it is their affair.
    Manifests,
    /// In the `[dependencies]` of a published library.
    Libraries,
}

/// Looks for banned crates.
pub(super) fn bans(metadata: &Metadata, graphs: &Graphs, bans: &[Ban]) -> Vec<String> {
    let mut findings = Vec::new();
    for ban in bans {
        let (name, reason) = (ban.name, ban.reason);
        if reason.is_empty() {
            findings.push(format!(
                "{name} is banned without a reason. Remedy: give it in xtask/src/dependencies/policy.rs."
            ));
        }
        match ban.place {
            Place::Graph(reach) => {
                if graphs.of(reach).iter().any(|(found, _)| found == name) {
                    let who = match reach {
                        Reach::Workspace => "the workspace".to_owned(),
                        reach => reach.to_string(),
                    };
                    findings.push(format!(
                        "{name} is built by {who}, but is banned there: {reason}. Remedy: `cargo tree --workspace --all-features --target all -i {name}` shows who asks for it; do without that."
                    ));
                }
            }
            Place::Manifests | Place::Libraries => {
                for member in metadata.members() {
                    let is_library = !member.is_internal() && member.lib_target().is_some();
                    let is_here = |kind| match ban.place {
                        Place::Libraries => is_library && kind == Kind::Normal,
                        _ => true,
                    };
                    let mut found = member.dependencies.iter();
                    if found.any(|dependency| dependency.name == name && is_here(dependency.kind())) {
                        findings.push(format!(
                            "{} depends on {name}, which is banned: {reason}. Remedy: do without it.",
                            member.name
                        ));
                    }
                }
            }
        }
    }
    findings
}

/// Requirements that pin what need not be, or bound nothing.
pub(super) fn pins(metadata: &Metadata, pinned: &[&str]) -> Vec<String> {
    let mut findings = Vec::new();
    for member in metadata.members() {
        for dependency in &member.dependencies {
            let (own, name, req) = (&member.name, &dependency.name, &dependency.req);
            let is_pinned = req.split(',').any(|part| part.trim_start().starts_with('='));
            if is_pinned && !pinned.contains(&name.as_str()) {
                findings.push(format!(
                    "{own} pins {name} to `{req}`, which keeps repairs out. Remedy: ask for what is compatible; Cargo.lock fixes what is built."
                ));
            }
            if !is_pinned && pinned.contains(&name.as_str()) {
                findings.push(format!(
                    "{own} asks for {name} {req}, but the same input must give the same bytes. Remedy: pin it with `=`."
                ));
            }
            // The tests of a package may name a neighbour by its path alone: publishing leaves that out.
            let is_neighbour = dependency.path.is_some() && dependency.kind() == Kind::Dev;
            if req.contains('*') && !is_neighbour {
                findings.push(format!(
                    "{own} takes {name} in any version (`{req}`). Remedy: name the oldest version that is known to do."
                ));
            }
        }
    }
    findings
}

/// Crates from elsewhere than crates.io and this workspace.
pub(super) fn sources(metadata: &Metadata) -> Vec<String> {
    let mut findings = Vec::new();
    for package in &metadata.packages {
        let (name, version) = (&package.name, &package.version);
        match package.source.as_deref() {
            Some(REGISTRY) => {}
            Some(source) => findings.push(format!(
                "{name} {version} comes from {source}, which whoever builds the published crates cannot rely on. Remedy: take it from crates.io."
            )),
            None if metadata.is_member(package) => {}
            None => findings.push(format!(
                "{name} {version} lies outside of the workspace, at {}. Remedy: take it from crates.io, or make it a member.",
                package.manifest_path.display()
            )),
        }
    }
    // What is not resolved, for instance behind a platform, is still asked for.
    for member in metadata.members() {
        for dependency in &member.dependencies {
            if let Some(source) = dependency.source.as_deref()
                && source != REGISTRY
                && !metadata.packages.iter().any(|package| {
                    package.name == dependency.name && package.source.as_deref().is_some_and(|found| found != REGISTRY)
                })
            {
                findings.push(format!(
                    "{} asks for {} from {source}. Remedy: take it from crates.io.",
                    member.name, dependency.name
                ));
            }
        }
    }
    findings
}
