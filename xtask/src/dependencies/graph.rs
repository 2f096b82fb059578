//! What cargo resolves. `cargo metadata` knows every package and every manifest, but joins the features of the whole
//! workspace and follows optional dependencies that nobody asked for; who gets what is therefore read off `cargo tree`.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use crate::{Failure, workspace};

/// The facade's package.
pub(super) const FACADE: &str = "chat-sessions";

/// The platform for which `docs/performance.md` states the count; fixed, so that every machine counts the same.
const COUNTED_FOR: &str = "x86_64-unknown-linux-gnu";

/// The part of `cargo metadata` that the rules need.
#[derive(Debug, Deserialize)]
pub(super) struct Metadata {
    pub(super) packages: Vec<Package>,
    pub(super) workspace_members: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Package {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) version: String,
    pub(super) license: Option<String>,
    pub(super) license_file: Option<String>,
    /// Where it was downloaded from; nothing for a package that lies on this disk.
    pub(super) source: Option<String>,
    pub(super) manifest_path: PathBuf,
    /// The registries that it may be published to; an empty list for `publish = false`.
    pub(super) publish: Option<Vec<String>>,
    pub(super) dependencies: Vec<Dependency>,
    pub(super) targets: Vec<Target>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Dependency {
    pub(super) name: String,
    pub(super) rename: Option<String>,
    pub(super) req: String,
    kind: Option<String>,
    pub(super) optional: bool,
    pub(super) features: Vec<String>,
    pub(super) source: Option<String>,
    pub(super) path: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Target {
    pub(super) name: String,
    pub(super) kind: Vec<String>,
    pub(super) src_path: PathBuf,
}

/// The table of a manifest that a dependency stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Normal,
    Build,
    Dev,
}

impl Kind {
    /// The name of the table.
    pub(super) fn table(self) -> &'static str {
        match self {
            Self::Normal => "[dependencies]",
            Self::Build => "[build-dependencies]",
            Self::Dev => "[dev-dependencies]",
        }
    }
}

impl Dependency {
    pub(super) fn kind(&self) -> Kind {
        match self.kind.as_deref() {
            Some("build") => Kind::Build,
            Some("dev") => Kind::Dev,
            _ => Kind::Normal,
        }
    }
}

impl Package {
    /// Whether `publish = false` keeps it in this repository.
    pub(super) fn is_internal(&self) -> bool {
        self.publish.as_ref().is_some_and(Vec::is_empty)
    }

    /// The target that other crates link to.
    pub(super) fn lib_target(&self) -> Option<&Target> {
        let linked = ["lib", "rlib", "dylib", "proc-macro"];
        let is_library = |target: &&Target| target.kind.iter().any(|kind| linked.contains(&kind.as_str()));
        self.targets.iter().find(is_library)
    }
}

impl Metadata {
    /// The packages of this workspace, in the order of their names.
    pub(super) fn members(&self) -> Vec<&Package> {
        let mut members: Vec<&Package> = self.packages.iter().filter(|package| self.is_member(package)).collect();
        members.sort_by(|one, other| one.name.cmp(&other.name));
        members
    }

    pub(super) fn is_member(&self, package: &Package) -> bool {
        self.workspace_members.contains(&package.id)
    }

    /// The word that sources name a dependency by.
    pub(super) fn extern_name(&self, dependency: &Dependency) -> String {
        let library = || {
            let package = self.packages.iter().find(|package| package.name == dependency.name)?;
            Some(package.lib_target()?.name.clone())
        };
        let name = dependency.rename.clone().or_else(library);
        name.unwrap_or_else(|| dependency.name.clone()).replace('-', "_")
    }
}

/// Who gets a crate, from the most people to the fewest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    /// Whoever depends on the facade, with its default features, on any platform.
    Facade,
    /// Whoever builds one of the published crates with its default features: the command line, the sandbox, the generator.
    Published,
    /// Developers of this workspace, and users of features that are off by default.
    Workspace,
}

impl fmt::Display for Reach {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Facade => "whoever depends on the facade",
            Self::Published => "whoever builds the published crates",
            Self::Workspace => "only developers and users of features that are off by default",
        })
    }
}

/// A name and a version.
pub(super) type Crate = (String, String);

/// What each circle of people builds.
#[derive(Debug, Default)]
pub(super) struct Graphs {
    pub(super) facade: BTreeSet<Crate>,
    pub(super) published: BTreeSet<Crate>,
    pub(super) workspace: BTreeSet<Crate>,
}

