//! The versions of the crates, today and in a revision, whether a crate has its own or that of the workspace.

use std::path::Path;

use semver::Version;
use toml::Table;

use crate::{Failure, git, workspace};

/// The version of a crate of this workspace; `None` when there is no such crate.
pub(crate) fn of_package(root: &Path, revision: Option<&str>, package: &str) -> Result<Option<Version>, Failure> {
    let Some(own) = manifest(root, revision, &format!("crates/{package}/Cargo.toml"))? else {
        return Ok(None);
    };
    let version = own.get("package").and_then(|section| section.get("version"));
    if let Some(version) = version.and_then(|version| version.as_str()) {
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

/// The manifest that holds the version of a crate.
pub(crate) fn manifest_of(root: &Path, package: &str) -> Result<String, Failure> {
    let path = format!("crates/{package}/Cargo.toml");
    let own = manifest(root, None, &path)?;
    let version = own.as_ref().and_then(|own| own.get("package")?.get("version"));
    Ok(if version.is_some_and(|version| version.is_str()) {
        path
    } else {
        "Cargo.toml, for all crates".to_owned()
    })
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
