//! The sessions that the sandbox stores, and everything needed to create and change them.

pub(crate) mod change;
pub(crate) mod clock;
pub(crate) mod day;
pub(crate) mod documents;
pub(crate) mod history;
pub(crate) mod prompts;
pub(crate) mod rng;
pub(crate) mod session_lists;
pub(crate) mod time;
pub(crate) mod videos;
