//! Detects a loop of page tokens, however long, in constant memory.

/// Finds a loop of any length in a sequence in which each number determines the next, by Brent's
/// method: it keeps one number and replaces it by the current one after 1, 2, 4, 8 … steps; in a
/// loop, the kept number appears again.
///
/// It is small enough for a cursor, so a loop is found even if every page is requested by a
/// separate walk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TokenLoop {
    pub(crate) kept: Option<u64>,
    pub(crate) steps: u64,
    pub(crate) until: u64,
}

impl TokenLoop {
    /// Processes the next number. Returns whether it is the kept one.
    pub(crate) fn closes_with(&mut self, number: u64) -> bool {
        if self.kept == Some(number) {
            return true;
        }
        self.steps = self.steps.saturating_add(1);
        if self.steps > self.until {
            self.kept = Some(number);
            self.until = self.until.max(1).saturating_mul(2);
            self.steps = 0;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::TokenLoop;

    #[test]
    fn a_loop_is_found_whatever_its_length_and_its_approach() {
        for approach in [0_u64, 1, 7, 100] {
            for length in [1_u64, 2, 3, 64, 1000, 5000] {
                let mut cycle = TokenLoop::default();
                let numbers = (0..).map(|step: u64| {
                    if step < approach {
                        step
                    } else {
                        approach + (step - approach) % length
                    }
                });
                let found = numbers.take(20_000).position(|number| cycle.closes_with(number));
                let found = found.expect("the loop is found") as u64;
                assert!(found >= approach + length, "not before it closes");
                assert!(
                    found <= 4 * (approach + length) + 4,
                    "and soon after: {found} for {approach} + {length}"
                );
            }
        }
        let mut cycle = TokenLoop::default();
        let mut kept: Vec<u64> = (0..40)
            .filter_map(|number| {
                cycle.closes_with(number);
                cycle.kept
            })
            .collect();
        kept.dedup();
        assert_eq!(kept, [0, 3, 8, 17, 34], "twice as long each time");
        let mut cycle = TokenLoop::default();
        assert!(
            (0..100_000).all(|number| !cycle.closes_with(number)),
            "nothing is found where there is none"
        );
    }
}
