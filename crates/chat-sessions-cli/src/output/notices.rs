//! Notices: what a list omits, and why it stopped before the end.

use std::time::SystemTime;

use chat_sessions::list::{SourceReport, WalkReport};
use chat_sessions::{Cursor, Timestamp};
use serde::Serialize;

use super::missing::{Missing, StopReason, never_sent_text, rejected_text};
use super::text::{and, count, one_line};
use crate::time_zone::local_zone;

/// One thing that the reader of the list should know.
#[derive(Debug, Serialize)]
pub(crate) struct Notice<'a> {
    kind: &'static str,
    provider: Option<String>,
    scope: Option<String>,
    message: String,
    /// The cursor to continue with, if the notice is about a list that stopped.
    #[serde(skip)]
    pub(crate) next_cursor: Option<&'a Cursor>,
    /// What to do instead of continuing with the cursor.
    #[serde(skip)]
    pub(crate) alternative: &'static str,
    /// What to do if the cursor is not printed.
    #[serde(skip)]
    pub(crate) without_cursor: &'static str,
}

impl<'a> Notice<'a> {
    pub(crate) fn new(kind: &'static str, message: String) -> Self {
        Self {
            kind,
            provider: None,
            scope: None,
            message,
            next_cursor: None,
            alternative: "",
            without_cursor: "",
        }
    }

    /// A configuration that works but may not be intended.
    pub(crate) fn configuration(message: &str) -> Self {
        Self::new("configuration", message.to_owned())
    }

    /// How the time of a filter was understood.
    pub(crate) fn time(meaning: &str) -> Self {
        Self::new("time", one_line(meaning))
    }

    fn of_source(source: &SourceReport, kind: &'static str, message: String) -> Self {
        Self {
            provider: Some(source.provider.to_string()),
            scope: source.scope.as_ref().map(|scope| scope.as_str().to_owned()),
            ..Self::new(kind, message)
        }
    }

    /// The list stopped before its end and continues at `next_cursor`.
    pub(crate) fn stopped(
        reason: StopReason,
        printed: u64,
        is_filtered: bool,
        report: &WalkReport,
        waiting_for: &[String],
        next_cursor: Option<&'a Cursor>,
    ) -> Self {
        let sessions = count(printed, "session");
        // Whether a further session would match the filters is unknown.
        let certain = !is_filtered && has_certainly_more(report, printed);
        let more = if certain { "more available" } else { "there may be more" };
        let (kind, message, alternative) = match reason {
            StopReason::Limit => ("limit", format!("{sessions} shown, {more}"), " or use --all"),
            StopReason::MaxPages => ("max-pages", format!("{sessions} shown, {more}"), ""),
            StopReason::Interrupted => {
                let during = match waiting_for {
                    [] => String::new(),
                    sources => format!(" while waiting for {}", and(sources)),
                };
                let message = format!("interrupted{during}; {sessions} shown, {more}");
                ("interrupted", message, "")
            }
            StopReason::FailFast => ("fail-fast", format!("{sessions} shown before the failure, {more}"), ""),
        };
        let without_cursor = match reason {
            _ if next_cursor.is_some() => "",
            StopReason::Limit => "; use a larger --limit or --all",
            StopReason::MaxPages => "; use a larger --max-pages",
            // These always have a cursor.
            StopReason::Interrupted | StopReason::FailFast => "",
        };
        Self {
            next_cursor,
            alternative,
            without_cursor,
            ..Self::new(kind, message)
        }
    }

    /// The list was interrupted before the first session.
    pub(crate) fn interrupted_at_start(waiting_for: &[String]) -> Self {
        let during = match waiting_for {
            [] => String::new(),
            sources => format!(", while waiting for {}", and(sources)),
        };
        Self::new(
            "interrupted",
            format!("interrupted before the first session{during}; run the same command again"),
        )
    }

    /// Scopes that could not be decoded.
    pub(crate) fn of_scopes(missing: &Missing) -> Self {
        let (provider, message) = missing.line();
        Self {
            provider: Some(provider.to_owned()),
            ..Self::new("rejected", message.to_owned())
        }
    }

    /// Some of the requested sessions could not be read, or were not because of a signal.
    pub(crate) fn unread(shown: u64, requested: u64, failed: u64, is_interrupted: bool) -> Self {
        let mut message = format!("{shown} of {} shown", count(requested, "session"));
        if failed > 0 {
            message = format!("{message}, {failed} could not be read");
        }
        let unread = requested.saturating_sub(shown + failed);
        if unread > 0 {
            message = format!("{message}, {unread} not read");
        }
        if is_interrupted {
            Self::new("interrupted", format!("interrupted; {message}"))
        } else {
            Self::new("unread", message)
        }
    }

    /// Returns what a list without a matching session has to say.
    pub(crate) fn no_match(read: u64, newest: Option<Timestamp>) -> String {
        Self::empty(read, newest, false).message
    }

    /// Standard input named no session.
    pub(crate) fn no_ids() -> Self {
        Self::new("empty", "no sessions: standard input has no ids".to_owned())
    }

    /// No session was printed, although nothing failed.
    pub(crate) fn empty(read: u64, newest: Option<Timestamp>, is_resumed: bool) -> Self {
        let newest = newest.and_then(|newest| jiff::Timestamp::try_from(SystemTime::from(newest)).ok());
        let message = match newest {
            _ if read == 0 && is_resumed => "no further sessions".to_owned(),
            _ if read == 0 => "no sessions: the list is empty".to_owned(),
            None => format!("no session matches; {} read", count(read, "session")),
            Some(newest) => format!(
                "no session matches; {} read, the newest from {}",
                count(read, "session"),
                newest.to_zoned(local_zone()).strftime("%Y-%m-%d %H:%M")
            ),
        };
        Self::new("empty", message)
    }

    /// Sessions without a time were skipped.
    pub(crate) fn without_time(skipped: u64) -> Self {
        let sessions = count(skipped, "session");
        Self::new(
            "no-time",
            format!("skipped {sessions} without a time to compare with --since or --until"),
        )
    }

    /// Returns the notices about lost and duplicate items of a source.
    pub(crate) fn of_items(source: &SourceReport) -> Vec<Self> {
        let duplicates = (source.duplicates > 0).then(|| {
            let sessions = count(source.duplicates, "session");
            format!("{sessions} received twice, listed once")
        });
        [
            ("rejected", rejected_text(source)),
            ("never-sent", never_sent_text(source)),
            ("duplicates", duplicates),
        ]
        .into_iter()
        .filter_map(|(kind, message)| Some(Self::of_source(source, kind, message?)))
        .collect()
    }

    /// Returns the line for people, without the cursor.
    pub(crate) fn line(&self) -> String {
        match (&self.provider, &self.scope) {
            (Some(provider), Some(scope)) => one_line(&format!("{provider}/{scope}: {}", self.message)),
            (Some(provider), None) => one_line(&format!("{provider}: {}", self.message)),
            (None, _) => self.message.clone(),
        }
    }
}

/// Returns whether there are certainly more sessions: some were fetched and not printed, or a
/// provider's total is larger than what it has sent. Otherwise only the next page could tell, and no
/// request is made for that.
fn has_certainly_more(report: &WalkReport, printed: u64) -> bool {
    let fetched: u64 = report.sources.iter().map(|source| source.sessions).sum();
    let claims_more = |source: &SourceReport| {
        let sent = source.before_cursor + source.sessions + source.duplicates + source.rejected;
        source.end.is_none() && source.claimed_total.is_some_and(|total| total > sent)
    };
    fetched > printed || report.sources.iter().any(claims_more)
}
