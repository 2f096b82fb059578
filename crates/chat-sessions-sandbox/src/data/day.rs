//! The day that the sandbox takes for today, to which all of its times relate.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};

/// The day that a sandbox takes for today, in UTC.
///
/// The newest seeded session is from 12:34:41 of the day before, and all others are older. So none
/// is in the future, and the ids are the same all day: a Memories.ai id contains a time.
///
/// The default is 2026-04-23, the day after the example in LlamaCloud's document, so that a test
/// sees the same sessions every day. The programs use [`today`](Self::today).
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// use chat_sessions_sandbox::{Day, Sandbox};
///
/// let sandbox = Sandbox::builder().day(Day::today()).start().await?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day(Date);

impl Day {
    /// The current day in UTC.
    #[must_use]
    pub fn today() -> Self {
        Self(TimeZone::UTC.to_datetime(Timestamp::now()).date())
    }

    /// Returns the first instant of the day.
    #[must_use]
    pub fn start(self) -> Timestamp {
        // `FromStr` accepts no day for which this fails.
        TimeZone::UTC
            .to_timestamp(self.0.at(0, 0, 0, 0))
            .unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// The time of the newest seeded session, in microseconds since 1970. Everything that is created
    /// or changed later is newer.
    pub(crate) fn newest_micros(self) -> i64 {
        let time = jiff::civil::time(12, 34, 41, 342_245_000);
        let yesterday = self.0.saturating_sub(jiff::Span::new().days(1)).to_datetime(time);
        // `FromStr` accepts no day for which this fails.
        TimeZone::UTC
            .to_timestamp(yesterday)
            .map_or(0, Timestamp::as_microsecond)
    }
}

impl Default for Day {
    fn default() -> Self {
        Self(jiff::civil::date(2026, 4, 23))
    }
}

impl fmt::Display for Day {
    /// Writes it as `2026-04-23`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Day {
    type Err = InvalidDay;

    /// Reads a date such as `2026-04-23`, from 2023 on: a history takes up to 600 days, and ids
    /// count from 2021.
    fn from_str(text: &str) -> Result<Self, InvalidDay> {
        match text.parse::<Date>() {
            Ok(date) if (2023..=2099).contains(&date.year()) => Ok(Self(date)),
            _ => Err(InvalidDay),
        }
    }
}

/// The error for a text that is not a [`Day`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidDay;

impl fmt::Display for InvalidDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a date between 2023-01-01 and 2099-12-31")
    }
}

impl std::error::Error for InvalidDay {}

#[cfg(test)]
mod tests {
    use super::{Day, InvalidDay};
    use crate::data::time::naive_iso;

    #[test]
    fn the_newest_session_is_from_the_day_before() {
        for (day, newest) in [
            ("2026-04-23", "2026-04-22T12:34:41.342245"),
            ("2024-03-01", "2024-02-29T12:34:41.342245"),
            ("2023-01-01", "2022-12-31T12:34:41.342245"),
        ] {
            let day: Day = day.parse().unwrap();
            assert_eq!(naive_iso(day.newest_micros()), newest);
        }
        assert_eq!(Day::default().to_string(), "2026-04-23");
        for text in [
            "",
            "today",
            "2022-12-31",
            "2100-01-01",
            "2026-02-30",
            "2026-04-23T00:00:00Z ",
        ] {
            assert_eq!(text.parse::<Day>(), Err(InvalidDay), "{text}");
        }
    }
}
