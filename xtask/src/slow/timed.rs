//! `handshakes`, `paced` and `soak`: long measurements of the package `tests`, in an optimized build. The release profile
//! takes minutes to link.

use crate::outcome::{Failure, Outcome};
use crate::workspace;

/// Runs one of them. The program prints its results; its exit code says whether they are acceptable.
pub(crate) fn run(name: &str, argument: Option<u64>) -> Result<Outcome, Failure> {
    let program = [
        "run",
        "--quiet",
        "--profile",
        "bench",
        "-p",
        "tests",
        "--example",
        name,
        "--",
    ];
    let mut command = workspace::cargo(&workspace::root(), &program);
    command.args(argument.map(|argument| argument.to_string()));
    Ok(Outcome::of(command.status()?.success()))
}
