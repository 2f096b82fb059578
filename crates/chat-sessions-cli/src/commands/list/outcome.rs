//! How a list ended: the missing sessions, the messages about them, and the exit code.

use std::io::{self, IsTerminal};

use chat_sessions::list::{SourceReport, Unfinished, WalkReport};
use chat_sessions::{Cursor, Error};

use super::args::ListArgs;
use super::filtered::Filtered;
use super::stats::Stats;
use crate::commands::accounts::ScopeLosses;
use crate::exit::Exit;
use crate::output::text::one_line;
use crate::output::{Format, ListSummary, Missing, Notice, StopReason, messages, missing};
use crate::verbosity::Verbosity;

/// How a list ended. Only the facade's report decides which sessions are missing.
pub(crate) struct Outcome {
    printed: u64,
    error: Option<Error>,
    scope_losses: ScopeLosses,
    stop_reason: Option<StopReason>,
    missing: Vec<Missing>,
    /// The sources that had not responded when Ctrl-C was pressed.
    waiting_for: Vec<String>,
    /// Whether the list is further than where it started.
    has_moved: bool,
    /// Where the list continues, if a source has more of the requested sessions.
    next_cursor: Option<Cursor>,
    report: WalkReport,
}

/// What the loop of `list` knows at its end.
pub(crate) struct Ended {
    pub(crate) printed: u64,
    pub(crate) error: Option<Error>,
    pub(crate) scope_losses: ScopeLosses,
    /// If Ctrl-C was pressed, the sources that had not responded by then.
    pub(crate) interrupted: Option<Vec<String>>,
    pub(crate) start: Cursor,
    pub(crate) reached: Cursor,
    pub(crate) report: WalkReport,
}

impl Outcome {
    pub(crate) fn new(args: &ListArgs, ended: Ended) -> Self {
        let stop_reason = stop_reason(args, &ended);
        let is_unfinished = ended.report.sources.iter().any(|source| source.unfinished.is_some());
        Self {
            printed: ended.printed,
            stop_reason,
            missing: [&*ended.scope_losses.missing, &missing(&ended.report, stop_reason)].concat(),
            waiting_for: ended.interrupted.unwrap_or_default(),
            has_moved: ended.reached != ended.start,
            // A list that was read back to --since has more sessions, but they are too old.
            next_cursor: is_unfinished.then_some(ended.reached),
            error: ended.error,
            scope_losses: ended.scope_losses,
            report: ended.report,
        }
    }

    /// Returns the error of each source that failed.
    fn failures(&self) -> Vec<&Error> {
        let first = self.error.iter();
        let of_lists = first.flat_map(|first| std::iter::once(first).chain(first.others()));
        self.scope_losses.failures.iter().chain(of_lists).collect()
    }

    /// Passes on what belongs into the document.
    pub(crate) fn with_summary<T>(&self, write: impl FnOnce(ListSummary<'_>) -> T) -> T {
        write(ListSummary {
            failures: &self.failures(),
            missing: &self.missing,
            next_cursor: self.next_cursor.as_ref(),
        })
    }

    pub(crate) fn print_messages(&self, args: &ListArgs, format: Format, verbosity: Verbosity) {
        let failures = self.failures();
        if !verbosity.quiet {
            let of_items = self.report.sources.iter().flat_map(Notice::of_items);
            let filtered = Filtered::from(&self.report);
            let without_time = (filtered.without_time > 0).then(|| Notice::without_time(filtered.without_time));
            // Errors and Ctrl-C explain themselves.
            let is_unexplained = self.printed == 0 && failures.is_empty() && self.stop_reason.is_none();
            let empty = is_unexplained.then(|| Notice::empty(filtered.number, filtered.newest, args.cursor.is_some()));
            let of_scopes = self.scope_losses.missing.iter().map(Notice::of_scopes);
            of_scopes
                .chain(of_items)
                .chain(without_time)
                .chain(empty)
                .for_each(|notice| messages::notice(&notice, format));
        }
        for failure in &failures {
            messages::error(failure, format);
        }
        // Without a new position, the same command continues the list.
        let next = self.next_cursor.as_ref().filter(|_| self.has_moved);
        match (self.stop_reason, next) {
            _ if verbosity.quiet => {}
            // The error names the source whose sessions are missing.
            (None, Some(next)) => messages::next_cursor(next, format),
            (Some(reason), Some(next)) => {
                let filtered = args.filters.has_filters();
                let is_shown = args.show_cursor || !is_asked_for(reason);
                let next = (is_shown || format.is_json()).then_some(next);
                let notice = Notice::stopped(reason, self.printed, filtered, &self.report, &self.waiting_for, next);
                if !is_asked_for(reason) || !is_document_displayed(format) {
                    messages::notice(&notice, format);
                }
            }
            (Some(StopReason::Interrupted), None) => {
                messages::notice(&Notice::interrupted_at_start(&self.waiting_for), format);
            }
            (_, None) => {}
        }
        // A list that was refused has no sources.
        if args.stats && !self.report.sources.is_empty() {
            let stats = Stats::new(&self.report, self.stop_reason, &failures);
            messages::stats(&stats, &stats.lines(), format);
        }
    }

    pub(crate) fn exit(&self) -> Exit {
        match self.failures().first() {
            _ if self.stop_reason == Some(StopReason::Interrupted) => Exit::Interrupted,
            Some(error) if self.printed == 0 => Exit::from(*error),
            Some(_) => Exit::Partial,
            None if self.report.has_losses() || !self.scope_losses.missing.is_empty() => Exit::Partial,
            None => Exit::Ok,
        }
    }
}

/// Returns why the list was cut; `None` if every source was read to its end or has failed.
fn stop_reason(args: &ListArgs, ended: &Ended) -> Option<StopReason> {
    let reasons = || ended.report.sources.iter().filter_map(|source| source.unfinished);
    if reasons().all(|why| why == Unfinished::Failed) {
        // Ctrl-C may also have come too late to cut anything.
        None
    } else if ended.interrupted.is_some() {
        Some(StopReason::Interrupted)
    } else if !args.filters.all && ended.printed == args.filters.limit {
        Some(StopReason::Limit)
    } else if reasons().any(|why| why == Unfinished::MaxPages) {
        Some(StopReason::MaxPages)
    } else {
        Some(StopReason::FailFast)
    }
}

/// Returns whether an option of the user cut the list, which is no fault.
fn is_asked_for(reason: StopReason) -> bool {
    matches!(reason, StopReason::Limit | StopReason::MaxPages)
}

/// Returns whether the JSON document is shown on a terminal. It ends with the missing sessions and the
/// cursor. If it goes to a file or a pipe, the user sees only standard error.
fn is_document_displayed(format: Format) -> bool {
    format == Format::Json && io::stdout().is_terminal()
}

/// Returns the sources that have not responded to a request.
pub(crate) fn without_response(report: &WalkReport) -> Vec<String> {
    let label = |source: &SourceReport| match &source.scope {
        Some(scope) => one_line(&format!("{}/{scope}", source.provider)),
        None => source.provider.to_string(),
    };
    let sources = report.sources.iter();
    sources
        .filter(|source| source.unfinished == Some(Unfinished::NoResponse))
        .map(label)
        .collect()
}
