//! Limits long tables of test cases to a sample, unless all cases are requested.

use std::env;

/// Returns every `step`th case, or all of them if the environment variable `ALL_CASES` is set, as
/// `cargo xtask check --full` does.
///
/// For tests whose cases are all combinations of several things, where most cases repeat others.
pub(crate) fn sample<Case>(step: usize, cases: impl IntoIterator<Item = Case>) -> impl Iterator<Item = Case> {
    let step = if env::var_os("ALL_CASES").is_some() { 1 } else { step };
    cases.into_iter().step_by(step)
}
