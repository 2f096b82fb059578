//! What git remembers of this repository. Nothing here writes, and a folder without git is no failure: it remembers nothing.

use std::path::Path;
use std::process::{Command, Stdio};

use chat_sessions_codegen::fnv1a64;

use crate::Failure;

/// How many versions of a file are looked through.
const DEPTH: &str = "200";

/// Whether git knows a revision.
pub(crate) fn knows(root: &Path, revision: &str) -> Result<bool, Failure> {
    Ok(run(
        root,
        &[
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &format!("{revision}^{{commit}}"),
        ],
    )?
    .is_some())
}

/// A file as it was; `None` when the revision does not have it.
pub(crate) fn show(root: &Path, revision: &str, path: &str) -> Result<Option<String>, Failure> {
    // The path is that from the root of the workspace, which need not be that of the repository.
    run(root, &["show", &format!("{revision}:./{path}")])
}

/// The names of the files in a folder as they were.
pub(crate) fn list(root: &Path, revision: &str, folder: &str) -> Result<Vec<String>, Failure> {
    let names = run(root, &["ls-tree", "--name-only", revision, &format!("./{folder}/")])?;
    Ok(names.unwrap_or_default().lines().map(str::to_owned).collect())
}

/// The newest version of a file that has a hash, and its revision.
pub(crate) fn with_hash(root: &Path, path: &str, hash: u64) -> Result<Option<(String, String)>, Failure> {
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

/// Runs git and gives what it prints; `None` when it refuses.
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
