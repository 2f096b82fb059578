//! The values of `--since` and `--until`: dates, times, ages and words such as `yesterday`, in the
//! time zone of this machine.

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::AmbiguousOffset;
use jiff::{Span, Timestamp, ToSpan, Zoned};

use crate::clock;
use crate::time_zone::local_zone;

/// The accepted forms, for the message about any other.
const FORMS: &str = "expected a date (2026-04-22, 2026-04, yesterday, monday, last week), a time \
                     (2026-04-22T12:00, 2026-04-22T12:00Z), an age (7d, 12h) or Unix seconds (@1776816000)";

/// The first instant to include. A date means its first instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Since {
    pub(crate) at: Timestamp,
    /// The value of the option.
    pub(crate) text: String,
}

/// The first instant to exclude. A date is included to its end, and an instant is included itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Until {
    pub(crate) before: Timestamp,
    /// The value of the option.
    pub(crate) text: String,
}

impl Since {
    /// Describes how the value was understood.
    pub(crate) fn meaning(&self) -> String {
        format!("--since {} means {} or later", self.text, written_out(self.at))
    }
}

impl Until {
    /// Describes how the value was understood.
    pub(crate) fn meaning(&self) -> String {
        let last = self.before.checked_sub(1.nanosecond()).unwrap_or(self.before);
        format!("--until {} means {} or earlier", self.text, written_out(last))
    }
}

fn written_out(at: Timestamp) -> String {
    at.to_zoned(local_zone()).strftime("%Y-%m-%d %H:%M:%S %Z").to_string()
}

/// Parses `--since`.
pub(crate) fn parse_since(text: &str) -> Result<Since, String> {
    let now = clock::now().to_zoned(local_zone());
    parse(text, &now).map(|period| Since {
        at: period.start,
        text: text.to_owned(),
    })
}

/// Parses `--until`.
pub(crate) fn parse_until(text: &str) -> Result<Until, String> {
    let now = clock::now().to_zoned(local_zone());
    parse(text, &now).map(|period| Until {
        before: period.end,
        text: text.to_owned(),
    })
}

/// What a text means: from the first instant to the one after the last.
struct Period {
    start: Timestamp,
    end: Timestamp,
}

fn parse(text: &str, now: &Zoned) -> Result<Period, String> {
    let text = text.trim();
    let word = text.to_ascii_lowercase();
    if let Some(period) = date_or_number(text, now).or_else(|| named(&word, now)) {
        return period;
    }
    // An offset or a time zone in the text overrides that of the machine.
    if let Ok(at) = text.parse::<Timestamp>() {
        return instant(at, at);
    }
    if let Ok(at) = text.parse::<Zoned>() {
        return instant(at.timestamp(), at.timestamp());
    }
    if let Ok(civil) = text.parse::<DateTime>() {
        return local_time(civil, now);
    }
    age(&word, now)
}

/// Reads a day, a month, a year or Unix seconds; `None` if the text has another form.
fn date_or_number(text: &str, now: &Zoned) -> Option<Result<Period, String>> {
    let seconds = text.strip_prefix('@');
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if seconds.is_some_and(digits) || digits(text) && text.len() >= 9 {
        return Some(unix_time(seconds.unwrap_or(text)));
    }
    let (year, rest) = text.split_at_checked(4).filter(|(year, _)| digits(year))?;
    let months = match rest.strip_prefix('-') {
        Some(month) if month.len() == 2 && digits(month) => 1,
        None if rest.is_empty() => 12,
        _ if text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') => {
            let no_date = |_| "this date does not exist".to_owned();
            return Some(text.parse().map_err(no_date).and_then(|date| days(date, 1.day(), now)));
        }
        _ => return None,
    };
    let first = if months == 12 {
        format!("{year}-01-01")
    } else {
        format!("{text}-01")
    };
    let no_month = |_| "this month does not exist".to_owned();
    Some(
        first
            .parse()
            .map_err(no_month)
            .and_then(|date| days(date, months.months(), now)),
    )
}

/// Reads seconds since 1970, or milliseconds if they have 13 digits.
fn unix_time(digits: &str) -> Result<Period, String> {
    let number = digits.parse::<i64>().ok();
    let at = number.and_then(|number| {
        if digits.len() < 13 {
            Timestamp::from_second(number).ok()
        } else {
            Timestamp::from_millisecond(number).ok()
        }
    });
    let at = at.ok_or("the time is out of range")?;
    instant(at, at)
}

