//! The values of `--since` and `--until`: dates, times and ages, in the time zone of this machine.

use jiff::civil::{Date, DateTime};
use jiff::{Span, Timestamp, ToSpan, Zoned};

use crate::time_zone::local_zone;

/// The accepted forms, for the message about any other.
const FORMS: &str =
    "write a date (2026-04-22), a date and a time (2026-04-22T12:00, 2026-04-22T12:00Z), or how long ago (7d, 12h)";

/// The first instant to include. A date means its first instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Since(pub(crate) Timestamp);

/// The first instant to exclude. A date is included to its end, and an instant is included itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Until(pub(crate) Timestamp);

/// Parses `--since`.
pub(crate) fn parse_since(text: &str) -> Result<Since, String> {
    let now = Timestamp::now().to_zoned(local_zone());
    match parse(text, &now)? {
        TimeArg::Date(date) => start_of(date, &now).map(Since),
        TimeArg::Instant(at) => Ok(Since(at)),
    }
}

/// Parses `--until`.
pub(crate) fn parse_until(text: &str) -> Result<Until, String> {
    let now = Timestamp::now().to_zoned(local_zone());
    until_at(text, &now)
}

fn until_at(text: &str, now: &Zoned) -> Result<Until, String> {
    let beyond = |_| "the time lies beyond the calendar".to_owned();
    match parse(text, now)? {
        TimeArg::Date(date) => start_of(date.tomorrow().map_err(beyond)?, now).map(Until),
        TimeArg::Instant(at) => at.checked_add(1.nanosecond()).map(Until).map_err(beyond),
    }
}

enum TimeArg {
    Date(Date),
    Instant(Timestamp),
}

fn parse(text: &str, now: &Zoned) -> Result<TimeArg, String> {
    let text = text.trim();
    let is_date = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    if is_date {
        return text
            .parse()
            .map(TimeArg::Date)
            .map_err(|_| "there is no such date".to_owned());
    }
    // An offset or a time zone in the text overrides that of the machine.
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(TimeArg::Instant(at));
    }
    if let Ok(at) = text.parse::<Zoned>() {
        return Ok(TimeArg::Instant(at.timestamp()));
    }
    if let Ok(civil) = text.parse::<DateTime>() {
        let at = civil.to_zoned(now.time_zone().clone());
        return at
            .map(|at| TimeArg::Instant(at.timestamp()))
            .map_err(|_| "the time lies beyond the calendar".to_owned());
    }
    let Ok(ago) = text.parse::<Span>() else {
        return Err(FORMS.to_owned());
    };
    if ago.is_negative() && !text.ends_with("ago") {
        return Err("how long ago is written without a sign".to_owned());
    }
    // "1d" is the same time on the day before, also if the clocks changed in between.
    now.checked_sub(ago.abs())
        .map(|at| TimeArg::Instant(at.timestamp()))
        .map_err(|_| "that is longer ago than the calendar reaches".to_owned())
}

fn start_of(date: Date, now: &Zoned) -> Result<Timestamp, String> {
    date.to_zoned(now.time_zone().clone())
        .map(|at| at.timestamp())
        .map_err(|_| "the date lies beyond the calendar".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// On the day on which clocks in Berlin went forward.
    fn now() -> Zoned {
        "2026-03-29T12:00[Europe/Berlin]"
            .parse()
            .expect("every machine knows this time zone")
    }

    fn parsed(text: &str) -> Result<String, String> {
        Ok(match parse(text, &now())? {
            TimeArg::Date(date) => start_of(date, &now())?.to_string(),
            TimeArg::Instant(at) => at.to_string(),
        })
    }

    #[test]
    fn every_documented_form_is_parsed() {
        for (text, expected) in [
            ("2026-03-01", "2026-02-28T23:00:00Z"),
            ("2026-04-01", "2026-03-31T22:00:00Z"),
            ("2026-04-01T12:00", "2026-04-01T10:00:00Z"),
            ("2026-04-01 12:00:30.5", "2026-04-01T10:00:30.5Z"),
            ("2026-04-01T12:00Z", "2026-04-01T12:00:00Z"),
            ("2026-04-01T12:00:00-05:00", "2026-04-01T17:00:00Z"),
            ("2026-04-01T12:00[America/New_York]", "2026-04-01T16:00:00Z"),
            ("12h", "2026-03-28T22:00:00Z"),
            ("90m", "2026-03-29T08:30:00Z"),
            ("1d", "2026-03-28T11:00:00Z"),
            ("7 days ago", "2026-03-22T11:00:00Z"),
            ("2w", "2026-03-15T11:00:00Z"),
            ("1mo", "2026-02-28T11:00:00Z"),
        ] {
            assert_eq!(parsed(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn other_forms_are_rejected_with_a_reason() {
        for (text, expected) in [
            ("yesterday", FORMS),
            ("", FORMS),
            ("7", FORMS),
            ("2026-02-30", "there is no such date"),
            ("-7d", "how long ago is written without a sign"),
            ("15000y", "that is longer ago than the calendar reaches"),
        ] {
            assert_eq!(parsed(text).err().as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn until_includes_a_whole_day_and_the_instant_itself() {
        let until = |text| until_at(text, &now()).map(|Until(at)| at.to_string());
        assert_eq!(until("2026-04-01").as_deref(), Ok("2026-04-01T22:00:00Z"));
        assert_eq!(
            until("2026-04-01T12:00Z").as_deref(),
            Ok("2026-04-01T12:00:00.000000001Z")
        );
    }
}
