//! Banned crates: those that were considered and rejected.

use super::graphs::Graphs;
use super::policy::{Policy, Reason};
use crate::packages::{Kind, Metadata};

/// Reports banned crates in the graphs and in the manifests.
pub(super) fn check(metadata: &Metadata, graphs: &Graphs, policy: &Policy) -> Vec<String> {
    let mut findings = Vec::new();
    let bans = &policy.bans;
    for (reach, banned) in &bans.builds {
        for (name, Reason(reason)) in banned {
            if graphs[reach].iter().any(|(found, _)| found == name) {
                findings.push(format!(
                    "{reach} build {name}, which is banned: {reason}. Remedy: remove what needs it (`cargo tree --workspace \
                     --all-features --target all -i {name}`)."
                ));
            }
        }
    }
    for member in metadata.members() {
        let is_library = !member.is_internal() && member.lib_target().is_some();
        for dependency in &member.dependencies {
            let for_library = is_library && dependency.kind() == Kind::Normal;
            let in_library = bans.libraries.get(&dependency.name).filter(|_| for_library);
            if let Some(Reason(reason)) = bans.manifests.get(&dependency.name).or(in_library) {
                let (own, name) = (&member.name, &dependency.name);
                findings.push(format!(
                    "{own} depends on {name}, which is banned: {reason}. Remedy: remove it."
                ));
            }
        }
    }
    findings
}