/// Reads the name of a day, week, month or year; `None` if it is not one.
fn named(word: &str, now: &Zoned) -> Option<Result<Period, String>> {
    let today = now.date();
    let monday = monday_of(today);
    let first = |date: Date| Some(date.first_of_month());
    let new_year = |date: Date| Some(date.first_of_year());
    let (start, length) = match word {
        "now" => return Some(instant(now.timestamp(), now.timestamp())),
        "today" => (Some(today), 1.day()),
        "yesterday" => (today.yesterday().ok(), 1.day()),
        "tomorrow" => (today.tomorrow().ok(), 1.day()),
        "this week" => (monday, 1.week()),
        "last week" => (monday.and_then(|monday| monday.checked_sub(1.week()).ok()), 1.week()),
        "this month" => (first(today), 1.month()),
        "last month" => (
            first(today).and_then(|first| first.checked_sub(1.month()).ok()),
            1.month(),
        ),
        "this year" => (new_year(today), 1.year()),
        "last year" => (
            new_year(today).and_then(|first| first.checked_sub(1.year()).ok()),
            1.year(),
        ),
        _ => {
            let (name, is_before_today) = match word.strip_prefix("last ") {
                Some(name) => (name, true),
                None => (word, false),
            };
            let weekday = weekday(name)?;
            let date = if today.weekday() == weekday && !is_before_today {
                Some(today)
            } else {
                today.nth_weekday(-1, weekday).ok()
            };
            (date, 1.day())
        }
    };
    let start = start.ok_or_else(|| "the date is out of range".to_owned());
    Some(start.and_then(|start| days(start, length, now)))
}

fn monday_of(date: Date) -> Option<Date> {
    let days_since = date.weekday().to_monday_zero_offset();
    date.checked_sub(i64::from(days_since).days()).ok()
}

fn weekday(name: &str) -> Option<Weekday> {
    Some(match name {
        "monday" | "mon" => Weekday::Monday,
        "tuesday" | "tue" => Weekday::Tuesday,
        "wednesday" | "wed" => Weekday::Wednesday,
        "thursday" | "thu" => Weekday::Thursday,
        "friday" | "fri" => Weekday::Friday,
        "saturday" | "sat" => Weekday::Saturday,
        "sunday" | "sun" => Weekday::Sunday,
        _ => return None,
    })
}

/// Returns the period of some whole days.
fn days(start: Date, length: Span, now: &Zoned) -> Result<Period, String> {
    let start_of = |date: Date| date.to_zoned(now.time_zone().clone()).map(|at| at.timestamp());
    let period = |start: Date| {
        Ok::<_, jiff::Error>(Period {
            start: start_of(start)?,
            end: start_of(start.checked_add(length)?)?,
        })
    };
    period(start).map_err(|_| "the date is out of range".to_owned())
}

/// Reads a time without a zone. When clocks go back, an hour occurs twice: then the period reaches
/// from the first of the two instants to the second.
fn local_time(civil: DateTime, now: &Zoned) -> Result<Period, String> {
    let at = now.time_zone().to_ambiguous_zoned(civil);
    let is_repeated = matches!(at.offset(), AmbiguousOffset::Fold { .. });
    let first = at.clone().compatible();
    let last = if is_repeated { at.later() } else { first.clone() };
    match (first, last) {
        (Ok(first), Ok(last)) => instant(first.timestamp(), last.timestamp()),
        _ => Err("the time is out of range".to_owned()),
    }
}

fn instant(first: Timestamp, last: Timestamp) -> Result<Period, String> {
    let end = last.checked_add(1.nanosecond());
    let end = end.map_err(|_| "the time is out of range".to_owned())?;
    Ok(Period { start: first, end })
}

/// Reads an age, such as `7d`, `2 weeks ago` or `last 7 days`.
fn age(word: &str, now: &Zoned) -> Result<Period, String> {
    let age = ["last ", "past "].iter().find_map(|prefix| word.strip_prefix(prefix));
    let age = age.unwrap_or(word);
    if let Some(amount) = age.strip_suffix('m').map(str::trim_end)
        && amount.trim_start_matches('-').parse::<f64>().is_ok()
    {
        let amount = amount.trim_start_matches('-');
        return Err(format!("m can be months or minutes: write {amount}mo or {amount}min"));
    }
    let Ok(span) = age.parse::<Span>() else {
        return Err(FORMS.to_owned());
    };
    if span.is_negative() && !age.ends_with("ago") {
        let amount = age.trim_start_matches('-');
        return Err(format!("write an age without a sign: {amount}"));
    }
    // "1d" is the same time on the day before, also if the clocks changed in between.
    let at = now.checked_sub(span.abs());
    let at = at.map_err(|_| "the age is out of range".to_owned())?.timestamp();
    instant(at, at)
}

#[cfg(test)]
mod tests {
    use super::{FORMS, parse};
    use jiff::{Timestamp, ToSpan, Zoned};

    /// On the day on which clocks in Berlin went forward, a Sunday.
    fn now() -> Zoned {
        "2026-03-29T12:00[Europe/Berlin]"
            .parse()
            .expect("every machine knows this time zone")
    }

