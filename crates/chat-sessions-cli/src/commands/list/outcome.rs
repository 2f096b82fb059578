//! How a list ended: the messages about it, and the exit code.

use chat_sessions::list::WalkReport;
use chat_sessions::{Cursor, Error};

use super::args::ListArgs;
use super::stats::Stats;
use crate::exit::Exit;
use crate::output::{Format, Notice, StopReason, messages};
use crate::verbosity::Verbosity;

/// How a list ended.
pub(crate) struct Outcome {
    pub(crate) printed: u64,
    /// Sessions that were skipped because they have no time.
    pub(crate) without_time: u64,
    pub(crate) error: Option<Error>,
    pub(crate) stop_reason: Option<StopReason>,
    /// Whether the list is further than where it started.
    pub(crate) has_moved: bool,
    /// Where the list continues, if there may be more of the requested sessions.
    pub(crate) next_cursor: Option<Cursor>,
    pub(crate) report: WalkReport,
}

impl Outcome {
    /// Returns the error of each source that failed.
    pub(crate) fn failures(&self) -> Vec<&Error> {
        let first = self.error.iter();
        first
            .flat_map(|first| std::iter::once(first).chain(first.others()))
            .collect()
    }

    pub(crate) fn print_messages(&self, args: &ListArgs, format: Format, verbosity: Verbosity) {
        let failures = self.failures();
        if !verbosity.quiet {
            let of_items = self.report.sources.iter().flat_map(Notice::of_items);
            let without_time = (self.without_time > 0).then(|| Notice::without_time(self.without_time));
            of_items
                .chain(without_time)
                .for_each(|notice| messages::notice(&notice, format));
        }
        for failure in &failures {
            messages::error(failure, format);
        }
        // Without a new position, the same command continues the list.
        let next = self.next_cursor.as_ref().filter(|_| self.has_moved);
        match (self.stop_reason, next) {
            _ if verbosity.quiet => {}
            (Some(reason), Some(next)) => {
                let notice = Notice::stopped(reason, self.printed, args.has_filters(), &self.report, next);
                messages::notice(&notice, format);
            }
            (Some(StopReason::Interrupted), None) => messages::notice(&Notice::interrupted_at_start(), format),
            (None, Some(next)) => messages::next_cursor(next, format),
            (_, None) => {}
        }
        // A list that was refused has no sources.
        if args.stats && !self.report.sources.is_empty() {
            let stats = Stats::new(&self.report, &failures);
            messages::stats(&stats, &stats.lines(), format);
        }
    }

    pub(crate) fn exit(&self) -> Exit {
        let has_skipped_items = self.report.sources.iter().any(|source| source.rejected > 0);
        match &self.error {
            _ if self.stop_reason == Some(StopReason::Interrupted) => Exit::Interrupted,
            Some(error) if self.printed == 0 => Exit::from(error),
            Some(_) => Exit::Partial,
            None if has_skipped_items => Exit::Partial,
            None => Exit::Ok,
        }
    }
}
