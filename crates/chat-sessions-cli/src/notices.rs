//! What is missing from a list that was printed, and what it went through: one notice each.
//!
//! It knows how the list ended, not where or how the notices are said.

use chat_sessions::{Cursor, SourceReport, WalkReport};
use serde::Serialize;

use crate::args::List;
use crate::text::one_line;

/// Why a list stopped although its providers may have more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stopped {
    /// As many sessions were shown as were asked for.
    Limit,
    /// As many pages were asked for as were allowed.
    MaxPages,
    /// Somebody pressed Ctrl-C.
    Interrupted,
}

/// One thing that whoever reads the list should know.
#[derive(Debug, Serialize)]
pub(crate) struct Notice<'a> {
    kind: &'static str,
    provider: Option<String>,
    scope: Option<String>,
    message: String,
    /// The place to go on from, where it is this notice that tells it.
    #[serde(skip)]
    pub(crate) next: Option<&'a Cursor>,
    /// What else can be done, after going on from there.
    #[serde(skip)]
    pub(crate) or_else: &'static str,
}

impl<'a> Notice<'a> {
    fn new(kind: &'static str, message: String) -> Self {
        Self {
            kind,
            provider: None,
            scope: None,
            message,
            next: None,
            or_else: "",
        }
    }

    fn of(source: &SourceReport, kind: &'static str, message: String) -> Self {
        Self {
            provider: Some(source.provider.to_string()),
            scope: source.scope.as_ref().map(|scope| scope.as_str().to_owned()),
            ..Self::new(kind, message)
        }
    }

    /// Says that the list stopped, and how to go on.
    pub(crate) fn stopped(stopped: Stopped, shown: u64, report: &WalkReport, next: &'a Cursor, args: &List) -> Self {
        let sessions = counted(shown, "session");
        // With filters only the sessions behind could tell.
        let certain = !args.has_filters() && more_is_certain(report, shown);
        let more = if certain { "there are more" } else { "there may be more" };
        let (kind, message, or_else) = match stopped {
            Stopped::Limit => ("limit", format!("{sessions} shown, {more}"), " or use --all"),
            Stopped::MaxPages => {
                let pages = counted(args.max_pages.unwrap_or_default(), "page");
                (
                    "max-pages",
                    format!("{sessions} shown from {pages} of each provider, {more}"),
                    "",
                )
            }
            Stopped::Interrupted => ("interrupted", format!("interrupted; {sessions} shown, {more}"), ""),
        };
        Self {
            next: Some(next),
            or_else,
            ..Self::new(kind, message)
        }
    }

    /// Says that the list was interrupted where it began.
    pub(crate) fn interrupted_at_once() -> Self {
        Self::new(
            "interrupted",
            "interrupted before anything was listed; the same command starts again".to_owned(),
        )
    }

    /// Says that sessions without a time were left out.
    pub(crate) fn timeless(count: u64) -> Self {
        let were = if count == 1 {
            "session has no time and was"
        } else {
            "sessions have no time and were"
        };
        Self::new(
            "no-time",
            format!("{count} {were} left out, since --since and --until cannot tell"),
        )
    }

    /// Says what a source's list lost or repeated.
    pub(crate) fn oddities(source: &SourceReport) -> Vec<Self> {
        let mut notices = Vec::new();
        if let Some(first) = &source.first_rejected {
            let count = source.rejected;
            let items = if count == 1 { "item was" } else { "items were" };
            let message = format!(
                "{count} {items} skipped, the first because {}, at {}",
                first.reason, first.pointer
            );
            notices.push(Self::of(source, "rejected", message));
        }
        if source.duplicates > 0 {
            let sessions = counted(source.duplicates, "session");
            let message = format!("{sessions} came twice and are listed once");
            notices.push(Self::of(source, "duplicates", message));
        }
        notices
    }

    /// Gives the line for people, without the way to go on.
    pub(crate) fn line(&self) -> String {
        match (&self.provider, &self.scope) {
            (Some(provider), Some(scope)) => one_line(&format!("{provider}/{scope}: {}", self.message)),
            (Some(provider), None) => one_line(&format!("{provider}: {}", self.message)),
            (None, _) => self.message.clone(),
        }
    }
}

fn counted(count: u64, word: &str) -> String {
    if count == 1 {
        format!("1 {word}")
    } else {
        format!("{count} {word}s")
    }
}

/// Says whether sessions are left behind the limit for certain: some were fetched and not shown, or a provider counts
/// more than it has sent. Otherwise only the next page could tell, and no request is made to find out.
fn more_is_certain(report: &WalkReport, shown: u64) -> bool {
    let fetched: u64 = report.sources.iter().map(|source| source.sessions).sum();
    let claims_more = |source: &SourceReport| {
        let sent = source.before_cursor + source.sessions + source.duplicates + source.rejected;
        source.end.is_none() && source.claimed_total.is_some_and(|total| total > sent)
    };
    fetched > shown || report.sources.iter().any(claims_more)
}
