//! One instant in UTC, as this crate's own type, with its parser and its text form.
//!
//! The arithmetic of the calendar comes from `datealgo`, which does nothing else and compiles in a
//! tenth of a second. The parser is written by hand: providers use few forms, and jiff, which parses
//! many more, takes seconds to compile. The tests compare both parsers. This file knows no provider.

mod conversions;

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use datealgo::{datetime_to_secs, days_in_month, secs_to_datetime};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Error, ErrorKind, Remedy};

/// `Timestamp` is an instant in UTC, printed and parsed as RFC 3339.
///
/// It keeps nanoseconds, which is more precise than either provider. It converts from and into
/// [`SystemTime`], and with the features `jiff` and `chrono` also from and into the types of these
/// libraries.
///
/// ```
/// use chat_sessions::Timestamp;
///
/// let at: Timestamp = "2026-04-22T14:34:41.342245+02:00".parse()?;
/// assert_eq!(at.to_string(), "2026-04-22T12:34:41.342245Z");
/// # Ok::<(), chat_sessions::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    /// The seconds since 1970-01-01T00:00:00Z, rounded down.
    seconds: i64,
    /// The nanoseconds after them.
    nanosecond: u32,
}

/// The possible seconds. They are those of jiff, so that no conversion between both can fail: in every
/// offset from UTC, the year is between −9999 and 9999.
const SECONDS: RangeInclusive<i64> = -377_705_023_201..=253_402_207_200;

const NANOSECONDS_PER_SECOND: i128 = 1_000_000_000;

impl Timestamp {
    /// The latest possible instant, at the end of the year 9999.
    pub(crate) const LATEST: Self = Self {
        seconds: *SECONDS.end(),
        nanosecond: 999_999_999,
    };

    fn new(seconds: i64, nanosecond: u32) -> Option<Self> {
        SECONDS.contains(&seconds).then_some(Self { seconds, nanosecond })
    }

    /// Returns the current time of the system's clock.
    #[must_use]
    pub fn now() -> Self {
        // A clock beyond the year 9999 shows the last instant.
        Self::try_from(SystemTime::now()).unwrap_or(Self::LATEST)
    }

    /// Creates the instant this many seconds after 1970-01-01T00:00:00Z. Returns `None` outside the
    /// years −9999 to 9999.
    #[must_use]
    pub fn from_unix_seconds(seconds: i64) -> Option<Self> {
        Self::new(seconds, 0)
    }

    /// Returns the instant this much later; `None` after the year 9999.
    ///
    /// ```
    /// use std::time::Duration;
    /// use chat_sessions::Timestamp;
    ///
    /// let at: Timestamp = "2026-04-22T12:34:41.342245Z".parse()?;
    /// let day = Duration::from_secs(24 * 60 * 60);
    /// assert_eq!(at.checked_add(day).map(|at| at.to_string()).as_deref(), Some("2026-04-23T12:34:41.342245Z"));
    /// assert_eq!(at.checked_sub(day).and_then(|before| before.checked_add(day)), Some(at));
    /// # Ok::<(), chat_sessions::Error>(())
    /// ```
    #[must_use]
    pub fn checked_add(self, duration: Duration) -> Option<Self> {
        let later = self
            .nanoseconds()
            .checked_add(i128::try_from(duration.as_nanos()).ok()?)?;
        Self::from_nanoseconds(later)
    }

    /// Returns the instant this much earlier; `None` before the year −9999.
    #[must_use]
    pub fn checked_sub(self, duration: Duration) -> Option<Self> {
        let earlier = self
            .nanoseconds()
            .checked_sub(i128::try_from(duration.as_nanos()).ok()?)?;
        Self::from_nanoseconds(earlier)
    }

    fn nanoseconds(self) -> i128 {
        i128::from(self.seconds) * NANOSECONDS_PER_SECOND + i128::from(self.nanosecond)
    }

    fn from_nanoseconds(nanoseconds: i128) -> Option<Self> {
        let seconds = i64::try_from(nanoseconds.div_euclid(NANOSECONDS_PER_SECOND)).ok()?;
        let nanosecond = u32::try_from(nanoseconds.rem_euclid(NANOSECONDS_PER_SECOND)).ok()?;
        Self::new(seconds, nanosecond)
    }

    /// Creates the instant this many milliseconds after 1970-01-01T00:00:00Z. Returns `None`
    /// outside the years −9999 to 9999.
    #[must_use]
    pub fn from_unix_millis(milliseconds: i64) -> Option<Self> {
        let nanosecond = u32::try_from(milliseconds.rem_euclid(1000) * 1_000_000).ok()?;
        Self::new(milliseconds.div_euclid(1000), nanosecond)
    }

    /// Returns the whole milliseconds since 1970-01-01T00:00:00Z, rounded down.
    #[must_use]
    pub fn unix_millis(self) -> i64 {
        self.seconds * 1000 + i64::from(self.nanosecond / 1_000_000)
    }

