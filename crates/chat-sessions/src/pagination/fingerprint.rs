//! A session id as the walk sees it: a 64-bit fingerprint, and its number where the id is one.

use crate::model::decimal;

/// A session, as far as the walk looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IdMark {
    /// Stands for the id; see [`fingerprint`].
    pub(crate) fingerprint: u64,
    /// The id as a number, where it is one.
    pub(crate) number: Option<u64>,
}

impl IdMark {
    /// Takes what the walk has to know of an id.
    pub(crate) fn of(id: &str) -> Self {
        // Where ids do not descend, the walk makes nothing of their numbers.
        Self {
            fingerprint: fingerprint(id),
            number: decimal(id),
        }
    }
}

/// Gives the number that stands for an id. It stays the same from one version of the program to the next and on every machine, as
/// a place to resume from needs it.
///
/// Eight bytes at a time are multiplied into it, and both halves of the product kept, since it is done for every session: byte by
/// byte, it took longer than to remember the number. The last eight may overlap the eight before; of a shorter id, zeros fill
/// them up. The length tells such ids from others.
pub(crate) fn fingerprint(id: &str) -> u64 {
    const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let folded = |hash: u64, word: u64| {
        let product = u128::from(hash ^ word) * u128::from(FACTOR);
        (product >> 64) as u64 ^ product as u64
    };
    let bytes = id.as_bytes();
    let (words, _) = bytes.as_chunks::<8>();
    let last = match bytes.last_chunk::<8>() {
        Some(last) => u64::from_le_bytes(*last),
        None => bytes.iter().rfold(0, |word, byte| word << 8 | u64::from(*byte)),
    };
    let length = folded(BASIS, bytes.len() as u64);
    let hash = words
        .iter()
        .fold(length, |hash, word| folded(hash, u64::from_le_bytes(*word)));
    folded(folded(hash, last), BASIS)
}
