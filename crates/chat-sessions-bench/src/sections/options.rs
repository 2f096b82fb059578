//! What to measure: the arguments of the bench.

use clap::ValueEnum;

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

/// The arguments of the measurement.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct Options {
    /// The parts to run; all of them by default.
    #[arg(value_enum)]
    pub(super) sections: Vec<Name>,
    /// How often each case is run; by default 7 times, 5 where latency makes it long. At least 5 are needed for --write.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) rounds: Option<u32>,
    /// How many sessions each list has without latency.
    #[arg(long, default_value_t = 100_000)]
    pub(super) sessions: usize,
    /// How often each program of `depend` is built from nothing.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) builds: u32,
    /// Measures less, to see whether everything works; the numbers mean nothing.
    #[arg(long, conflicts_with_all = ["write", "rounds", "sessions"])]
    pub(super) quick: bool,
    /// Writes the tables into docs/performance.md, between the markers; requires all parts.
    #[arg(long, conflicts_with = "sections")]
    pub(super) write: bool,
}

impl Options {
    pub(super) fn rounds(&self, usual: u32) -> u32 {
        if self.quick { 2 } else { self.rounds.unwrap_or(usual) }
    }

    /// The usual number, or the one of a quick run.
    pub(super) fn count<T>(&self, usual: T, quick: T) -> T {
        if self.quick { quick } else { usual }
    }
}
