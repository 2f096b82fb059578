//! The packages of a workspace, as `cargo metadata` describes them.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::outcome::Failure;
use crate::workspace;

/// The part of `cargo metadata` that xtask needs.
#[derive(Debug, Deserialize)]
pub(crate) struct Metadata {
    pub(crate) packages: Vec<Package>,
    workspace_members: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) license: Option<String>,
    pub(crate) manifest_path: PathBuf,
    /// The registries that it may be published to; an empty list for `publish = false`.
    publish: Option<Vec<String>>,
    pub(crate) dependencies: Vec<Dependency>,
    pub(crate) targets: Vec<Target>,
}

/// An entry in the manifest of a package.
#[derive(Debug, Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) rename: Option<String>,
    pub(crate) req: String,
    kind: Option<String>,
    pub(crate) optional: bool,
    pub(crate) features: Vec<String>,
    pub(crate) path: Option<PathBuf>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(crate) struct Target {
    pub(crate) name: String,
    pub(crate) kind: Vec<String>,
    pub(crate) src_path: PathBuf,
}

/// The table of a manifest that lists a dependency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Normal,
    Build,
    Dev,
}

impl Kind {
    /// The name of the table.
    pub(crate) fn table(self) -> &'static str {
        match self {
            Self::Normal => "[dependencies]",
            Self::Build => "[build-dependencies]",
            Self::Dev => "[dev-dependencies]",
        }
    }
}

impl Dependency {
    pub(crate) fn kind(&self) -> Kind {
        match self.kind.as_deref() {
            Some("build") => Kind::Build,
            Some("dev") => Kind::Dev,
            _ => Kind::Normal,
        }
    }
}

impl Package {
    /// Whether `publish = false` keeps it in this repository.
    pub(crate) fn is_internal(&self) -> bool {
        self.publish.as_ref().is_some_and(Vec::is_empty)
    }

    /// The target that other crates link to.
    pub(crate) fn lib_target(&self) -> Option<&Target> {
        let linked = ["lib", "rlib", "dylib", "proc-macro"];
        self.targets.iter().find(|target| target.is_any(&linked))
    }
}

impl Target {
    /// Whether it is of one of these kinds.
    pub(crate) fn is_any(&self, kinds: &[&str]) -> bool {
        self.kind.iter().any(|kind| kinds.contains(&kind.as_str()))
    }
}

impl Metadata {
    /// Reads the members of a workspace, without the packages that they depend on.
    pub(crate) fn of_members(root: &Path) -> Result<Self, Failure> {
        Ok(serde_json::from_str(&cargo(
            root,
            &["metadata", "--format-version=1", "--no-deps"],
        )?)?)
    }

    /// Reads all packages.
    pub(crate) fn of_all_packages(root: &Path) -> Result<Self, Failure> {
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
    pub(crate) fn members(&self) -> impl Iterator<Item = &Package> {
        self.packages
            .iter()
            .filter(|package| self.workspace_members.contains(&package.id))
    }

    /// The name of a dependency in sources.
    pub(crate) fn extern_name(&self, dependency: &Dependency) -> String {
        let package = self.packages.iter().find(|package| package.name == dependency.name);
        let library = || Some(package?.lib_target()?.name.clone());
        let name = dependency.rename.clone().or_else(library);
        name.unwrap_or_else(|| dependency.name.clone()).replace('-', "_")
    }
}

/// Runs cargo without the network and returns its output.
pub(crate) fn cargo(root: &Path, arguments: &[&str]) -> Result<String, Failure> {
    let output = workspace::cargo(root, arguments).arg("--offline").output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(String::from_utf8(output.stdout)?)
}
