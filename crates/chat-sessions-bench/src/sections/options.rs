//! What to measure: the arguments of the bench.

use clap::ValueEnum;

/// A section of the report.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Name {
    /// 100 000 sessions without latency: the facade and every baseline.
    Throughput,
    /// The effect of the features http2 and gzip; builds the bench once for each.
    Features,
    /// 200 pages with a latency of 50 ms.
    Latency,
    /// The memory for a million sessions, compared with a thousand.
    Memory,
    /// The time to the first session.
    First,
    /// Sessions with their messages: decoding 2 MB, 1 000 at a latency of 50 ms, and the memory for
    /// 10 000.
    Transcripts,
    /// The cost of depending on the facade; builds three programs from scratch.
    Depend,
    /// `cargo xtask generate --check`, warm and cold; builds xtask from scratch.
    Generate,
}

/// The arguments of the measurement.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct Options {
    /// The sections to run; all of them by default.
    #[arg(value_enum)]
    pub(super) sections: Vec<Name>,
    /// The number of rounds; by default 7, or 5 where latency makes them long. --write needs at
    /// least 5.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) rounds: Option<u32>,
    /// The number of sessions of each list in measurements without latency.
    #[arg(long, default_value_t = 100_000)]
    pub(super) sessions: usize,
    /// The number of builds of each program in `depend`.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) builds: u32,
    /// Measure less, to test that everything works; the numbers mean nothing.
    #[arg(long, conflicts_with_all = ["write", "rounds", "sessions"])]
    pub(super) quick: bool,
    /// Write the tables to docs/performance.md, between the markers; requires all parts.
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
