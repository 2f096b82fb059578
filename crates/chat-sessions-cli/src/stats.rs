//! What `--stats` tells: source by source what the list went through, and how far it can be trusted.
//!
//! It knows the report and the failures, not where they are printed.

use chat_sessions::{Error, Guarantee, ListEnd, SourceReport, WalkReport};
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::text::one_line;

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
/// The columns that hold numbers, which stand below each other by their last digit.
const NUMBERS: std::ops::RangeInclusive<usize> = 1..=7;
const GAP: &str = "  ";

/// What a list went through.
#[derive(Debug, Serialize)]
pub(crate) struct Stats {
    sources: Vec<Source>,
    /// Sessions that came after an older one, in a list that is newest first.
    out_of_order: u64,
}

/// What it went through at one source.
#[derive(Debug, Serialize)]
struct Source {
    provider: String,
    scope: Option<String>,
    pages: u64,
    sessions: u64,
    duplicates: u64,
    rejected: u64,
    /// Requests that failed and were made again.
    retries: u64,
    /// The seconds that were waited before they were.
    waited: f64,
    /// The seconds for which requests waited for their turn at the account's pace.
    paced: f64,
    claimed_total: Option<u64>,
    guarantee: &'static str,
    /// Why the guarantee is no better.
    doubt: Option<String>,
    ended: &'static str,
    /// What kind of error ended it.
    error: Option<&'static str>,
}

impl Stats {
    pub(crate) fn new(report: &WalkReport, failures: &[&Error]) -> Self {
        Self {
            sources: report
                .sources
                .iter()
                .map(|source| Source::new(source, failures))
                .collect(),
            out_of_order: report.out_of_order,
        }
    }

    /// Gives the lines of an aligned table, and one for what concerns no single source.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut rows = vec![HEADINGS.map(str::to_owned)];
        rows.extend(self.sources.iter().map(Source::row));
        let mut widths = [0; HEADINGS.len()];
        for row in &rows {
            for (width, value) in widths.iter_mut().zip(row) {
                *width = (*width).max(value.width());
            }
        }
        let mut lines: Vec<String> = rows.iter().map(|row| aligned(row, widths)).collect();
        if self.out_of_order > 0 {
            lines.push(format!("out of order: {}", self.out_of_order));
        }
        lines
    }
}

impl Source {
    fn new(report: &SourceReport, failures: &[&Error]) -> Self {
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
            guarantee,
            doubt,
            ended: match report.end {
                _ if failure.is_some() => "failed",
                Some(end) => sign(end),
                // It was at its end before the cursor, or its turn did not come before the limit.
                None if report.pages == 0 => "not-asked",
                None => "limit",
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

/// Names the sign by which a list ended.
fn sign(end: ListEnd) -> &'static str {
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

fn aligned(row: &[String; HEADINGS.len()], widths: [usize; HEADINGS.len()]) -> String {
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
