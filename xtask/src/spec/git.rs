//! Reads earlier versions of files from git. A workspace without git has no earlier versions; that is no failure.

use std::path::Path;
use std::process::{Command, Stdio};

use chat_sessions_codegen::fnv1a64;

use crate::outcome::Failure;

/// The number of versions of a file that are searched for a hash.
const DEPTH: &str = "200";

/// Whether git knows a revision.
pub(super) fn knows(root: &Path, revision: &str) -> Result<bool, Failure> {
    let revision = format!("{revision}^{{commit}}");
    Ok(run(
        root,
        &["rev-parse", "--verify", "--quiet", "--end-of-options", &revision],
    )?
    .is_some())
}

/// Returns a file as it was in a revision; `None` if the revision does not have it.
pub(super) fn show(root: &Path, revision: &str, path: &str) -> Result<Option<String>, Failure> {
    // `./` makes the path relative to the root of the workspace, which may be below the root of the repository.
    run(root, &["show", &format!("{revision}:./{path}")])
}

/// Returns the names of the files that a folder had in a revision.
pub(super) fn list(root: &Path, revision: &str, folder: &str) -> Result<Vec<String>, Failure> {
    let names = run(root, &["ls-tree", "--name-only", revision, &format!("./{folder}/")])?;
    Ok(names.unwrap_or_default().lines().map(str::to_owned).collect())
}

/// Finds the newest version of a file with a hash; returns its revision and its text.
pub(super) fn with_hash(root: &Path, path: &str, hash: u64) -> Result<Option<(String, String)>, Failure> {
    let revisions = run(root, &["log", "-n", DEPTH, "--format=%h", "--", path])?.unwrap_or_default();
    for revision in std::iter::once("HEAD").chain(revisions.lines()) {
        if let Some(text) = show(root, revision, path)?
            && fnv1a64(&text) == hash
        {
            return Ok(Some((revision.to_owned(), text)));
        }
    }
    Ok(None)
}

/// Returns whether a file differs from a revision.
pub(crate) fn differs(root: &Path, revision: &str, path: &str) -> Result<bool, Failure> {
    let changed = run(root, &["status", "--porcelain", "--", path])?.is_some_and(|status| !status.is_empty());
    Ok(changed && show(root, revision, path)? != std::fs::read_to_string(root.join(path)).ok())
}

/// Returns the newest commit that changed a file.
pub(crate) fn last_change(root: &Path, path: &str) -> Result<Option<String>, Failure> {
    let commit = run(root, &["log", "-n", "1", "--format=%H", "--", path])?;
    Ok(commit
        .map(|commit| commit.trim().to_owned())
        .filter(|commit| !commit.is_empty()))
}

/// Returns whether a commit changed a file.
pub(crate) fn changes(root: &Path, commit: &str, path: &str) -> Result<bool, Failure> {
    let names = run(root, &["show", "--format=", "--name-only", commit, "--", path])?;
    Ok(names.is_none_or(|names| !names.trim().is_empty()))
}

/// Runs git and returns its output; `None` if git is missing or fails.
fn run(root: &Path, arguments: &[&str]) -> Result<Option<String>, Failure> {
    let output = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(arguments)
        .stderr(Stdio::null())
        .output();
    match output {
        Ok(output) if output.status.success() => Ok(Some(String::from_utf8(output.stdout)?)),
        Ok(_) => Ok(None),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}
