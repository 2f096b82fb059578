//! A small deterministic source of numbers for the seeded data.
//!
//! It is responsible for giving the same numbers for the same seed on every machine and in every version of this crate;
//! it knows nothing of sessions, and it is no source of secrets.

/// `splitmix64`, from Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators" (2014).
///
/// It is written out here rather than taken from a crate because a crate may change its streams between versions, and
/// then every id that a test or a page of documentation names would change with it.
#[derive(Clone, Debug)]
pub(crate) struct SplitMix64 {
    state: u64,
}

impl SplitMix64 {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next 64 bits.
    pub(crate) fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.state)
    }

    /// A number below `bound`, or 0 when `bound` is 0.
    ///
    /// The remainder is a little uneven for huge bounds; believable data does not mind.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next_u64().checked_rem(bound).unwrap_or(0)
    }

    /// A number from `low` up to and including `high`.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True for `numerator` of `denominator` calls on average.
    pub(crate) fn ratio(&mut self, numerator: u64, denominator: u64) -> bool {
        self.below(denominator) < numerator
    }

    /// True with this probability; what is no number is never true.
    pub(crate) fn with_probability(&mut self, probability: f64) -> bool {
        // The upper 53 bits are those that a float can hold, so that each fraction below 1 is as likely as any other.
        let fraction = (self.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
        fraction < probability
    }

    /// One of `choices`, or the empty text when there is none.
    pub(crate) fn choose<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        let index = self.below(choices.len() as u64) as usize;
        choices.get(index).copied().unwrap_or("")
    }

    /// `length` characters of lower-case letters and digits, as the ids of the LlamaCloud documents have them.
    pub(crate) fn alphanumeric(&mut self, length: usize) -> String {
        const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
        (0..length)
            .map(|_| char::from(LETTERS[self.below(LETTERS.len() as u64) as usize]))
            .collect()
    }
}

/// The finalizer of `splitmix64`: spreads every bit of `value` over the result.
pub(crate) fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first three numbers for seed 1234567, as the reference implementation's users publish them.
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
