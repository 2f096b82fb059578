//! One instant in UTC, as this crate's own type, with its parser and its text form.
//!
//! The calendar arithmetic comes from the small crate that jiff itself is built on. It stays
//! private because that crate has no 1.0 yet and the choice of a date library is the user's. The
//! parser is written by hand: providers use few forms, and the whole of jiff, which parses many
//! more, would take a third of this crate's build time. The tests compare both parsers. This file
//! knows no provider.

mod conversions;

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use jiff_core::civil::{Date, DateTime, Time};
use jiff_core::tz::Offset;
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
pub struct Timestamp(jiff_core::Timestamp);

impl Timestamp {
    /// The latest possible instant, at the end of the year 9999.
    pub(crate) const LATEST: Self = Self(jiff_core::Timestamp::MAX);

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
        jiff_core::Timestamp::new(seconds, 0).ok().map(Self)
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
        const PER_SECOND: i128 = 1_000_000_000;
        i128::from(self.0.as_second()) * PER_SECOND + i128::from(self.0.subsec_nanosecond())
    }

    fn from_nanoseconds(nanoseconds: i128) -> Option<Self> {
        const PER_SECOND: i128 = 1_000_000_000;
        let seconds = i64::try_from(nanoseconds.div_euclid(PER_SECOND)).ok()?;
        let rest = i32::try_from(nanoseconds.rem_euclid(PER_SECOND)).ok()?;
        jiff_core::Timestamp::new(seconds, rest).ok().map(Self)
    }

    /// Creates the instant this many milliseconds after 1970-01-01T00:00:00Z. Returns `None`
    /// outside the years −9999 to 9999.
    #[must_use]
    pub fn from_unix_millis(milliseconds: i64) -> Option<Self> {
        // The calendar's own conversion from milliseconds excludes the last second of the year
        // 9999.
        let nanoseconds = i32::try_from(milliseconds.rem_euclid(1000) * 1_000_000).ok()?;
        jiff_core::Timestamp::new(milliseconds.div_euclid(1000), nanoseconds)
            .ok()
            .map(Self)
    }

    /// Returns the whole milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn unix_millis(self) -> i64 {
        self.0.as_millisecond()
    }

    /// Parses a date and time in the extended form of ISO 8601, such as
    /// `2026-04-22T12:34:41.342245` or `2026-04-22T14:34:41+02:00`, and says whether the text names
    /// its zone. Without a zone it is taken as UTC.
    ///
    /// A space may replace the `T`. The seconds, the whole time and the colon in the zone are
    /// optional. A leap second is read as the second before it.
    pub(crate) fn parse(text: &str) -> Option<(Self, bool)> {
        let (date, rest) = date(text.as_bytes())?;
        let (time, offset) = match rest {
            [] => (Time::MIN, None),
            [b'T' | b't' | b' ', rest @ ..] => {
                let (time, rest) = time(rest)?;
                (time, if rest.is_empty() { None } else { Some(zone(rest)?) })
            }
            _ => return None,
        };
        let at = DateTime::from_parts(date, time).to_timestamp(offset.unwrap_or(Offset::UTC));
        Some((Self(at.ok()?), offset.is_some()))
    }
}

/// Parses a date and returns the rest.
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
    let date = Date::new(
        i16::try_from(year).ok()?,
        small(two(*m1, *m2)?)?,
        small(two(*d1, *d2)?)?,
    );
    Some((date.ok()?, rest))
}

/// Parses a time of day and returns the rest.
fn time(text: &[u8]) -> Option<(Time, &[u8])> {
    let ([h1, h2, b':', n1, n2], rest) = text.split_first_chunk::<5>()? else {
        return None;
    };
    let (second, nanosecond, rest) = match rest {
        [b':', s1, s2, b'.' | b',', rest @ ..] => {
            let (nanosecond, rest) = fraction(rest)?;
            (two(*s1, *s2)?, nanosecond, rest)
        }
        [b':', s1, s2, rest @ ..] => (two(*s1, *s2)?, 0, rest),
        _ => (0, 0, rest),
    };
    let second = if second == 60 { 59 } else { second };
    let time = Time::new(
        small(two(*h1, *h2)?)?,
        small(two(*n1, *n2)?)?,
        small(second)?,
        nanosecond,
    );
    Some((time.ok()?, rest))
}

/// Parses one to nine decimals of a second as nanoseconds, and returns the rest.
fn fraction(text: &[u8]) -> Option<(i32, &[u8])> {
    let (mut nanoseconds, mut place, mut rest) = (0, 1_000_000_000, text);
    while let [digit @ b'0'..=b'9', behind @ ..] = rest {
        place /= 10;
        if place == 0 {
            return None;
        }
        nanoseconds += i32::from(digit - b'0') * place;
        rest = behind;
    }
    (rest.len() < text.len()).then_some((nanoseconds, rest))
}

/// Parses the zone, which must end the text.
fn zone(text: &[u8]) -> Option<Offset> {
    let (sign, hours, minutes) = match *text {
        [b'Z' | b'z'] => return Some(Offset::UTC),
        [sign, h1, h2] => (sign, two(h1, h2)?, 0),
        [sign, h1, h2, m1, m2] | [sign, h1, h2, b':', m1, m2] => (sign, two(h1, h2)?, two(m1, m2)?),
        _ => return None,
    };
    if minutes > 59 {
        return None;
    }
    let seconds = (hours * 60 + minutes) * 60;
    match sign {
        b'+' => Offset::from_seconds(seconds).ok(),
        b'-' => Offset::from_seconds(-seconds).ok(),
        _ => None,
    }
}

/// Parses a two-digit number.
fn two(tens: u8, ones: u8) -> Option<i32> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| i32::from(tens) * 10 + i32::from(ones))
}

fn small(number: i32) -> Option<i8> {
    i8::try_from(number).ok()
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let utc = self.0.to_datetime(Offset::UTC);
        let (date, time) = (utc.date(), utc.time());
        match date.year() {
            year @ 0..=9999 => write!(f, "{year:04}")?,
            year => write!(f, "{year:+07}")?,
        }
        write!(f, "-{:02}-{:02}T", date.month(), date.day())?;
        write!(f, "{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second())?;
        let (mut fraction, mut digits) = (time.subsec_nanosecond(), 9);
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
            "9999-12-30T21:59:59.999999999",
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
            "9999-12-31T23:59:59Z",
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
