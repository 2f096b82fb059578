//! Which of the sessions that come are shown: by their time and their title.

use chat_sessions::{Session, Timestamp};
use regex::{Regex, RegexBuilder};

use crate::args::List;
use crate::when::{Since, Until};

/// What a session must be like to be shown.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filters {
    since: Option<Timestamp>,
    until: Option<Timestamp>,
    title: Option<Regex>,
}

/// What the filters say of one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Shown,
    LeftOut,
    /// It is left out for nothing but that it has no time.
    Timeless,
}

impl Filters {
    pub(crate) fn of(args: &List) -> Self {
        Self {
            since: args.since.and_then(|Since(at)| instant(at)),
            until: args.until.and_then(|Until(at)| instant(at)),
            title: args.title.clone(),
        }
    }

    /// Gives the time before which no session is shown.
    pub(crate) fn since(&self) -> Option<Timestamp> {
        self.since
    }

    pub(crate) fn judge(&self, session: &Session) -> Verdict {
        let title = session.title.as_deref();
        let is_named = |wanted: &Regex| title.is_some_and(|title| wanted.is_match(title));
        if !self.title.as_ref().is_none_or(is_named) {
            return Verdict::LeftOut;
        }
        if self.since.is_none() && self.until.is_none() {
            return Verdict::Shown;
        }
        let Some(at) = session.time().map(|time| time.at) else {
            return Verdict::Timeless;
        };
        if self.since.is_none_or(|since| at >= since) && self.until.is_none_or(|until| at < until) {
            Verdict::Shown
        } else {
            Verdict::LeftOut
        }
    }
}

/// Takes a time over into the vocabulary of the list, which has the same range.
fn instant(at: jiff::Timestamp) -> Option<Timestamp> {
    at.to_string().parse().ok()
}

/// Reads what was typed for --title. A pattern without capital letters does not tell them from small ones.
pub(crate) fn title(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(pattern)
        .case_insensitive(!has_capitals(pattern))
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => "the pattern is too large".to_owned(),
            other => other.to_string(),
        })
}

/// Looks for capital letters that stand for themselves; `\W` and `\p{Greek}` are none.
fn has_capitals(pattern: &str) -> bool {
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
    fn capitals_count_only_where_there_are_any() {
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
            let found = title(pattern).map(|pattern| pattern.is_match(text));
            assert_eq!(found, Ok(matches), "{pattern} in {text}");
        }
        assert!(title("(").is_err_and(|complaint| complaint.contains("unclosed group")));
    }
}
