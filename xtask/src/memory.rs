//! `memory`: ten million sessions must not need more memory than ten thousand. Linux only; not part of `check`, since it
//! lists twenty million sessions in a release build.

use std::process::Command;

use crate::{Failure, Outcome, workspace};

/// What a walk may need more for ten million sessions than for ten thousand, in KiB.
const ALLOWANCE: u64 = 8 * 1024;

pub(crate) fn run() -> Result<Outcome, Failure> {
    let mut outcome = Outcome::Clean;
    for paging in ["numbers", "tokens"] {
        let few = peak(paging, 10_000)?;
        let many = peak(paging, 10_000_000)?;
        let more = many.saturating_sub(few);
        let verdict = if more <= ALLOWANCE { "ok" } else { "TOO MUCH" };
        println!("{paging}: {few} KiB for 10 000 sessions, {many} KiB for 10 000 000: {more} KiB more, {verdict}");
        if more > ALLOWANCE {
            eprintln!("Remedy: look for what a walk keeps for every session; it must keep a bounded window.");
            outcome = Outcome::Findings;
        }
    }
    Ok(outcome)
}

/// Runs the example `memory` and reads the peak off what it prints.
fn peak(paging: &str, count: u64) -> Result<u64, Failure> {
    let output = Command::new(workspace::cargo())
        .current_dir(workspace::root())
        .args([
            "run",
            "--quiet",
            "--release",
            "-p",
            "chat-sessions",
            "--example",
            "memory",
            "--",
        ])
        .args([paging, &count.to_string()])
        .output()?;
    let printed = String::from_utf8_lossy(&output.stdout);
    let peak = printed.split("peak ").nth(1).and_then(|rest| rest.split(' ').next());
    match peak.map(str::parse) {
        Some(Ok(peak)) if output.status.success() => Ok(peak),
        _ => Err(format!("the example failed: {}", String::from_utf8_lossy(&output.stderr)).into()),
    }
}
