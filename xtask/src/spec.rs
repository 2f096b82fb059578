//! Commands about the specs: what they generate, what is wrong with them, what changed in them, what they lack.

pub(crate) mod diff;
pub(crate) mod drift;
pub(crate) mod field_map;
pub(crate) mod generate;
pub(crate) mod git;
pub(crate) mod lint;
mod versions;
