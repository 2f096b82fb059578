//! `memory`: ten million sessions must not need more memory than ten thousand. Linux only.

use crate::outcome::{Failure, Outcome};
use crate::workspace;

/// How much more memory a walk over ten million sessions may need than one over ten thousand, in KiB.
const ALLOWANCE: u64 = 8 * 1024;

/// Lists twenty million sessions in an optimized build, half of them by page numbers and half by page tokens.
pub(crate) fn run() -> Result<Outcome, Failure> {
    let mut outcome = Outcome::Clean;
    for paging in ["numbers", "tokens"] {
        let few = peak(paging, 10_000)?;
        let many = peak(paging, 10_000_000)?;
        let more = many.saturating_sub(few);
        let verdict = if more <= ALLOWANCE { "ok" } else { "TOO MUCH" };
        println!("{paging}: {few} KiB for 10 000 sessions, {many} KiB for 10 000 000: {more} KiB more, {verdict}");
        if more > ALLOWANCE {
            eprintln!("Remedy: find what a walk keeps for every session; what it keeps must be bounded.");
            outcome = Outcome::Findings;
        }
    }
    Ok(outcome)
}

/// Runs the example `memory` and reads the peak from its output.
fn peak(paging: &str, count: u64) -> Result<u64, Failure> {
    let program = "run --quiet --profile bench -p chat-sessions --example memory --";
    let program: Vec<&str> = program.split(' ').collect();
    let mut command = workspace::cargo(&workspace::root(), &program);
    let output = command.args([paging, &count.to_string()]).output()?;
    let printed = String::from_utf8_lossy(&output.stdout);
    let peak = printed.split("peak ").nth(1).and_then(|rest| rest.split(' ').next());
    match peak.map(str::parse) {
        Some(Ok(peak)) if output.status.success() => Ok(peak),
        _ => Err(format!("the example failed: {}", String::from_utf8_lossy(&output.stderr)).into()),
    }
}
