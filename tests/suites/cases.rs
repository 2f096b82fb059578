//! Which cases run: all of them, or a sample that covers every kind.

use std::env;

/// Returns every `step`th case, or all of them if the environment variable `ALL_CASES` is set, as in `cargo xtask check --full`.
///
/// For tests that combine everything with everything, where the combinations repeat each other.
pub(crate) fn sample<Case>(step: usize, cases: impl IntoIterator<Item = Case>) -> impl Iterator<Item = Case> {
    let step = if env::var_os("ALL_CASES").is_some() { 1 } else { step };
    cases.into_iter().step_by(step)
}
