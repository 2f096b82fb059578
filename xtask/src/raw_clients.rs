//! The two checks that build the raw clients alone: generated while building, and without features.

use std::path::Path;

use crate::outcome::Failure;
use crate::{providers, workspace};

/// Builds all raw clients from what their build scripts generate, with the mock helpers.
pub(crate) fn generated_while_building(root: &Path) -> Result<bool, Failure> {
    check(root, &["build-time", "httpmock"])
}

/// Builds all raw clients without any feature.
pub(crate) fn without_features(root: &Path) -> Result<bool, Failure> {
    check(root, &[])
}

fn check(root: &Path, features: &[&str]) -> Result<bool, Failure> {
    let mut command = workspace::cargo(root, &["check", "--quiet", "--no-default-features"]);
    Ok(command.args(selection(root, features)?).status()?.success())
}

/// The arguments that select the raw clients and their features.
fn selection(root: &Path, features: &[&str]) -> Result<Vec<String>, Failure> {
    let mut arguments = Vec::new();
    for package in providers::all(root)?.iter().map(|provider| provider.package()) {
        arguments.extend(features.iter().map(|feature| format!("--features={package}/{feature}")));
        arguments.push(format!("--package={package}"));
    }
    Ok(arguments)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn every_provider_is_selected() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("specs")).unwrap();
        for name in ["one.yaml", "a-third.yaml", "notes.md"] {
            fs::write(root.path().join("specs").join(name), "").unwrap();
        }
        let third = ["--features=a-third-client/x", "--package=a-third-client"];
        let one = ["--features=one-client/x", "--package=one-client"];
        assert_eq!(selection(root.path(), &["x"]).unwrap(), [third, one].concat());
    }
}
