//! `--stats`: for each source, the counts of pages, sessions and retries, and the paging guarantee.

use chat_sessions::Error;
use chat_sessions::list::{Guarantee, ListEnd, SourceReport, Unfinished, WalkReport};
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::output::StopReason;
use crate::output::text::one_line;

const HEADINGS: [&str; 10] = [
    "SOURCE",
    "PAGES",
    "SESSIONS",
    "DUPLICATES",
    "REJECTED",
    "RETRIES",
    "WAITED",
    "CLAIMED",
    "GUARANTEE",
    "ENDED",
];
/// The columns that contain numbers, which are aligned to the right.
const NUMBERS: std::ops::RangeInclusive<usize> = 1..=7;
const GAP: &str = "  ";

/// The statistics of a list.
#[derive(Debug, Serialize)]
pub(crate) struct Stats {
    sources: Vec<SourceStats>,
    /// Sessions that were delivered after an older one although the list is newest first.
    out_of_order: u64,
}

/// The statistics of one source.
#[derive(Debug, Serialize)]
struct SourceStats {
    provider: String,
    scope: Option<String>,
    pages: u64,
    sessions: u64,
    duplicates: u64,
    rejected: u64,
    retries: u64,
    /// Seconds spent waiting before retries.
    waited: f64,
    /// Seconds that requests waited for the client's own rate limit.
    paced: f64,
    claimed_total: Option<u64>,
    /// Sessions that the total claims and the provider did not send.
    never_sent: u64,
    guarantee: &'static str,
    /// Why the guarantee is only best effort.
    doubt: Option<String>,
    ended: &'static str,
    /// The kind of the error that ended the list.
    error: Option<&'static str>,
}

impl Stats {
    pub(crate) fn new(report: &WalkReport, stop_reason: Option<StopReason>, failures: &[&Error]) -> Self {
        Self {
            sources: report
                .sources
                .iter()
                .map(|source| SourceStats::new(source, stop_reason, failures))
                .collect(),
            out_of_order: report.out_of_order,
        }
    }

    /// Returns the lines of an aligned table, and a line about the order of the whole list.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut rows = vec![HEADINGS.map(str::to_owned)];
        rows.extend(self.sources.iter().map(SourceStats::row));
        let mut widths = [0; HEADINGS.len()];
        for row in &rows {
            for (width, value) in widths.iter_mut().zip(row) {
                *width = (*width).max(value.width());
            }
        }
        let mut lines: Vec<String> = rows.iter().map(|row| align(row, widths)).collect();
        if self.out_of_order > 0 {
            lines.push(format!("out of order: {}", self.out_of_order));
        }
        lines
    }
}

impl SourceStats {
    fn new(report: &SourceReport, stop_reason: Option<StopReason>, failures: &[&Error]) -> Self {
        let failure = failures
            .iter()
            .find(|failure| failure.provider() == Some(&report.provider) && failure.scope() == report.scope.as_ref());
        let (guarantee, doubt) = match report.guarantee {
            Guarantee::Exact => ("exact", None),
            Guarantee::BestEffort(doubt) => ("best-effort", Some(doubt.to_string())),
            _ => ("other", None),
        };
        Self {
            provider: report.provider.to_string(),
            scope: report.scope.as_ref().map(ToString::to_string),
            pages: report.pages,
            sessions: report.sessions,
            duplicates: report.duplicates,
            rejected: report.rejected,
            retries: report.retries,
            waited: report.waited.as_secs_f64(),
            paced: report.paced.as_secs_f64(),
            claimed_total: report.claimed_total,
            never_sent: report.never_sent,
            guarantee,
            doubt,
            ended: match report.end {
                _ if failure.is_some() => "failed",
                Some(end) => end_name(end),
                None if report.pages == 0 => match report.unfinished {
                    Some(Unfinished::NoResponse) => "no-response",
                    // The source had ended before the cursor, or the list was cut before its first page.
                    _ => "not-asked",
                },
                None => stop_reason.map_or("other", stop_name),
            },
            error: failure.map(|failure| failure.kind().as_str()),
        }
    }

    fn row(&self) -> [String; HEADINGS.len()] {
        let spaced = |word: &str| word.replace('-', " ");
        let with_reason = |word: &str, reason: Option<&str>| match reason {
            Some(reason) => format!("{}: {reason}", spaced(word)),
            None => spaced(word),
        };
        [
            self.scope.as_ref().map_or_else(
                || self.provider.clone(),
                |scope| one_line(&format!("{}/{scope}", self.provider)),
            ),
            self.pages.to_string(),
            self.sessions.to_string(),
            self.duplicates.to_string(),
            self.rejected.to_string(),
            self.retries.to_string(),
            format!("{:.1} s", self.waited + self.paced),
            self.claimed_total
                .map_or_else(|| "-".to_owned(), |total| total.to_string()),
            with_reason(self.guarantee, self.doubt.as_deref()),
            with_reason(self.ended, self.error),
        ]
    }
}

/// Returns the name of what showed that the list had ended.
fn end_name(end: ListEnd) -> &'static str {
    match end {
        ListEnd::NoToken => "no-token",
        ListEnd::ShortPage => "short-page",
        ListEnd::EmptyPage => "empty-page",
        ListEnd::RepeatedPage => "repeated-page",
        ListEnd::NoList => "no-list",
        ListEnd::OldEnough => "old-enough",
        _ => "other",
    }
}

/// Returns the name of what cut a list.
fn stop_name(reason: StopReason) -> &'static str {
    match reason {
        StopReason::Limit => "limit",
        StopReason::MaxPages(_) => "max-pages",
        StopReason::Interrupted => "interrupted",
        StopReason::FailFast => "fail-fast",
    }
}

fn align(row: &[String; HEADINGS.len()], widths: [usize; HEADINGS.len()]) -> String {
    let cells: Vec<String> = row
        .iter()
        .zip(widths)
        .enumerate()
        .map(|(index, (value, width))| {
            let padding = " ".repeat(width.saturating_sub(value.width()));
            if NUMBERS.contains(&index) {
                padding + value
            } else {
                value.clone() + &padding
            }
        })
        .collect();
    cells.join(GAP).trim_end().to_owned()
}
