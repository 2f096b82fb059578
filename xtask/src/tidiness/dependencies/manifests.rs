//! Manifests: entries that are too strict, too loose, from elsewhere than crates.io, or without effect.

use toml::{Table, Value};

use super::policy::Policy;
use crate::outcome::Failure;
use crate::tidiness::packages::{Dependency, Kind, Metadata, Package};

/// The registry of all crates that are not members.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Checks the dependencies that the members list.
pub(super) fn requirements(metadata: &Metadata, policy: &Policy) -> Vec<String> {
    let mut findings = Vec::new();
    for member in metadata.members() {
        for dependency in &member.dependencies {
            let (own, name, req) = (&member.name, &dependency.name, &dependency.req);
            let is_exact = req.split(',').any(|part| part.trim_start().starts_with('='));
            let is_pinned = policy.pinned.contains(name);
            if is_exact && !is_pinned {
                findings.push(format!(
                    "{own} pins {name} to `{req}`, which excludes fixes. Remedy: allow compatible versions; Cargo.lock fixes what \
                     is built."
                ));
            }
            if is_pinned && !is_exact {
                findings.push(format!(
                    "{own} depends on {name} {req}, but the same input must give the same bytes. Remedy: pin it with `=`."
                ));
            }
            // A package's tests may name a neighbour by its path alone, which publishing removes.
            let is_neighbour = dependency.path.is_some() && dependency.kind() == Kind::Dev;
            if req.contains('*') && !is_neighbour {
                findings.push(format!(
                    "{own} accepts any version of {name} (`{req}`). Remedy: require the oldest version that works."
                ));
            }
            if dependency.kind() == Kind::Dev && is_repeated(member, dependency) {
                findings.push(format!(
                    "{own} lists {name} in [dependencies] and, with no more features, in [dev-dependencies]. Remedy: remove the \
                     latter."
                ));
            }
        }
    }
    findings
}

/// Whether a dev-dependency adds nothing to the dependency of the same name, which tests have anyway.
fn is_repeated(member: &Package, dev: &Dependency) -> bool {
    member.dependencies.iter().any(|other| {
        other.kind() == Kind::Normal
            && (&other.name, &other.rename) == (&dev.name, &dev.rename)
            && !other.optional
            && dev.features.iter().all(|feature| other.features.contains(feature))
    })
}

/// Checks where the crates in a lock file are from; a member has no source.
pub(super) fn sources(lock: &str) -> Result<Vec<String>, Failure> {
    let lock: Table = lock.parse()?;
    let packages = lock.get("package").and_then(Value::as_array);
    let findings = packages.into_iter().flatten().filter_map(|package| {
        let (name, source) = (package.get("name")?.as_str()?, package.get("source")?.as_str()?);
        (source != REGISTRY).then(|| format!("{name} is from {source}. Remedy: use a version from crates.io."))
    });
    Ok(findings.collect())
}

/// Reports entries of `[workspace.dependencies]` that no member inherits.
pub(super) fn inherited(root: &str, members: &[String]) -> Result<Vec<String>, Failure> {
    let root: Table = root.parse()?;
    let workspace = root.get("workspace");
    let offered = workspace.and_then(|workspace| workspace.get("dependencies")?.as_table());
    let inherits = |line: &str, name: &str| {
        let rest = line.strip_prefix(name).unwrap_or_default();
        rest.starts_with(".workspace") || (rest.starts_with(" = {") && rest.contains("workspace = true"))
    };
    let lines = members.iter().flat_map(|manifest| manifest.lines());
    let mut findings = Vec::new();
    for name in offered.into_iter().flat_map(Table::keys) {
        if !lines.clone().any(|line| inherits(line, name)) {
            findings.push(format!(
                "No member inherits {name} from [workspace.dependencies]. Remedy: remove it from Cargo.toml."
            ));
        }
    }
    Ok(findings)
}
