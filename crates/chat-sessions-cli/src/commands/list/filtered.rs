//! What the filters withheld from a list, over all its sources.

use chat_sessions::Timestamp;
use chat_sessions::list::WalkReport;

/// The sessions that were read and do not match.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Filtered {
    pub(crate) number: u64,
    /// How many of them have no time to compare.
    pub(crate) without_time: u64,
    /// The time of the newest of them.
    pub(crate) newest: Option<Timestamp>,
}

impl From<&WalkReport> for Filtered {
    fn from(report: &WalkReport) -> Self {
        let sources = || report.sources.iter();
        Self {
            number: sources().map(|source| source.filtered).sum(),
            without_time: sources().map(|source| source.without_time).sum(),
            newest: sources().filter_map(|source| source.newest_filtered).max(),
        }
    }
}
