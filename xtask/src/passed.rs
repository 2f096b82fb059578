//! Remembers for which files the tests passed, so that `check` does not repeat them when nothing has changed, like `go test`.
//!
//! Any change of any file that git does not ignore, of the compiler, or of an environment variable that tests read makes them run
//! again. CI starts with an empty target folder, so it always runs them.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::outcome::Failure;
use crate::workspace;

/// The prefixes of the variables that cargo, the compiler, the test harness and the tests read.
const VARIABLES: [&str; 7] = [
    "ALL_CASES",
    "CARGO_BUILD_",
    "CARGO_PROFILE_",
    "CHAT_SESSIONS_",
    "INSTA_",
    "PROPTEST_",
    "RUST",
];

/// What the tests depend on, and where it is remembered.
pub(crate) struct Inputs {
    fingerprint: String,
    file: PathBuf,
}

impl Inputs {
    /// Reads the state of a workspace.
    ///
    /// # Errors
    ///
    /// If it is not in a git repository, or a file cannot be read.
    pub(crate) fn of(root: &Path) -> Result<Self, Failure> {
        let mut hasher = DefaultHasher::new();
        let mut list = Command::new("git");
        list.current_dir(root)
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
        for name in printed(&mut list)?.split_terminator('\0') {
            name.hash(&mut hasher);
            // A file that was deleted and is still in git's index has no content.
            fs::read(root.join(name)).ok().hash(&mut hasher);
        }
        printed(Command::new("rustc").current_dir(root).arg("-vV"))?.hash(&mut hasher);
        let is_read = |name: &str| VARIABLES.iter().any(|start| name.starts_with(start));
        let variables: BTreeMap<String, String> = env::vars_os()
            .map(|(name, value)| {
                (
                    name.to_string_lossy().into_owned(),
                    value.to_string_lossy().into_owned(),
                )
            })
            .filter(|(name, _)| is_read(name))
            .collect();
        variables.hash(&mut hasher);
        Ok(Self {
            fingerprint: format!("{:016x}", hasher.finish()),
            file: file(root),
        })
    }

    /// Whether the tests have passed with these inputs.
    pub(crate) fn have_passed(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|passed| passed == self.fingerprint)
    }

    pub(crate) fn remember(&self) -> Result<(), Failure> {
        workspace::write(&self.file, &self.fingerprint)
    }
}

/// Forgets that the tests passed, so that they run again.
pub(crate) fn forget(root: &Path) {
    // The file may not exist.
    let _ = fs::remove_file(file(root));
}

fn file(root: &Path) -> PathBuf {
    root.join("target/tests-passed")
}

fn printed(command: &mut Command) -> Result<String, Failure> {
    let output = command.output()?;
    if !output.status.success() {
        return Err(format!("{:?} failed", command.get_program()).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A repository with a file of this content and an ignored one.
    fn repository(folder: &Path, content: &str, ignored: &str) -> Inputs {
        let git = Command::new("git").current_dir(folder).args(["init", "-q"]).status();
        assert!(git.unwrap().success());
        fs::create_dir_all(folder.join("target")).unwrap();
        fs::write(folder.join(".gitignore"), "/target\n").unwrap();
        fs::write(folder.join("fixture.json"), content).unwrap();
        fs::write(folder.join("target/built"), ignored).unwrap();
        Inputs::of(folder).unwrap()
    }

    #[test]
    fn tests_are_repeated_when_a_file_has_changed_and_not_otherwise() {
        let folder = tempfile::tempdir().unwrap();
        let first = repository(folder.path(), "1", "a");
        assert!(!first.have_passed());
        first.remember().unwrap();
        assert!(repository(folder.path(), "1", "b").have_passed());
        assert!(!repository(folder.path(), "2", "b").have_passed());
        fs::write(folder.path().join("new.rs"), "").unwrap();
        assert!(!repository(folder.path(), "1", "b").have_passed(), "a file was added");
        fs::remove_file(folder.path().join("new.rs")).unwrap();
        assert!(Inputs::of(folder.path()).unwrap().have_passed());
        forget(folder.path());
        assert!(!Inputs::of(folder.path()).unwrap().have_passed());
    }
}
