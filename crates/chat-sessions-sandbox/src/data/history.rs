//! The times at which the sessions of a seeded list were created or updated.

use crate::data::{day::Day, rng::SplitMix64};

/// The longest time span of a seeded list. Even ten million sessions then have ids of 18 digits.
const MAX_HISTORY_MICROS: u64 = 600 * 24 * 3600 * 1_000_000;

/// The average gap between two sessions of a list that does not need compressing: about ten hours.
const AVERAGE_GAP_MICROS: u64 = 10 * 3600 * 1_000_000;

/// Returns `count` times in microseconds since 1970, newest first and at least a millisecond apart.
///
/// Long lists are compressed so that they span at most [`MAX_HISTORY_MICROS`].
pub(crate) fn times(rng: &mut SplitMix64, day: Day, count: usize) -> Vec<i64> {
    let compression = (count as u64)
        .saturating_mul(AVERAGE_GAP_MICROS)
        .div_ceil(MAX_HISTORY_MICROS)
        .max(1);
    let mut next = day.newest_micros();
    (0..count)
        .map(|_| {
            let time = next;
            // Most people ask several questions in a row or return within the day; some return days
            // later.
            let seconds = match rng.below(10) {
                0..=5 => rng.between(40, 2400),
                6..=8 => rng.between(3600, 12 * 3600),
                _ => rng.between(24 * 3600, 6 * 24 * 3600),
            };
            let gap = (seconds * 1_000_000 + rng.below(1_000_000)) / compression;
            next -= gap.max(1000) as i64;
            time
        })
        .collect()
}
