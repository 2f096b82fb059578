//! Measures the facade's speed. `cargo xtask bench` runs everything and prints tables; `--write`
//! writes them to docs/performance.md.
//!
//! The program has three modes: the measurement, which starts the other two; `serve`, the server;
//! and `run`, one client with one job. Every baseline is written to be as fast as possible. Linux
//! only, because it reads `/proc`.
//!
//! Exit codes: 0 if all bounds are met, 1 if one is not or cannot be measured, 2 for wrong
//! arguments.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a measurement prints what it measures"
)]

mod client;
mod failure;
mod job;
mod measure;
mod performance_page;
mod report;
mod sections;
mod server;
mod stats;
mod usage;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask bench", about = "Compare the facade with hand-written clients")]
#[command(args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    part: Option<Part>,
    #[command(flatten)]
    options: sections::Options,
}

#[derive(Subcommand)]
enum Part {
    /// Print an address and serve both lists there until standard input ends; used by the measurement
    Serve(server::Serve),
    /// Runs one client with one job, given as JSON, and prints the outcome. Started by the
    /// measurement.
    Run { job: job::Job },
}

fn main() -> ExitCode {
    let Arguments { part, options } = Arguments::parse();
    let outcome = match part {
        Some(Part::Serve(serve)) => server::serve(serve).map(|()| true),
        Some(Part::Run { job }) => client::run(&job)
            .and_then(|outcome| Ok(serde_json::to_string(&outcome)?))
            .map(|line| {
                println!("{line}");
                true
            }),
        None => sections::run(&options),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(failure) => {
            eprintln!("bench: {failure}");
            ExitCode::from(1)
        }
    }
}
