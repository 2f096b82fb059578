//! The sandbox's clock. It advances only when a session is created or retitled, so that runs are
//! reproducible.

use crate::data::{day::Day, rng::SplitMix64};

/// The current time of the sandbox, and the random stream for sessions that are created while it
/// runs.
///
/// Both providers share one clock, because a newer session must be newer than every other session.
#[derive(Debug)]
pub(crate) struct Clock {
    now_micros: i64,
    pub(crate) rng: SplitMix64,
}

impl Clock {
    /// A clock that starts where the seeded sessions end.
    pub(crate) fn new(rng: SplitMix64, day: Day) -> Self {
        Self {
            now_micros: day.newest_micros(),
            rng,
        }
    }

    /// Advances the clock by 1 to 90 seconds and returns the new time in microseconds since 1970.
    pub(crate) fn tick(&mut self) -> i64 {
        self.now_micros += self.rng.between(1_000_000, 90_000_000) as i64;
        self.now_micros
    }
}
