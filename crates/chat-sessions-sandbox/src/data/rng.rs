//! A small deterministic random number generator for the seeded sessions.
//!
//! The same seed yields the same numbers on every machine and in every version of this crate. The
//! generator must not be used for secrets.

/// `splitmix64`, from Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators"
/// (2014).
///
/// It is implemented here because a library may change its streams between versions. Every id in a
/// test or in the documentation would then change too.
#[derive(Clone, Debug)]
pub(crate) struct SplitMix64 {
    state: u64,
}

impl SplitMix64 {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// Returns the next 64 bits.
    pub(crate) fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.state)
    }

    /// Returns a number below `bound`, or 0 if `bound` is 0.
    ///
    /// The remainder is slightly biased for huge bounds, which does not matter for made-up
    /// sessions.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next_u64().checked_rem(bound).unwrap_or(0)
    }

    /// Returns a number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// Returns true in `numerator` of `denominator` calls on average.
    pub(crate) fn ratio(&mut self, numerator: u64, denominator: u64) -> bool {
        self.below(denominator) < numerator
    }

    /// Returns true with this probability, and never if it is not a number.
    pub(crate) fn with_probability(&mut self, probability: f64) -> bool {
        // A float holds 53 bits exactly, so every fraction below 1 is equally likely.
        let fraction = (self.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
        fraction < probability
    }

    /// Returns one of `choices`, or an empty string if there are none.
    pub(crate) fn choose<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        let index = self.below(choices.len() as u64) as usize;
        choices.get(index).copied().unwrap_or("")
    }

    /// Returns `length` lower-case letters and digits, like the ids in the LlamaCloud documents.
    pub(crate) fn alphanumeric(&mut self, length: usize) -> String {
        const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
        (0..length)
            .map(|_| char::from(LETTERS[self.below(LETTERS.len() as u64) as usize]))
            .collect()
    }
}

/// The finalizer of `splitmix64`: every bit of `value` affects the whole result.
pub(crate) fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first three numbers for seed 1234567, as users of the reference implementation publish
    /// them.
    #[test]
    fn the_stream_is_the_published_one() {
        let mut rng = SplitMix64::new(1_234_567);
        assert_eq!(
            [rng.next_u64(), rng.next_u64(), rng.next_u64()],
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
    }
}
