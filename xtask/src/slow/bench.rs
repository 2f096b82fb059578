//! `bench`: runs the measurements of the package `chat-sessions-bench` in an optimized build.

use crate::outcome::{Failure, Outcome};
use crate::workspace;

/// Passes the arguments on. The program prints what it measures; its exit code says whether the bounds are met.
pub(crate) fn run(arguments: &[String]) -> Result<Outcome, Failure> {
    let program = [
        "run",
        "--quiet",
        "--profile",
        "bench",
        "-p",
        "chat-sessions-bench",
        "--",
    ];
    let status = workspace::cargo(&workspace::root(), &program)
        .args(arguments)
        .status()?;
    Ok(match status.code() {
        Some(0) => Outcome::Clean,
        Some(2) => Outcome::Usage,
        _ => Outcome::Findings,
    })
}
