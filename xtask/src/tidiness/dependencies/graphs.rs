//! Who builds which crates, as `cargo tree` resolves it. `cargo metadata` cannot say this: it unifies the features of the
//! whole workspace, and follows optional dependencies that are not enabled.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use serde::Deserialize;

use crate::outcome::Failure;
use crate::packages::{Metadata, Package, cargo};

const FACADE: &str = "chat-sessions";

/// The platform of the numbers in docs/performance.md; fixed, so that every machine counts the same.
const PLATFORM: &str = "x86_64-unknown-linux-gnu";

/// Who builds a crate, from the most people to the fewest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Reach {
    /// Users of the facade with its default features, on any platform.
    Facade,
    /// Users of any published crate with its default features.
    Published,
    /// Developers of this workspace, and users of features that are off by default.
    Workspace,
}

impl fmt::Display for Reach {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Facade => "users of the facade",
            Self::Published => "users of the published crates",
            Self::Workspace => "developers",
        })
    }
}

/// Names and versions of crates.
pub(super) type Crates = BTreeSet<(String, String)>;

/// The crates for each reach; each set contains the one before.
pub(super) type Graphs = BTreeMap<Reach, Crates>;

/// Reads the crates that everyone builds, on any platform.
pub(super) fn read(root: &Path, metadata: &Metadata) -> Result<Graphs, Failure> {
    let published = metadata.members().filter(|member| !member.is_internal());
    let published: Vec<&str> = published.flat_map(|member| ["-p", member.name.as_str()]).collect();
    let mut graphs = Graphs::new();
    for (reach, packages, kinds) in [
        (Reach::Facade, &["-p", FACADE][..], "normal,build"),
        (Reach::Published, &published, "normal,build"),
        (Reach::Workspace, &["--workspace", "--all-features"], "normal,build,dev"),
    ] {
        graphs.insert(reach, tree(root, packages, &["--target", "all", "-e", kinds])?);
    }
    Ok(graphs)
}

/// Counts the crates that are linked into a program with the facade: with TLS, without, and how many of the former are ours.
pub(super) fn weight(root: &Path, metadata: &Metadata) -> Result<[usize; 3], Failure> {
    let linked = ["-e", "normal", "--target", PLATFORM];
    let with_tls = tree(root, &["-p", FACADE], &linked)?;
    let without_tls = tree(root, &["-p", FACADE, "--no-default-features"], &linked)?;
    let is_linked = |member: &&Package| with_tls.iter().any(|(name, _)| *name == member.name);
    let ours = metadata.members().filter(is_linked).count();
    Ok([with_tls.len(), without_tls.len(), ours])
}

fn tree(root: &Path, packages: &[&str], edges: &[&str]) -> Result<Crates, Failure> {
    let fixed = ["tree", "--locked", "--prefix", "none", "--format", "{p}"];
    let text = cargo(root, &[&fixed, packages, edges].concat())?;
    Ok(text.lines().filter_map(parse_crate).collect())
}

/// Parses `name v1.2.3`, which a path or a remark may follow.
pub(super) fn parse_crate(line: &str) -> Option<(String, String)> {
    let mut words = line.split(' ');
    let name = words.next()?;
    let version = words.next()?.strip_prefix('v')?;
    Some((name.to_owned(), version.to_owned()))
}