    /// Parses a date and time in the extended form of ISO 8601, such as
    /// `2026-04-22T12:34:41.342245` or `2026-04-22T14:34:41+02:00`, and says whether the text names
    /// its zone. Without a zone it is taken as UTC.
    ///
    /// A space may replace the `T`. The seconds, the whole time and the colon in the zone are
    /// optional. A leap second is read as the second before it.
    pub(crate) fn parse(text: &str) -> Option<(Self, bool)> {
        let ((year, month, day), rest) = date(text.as_bytes())?;
        let (time, offset) = match rest {
            [] => (Time::default(), None),
            [b'T' | b't' | b' ', rest @ ..] => {
                let (time, rest) = time(rest)?;
                (time, if rest.is_empty() { None } else { Some(zone(rest)?) })
            }
            _ => return None,
        };
        let seconds = datetime_to_secs((year, month, day, time.hour, time.minute, time.second));
        let at = Self::new(seconds - offset.unwrap_or_default(), time.nanosecond)?;
        Some((at, offset.is_some()))
    }
}

/// A time of day.
#[derive(Default)]
struct Time {
    hour: u8,
    minute: u8,
    second: u8,
    nanosecond: u32,
}

/// A year, a month and a day.
type Date = (i32, u8, u8);

/// Parses a date of the calendar and returns the rest.
fn date(text: &[u8]) -> Option<(Date, &[u8])> {
    let (year, rest) = match text {
        // ISO 8601 writes years outside 0 to 9999 with a sign and six digits.
        [sign @ (b'+' | b'-'), rest @ ..] => {
            let ([y1, y2, y3, y4, y5, y6], rest) = rest.split_first_chunk::<6>()?;
            let year = two(*y1, *y2)? * 10_000 + two(*y3, *y4)? * 100 + two(*y5, *y6)?;
            if *sign == b'-' && year == 0 {
                return None;
            }
            (if *sign == b'-' { -year } else { year }, rest)
        }
        _ => {
            let ([y1, y2, y3, y4], rest) = text.split_first_chunk::<4>()?;
            (two(*y1, *y2)? * 100 + two(*y3, *y4)?, rest)
        }
    };
    let ([b'-', m1, m2, b'-', d1, d2], rest) = rest.split_first_chunk::<6>()? else {
        return None;
    };
    let (month, day) = (two_within(*m1, *m2, 1..=12)?, two_within(*d1, *d2, 1..=31)?);
    let exists = (-9999..=9999).contains(&year) && day <= days_in_month(year, month);
    exists.then_some(((year, month, day), rest))
}

/// Parses a time of day and returns the rest.
fn time(text: &[u8]) -> Option<(Time, &[u8])> {
    let ([h1, h2, b':', n1, n2], rest) = text.split_first_chunk::<5>()? else {
        return None;
    };
    let (second, nanosecond, rest) = match rest {
        [b':', s1, s2, b'.' | b',', rest @ ..] => {
            let (nanosecond, rest) = fraction(rest)?;
            (two_within(*s1, *s2, 0..=60)?, nanosecond, rest)
        }
        [b':', s1, s2, rest @ ..] => (two_within(*s1, *s2, 0..=60)?, 0, rest),
        _ => (0, 0, rest),
    };
    let time = Time {
        hour: two_within(*h1, *h2, 0..=23)?,
        minute: two_within(*n1, *n2, 0..=59)?,
        second: second.min(59),
        nanosecond,
    };
    Some((time, rest))
}

/// Parses one to nine decimals of a second as nanoseconds, and returns the rest.
fn fraction(text: &[u8]) -> Option<(u32, &[u8])> {
    let (mut nanoseconds, mut place, mut rest) = (0, 1_000_000_000, text);
    while let [digit @ b'0'..=b'9', behind @ ..] = rest {
        place /= 10;
        if place == 0 {
            return None;
        }
        nanoseconds += u32::from(digit - b'0') * place;
        rest = behind;
    }
    (rest.len() < text.len()).then_some((nanoseconds, rest))
}

/// Parses the zone, which must end the text, as seconds ahead of UTC.
fn zone(text: &[u8]) -> Option<i64> {
    let (sign, hours, minutes) = match *text {
        [b'Z' | b'z'] => return Some(0),
        [sign, h1, h2] => (sign, two_within(h1, h2, HOURS_OF_OFFSET)?, 0),
        [sign, h1, h2, m1, m2] | [sign, h1, h2, b':', m1, m2] => {
            (sign, two_within(h1, h2, HOURS_OF_OFFSET)?, two_within(m1, m2, 0..=59)?)
        }
        _ => return None,
    };
    let seconds = (i64::from(hours) * 60 + i64::from(minutes)) * 60;
    match sign {
        b'+' => Some(seconds),
        b'-' => Some(-seconds),
        _ => None,
    }
}

/// The hours by which a zone can differ from UTC, which are those of jiff.
const HOURS_OF_OFFSET: RangeInclusive<u8> = 0..=25;

/// Parses a two-digit number.
fn two(tens: u8, ones: u8) -> Option<i32> {
    two_within(tens, ones, 0..=99).map(i32::from)
}

