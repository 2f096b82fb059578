//! `--since`, `--until`, `--title`, `--limit` and `--all`, which `list` and `export` share.

use chat_sessions::Timestamp;
use chat_sessions::list::ListSessions;
use clap::error::ErrorKind;
use regex::Regex;

use super::time_arg::{Since, Until, parse_since, parse_until};
use super::title_arg::{parse_title, title_matches};
use crate::config::SELECTION;
use crate::exit::Failure;
use crate::number_arg::whole;

#[derive(Debug, clap::Args)]
pub(crate) struct FilterArgs {
    /// Only sessions from this time or later.
    ///
    /// Compares the time of the last update, or of creation if the provider does not send one. A
    /// list that is sorted by time is read only back to this time; any other list is read to its
    /// end, so that no session is missed. Sessions without a time are skipped; stderr says how many.
    #[arg(long, value_name = "TIME", help_heading = SELECTION, value_parser = parse_since, allow_hyphen_values = true)]
    since: Option<Since>,

    /// Only sessions from this time or earlier; a date includes the whole day.
    #[arg(long, value_name = "TIME", help_heading = SELECTION, value_parser = parse_until, allow_hyphen_values = true)]
    until: Option<Until>,

    /// Only sessions whose title matches this regular expression.
    ///
    /// Smart case: `video` ignores case, `Video` does not; (?i) overrides. With (?-i), case always
    /// matters. A session without a title never matches.
    #[arg(long, value_name = "REGEX", help_heading = SELECTION, value_parser = parse_title)]
    title: Option<Regex>,

    /// At most N sessions.
    ///
    /// A message on stderr says if there are more. If only another request could tell, it says that
    /// there may be more.
    #[arg(short = 'n', long, value_name = "N", help_heading = SELECTION, default_value_t = 50, allow_negative_numbers = true, value_parser = whole::<u64>(1..=u64::MAX, "; --all shows all sessions"))]
    pub(crate) limit: u64,

    /// All sessions.
    #[arg(long, help_heading = SELECTION, conflicts_with = "limit")]
    pub(crate) all: bool,
}

impl FilterArgs {
    /// Checks for contradictions that clap cannot express.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        match (&self.since, &self.until) {
            (Some(since), Some(until)) if since.at >= until.before => Err(Failure::usage(
                ErrorKind::ArgumentConflict,
                "--since is later than --until",
            )),
            _ => Ok(()),
        }
    }

    /// Describes how the times were understood.
    pub(crate) fn meaning_of_times(&self) -> impl Iterator<Item = String> {
        let since = self.since.as_ref().map(Since::meaning);
        since.into_iter().chain(self.until.as_ref().map(Until::meaning))
    }

    /// Returns the filters as they were given, `None` if there is none. A cursor is bound to this text,
    /// so that `--since 7d` continues with `--since 7d`, also on the next day.
    pub(crate) fn filters_as_given(&self) -> Option<String> {
        let since = self.since.as_ref().map(|since| since.text.as_str());
        let until = self.until.as_ref().map(|until| until.text.as_str());
        let title = self.title.as_ref().map(Regex::as_str);
        let given = [("since", since), ("until", until), ("title", title)];
        let given = given
            .into_iter()
            .filter_map(|(name, text)| Some(format!("{name} {}", text?)));
        // No argument contains a NUL.
        Some(given.collect::<Vec<_>>().join("\0")).filter(|given| !given.is_empty())
    }

    /// Returns whether some sessions may be read and not printed.
    pub(crate) fn has_filters(&self) -> bool {
        self.since.is_some() || self.until.is_some() || self.title.is_some()
    }

    /// Restricts a list to the sessions that match, up to the limit.
    pub(crate) fn apply(&self, mut request: ListSessions) -> ListSessions {
        if let Some(since) = self.since.as_ref().and_then(|since| timestamp(since.at)) {
            request = request.since(since);
        }
        if let Some(until) = self.until.as_ref().and_then(|until| timestamp(until.before)) {
            request = request.until(until);
        }
        if let Some(title) = self.title.clone() {
            request = request.filter(move |session| title_matches(&title, session));
        }
        if let Some(filters) = self.filters_as_given() {
            request = request.bind_cursor(filters);
        }
        if self.all { request } else { request.limit(self.limit) }
    }
}

/// Converts a time to the facade's type, which has the same range.
fn timestamp(at: jiff::Timestamp) -> Option<Timestamp> {
    at.to_string().parse().ok()
}
