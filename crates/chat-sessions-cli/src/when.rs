//! Times as people type them, in the zone of this machine.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan, Zoned};

/// What can be typed, for whoever typed something else.
const FORMS: &str =
    "write a date (2026-04-22), a date and a time (2026-04-22T12:00, 2026-04-22T12:00Z), or how long ago (7d, 12h)";

/// Gives the zone of this machine; UTC when it cannot be read.
pub(crate) fn local_zone() -> TimeZone {
    TimeZone::try_system().unwrap_or(TimeZone::UTC)
}

/// The first instant that is wanted: that of a date is its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Since(pub(crate) Timestamp);

/// The first instant that is wanted no more: a date is wanted to its end, and an instant is wanted itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Until(pub(crate) Timestamp);

/// Reads what was typed for --since.
pub(crate) fn since(text: &str) -> Result<Since, String> {
    let now = Timestamp::now().to_zoned(local_zone());
    match read(text, &now)? {
        Read::Day(date) => start_of(date, &now).map(Since),
        Read::Instant(at) => Ok(Since(at)),
    }
}

/// Reads what was typed for --until.
pub(crate) fn until(text: &str) -> Result<Until, String> {
    let now = Timestamp::now().to_zoned(local_zone());
    until_from(text, &now)
}

fn until_from(text: &str, now: &Zoned) -> Result<Until, String> {
    let beyond = |_| "the time lies beyond the calendar".to_owned();
    match read(text, now)? {
        Read::Day(date) => start_of(date.tomorrow().map_err(beyond)?, now).map(Until),
        Read::Instant(at) => at.checked_add(1.nanosecond()).map(Until).map_err(beyond),
    }
}

enum Read {
    Day(Date),
    Instant(Timestamp),
}

fn read(text: &str, now: &Zoned) -> Result<Read, String> {
    let text = text.trim();
    let is_date = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    if is_date {
        return text
            .parse()
            .map(Read::Day)
            .map_err(|_| "there is no such date".to_owned());
    }
    // With an offset or a zone of its own, which is nearer than that of the machine.
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(Read::Instant(at));
    }
    if let Ok(at) = text.parse::<Zoned>() {
        return Ok(Read::Instant(at.timestamp()));
    }
    if let Ok(civil) = text.parse::<DateTime>() {
        let at = civil.to_zoned(now.time_zone().clone());
        return at
            .map(|at| Read::Instant(at.timestamp()))
            .map_err(|_| "the time lies beyond the calendar".to_owned());
    }
    let Ok(ago) = text.parse::<Span>() else {
        return Err(FORMS.to_owned());
    };
    if ago.is_negative() && !text.ends_with("ago") {
        return Err("how long ago is written without a sign".to_owned());
    }
    // A day ago is the same time of the day before, also where the clocks were changed in between.
    now.checked_sub(ago.abs())
        .map(|at| Read::Instant(at.timestamp()))
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

    /// Just after the clocks were put forward in Berlin.
    fn now() -> Zoned {
        "2026-03-29T12:00[Europe/Berlin]"
            .parse()
            .expect("a time with a zone that every machine knows")
    }

    fn told(text: &str) -> Result<String, String> {
        Ok(match read(text, &now())? {
            Read::Day(date) => start_of(date, &now())?.to_string(),
            Read::Instant(at) => at.to_string(),
        })
    }

    #[test]
    fn what_can_be_typed() {
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
            assert_eq!(told(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_typed_is_told() {
        for (text, expected) in [
            ("yesterday", FORMS),
            ("", FORMS),
            ("7", FORMS),
            ("2026-02-30", "there is no such date"),
            ("-7d", "how long ago is written without a sign"),
            ("15000y", "that is longer ago than the calendar reaches"),
        ] {
            assert_eq!(told(text).err().as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_day_is_wanted_to_its_end_and_an_instant_itself() {
        let until = |text| until_from(text, &now()).map(|Until(at)| at.to_string());
        assert_eq!(until("2026-04-01").as_deref(), Ok("2026-04-01T22:00:00Z"));
        assert_eq!(
            until("2026-04-01T12:00Z").as_deref(),
            Ok("2026-04-01T12:00:00.000000001Z")
        );
    }
}
