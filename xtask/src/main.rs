//! The commands of this repository, as `cargo xtask COMMAND`. They are thin: what is to know about specs is in
//! `chat-sessions-codegen`, and here stand only files, processes and words.
//!
//! Exit codes: 0 clean, 1 findings, 2 usage.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command speaks to the person who called it"
)]

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod bench;
mod check;
mod dependencies;
mod diff;
mod drift;
mod fuzz;
mod generate;
mod git;
mod invariants;
mod ledger;
mod lint;
mod long;
mod memory;
mod mutants;
mod prove;
mod snapshots;
mod tidiness;
mod unified;
mod versions;
mod workspace;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The commands of this repository")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Generates the raw clients from specs/*.yaml.
    Generate {
        /// Writes nothing; shows what would change and exits with 1 if something would.
        #[arg(long)]
        check: bool,
    },
    /// Says what changed in the specs: on the wire, in the generated Rust, in the facade, and for the versions.
    Diff {
        /// Two files, instead of all specs and what they were.
        #[arg(num_args = 2, value_names = ["OLD", "NEW"], conflicts_with_all = ["base", "check"])]
        files: Vec<PathBuf>,
        /// The revision to compare with.
        #[arg(long, value_name = "REV", default_value = "HEAD")]
        base: String,
        /// Exits with 1 when the versions of the crates are lower than the changes since the base ask for.
        #[arg(long)]
        check: bool,
        /// How it is printed; `markdown` is made for CHANGELOG.md.
        #[arg(short, long, value_enum, default_value = "text")]
        output: diff::Output,
    },
    /// Proves what `diff` says about the generated Rust by compiling programs against both versions. Not part of `check`.
    Prove,
    /// Names the raw fields of which the facade does not say what becomes of them.
    Ledger {
        /// Notes them as kept among the unknown fields, until somebody decides.
        #[arg(long)]
        keep: bool,
    },
    /// Finds what is wrong with specs, each with its place and remedy; exits with 1 on errors, not on warnings.
    Lint {
        /// OpenAPI 3.0 files, YAML or JSON; our own specs by default, which are also held against the rules of the house.
        files: Vec<PathBuf>,
        /// How to print the findings.
        #[arg(short, long, value_enum, default_value = "text")]
        output: lint::Format,
        /// Prints the table of all rules instead.
        #[arg(long, conflicts_with = "files")]
        rules: bool,
    },
    /// Runs the snapshot tests and shows what changed.
    Snapshots {
        /// Takes the changes as the new snapshots.
        #[arg(long)]
        accept: bool,
        /// Passed on to `cargo test`, in place of `--workspace`.
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// Holds recorded answers against the specs: what they have that no spec says, and a patch that would say it.
    ///
    /// Exits with 1 when there is anything but notes.
    Drift(drift::Asked),
    /// Runs every check that CI runs.
    Check,
    /// Checks what the dependencies are licensed under, and which are doubled, unused, banned or not explained. Part of `check`.
    Dependencies,
    /// Finds files of one crate that import each other, directly or in a circle. Part of `check`.
    Cycles {
        /// The root of the workspace to check; this one by default.
        root: Option<PathBuf>,
    },
    /// Shows that ten million sessions need no more memory than ten thousand. Takes a minute; not part of `check`.
    Memory,
    /// Runs the fuzz targets of tests/fuzz, which needs nightly and cargo-fuzz. Takes long; `check` replays their corpus instead.
    Fuzz {
        /// One target; all of them, one after the other, by default.
        #[arg(value_parser = clap::builder::PossibleValuesParser::new(fuzz::names()))]
        target: Option<String>,
        /// How many inputs each target is given.
        #[arg(long, default_value_t = 10_000_000)]
        runs: u64,
    },
    /// Shows that the documented pace is kept, and used. Takes a minute; not part of `check`.
    Paced,
    /// Runs 64 walks at once against a server that fails at random. Takes ten minutes; not part of `check`.
    Soak {
        /// For how long.
        #[arg(long, default_value_t = 600)]
        seconds: u64,
    },
    /// Measures the facade against clients written by hand, and what depending on it costs. Takes twenty minutes; not part of `check`.
    #[command(disable_help_flag = true)]
    Bench {
        /// The parts to measure and the options; `--help` shows them.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Breaks the walk and the normalising in small ways, and counts what a test notices. Takes hours; not part of `check`.
    Mutants {
        /// Passed on to `cargo mutants`.
        #[arg(last = true)]
        arguments: Vec<String>,
    },
}

/// How a command ended, unless it could not run at all.
enum Outcome {
    Clean,
    Findings,
    /// The arguments name something that is not there.
    Usage,
}

/// A command that could not run: a file that is not there, a process that did not start.
type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Generate { check } => generate::run(check),
        Command::Diff {
            files,
            base,
            check,
            output,
        } => match files.as_slice() {
            [old, new] => diff::files(old, new, output),
            _ => diff::since(&base, check, output),
        },
        Command::Prove => prove::run(),
        Command::Ledger { keep } => ledger::run(keep),
        Command::Lint {
            output, rules: true, ..
        } => lint::print_rules(output),
        Command::Lint { files, output, .. } => lint::run(&files, output),
        Command::Snapshots { accept, arguments } => snapshots::run(accept, &arguments),
        Command::Drift(asked) => drift::run(&asked),
        Command::Check => check::run(),
        Command::Dependencies => dependencies::command(),
        Command::Cycles { root } => tidiness::cycles::command(root.as_deref()),
        Command::Memory => memory::run(),
        Command::Fuzz { target, runs } => fuzz::run(target.as_deref(), runs),
        Command::Paced => long::run("paced", None),
        Command::Soak { seconds } => long::run("soak", Some(seconds)),
        Command::Bench { arguments } => bench::run(&arguments),
        Command::Mutants { arguments } => mutants::run(&arguments),
    };
    match outcome {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Ok(Outcome::Usage) => ExitCode::from(2),
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::from(1)
        }
    }
}
