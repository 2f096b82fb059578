//! Which cases run: all of them, or a sample that covers every kind.

use std::env;

use proptest::prelude::ProptestConfig;

/// Returns every `step`th case, or all of them if the environment variable `ALL_CASES` is set, as in `cargo xtask check --full`.
///
/// For tests that combine everything with everything, where the combinations repeat each other.
pub(crate) fn sample<Case>(step: usize, cases: impl IntoIterator<Item = Case>) -> impl Iterator<Item = Case> {
    cases.into_iter().step_by(if all_cases() { 1 } else { step })
}

/// Checks a property on so many random cases, or on ten times as many if `ALL_CASES` is set.
pub(crate) fn random(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases: if all_cases() { 10 * cases } else { cases },
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

fn all_cases() -> bool {
    env::var_os("ALL_CASES").is_some()
}