    #[test]
    fn an_instant_is_the_first_and_the_last() {
        for (text, expected) in [
            ("2026-04-01T12:00", "2026-04-01T10:00:00Z"),
            ("2026-04-01 12:00:30.5", "2026-04-01T10:00:30.5Z"),
            ("2026-04-01T12:00Z", "2026-04-01T12:00:00Z"),
            ("2026-04-01T12:00:00-05:00", "2026-04-01T17:00:00Z"),
            ("2026-04-01T12:00[America/New_York]", "2026-04-01T16:00:00Z"),
            // Skipped, when clocks go forward.
            ("2026-03-29T02:30", "2026-03-29T01:30:00Z"),
            ("now", "2026-03-29T10:00:00Z"),
            ("12h", "2026-03-28T22:00:00Z"),
            ("90min", "2026-03-29T08:30:00Z"),
            ("1h30m", "2026-03-29T08:30:00Z"),
            ("1d", "2026-03-28T11:00:00Z"),
            ("7 days ago", "2026-03-22T11:00:00Z"),
            ("Last 7 days", "2026-03-22T11:00:00Z"),
            ("past 12 hours", "2026-03-28T22:00:00Z"),
            ("2w", "2026-03-15T11:00:00Z"),
            ("1mo", "2026-02-28T11:00:00Z"),
            ("P1M", "2026-02-28T11:00:00Z"),
            ("1756684800", "2025-09-01T00:00:00Z"),
            ("@1756684800", "2025-09-01T00:00:00Z"),
            ("1756684800123", "2025-09-01T00:00:00.123Z"),
            ("@0", "1970-01-01T00:00:00Z"),
        ] {
            let period = parse(text, &now()).unwrap_or_else(|reason| panic!("{text}: {reason}"));
            let expected: Timestamp = expected.parse().unwrap();
            let end = expected.checked_add(1.nanosecond()).unwrap();
            assert_eq!((period.start, period.end), (expected, end), "{text}");
        }
    }

    #[test]
    fn a_day_week_month_or_year_is_whole() {
        for (text, start, end) in [
            ("2026-03-01", "2026-02-28T23:00:00Z", "2026-03-01T23:00:00Z"),
            // The clocks change on this day.
            ("2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"),
            ("today", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"),
            ("Yesterday", "2026-03-27T23:00:00Z", "2026-03-28T23:00:00Z"),
            ("tomorrow", "2026-03-29T22:00:00Z", "2026-03-30T22:00:00Z"),
            ("sunday", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"),
            ("last sunday", "2026-03-21T23:00:00Z", "2026-03-22T23:00:00Z"),
            ("monday", "2026-03-22T23:00:00Z", "2026-03-23T23:00:00Z"),
            ("Sat", "2026-03-27T23:00:00Z", "2026-03-28T23:00:00Z"),
            ("this week", "2026-03-22T23:00:00Z", "2026-03-29T22:00:00Z"),
            ("last week", "2026-03-15T23:00:00Z", "2026-03-22T23:00:00Z"),
            ("this month", "2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z"),
            ("last month", "2026-01-31T23:00:00Z", "2026-02-28T23:00:00Z"),
            ("2025-09", "2025-08-31T22:00:00Z", "2025-09-30T22:00:00Z"),
            ("last year", "2024-12-31T23:00:00Z", "2025-12-31T23:00:00Z"),
            ("2025", "2024-12-31T23:00:00Z", "2025-12-31T23:00:00Z"),
            // The repeated hour, when clocks go back.
            (
                "2025-10-26T02:30",
                "2025-10-26T00:30:00Z",
                "2025-10-26T01:30:00.000000001Z",
            ),
        ] {
            let period = parse(text, &now()).unwrap_or_else(|reason| panic!("{text}: {reason}"));
            let found = (period.start.to_string(), period.end.to_string());
            assert_eq!(found, (start.to_owned(), end.to_owned()), "{text}");
        }
    }

    #[test]
    fn other_forms_are_rejected_with_a_reason() {
        for (text, expected) in [
            ("someday", FORMS),
            ("", FORMS),
            ("7", FORMS),
            ("@", FORMS),
            ("@soon", FORMS),
            ("22.04.2026", FORMS),
            ("--all", FORMS),
            ("2026-02-30", "this date does not exist"),
            ("2026-13", "this month does not exist"),
            ("-7d", "write an age without a sign: 7d"),
            ("1m", "m can be months or minutes: write 1mo or 1min"),
            ("-1.5 m", "m can be months or minutes: write 1.5mo or 1.5min"),
            ("15000y", "the age is out of range"),
            ("99999999999999999999", "the time is out of range"),
        ] {
            assert_eq!(parse(text, &now()).err().as_deref(), Some(expected), "{text}");
        }
    }
}
