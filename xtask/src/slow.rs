//! Commands that take a minute or longer, none of which is part of `check`.

pub(crate) mod bench;
pub(crate) mod flaky;
pub(crate) mod fuzz;
pub(crate) mod memory;
pub(crate) mod mutants;
pub(crate) mod prove;
pub(crate) mod timed;
