//! The command line: every command with its arguments and its help text.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::outcome::{Failure, Outcome};
use crate::slow::{bench, flaky, fuzz, memory, mutants, prove, timed};
use crate::spec::{diff, drift, field_map, generate, lint};
use crate::tidiness::{cycles, dependencies, invariants, lints, public_api};
use crate::{check, provider, snapshots};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The commands of this repository")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Generate the raw clients from specs/*.yaml
    Generate {
        /// Write nothing; show what would change, and exit with 1 if something would
        #[arg(long)]
        check: bool,
    },
    /// Report what changed in the specs: on the wire, in the generated Rust and in the facade, and the versions that this requires
    Diff {
        /// Compare two files instead of all specs with an earlier revision
        #[arg(num_args = 2, value_names = ["OLD", "NEW"], conflicts_with_all = ["base", "check"])]
        files: Vec<PathBuf>,
        /// The git revision to compare with
        #[arg(long, value_name = "REV", default_value = "HEAD")]
        base: String,
        /// Exit with 1 if a crate's version is too low for the changes since the base
        #[arg(long)]
        check: bool,
        /// Exit with 1 if a change is breaking on the wire, or if it cannot be told
        #[arg(long, value_enum, value_name = "WHAT")]
        fail_on: Option<diff::FailOn>,
        /// The output format; `markdown` is for CHANGELOG.md
        #[arg(short, long, value_enum, default_value = "text")]
        output: diff::Output,
    },
    /// Report the raw fields that have no row in the facade's field map
    FieldMap {
        /// Add rows that keep these fields among the unknown fields
        #[arg(long)]
        keep: bool,
    },
    /// Check specs; exit with 1 on errors, but not on warnings and notes
    ///
    /// An error is something that OpenAPI 3.0 forbids. What our generator does not support is a note, and an error in our own specs.
    Lint {
        /// OpenAPI 3.0 files, YAML or JSON; by default our own specs, which must also follow the rules of this repository
        files: Vec<PathBuf>,
        /// Report what our generator does not support as errors
        #[arg(long)]
        generator: bool,
        /// The output format
        #[arg(short, long, value_enum, default_value = "text")]
        output: lint::Format,
        /// Print the table of all rules instead
        #[arg(long, conflicts_with = "files")]
        rules: bool,
    },
    /// Compare recorded responses with the specs and print a patch for the specs
    ///
    /// Exits with 1 if anything but notes was found, and with 2 if nothing was compared.
    Drift(drift::Arguments),
    /// Add a provider
    #[command(subcommand)]
    Provider(ProviderCommand),
    /// Run the snapshot tests and show what changed
    Snapshots {
        /// Accept the changes
        #[arg(long)]
        accept: bool,
        /// Arguments for `cargo test`, instead of `--workspace`
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// Run every check that CI runs; takes minutes
    Check {
        /// Also test copies of the workspace, other feature sets and an installation; for closing an issue or a release
        #[arg(long)]
        full: bool,
    },
    /// Check the design's invariants in the sources; part of `check`
    Invariants,
    /// Find files of one crate that import each other, directly or in a circle; part of `check`
    Cycles {
        /// The root of the workspace to check; this one by default
        root: Option<PathBuf>,
    },
    /// Run clippy on all targets and find unused dependencies; part of `check`
    Clippy,
    /// Check the dependencies: licences, duplicates, bans, and the reasons in CONTRIBUTING.md; part of `check`
    Dependencies,
    /// Compare the facade's public interface with its snapshot; needs nightly and cargo-public-api
    PublicApi {
        /// Write the snapshot instead
        #[arg(long)]
        write: bool,
    },
    /// Pack every crate that can be published, and build each from its own archive; takes minutes
    Package,
    /// Verify the reports of `diff` about the generated Rust with the compiler; takes a minute
    Prove,
    /// Check that ten million sessions need no more memory than ten thousand; takes a minute
    Memory,
    /// Repeat the tests, idle and under load, and report those that ever fail; takes up to a day
    Flaky(flaky::Options),
    /// Count the TLS handshakes of walks, idle and under load; takes two minutes
    Handshakes,
    /// Check that requests use the documented rate and never exceed it; takes a minute
    Paced,
    /// Run 64 walks at once against a server that fails at random; takes ten minutes
    Soak {
        /// How long to run
        #[arg(long, default_value_t = 600)]
        seconds: u64,
    },
    /// Run the fuzz targets of tests/fuzz; takes hours, needs nightly and cargo-fuzz
    Fuzz {
        /// One target; all of them, one after the other, by default
        target: Option<String>,
        /// The number of inputs for each target
        #[arg(long, default_value_t = 10_000_000)]
        runs: u64,
    },
    /// Compare the facade's speed with hand-written clients, and measure what depending on it costs; takes twenty minutes
    #[command(disable_help_flag = true)]
    Bench {
        /// The parts to measure, and options; `--help` lists them
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Mutate the code that lists sessions and count the mutants that the tests notice; takes hours, needs cargo-mutants
    Mutants {
        /// Arguments for `cargo mutants`
        #[arg(last = true)]
        arguments: Vec<String>,
    },
}

#[derive(Subcommand)]
enum ProviderCommand {
    /// Write the spec, the raw client, the modules and the first tests of a new provider from its published document
    New(provider::New),
}

impl Arguments {
    /// Runs the command.
    pub(crate) fn run(self) -> Result<Outcome, Failure> {
        match self.command {
            Command::Generate { check } => generate::run(check),
            Command::Diff {
                files,
                base,
                check,
                fail_on,
                output,
            } => match files.as_slice() {
                [old, new] => diff::files(old, new, fail_on, output),
                _ => diff::since(&base, check, fail_on, output),
            },
            Command::FieldMap { keep } => field_map::run(keep),
            Command::Lint {
                output, rules: true, ..
            } => lint::print_rules(output),
            Command::Lint {
                files,
                generator,
                output,
                ..
            } => lint::run(&files, generator, output),
            Command::Drift(arguments) => drift::run(&arguments),
            Command::Provider(ProviderCommand::New(arguments)) => provider::new(&arguments),
            Command::Snapshots { accept, arguments } => snapshots::run(accept, &arguments),
            Command::Check { full } => check::run(full),
            Command::Invariants => invariants::command(),
            Command::Cycles { root } => cycles::command(root),
            Command::Clippy => lints::command(),
            Command::Dependencies => dependencies::command(),
            Command::PublicApi { write } => public_api::command(write),
            Command::Package => check::package(),
            Command::Prove => prove::run(),
            Command::Memory => memory::run(),
            Command::Flaky(options) => flaky::run(&options),
            Command::Handshakes => timed::run("handshakes", None),
            Command::Paced => timed::run("paced", None),
            Command::Soak { seconds } => timed::run("soak", Some(seconds)),
            Command::Fuzz { target, runs } => fuzz::run(target.as_deref(), runs),
            Command::Bench { arguments } => bench::run(&arguments),
            Command::Mutants { arguments } => mutants::run(&arguments),
        }
    }
}
