//! The two formats in which the providers write a time: text and snowflake id.

use jiff::{Timestamp, tz::TimeZone};

/// 2021-01-01T00:00:00Z in milliseconds since 1970: the epoch of the snowflake ids of Memories.ai.
///
/// Derived from 35 real ids with known creation times.
const SNOWFLAKE_EPOCH_MILLIS: i64 = 1_609_459_200_000;

/// The number of low bits of a snowflake that do not contain the time.
pub(crate) const SNOWFLAKE_LOW_BITS: u32 = 22;

/// Returns the Memories.ai id of a session created at `micros`. Only the lowest 22 bits of `low`
/// are used.
pub(crate) fn snowflake(micros: i64, low: u64) -> u64 {
    let millis = (micros.div_euclid(1000) - SNOWFLAKE_EPOCH_MILLIS).max(0) as u64;
    (millis << SNOWFLAKE_LOW_BITS) | (low & ((1 << SNOWFLAKE_LOW_BITS) - 1))
}

/// Returns the creation time of the Memories.ai session with this id, in microseconds since 1970.
pub(crate) fn snowflake_micros(id: u64) -> i64 {
    // 42 of the 64 bits are milliseconds, so the multiplication cannot overflow.
    ((id >> SNOWFLAKE_LOW_BITS) as i64 + SNOWFLAKE_EPOCH_MILLIS) * 1000
}

/// Formats a time like `2026-04-22T12:34:41.342245`: microseconds and no time zone, as LlamaCloud
/// writes `last_updated_at`.
///
/// Omits the fraction if it is zero, as Python's `isoformat` does; the provider's API is written in
/// Python.
pub(crate) fn naive_iso(micros: i64) -> String {
    // The clock starts in this century, and a snowflake has 42 bits for the time, so jiff can
    // represent every time in the sandbox.
    let time = TimeZone::UTC.to_datetime(Timestamp::from_microsecond(micros).unwrap_or_default());
    if time.subsec_nanosecond() == 0 {
        time.to_string()
    } else {
        format!("{time:.6}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_second_has_no_fraction() {
        assert_eq!(naive_iso(951_782_400_000_000), "2000-02-29T00:00:00");
        assert_eq!(naive_iso(-1_000_000), "1969-12-31T23:59:59");
    }

    /// The id and the time of a live response: 627385279038828544 was created at
    /// 2025-09-28T06:05:06.777Z.
    #[test]
    fn a_snowflake_counts_from_2021() {
        let micros = 1_759_039_506_777_000;
        assert_eq!(naive_iso(micros), "2025-09-28T06:05:06.777000");
        assert_eq!(
            snowflake(micros, 0) >> SNOWFLAKE_LOW_BITS,
            627_385_279_038_828_544 >> SNOWFLAKE_LOW_BITS
        );
        assert_eq!(snowflake_micros(627_385_279_038_828_544), micros);
    }
}
