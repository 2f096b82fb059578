//! `--stats`: for each source, the counts of pages, sessions and retries, and the paging guarantee.

use std::time::Duration;

use chat_sessions::Error;
use chat_sessions::list::{Guarantee, ListEnd, SourceReport, Unfinished, WalkReport};
use serde::Serialize;

use crate::output::text::{count, one_line, plural};
use crate::output::wrap::{Piece, wrap};
use crate::output::{StopReason, message_width, units};

/// The indentation of what is unusual about a source.
const INDENT: usize = 2;
/// The indentation of the rest of a line that does not fit.
const REST_INDENT: usize = 4;

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
    /// Sessions that an earlier list has read.
    #[serde(skip)]
    before_cursor: u64,
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

    /// Returns a line for each source, a further one for what is unusual about it, and a line about the
    /// order of the whole list. They fit the terminal.
    pub(crate) fn lines(&self) -> Vec<String> {
        let width = message_width();
        let mut lines: Vec<String> = self.sources.iter().flat_map(|source| source.lines(width)).collect();
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
            before_cursor: report.before_cursor,
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

    fn lines(&self, width: usize) -> Vec<String> {
        let label = match &self.scope {
            Some(scope) => one_line(&format!("{}/{scope}:", self.provider)),
            None => format!("{}:", self.provider),
        };
        let pages = format!("{},", count(self.pages, "page"));
        let seen = self.before_cursor + self.sessions;
        let sessions = match self.claimed_total {
            Some(total) => format!("{seen} of {total} {},", plural(total, "session")),
            None => format!("{},", count(seen, "session")),
        };
        let guarantee = format!("{};", self.guarantee.replace('-', " "));
        let ended = self.ended_text();
        let summary = [pages, sessions, guarantee, ended];
        let pieces: Vec<Piece<'_>> = std::iter::once(Piece::Whole(&label))
            .chain(summary.iter().map(|part| Piece::Phrase(part)))
            .collect();
        let mut lines = wrap(&pieces, width, 0, REST_INDENT);
        let details = self.details();
        if !details.is_empty() {
            let pieces: Vec<Piece<'_>> = details.iter().map(|part| Piece::Phrase(part)).collect();
            lines.extend(wrap(&pieces, width, INDENT, REST_INDENT));
        }
        lines
    }

    /// Returns what is unusual about a source, each with the punctuation after it.
    fn details(&self) -> Vec<String> {
        let mut details = Vec::new();
        let waited = Duration::from_secs_f64(self.waited);
        let paced = Duration::from_secs_f64(self.paced);
        if self.before_cursor > 0 {
            details.push(format!("{} of them before the cursor", self.before_cursor));
        }
        if self.retries > 0 {
            let retries = if self.retries == 1 {
                "1 retry".to_owned()
            } else {
                format!("{} retries", self.retries)
            };
            details.push(format!("{retries}, waited {}", units::time(waited)));
        }
        if paced.as_millis() > 0 {
            details.push(format!("waited {} for the rate limit", units::time(paced)));
        }
        if self.duplicates > 0 {
            details.push(count(self.duplicates, "duplicate"));
        }
        if self.rejected > 0 {
            details.push(count(self.rejected, "invalid item"));
        }
        if self.never_sent > 0 {
            details.push(format!("{} never sent", count(self.never_sent, "session")));
        }
        details.extend(self.doubt.as_ref().map(|doubt| format!("best effort because {doubt}")));
        let last = details.len().saturating_sub(1);
        details[..last].iter_mut().for_each(|detail| detail.push(';'));
        details
    }

    /// Returns how the list of a source ended.
    fn ended_text(&self) -> String {
        let text = match self.ended {
            "no-token" => "ended: no next token",
            "short-page" => "ended: short page",
            "empty-page" => "ended: empty page",
            "repeated-page" => "ended: repeated page",
            "no-list" => "ended: response without a list",
            "old-enough" => "stopped at --since",
            "limit" => "stopped at --limit",
            "max-pages" => "stopped at --max-pages",
            "fail-fast" => "stopped by --fail-fast",
            "not-asked" => "not requested",
            "failed" => return format!("failed: {}", self.error.unwrap_or("other")),
            other => return other.replace('-', " "),
        };
        text.to_owned()
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
        StopReason::MaxPages => "max-pages",
        StopReason::Interrupted => "interrupted",
        StopReason::FailFast => "fail-fast",
    }
}

#[cfg(test)]
mod tests {
    use super::SourceStats;

    #[test]
    fn the_second_line_names_everything_unusual() {
        let mut source = SourceStats {
            provider: "memories-ai".to_owned(),
            scope: Some("team".to_owned()),
            before_cursor: 20,
            pages: 1,
            sessions: 1,
            duplicates: 1,
            rejected: 2,
            retries: 1,
            waited: 1.25,
            paced: 0.4,
            claimed_total: Some(24),
            never_sent: 1,
            guarantee: "best-effort",
            doubt: Some("a page had no readable total".to_owned()),
            ended: "empty-page",
            error: None,
        };
        let lines = [
            "memories-ai/team: 1 page, 21 of 24 sessions, best effort; ended: empty page",
            "  20 of them before the cursor; 1 retry, waited 1.3 s;",
            "    waited 400 ms for the rate limit; 1 duplicate; 2 invalid items;",
            "    1 session never sent; best effort because a page had no readable total",
        ];
        assert_eq!(source.lines(80), lines);
        let all = |source: &SourceStats| source.lines(usize::MAX).join("\n");
        assert_eq!(all(&source).lines().count(), 2);
        let outcome = |source: &SourceStats| all(source).split(['\n', ';']).nth(1).map(str::to_owned);
        for (ended, error, expected) in [
            ("limit", None, " stopped at --limit"),
            ("failed", Some("server"), " failed: server"),
            ("no-response", None, " no response"),
            ("interrupted", None, " interrupted"),
        ] {
            (source.ended, source.error) = (ended, error);
            assert_eq!(outcome(&source).as_deref(), Some(expected));
        }
    }
}
