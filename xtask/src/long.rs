//! `handshakes`, `paced` and `soak`: measurements that take their time, of the package `tests`, in a release build.

use std::process::Command;

use crate::{Failure, Outcome, workspace};

/// Runs one of them, which prints what it measures and says by its end whether that is good.
pub(crate) fn run(name: &str, argument: Option<u64>) -> Result<Outcome, Failure> {
    let status = Command::new(workspace::cargo())
        .current_dir(workspace::root())
        .args(["run", "--quiet", "--release", "-p", "tests", "--example", name, "--"])
        .args(argument.map(|argument| argument.to_string()))
        .status()?;
    Ok(if status.success() {
        Outcome::Clean
    } else {
        Outcome::Findings
    })
}
