//! Rules that keep the workspace tidy and that no compiler checks.

pub(crate) mod cycles;
pub(crate) mod dependencies;
pub(crate) mod invariants;
pub(crate) mod lints;
pub(crate) mod public_api;
