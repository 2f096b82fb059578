//! The parts of the report, in the order in which they are run and printed, and what is said when something does not hold.

mod depend;
mod features;
mod first;
mod generate;
mod latency;
mod memory;
mod throughput;

use std::path::{Path, PathBuf};
use std::process::Command;

use clap::ValueEnum;

use crate::report::{Bound, Section};
use crate::{Failure, performance_page};

/// A part of the report.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Name {
    /// 100 000 sessions without latency: the facade against every baseline.
    Throughput,
    /// What the features http2 and gzip change; builds the bench once for each.
    Features,
    /// 200 pages at 50 ms.
    Latency,
    /// A million sessions against a thousand.
    Memory,
    /// The time to the first session.
    First,
    /// What depending on the facade costs; builds three programs from nothing.
    Depend,
    /// `cargo xtask generate --check`, warm and cold; builds xtask from nothing.
    Generate,
}

impl Name {
    fn run(self, asked: &Asked, place: &Place) -> Result<Section, Failure> {
        match self {
            Self::Throughput => throughput::run(asked, place),
            Self::Features => features::run(asked, place),
            Self::Latency => latency::run(asked, place),
            Self::Memory => memory::run(asked, place),
            Self::First => first::run(asked, place),
            Self::Depend => depend::run(asked, place),
            Self::Generate => generate::run(asked, place),
        }
    }
}

/// What is asked of the measurement.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct Asked {
    /// The parts to run; all of them by default.
    #[arg(value_enum)]
    sections: Vec<Name>,
    /// How often each case is run; by default 7 times, 5 where latency makes it long. At least 5 are needed for --write.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: Option<u32>,
    /// How many sessions each list has without latency.
    #[arg(long, default_value_t = 100_000)]
    sessions: usize,
    /// How often each program of `depend` is built from nothing.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    builds: u32,
    /// Measures less, to see whether everything works; the numbers mean nothing.
    #[arg(long, conflicts_with_all = ["write", "rounds", "sessions"])]
    quick: bool,
    /// Writes the tables into docs/performance.md, between the markers; requires all parts.
    #[arg(long, conflicts_with = "sections")]
    write: bool,
}

impl Asked {
    fn rounds(&self, usual: u32) -> u32 {
        if self.quick { 2 } else { self.rounds.unwrap_or(usual) }
    }

    /// The usual number, or the one of a quick run.
    fn count<T>(&self, usual: T, quick: T) -> T {
        if self.quick { quick } else { usual }
    }
}

/// `Place` is where everything is.
#[derive(Debug)]
pub(crate) struct Place {
    /// The repository.
    root: PathBuf,
    /// This program, which is also the server and the clients.
    program: PathBuf,
}

impl Place {
    fn find() -> Result<Self, Failure> {
        // Cargo sets the variable for `cargo run`; a binary that is called by hand knows where it was built.
        let package = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = package.ancestors().nth(2).ok_or("the repository is not where it was")?;
        Ok(Self {
            root: root.to_owned(),
            program: std::env::current_exe()?,
        })
    }

    /// Cargo, in a folder, without what this process was given by its own cargo or by the shell and would change a build.
    fn cargo(&self, folder: &Path, arguments: &[&str]) -> Command {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.current_dir(folder).args(arguments);
        for name in [
            "CARGO_ENCODED_RUSTFLAGS",
            "CARGO_MANIFEST_DIR",
            "RUSTC_WRAPPER",
            "RUSTFLAGS",
        ] {
            command.env_remove(name);
        }
        // Wherever else the shell or a configuration wants builds to go, what is measured is looked for here.
        command.env("CARGO_TARGET_DIR", self.root.join("target"));
        command
    }
}

/// Runs a command and gives its standard output.
fn output(command: &mut Command) -> Result<String, Failure> {
    let output = command.stderr(std::process::Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(format!("{command:?} failed; what it says stands above").into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// The crates of a `cargo tree` with these arguments, each once: what a build for this platform takes, without what tests need.
fn crates(place: &Place, folder: &Path, arguments: &[&str]) -> Result<Vec<String>, Failure> {
    let mut all = vec![
        "tree",
        "--quiet",
        "--offline",
        "--edges=normal",
        "--prefix=none",
        "--format={p}",
    ];
    all.extend(arguments);
    let tree = output(&mut place.cargo(folder, &all))?;
    let mut crates: Vec<String> = tree
        .lines()
        .map(|line| line.trim_end_matches(" (*)").to_owned())
        .collect();
    crates.sort();
    crates.dedup();
    Ok(crates)
}

/// Measures, prints and, where it is asked for, writes. Whether everything that must hold does.
pub(crate) fn run(asked: &Asked) -> Result<bool, Failure> {
    if asked.write && asked.rounds.is_some_and(|rounds| rounds < 5) {
        return Err("medians of fewer than 5 rounds are not written; leave --rounds out".into());
    }
    let place = Place::find()?;
    let names = if asked.sections.is_empty() {
        Name::value_variants()
    } else {
        &asked.sections
    };
    let machine = performance_page::machine(&place.cargo(&place.root, &[]))?;
    println!("{machine}");
    let mut sections = Vec::new();
    for name in names {
        let section = name.run(asked, &place)?;
        print!("{}", section.terminal());
        sections.push(section);
    }
    if asked.write {
        performance_page::write(&place.root, &machine, &sections)?;
    }
    let missed: Vec<&Bound> = sections
        .iter()
        .flat_map(|section| &section.bounds)
        .filter(|bound| !bound.holds())
        .collect();
    if missed.is_empty() {
        return Ok(true);
    }
    println!("\n{} of the bounds above are not met.", missed.len());
    println!(
        "Remedy: if the extremes of a row lie far apart, the machine was busy: run that part again on a quiet one. Otherwise profile \
         the client, for example with `perf record` on `chat-sessions-bench run JOB`."
    );
    Ok(false)
}
