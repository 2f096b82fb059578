//! Conversions of a timestamp from and into the types of the standard library and of date libraries.

use std::time::{Duration, SystemTime};

use super::Timestamp;
use crate::error::{Error, ErrorKind};

impl From<Timestamp> for SystemTime {
    fn from(timestamp: Timestamp) -> Self {
        let distance = Duration::from_secs(timestamp.seconds.unsigned_abs());
        let second = if timestamp.seconds < 0 {
            Self::UNIX_EPOCH - distance
        } else {
            Self::UNIX_EPOCH + distance
        };
        second + Duration::from_nanos(timestamp.nanosecond.into())
    }
}

impl TryFrom<SystemTime> for Timestamp {
    type Error = Error;

    /// Fails with a [`Config`](ErrorKind::Config) error outside the years −9999 to 9999.
    fn try_from(time: SystemTime) -> Result<Self, Error> {
        let nanoseconds = match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => i128::try_from(after.as_nanos()).ok(),
            Err(before) => i128::try_from(before.duration().as_nanos()).ok().map(|before| -before),
        };
        nanoseconds.and_then(Self::from_nanoseconds).ok_or_else(out_of_range)
    }
}

fn out_of_range() -> Error {
    Error::local(ErrorKind::Config).with_message("the time is not between the years -9999 and 9999")
}

#[cfg(feature = "jiff")]
impl From<Timestamp> for jiff::Timestamp {
    fn from(timestamp: Timestamp) -> Self {
        // Both have the same range.
        Self::from_nanosecond(timestamp.nanoseconds()).unwrap_or(Self::MAX)
    }
}

#[cfg(feature = "jiff")]
impl From<jiff::Timestamp> for Timestamp {
    fn from(timestamp: jiff::Timestamp) -> Self {
        // Both have the same range.
        Self::from_nanoseconds(timestamp.as_nanosecond()).unwrap_or(Self::LATEST)
    }
}

#[cfg(feature = "chrono")]
impl From<Timestamp> for chrono::DateTime<chrono::Utc> {
    fn from(timestamp: Timestamp) -> Self {
        // The range of chrono is larger.
        Self::from_timestamp(timestamp.seconds, timestamp.nanosecond).unwrap_or(Self::MAX_UTC)
    }
}

#[cfg(feature = "chrono")]
impl<Zone: chrono::TimeZone> TryFrom<chrono::DateTime<Zone>> for Timestamp {
    type Error = Error;

    /// Fails with a [`Config`](ErrorKind::Config) error outside the years −9999 to 9999.
    fn try_from(time: chrono::DateTime<Zone>) -> Result<Self, Error> {
        let nanoseconds = i128::from(time.timestamp()) * 1_000_000_000 + i128::from(time.timestamp_subsec_nanos());
        Self::from_nanoseconds(nanoseconds).ok_or_else(out_of_range)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use proptest::prelude::*;

    use super::Timestamp;
    use crate::error::ErrorKind;

    proptest! {
        #[test]
        fn a_time_converts_into_other_types_and_back(seconds in -377_705_023_201_i64..=253_402_207_200, rest in 0..1_000_000_000_i128) {
            let at = Timestamp::from_nanoseconds(i128::from(seconds) * 1_000_000_000 + rest);
            if let Some(at) = at {
                prop_assert_eq!(Timestamp::try_from(SystemTime::from(at)).ok(), Some(at));
                #[cfg(feature = "jiff")]
                {
                    let there = jiff::Timestamp::from(at);
                    prop_assert_eq!(Timestamp::from(there), at);
                    prop_assert_eq!(there.as_nanosecond(), at.nanoseconds());
                }
                #[cfg(feature = "chrono")]
                {
                    let there = chrono::DateTime::from(at);
                    prop_assert_eq!(Timestamp::try_from(there).ok(), Some(at));
                    prop_assert_eq!(i128::from(there.timestamp()), at.nanoseconds().div_euclid(1_000_000_000));
                }
            }
        }

        #[test]
        fn what_is_added_can_be_taken_away(milliseconds in -377_705_023_201_000_i64..=253_402_207_200_999, nanoseconds in any::<u64>()) {
            let at = Timestamp::from_unix_millis(milliseconds).expect("it is in range");
            let duration = Duration::from_nanos(nanoseconds);
            if let Some(later) = at.checked_add(duration) {
                prop_assert!(later >= at);
                prop_assert_eq!(later.checked_sub(duration), Some(at));
            }
        }
    }

    #[test]
    fn arithmetic_ends_at_the_ends_of_the_calendar() {
        assert_eq!(Timestamp::LATEST.checked_add(Duration::from_nanos(1)), None);
        assert_eq!(Timestamp::LATEST.checked_sub(Duration::MAX), None);
        assert_eq!(Timestamp::LATEST.checked_add(Duration::ZERO), Some(Timestamp::LATEST));
        assert_eq!(Timestamp::from_unix_seconds(i64::MAX), None);
        assert!(Timestamp::now() > Timestamp::from_unix_seconds(1_700_000_000).expect("it is in range"));
        let far = SystemTime::UNIX_EPOCH + Duration::from_secs(400_000_000_000);
        assert_eq!(
            Timestamp::try_from(far).expect_err("it is beyond the year 9999").kind(),
            ErrorKind::Config
        );
    }
}
