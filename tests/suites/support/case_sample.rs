//! Limits long tables of test cases to a sample, unless all cases are requested.

use std::env;

use proptest::prelude::ProptestConfig;

/// Returns every `step`th case, or all of them if the environment variable `ALL_CASES` is set, as
/// `cargo xtask check --full` does.
///
/// For tests whose cases are all combinations of several things, where most cases repeat others.
pub(crate) fn sample<Case>(step: usize, cases: impl IntoIterator<Item = Case>) -> impl Iterator<Item = Case> {
    cases.into_iter().step_by(if all_cases() { 1 } else { step })
}

/// Checks a property on this many random cases, or on ten times as many if `ALL_CASES` is set.
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
