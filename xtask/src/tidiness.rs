//! Rules that keep the workspace tidy and that no compiler checks.

pub(crate) mod cycles;
mod modules;
