//! Remembers the most recent ids of a list in bounded memory, to recognise duplicates.

use std::collections::HashSet;
use std::hash::{BuildHasher, Hasher};

/// The number of ids of one source that are remembered to recognise duplicates.
pub(crate) const REMEMBERED_IDS: usize = 65_536;
/// The number of page tokens of one source that are remembered to recognise a loop.
pub(crate) const REMEMBERED_TOKENS: usize = 4_096;

/// The number of full generations, besides the one that is being filled.
const FULL: usize = 3;

/// Remembers at least its capacity of the newest numbers, and at most a third more.
///
/// It fills one generation after the other and drops a whole generation at a time, which is cheaper
/// than dropping single numbers.
#[derive(Debug)]
pub(crate) struct RecentIds {
    /// The capacity of one generation.
    full: usize,
    newest: Generation,
    older: [Generation; FULL],
    is_complete: bool,
}

/// Numbers that are remembered and dropped together.
///
/// Numbers that are known to be new are only appended to a list. They move into the hash table at
/// the first lookup. In most long lists ids descend, so there is never a lookup; inserting each
/// number into the table would then be the largest part of the work, because a table is spread over
/// more memory than the cache holds.
#[derive(Debug)]
struct Generation {
    table: HashSet<u64, Seed>,
    unindexed: Vec<u64>,
}

impl Generation {
    fn new(seed: Seed) -> Self {
        Self {
            table: HashSet::with_hasher(seed),
            unindexed: Vec::new(),
        }
    }

    fn len(&self) -> usize {
        self.table.len() + self.unindexed.len()
    }

    /// Returns the table, with all numbers in it.
    fn table(&mut self) -> &mut HashSet<u64, Seed> {
        if !self.unindexed.is_empty() {
            self.table.extend(self.unindexed.drain(..));
        }
        &mut self.table
    }

    fn clear(&mut self) {
        self.table.clear();
        self.unindexed.clear();
    }
}

impl RecentIds {
    pub(crate) fn of(capacity: usize) -> Self {
        let seed = Seed(fastrand::u64(..));
        Self {
            full: capacity.div_ceil(FULL),
            newest: Generation::new(seed),
            older: std::array::from_fn(|_| Generation::new(seed)),
            is_complete: true,
        }
    }

    /// Returns whether no number was dropped so far.
    pub(crate) fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// Reserves space for this many numbers, up to the capacity, so that the table is not rebuilt
    /// again and again as it grows.
    pub(crate) fn reserve(&mut self, numbers: usize) {
        let left = self.full.saturating_sub(self.newest.len());
        self.newest.table().reserve(numbers.min(left));
    }

    /// Inserts a number. Returns whether it is new.
    pub(crate) fn insert(&mut self, number: u64) -> bool {
        if self.older.iter_mut().any(|older| older.table().contains(&number)) {
            return false;
        }
        if self.newest.len() >= self.full && !self.newest.table().contains(&number) {
            self.begin_generation();
        }
        self.newest.table().insert(number)
    }

    /// Appends a number that is known to be new.
    pub(crate) fn push(&mut self, number: u64) {
        if self.newest.len() >= self.full {
            self.begin_generation();
        }
        self.newest.unindexed.push(number);
    }

    fn begin_generation(&mut self) {
        // Each generation takes the place of the next older one, and the oldest that of the newest.
        for older in &mut self.older {
            std::mem::swap(&mut self.newest, older);
        }
        self.is_complete &= self.newest.len() == 0;
        self.newest.clear();
    }
}

/// Spreads numbers over the table. They are hashes already, so one multiplication is enough. The
/// random seed keeps anyone who chooses the ids from choosing their buckets.
#[derive(Clone, Copy, Debug)]
struct Seed(u64);

struct Spread(u64);

impl BuildHasher for Seed {
    type Hasher = Spread;

    fn build_hasher(&self) -> Spread {
        Spread(self.0)
    }
}

impl Hasher for Spread {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        // The high half of the product depends on every bit, and the low half is where the table
        // looks first.
        let product = u128::from(self.0 ^ number) * u128::from(0x9e37_79b9_7f4a_7c15_u64);
        self.0 = (product >> 64) as u64 ^ product as u64;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::RecentIds;

    #[test]
    fn a_window_remembers_so_many_and_forgets_a_generation_at_a_time() {
        let mut recent_ids = RecentIds::of(6);
        assert!((1..=8).all(|number| recent_ids.insert(number)) && recent_ids.is_complete());
        assert!(
            (1..=8).all(|number| !recent_ids.insert(number)),
            "all of four generations"
        );
        assert!(recent_ids.insert(9), "which pushes 1 and 2 out");
        assert!(!recent_ids.is_complete());
        assert!((3..=9).all(|number| !recent_ids.insert(number)) && recent_ids.insert(1));
        recent_ids.push(10);
        assert!(!recent_ids.insert(10));
    }

    proptest::proptest! {
        #[test]
        fn the_newest_numbers_are_remembered_and_none_is_made_up(
            capacity in 1_usize..20,
            numbers in proptest::collection::vec((0_u64..60, proptest::bool::ANY), 0..300),
        ) {
            let mut recent_ids = RecentIds::of(capacity);
            let mut taken: Vec<u64> = Vec::new();
            for (number, is_pushed) in numbers {
                let newest = taken.iter().rev().take(capacity).any(|known| *known == number);
                let known = taken.contains(&number);
                let new = if is_pushed && !known {
                    recent_ids.push(number);
                    true
                } else {
                    recent_ids.insert(number)
                };
                proptest::prop_assert!(!(new && newest), "{} was forgotten too soon", number);
                proptest::prop_assert!(new || known, "{} was never taken in", number);
                proptest::prop_assert!(!(new && known && recent_ids.is_complete()), "forgotten, and not said so");
                if new {
                    taken.push(number);
                }
            }
        }
    }
}
