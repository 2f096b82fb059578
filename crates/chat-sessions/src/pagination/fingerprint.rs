//! A session id in the form that the walk uses: a 64-bit fingerprint and, if the id is a number,
//! that number.

use crate::model::decimal;

/// The id of a session, reduced to the data that the walk uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IdMark {
    /// The fingerprint of the id; see [`fingerprint`].
    pub(crate) fingerprint: u64,
    /// The id as a number, if it is one.
    pub(crate) number: Option<u64>,
}

impl IdMark {
    /// Reduces an id to the data that the walk uses.
    pub(crate) fn of(id: &str) -> Self {
        // The walk ignores the numbers of ids that do not descend.
        Self {
            fingerprint: fingerprint(id),
            number: decimal(id),
        }
    }
}

/// Returns the fingerprint of an id. It is the same in every version of the program and on every
/// machine, because cursors contain it.
///
/// This runs for every session, so it multiplies eight bytes at a time and keeps both halves of the
/// product; byte by byte, it took longer than remembering the number. The last eight bytes may
/// overlap the eight before them; a shorter id is padded with zeros. The length is hashed too and
/// tells such ids apart.
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
