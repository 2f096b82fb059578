//! The commands of this repository, called as `cargo xtask COMMAND`. They read files, start processes and print; what is known
//! about specs is in `chat-sessions-codegen`.
//!
//! Exit codes: 0 clean, 1 findings or failure, 2 wrong usage, or nothing to compare.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command prints its result for the person who called it"
)]

use std::process::ExitCode;

use clap::Parser;

// First, because macros are known only after their definition.
#[macro_use]
mod output;

mod cargo;
mod check;
mod cli;
mod outcome;
mod packages;
mod parallel;
mod passed;
mod provider;
mod providers;
mod raw_clients;
mod slow;
mod snapshots;
mod spec;
mod test_environment;
mod test_programs;
mod tidiness;
mod unified;
mod workspace;

fn main() -> ExitCode {
    match cli::Arguments::parse().run() {
        Ok(outcome) => outcome.into(),
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}
