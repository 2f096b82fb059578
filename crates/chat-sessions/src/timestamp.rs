//! One instant in UTC, as this crate's own type.
//!
//! The parsing and the calendar are jiff's; it stays private because it has no 1.0 yet and a date library is the
//! user's choice. It is built without its features, which are for zones and clocks. This file knows no provider.

use std::fmt;
use std::str::FromStr;
use std::time::SystemTime;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::digits::eight;
use crate::error::{Error, ErrorKind};

/// `Timestamp` is an instant in UTC, printed and parsed as RFC 3339.
///
/// It keeps the nanoseconds, which is more than either provider sends. Convert it with [`SystemTime::from`] to get to
/// the date library of your choice.
///
/// ```
/// use chat_sessions::Timestamp;
///
/// let at: Timestamp = "2026-04-22T14:34:41.342245+02:00".parse()?;
/// assert_eq!(at.to_string(), "2026-04-22T12:34:41.342245Z");
/// # Ok::<(), chat_sessions::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(jiff::Timestamp);

impl Timestamp {
    /// The last instant that there is, at the end of the year 9999.
    pub(crate) const LATEST: Self = Self(jiff::Timestamp::MAX);

    /// Makes the instant that lies this many milliseconds after 1970-01-01T00:00:00Z; `None` beyond the years −9999 to
    /// 9999.
    #[must_use]
    pub fn from_unix_millis(milliseconds: i64) -> Option<Self> {
        // jiff's own way from milliseconds stops short of the last second of the year 9999.
        let nanoseconds = i32::try_from(milliseconds.rem_euclid(1000) * 1_000_000).ok()?;
        jiff::Timestamp::new(milliseconds.div_euclid(1000), nanoseconds)
            .ok()
            .map(Self)
    }

    /// Gives the whole milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn unix_millis(self) -> i64 {
        self.0.as_millisecond()
    }

    /// Reads a date and time of the form `2026-04-22T12:34:41.342245`, which names no zone, taking it as UTC.
    ///
    /// LlamaCloud writes it in every session, and this takes a fraction of what it takes jiff to look for all that could stand
    /// there. Every other form, and what is no date, is for jiff to say.
    pub(crate) fn parse_usual_as_utc(text: &str) -> Option<Self> {
        let (whole, fraction) = text.as_bytes().split_first_chunk::<19>()?;
        if [whole[4], whole[7], whole[10], whole[13], whole[16]] != *b"--T::" {
            return None;
        }
        let [y1, y2, y3, y4, _, m1, m2, _, d1, d2, _, h1, h2, _, n1, n2, _, s1, s2] = *whole;
        let date = eight([y1, y2, y3, y4, m1, m2, d1, d2])?;
        let time = eight([h1, h2, n1, n2, s1, s2, b'0', b'0'])? / 100;
        let nanoseconds = match fraction {
            [] => 0,
            [b'.', digits @ ..] if (1..=9).contains(&digits.len()) => {
                let mut nine = [b'0'; 9];
                nine[..digits.len()].copy_from_slice(digits);
                let [first @ .., last] = nine;
                let last = last.wrapping_sub(b'0');
                if last > 9 {
                    return None;
                }
                eight(first)? * 10 + u64::from(last)
            }
            _ => return None,
        };
        // What is out of range as a date or a time is found here.
        let two = |number: u64| i8::try_from(number % 100).ok();
        let year = i16::try_from(date / 10_000).ok()?;
        let date = jiff::civil::Date::new(year, two(date / 100)?, two(date)?);
        let nanoseconds = i32::try_from(nanoseconds).ok()?;
        let time = jiff::civil::Time::new(two(time / 10_000)?, two(time / 100)?, two(time)?, nanoseconds);
        Self::of_utc(date.ok()?.to_datetime(time.ok()?))
    }

    /// Reads a date and time that names no zone, taking it as UTC.
    pub(crate) fn parse_zoneless_as_utc(text: &str) -> Option<Self> {
        Self::of_utc(text.parse().ok()?)
    }

    fn of_utc(civil: jiff::civil::DateTime) -> Option<Self> {
        jiff::tz::Offset::UTC.to_timestamp(civil).ok().map(Self)
    }

    /// Reads a date and time that names its offset.
    pub(crate) fn parse_with_zone(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Timestamp {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse_with_zone(text).ok_or_else(|| {
            Error::local(ErrorKind::InvalidRequest)
                .with_message(format!("{text:?} is not a time in RFC 3339"))
                .with_hint("Write it with its zone, such as 2026-04-22T12:34:41Z.")
        })
    }
}

impl From<Timestamp> for SystemTime {
    fn from(timestamp: Timestamp) -> Self {
        let since = timestamp.0.as_duration();
        if since.is_negative() {
            Self::UNIX_EPOCH - since.unsigned_abs()
        } else {
            Self::UNIX_EPOCH + since.unsigned_abs()
        }
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
        Self::parse_with_zone(&text).ok_or_else(|| serde::de::Error::custom("not a time in RFC 3339"))
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

    #[test]
    fn only_the_usual_form_is_read_in_short() {
        for text in [
            "2026-04-22T12:34:41.342245",
            "2026-04-22T12:34:41",
            "2024-02-29T23:59:59.1",
            "0000-01-01T00:00:00",
        ] {
            assert!(Timestamp::parse_usual_as_utc(text).is_some(), "{text}");
        }
        for text in [
            "",
            "2026-04-22",
            "2026-04-22T12:34:41Z",
            "2026-04-22T12:34:41+00:00",
            "2026-04-22 12:34:41",
            "2026-04-22T12:34:60",
            "2026-04-22T24:00:00",
            "2026-02-29T00:00:00",
            "2026-04-22T12:34:41.",
            "2026-04-22T12:34:41.1234567890",
            "2026-04-22T12:34:4١",
            "2026-04-2\u{e9}T12:34:41",
        ] {
            assert!(Timestamp::parse_usual_as_utc(text).is_none(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_read_in_short_is_what_jiff_reads(
            text in r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\.[0-9]{0,10})?|\PC{19,29}",
        ) {
            if let Some(read) = Timestamp::parse_usual_as_utc(&text) {
                prop_assert_eq!(Some(read), Timestamp::parse_zoneless_as_utc(&text));
                prop_assert_eq!(None, Timestamp::parse_with_zone(&text));
            }
        }
    }
}
