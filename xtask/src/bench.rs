//! `bench`: the measurements of the package `chat-sessions-bench`, in a release build.

use std::process::Command;

use crate::{Failure, Outcome, workspace};

/// Runs it with these arguments, which it explains itself. It prints what it measures, and says by its end whether that is good.
pub(crate) fn run(arguments: &[String]) -> Result<Outcome, Failure> {
    let status = Command::new(workspace::cargo())
        .current_dir(workspace::root())
        .args(["run", "--quiet", "--release", "-p", "chat-sessions-bench", "--"])
        .args(arguments)
        .status()?;
    Ok(match status.code() {
        Some(0) => Outcome::Clean,
        Some(2) => Outcome::Usage,
        _ => Outcome::Findings,
    })
}
