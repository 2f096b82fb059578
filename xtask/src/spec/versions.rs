//! The versions of the crates, now and in a revision, whether a crate has its own or the workspace's.

use std::path::Path;

use semver::Version;
use toml::Table;

use super::git;
use crate::outcome::Failure;
use crate::workspace;

/// Returns the version of a crate of this workspace; `None` if there is no such crate.
pub(super) fn of_package(root: &Path, revision: Option<&str>, package: &str) -> Result<Option<Version>, Failure> {
    let Some(own) = manifest(root, revision, &format!("crates/{package}/Cargo.toml"))? else {
        return Ok(None);
    };
    if let Some(version) = own_version(&own) {
        return Ok(Some(version.parse()?));
    }
    let Some(shared) = manifest(root, revision, "Cargo.toml")? else {
        return Ok(None);
    };
    let version = shared
        .get("workspace")
        .and_then(|section| section.get("package")?.get("version")?.as_str());
    Ok(version.map(str::parse).transpose()?)
}

/// Returns the manifest that sets the version of a crate.
pub(super) fn manifest_of(root: &Path, package: &str) -> Result<String, Failure> {
    let path = format!("crates/{package}/Cargo.toml");
    let own = manifest(root, None, &path)?;
    Ok(if own.as_ref().and_then(own_version).is_some() {
        path
    } else {
        "Cargo.toml, for all crates".to_owned()
    })
}

/// The version that a manifest states itself, instead of `version.workspace = true`.
fn own_version(manifest: &Table) -> Option<&str> {
    manifest.get("package")?.get("version")?.as_str()
}

fn manifest(root: &Path, revision: Option<&str>, path: &str) -> Result<Option<Table>, Failure> {
    let text = match revision {
        Some(revision) => git::show(root, revision, path)?,
        None => {
            let file = root.join(path);
            file.exists().then(|| workspace::read(&file)).transpose()?
        }
    };
    Ok(text.map(|text| text.parse::<Table>()).transpose()?)
}
