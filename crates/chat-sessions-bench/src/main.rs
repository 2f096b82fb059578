//! How fast the facade is: `cargo xtask bench` runs everything and prints tables; `--write` writes them into docs/performance.md.
//!
//! The program is three in one: the measurement, which starts the other two; `serve`, the server; and `run`, one client with one
//! job. Each baseline is written to win. Linux only, since it reads `/proc`.
//!
//! Exit codes: 0 when everything that must hold does, 1 when something does not or cannot be measured, 2 for wrong arguments.

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
#[command(
    name = "cargo xtask bench",
    about = "Measures the facade against clients written by hand"
)]
#[command(args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    part: Option<Part>,
    #[command(flatten)]
    options: sections::Options,
}

#[derive(Subcommand)]
enum Part {
    /// Serves both lists until standard input ends; prints its address first. Started by the measurement.
    Serve(server::Serve),
    /// Runs one client with one job, written as JSON, and prints what came of it. Started by the measurement.
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
