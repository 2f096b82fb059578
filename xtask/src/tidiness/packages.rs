//! The packages of a workspace, as `cargo metadata` describes them.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::outcome::Failure;
use crate::workspace;

/// The part of `cargo metadata` that the rules need.
#[derive(Debug, Deserialize)]
pub(super) struct Metadata {
    pub(super) packages: Vec<Package>,
    workspace_members: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Package {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) version: String,
    pub(super) license: Option<String>,
    pub(super) manifest_path: PathBuf,
    /// The registries that it may be published to; an empty list for `publish = false`.
    publish: Option<Vec<String>>,
    pub(super) dependencies: Vec<Dependency>,
    pub(super) targets: Vec<Target>,
}

/// An entry in the manifest of a package.
#[derive(Debug, Deserialize)]
pub(super) struct Dependency {
    pub(super) name: String,
    pub(super) rename: Option<String>,
    pub(super) req: String,
    kind: Option<String>,
    pub(super) optional: bool,
    pub(super) features: Vec<String>,
    pub(super) path: Option<PathBuf>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(super) struct Target {
    pub(super) name: String,
    pub(super) kind: Vec<String>,
    pub(super) src_path: PathBuf,
}

/// The table of a manifest that lists a dependency.
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
        self.targets.iter().find(|target| target.is_any(&linked))
    }
}

impl Target {
    /// Whether it is of one of these kinds.
    pub(super) fn is_any(&self, kinds: &[&str]) -> bool {
        self.kind.iter().any(|kind| kinds.contains(&kind.as_str()))
    }
}

impl Metadata {
    /// Reads the members of a workspace, without the packages that they depend on.
    pub(super) fn of_members(root: &Path) -> Result<Self, Failure> {
        Ok(serde_json::from_str(&cargo(
            root,
            &["metadata", "--format-version=1", "--no-deps"],
        )?)?)
    }

    /// Reads all packages.
    pub(super) fn of_all_packages(root: &Path) -> Result<Self, Failure> {
        let arguments = ["metadata", "--format-version=1", "--all-features", "--locked"];
        let text = cargo(root, &arguments).or_else(|_| {
            // A machine may lack the packages for other platforms, because it never built for them.
            if workspace::cargo(root, &["fetch", "--quiet", "--locked"])
                .status()?
                .success()
            {
                return cargo(root, &arguments);
            }
            Err("cargo cannot read the dependencies. Remedy: run `cargo fetch` with network access".into())
        })?;
        Ok(serde_json::from_str(&text)?)
    }

    /// The packages of this workspace.
    pub(super) fn members(&self) -> impl Iterator<Item = &Package> {
        self.packages
            .iter()
            .filter(|package| self.workspace_members.contains(&package.id))
    }

    /// The name of a dependency in sources.
    pub(super) fn extern_name(&self, dependency: &Dependency) -> String {
        let package = self.packages.iter().find(|package| package.name == dependency.name);
        let library = || Some(package?.lib_target()?.name.clone());
        let name = dependency.rename.clone().or_else(library);
        name.unwrap_or_else(|| dependency.name.clone()).replace('-', "_")
    }
}

/// Runs cargo without the network and returns its output.
pub(super) fn cargo(root: &Path, arguments: &[&str]) -> Result<String, Failure> {
    let output = workspace::cargo(root, arguments).arg("--offline").output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(String::from_utf8(output.stdout)?)
}
