//! The sandbox's own time: a fixed reference date and the two ways in which the providers write a time.
//!
//! It is responsible for turning a count of microseconds into text and into a snowflake id; it never asks the machine
//! what time it is, because seeded data must be the same on every day.

/// 2026-04-22T12:34:41.342245Z in microseconds since 1970, the time in the example of the LlamaCloud document.
///
/// Seeded sessions end here; whatever is created or changed later comes after it.
pub(crate) const REFERENCE_MICROS: i64 = 1_776_861_281_342_245;

/// 2021-01-01T00:00:00Z in milliseconds since 1970: where the snowflake ids of Memories.ai begin to count.
///
/// Found by comparing 35 real ids with their known creation times.
const SNOWFLAKE_EPOCH_MILLIS: i64 = 1_609_459_200_000;

/// The low bits of a snowflake that do not carry time.
pub(crate) const SNOWFLAKE_LOW_BITS: u32 = 22;

/// The Memories.ai id of a session created at `micros`; of `low` only the low 22 bits are used.
pub(crate) fn snowflake(micros: i64, low: u64) -> u64 {
    let millis = (micros.div_euclid(1000) - SNOWFLAKE_EPOCH_MILLIS).max(0) as u64;
    (millis << SNOWFLAKE_LOW_BITS) | (low & ((1 << SNOWFLAKE_LOW_BITS) - 1))
}

/// When the Memories.ai session with this id was created.
pub(crate) fn snowflake_micros(id: u64) -> i64 {
    // An id has 64 bits, of which 42 are milliseconds, so neither the number nor its thousandfold is out of range.
    ((id >> SNOWFLAKE_LOW_BITS) as i64 + SNOWFLAKE_EPOCH_MILLIS) * 1000
}

/// `2026-04-22T12:34:41.342245`: microseconds and no zone, as LlamaCloud writes `last_updated_at`.
///
/// Python's `isoformat` leaves the fraction out when it is zero, and the provider's API is written in Python, so this
/// does the same.
pub(crate) fn naive(micros: i64) -> String {
    let (seconds, fraction) = (micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000));
    let (days, second_of_day) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = civil_from_days(days);
    let (hour, minute, second) = (second_of_day / 3600, second_of_day / 60 % 60, second_of_day % 60);
    let whole = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    if fraction == 0 {
        whole
    } else {
        format!("{whole}.{fraction:06}")
    }
}

/// Year, month and day of a day counted from 1970-01-01, by Howard Hinnant's `civil_from_days`.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_is_the_documents_example() {
        assert_eq!(naive(REFERENCE_MICROS), "2026-04-22T12:34:41.342245");
    }

    #[test]
    fn a_whole_second_has_no_fraction() {
        assert_eq!(naive(951_782_400_000_000), "2000-02-29T00:00:00");
        assert_eq!(naive(-1_000_000), "1969-12-31T23:59:59");
    }

    /// The id and the time of the live capture: 627385279038828544 was created at 2025-09-28T06:05:06.777Z.
    #[test]
    fn a_snowflake_counts_from_2021() {
        let micros = 1_759_039_506_777_000;
        assert_eq!(naive(micros), "2025-09-28T06:05:06.777000");
        assert_eq!(
            snowflake(micros, 0) >> SNOWFLAKE_LOW_BITS,
            627_385_279_038_828_544 >> SNOWFLAKE_LOW_BITS
        );
        assert_eq!(snowflake_micros(627_385_279_038_828_544), micros);
    }
}
