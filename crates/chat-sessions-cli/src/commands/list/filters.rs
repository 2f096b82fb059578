//! `--since`, `--until` and `--title`: which sessions to print.

use chat_sessions::{Session, Timestamp};
use regex::{Regex, RegexBuilder};

use super::time_arg::{Since, Until};

/// The conditions for a session to be printed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filters {
    since: Option<Timestamp>,
    until: Option<Timestamp>,
    title: Option<Regex>,
}

/// Whether a session passes the filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FilterResult {
    Match,
    NoMatch,
    /// Only the time decides, and the session has none.
    NoTime,
}

impl Filters {
    pub(crate) fn new(since: Option<&Since>, until: Option<&Until>, title: Option<Regex>) -> Self {
        Self {
            since: since.and_then(|since| timestamp(since.at)),
            until: until.and_then(|until| timestamp(until.before)),
            title,
        }
    }

    /// Returns the earliest time of a session to print.
    pub(crate) fn since(&self) -> Option<Timestamp> {
        self.since
    }

    pub(crate) fn check(&self, session: &Session) -> FilterResult {
        let title = session.title.as_deref();
        let matches = |pattern: &Regex| title.is_some_and(|title| pattern.is_match(title));
        if !self.title.as_ref().is_none_or(matches) {
            return FilterResult::NoMatch;
        }
        if self.since.is_none() && self.until.is_none() {
            return FilterResult::Match;
        }
        let Some(at) = session.time().map(|time| time.at) else {
            return FilterResult::NoTime;
        };
        if self.since.is_none_or(|since| at >= since) && self.until.is_none_or(|until| at < until) {
            FilterResult::Match
        } else {
            FilterResult::NoMatch
        }
    }
}

/// Converts a time to the facade's type, which has the same range.
fn timestamp(at: jiff::Timestamp) -> Option<Timestamp> {
    at.to_string().parse().ok()
}

/// Parses `--title`. A pattern without uppercase letters ignores case.
pub(crate) fn parse_title(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(pattern)
        .case_insensitive(!has_uppercase(pattern))
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => "the pattern is too large".to_owned(),
            other => other.to_string(),
        })
}

/// Returns whether a pattern contains a literal uppercase letter, which those in `\W` and `\p{Greek}`
/// are not.
fn has_uppercase(pattern: &str) -> bool {
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        if character == '\\' {
            let class = characters.next();
            if matches!(class, Some('p' | 'P')) && characters.next_if_eq(&'{').is_some() {
                characters.by_ref().take_while(|inside| *inside != '}').for_each(drop);
            }
        } else if character.is_uppercase() {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_matters_only_if_the_pattern_has_an_uppercase_letter() {
        for (pattern, text, matches) in [
            ("quarter", "The Quarterly Report", true),
            ("Quarter", "The Quarterly Report", true),
            ("QUARTER", "The Quarterly Report", false),
            (r"\Wreport\b", "The Quarterly Report", true),
            (r"\p{Lu}uarter", "The Quarterly Report", true),
            (r"\p{Greek}", "ω", true),
            ("(?-i)quarter", "The Quarterly Report", false),
            ("(?i)QUARTER", "The Quarterly Report", true),
            ("straße", "STRASSE", false),
            ("übung", "ÜBUNG", true),
        ] {
            let found = parse_title(pattern).map(|pattern| pattern.is_match(text));
            assert_eq!(found, Ok(matches), "{pattern} in {text}");
        }
        assert!(parse_title("(").is_err_and(|message| message.contains("unclosed group")));
    }
}