impl Graphs {
    pub(super) fn of(&self, reach: Reach) -> &BTreeSet<Crate> {
        match reach {
            Reach::Facade => &self.facade,
            Reach::Published => &self.published,
            Reach::Workspace => &self.workspace,
        }
    }
}

/// How many crates the facade needs, as `docs/performance.md` counts them: linked into the program, on Linux.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weight {
    pub(super) with_tls: usize,
    pub(super) without_tls: usize,
    /// The members of this workspace among them.
    pub(super) ours: usize,
}

/// All that cargo says.
#[derive(Debug)]
pub(super) struct Resolved {
    pub(super) metadata: Metadata,
    pub(super) graphs: Graphs,
    pub(super) facade: Weight,
}

/// Asks cargo.
pub(super) fn read(root: &Path) -> Result<Resolved, Failure> {
    let described = ["metadata", "--format-version", "1", "--all-features"];
    let text = match cargo(root, &described) {
        Ok(text) => text,
        // A machine that never built for the other platforms lacks their crates. Fetching them once is what every build
        // does with its own; where there is no network, this says so.
        Err(_) => {
            fetch(root)?;
            cargo(root, &described)?
        }
    };
    let metadata: Metadata = serde_json::from_str(&text)?;

    let published = metadata.members().into_iter().filter(|member| !member.is_internal());
    let published: Vec<&str> = published.flat_map(|member| ["-p", member.name.as_str()]).collect();
    let anywhere = ["--target", "all", "-e"];
    let graphs = Graphs {
        facade: tree(root, &["-p", FACADE], &[&anywhere[..], &["normal,build"]].concat())?,
        published: tree(root, &published, &[&anywhere[..], &["normal,build"]].concat())?,
        workspace: tree(
            root,
            &["--workspace", "--all-features"],
            &[&anywhere[..], &["normal,build,dev"]].concat(),
        )?,
    };

    let linked = ["-e", "normal", "--target", COUNTED_FOR];
    let with_tls = tree(root, &["-p", FACADE], &linked)?;
    let without_tls = tree(root, &["-p", FACADE, "--no-default-features"], &linked)?;
    let is_ours = |name: &str| metadata.members().iter().any(|member| member.name == name);
    let facade = Weight {
        ours: with_tls.iter().filter(|(name, _)| is_ours(name)).count(),
        with_tls: with_tls.len(),
        without_tls: without_tls.len(),
    };
    Ok(Resolved {
        metadata,
        graphs,
        facade,
    })
}

fn tree(root: &Path, packages: &[&str], edges: &[&str]) -> Result<BTreeSet<Crate>, Failure> {
    let fixed = ["tree", "--prefix", "none", "--format", "{p}"];
    let text = cargo(root, &[&fixed[..], packages, edges].concat())?;
    Ok(text.lines().filter_map(read_crate).collect())
}

/// Reads `name v1.2.3`, which a path or a remark may follow.
fn read_crate(line: &str) -> Option<Crate> {
    let mut words = line.split(' ');
    let name = words.next()?;
    let version = words.next()?.strip_prefix('v')?;
    Some((name.to_owned(), version.to_owned()))
}

/// Runs cargo without the network and with the lock file as it is.
fn cargo(root: &Path, arguments: &[&str]) -> Result<String, Failure> {
    let mut command = Command::new(workspace::cargo());
    command
        .current_dir(root)
        .args(arguments)
        .args(["--offline", "--locked"]);
    let output = command.output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn fetch(root: &Path) -> Result<(), Failure> {
    let mut command = Command::new(workspace::cargo());
    command.current_dir(root).args(["fetch", "--quiet", "--locked"]);
    if command.status()?.success() {
        return Ok(());
    }
    Err("cargo cannot say what it resolves. Remedy: run `cargo fetch` where there is a network, and commit Cargo.lock if that changes it".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_the_tree_are_read_whatever_follows_the_version() {
        let crate_of = |name: &str, version: &str| Some((name.to_owned(), version.to_owned()));
        assert_eq!(read_crate("syn v2.0.119 (proc-macro)"), crate_of("syn", "2.0.119"));
        assert_eq!(read_crate("bytes v1.12.0 (*)"), crate_of("bytes", "1.12.0"));
        assert_eq!(read_crate("xtask v0.1.0 (/here/a b)"), crate_of("xtask", "0.1.0"));
        assert_eq!(read_crate(""), None);
    }
}