/// Parses a two-digit number within a range.
fn two_within(tens: u8, ones: u8, range: RangeInclusive<u8>) -> Option<u8> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    let number = (tens < 10 && ones < 10).then(|| tens * 10 + ones)?;
    range.contains(&number).then_some(number)
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day, hour, minute, second) = secs_to_datetime(self.seconds);
        match year {
            0..=9999 => write!(f, "{year:04}")?,
            _ => write!(f, "{year:+07}")?,
        }
        write!(f, "-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        let (mut fraction, mut digits) = (self.nanosecond, 9);
        if fraction != 0 {
            while fraction % 10 == 0 {
                fraction /= 10;
                digits -= 1;
            }
            write!(f, ".{fraction:0digits$}")?;
        }
        f.write_str("Z")
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Parses an instant. A text without a zone is not an instant.
fn with_zone(text: &str) -> Option<Timestamp> {
    Timestamp::parse(text).and_then(|(at, has_zone)| has_zone.then_some(at))
}

impl FromStr for Timestamp {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        with_zone(text).ok_or_else(|| {
            Error::local(ErrorKind::InvalidRequest)
                .with_message(format!("{text:?} is not a time in RFC 3339"))
                .with_remedy(Remedy::WriteAs {
                    form: "with its zone",
                    example: "2026-04-22T12:34:41Z",
                })
        })
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        with_zone(&text).ok_or_else(|| serde::de::Error::custom("not a time in RFC 3339"))
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Timestamp {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Timestamp".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "An instant in UTC, in RFC 3339.",
            "type": "string",
            "format": "date-time"
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Timestamp;

    /// The result of jiff for the same text, with or without a zone.
    fn by_jiff(text: &str) -> Option<(String, bool)> {
        let with_zone = text.parse::<jiff::Timestamp>().ok().map(|at| (at, true));
        let without = || {
            let civil = text.parse::<jiff::civil::DateTime>().ok()?;
            Some((jiff::tz::Offset::UTC.to_timestamp(civil).ok()?, false))
        };
        with_zone.or_else(without).map(|(at, zone)| (at.to_string(), zone))
    }

    fn by_hand(text: &str) -> Option<(String, bool)> {
        Timestamp::parse(text).map(|(at, zone)| (at.to_string(), zone))
    }

    #[test]
    fn the_usual_forms_are_read() {
        for text in [
            "2026-04-22T12:34:41.342245",
            "2026-04-22T12:34:41",
            "2026-04-22 12:34:41",
            "2026-04-22T12:34",
            "2026-04-22",
            "2026-04-22T12:34:41Z",
            "2026-04-22t12:34:41,5z",
            "2026-04-22T14:34:41.342245+02:00",
            "2026-04-22T12:34:41.000+0000",
            "2026-04-22T12:34:41-03",
            "2024-02-29T23:59:60.1Z",
            "0000-01-01T00:00:00",
            "9999-12-30T22:00:00.999999999",
            "9999-12-31T23:59:00+25:59",
            "-009999-01-02T01:59:59Z",
            "-000001-12-31T23:59:59Z",
            "+002026-04-22T12:34:41Z",
        ] {
            assert!(by_hand(text).is_some(), "{text}");
            assert_eq!(by_hand(text), by_jiff(text), "{text}");
        }
        for text in [
            "",
            "2026",
            "2026-04-22T",
            "2026-04-22T12",
            "2026-04-22T12:34:41.",
            "2026-04-22T12:34:41.1234567890",
            "2026-04-22T12:34.5",
            "2026-04-22T12:34,5Z",
            "2026-04-22T12:34:41+",
            "2026-04-22T12:34:41+02:",
            "2026-04-22T12:34:41+02:60",
            "2026-04-22T12:34:41+26:00",
            "2026-04-22T12:34:61",
            "2026-04-22T24:00:00",
            "2026-02-29T00:00:00",
            "9999-12-30T22:00:01Z",
            "9999-12-31T23:59:59Z",
            "-009999-01-02T01:59:58Z",
            "-000000-01-01T00:00:00Z",
            "-999999-01-01T00:00:00Z",
            "2026-04-22T12:34:4١",
            "2026-04-2\u{e9}T12:34:41",
        ] {
            assert_eq!(by_hand(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_jiff_reads(
            text in r"([+-][0-9]{2})?[0-9]{4}-[01][0-9]-[0-3][0-9]([Tt ][0-2][0-9]:[0-6][0-9](:[0-6][0-9])?([.,][0-9]{0,10})?([Zz]|[+-][0-2][0-9](:?[0-6][0-9])?)?)?|\PC{0,29}",
        ) {
            if let Some(read) = by_hand(&text) {
                prop_assert_eq!(Some(read), by_jiff(&text));
            }
        }

        #[test]
        fn what_jiff_writes_is_read_and_written_alike(milliseconds in any::<i64>(), shift in 0_u32..30, nanosecond in 0..1_000_000_000) {
            // The shift makes enough of these numbers small enough for the supported years.
            if let Ok(at) = jiff::Timestamp::new((milliseconds >> shift) / 1000, nanosecond) {
                prop_assert_eq!(by_hand(&at.to_string()), Some((at.to_string(), true)));
            }
        }
    }
}
