//! Removes what must not leave this process from texts and bodies that a server may have written anything into.

mod escapes;
mod scrub;
mod secret_forms;
mod secrets;
mod snippet;

pub(crate) use scrub::scrub;
pub(crate) use secret_forms::REDACTED;
pub(crate) use secrets::{Secrets, cookies};
pub(crate) use snippet::snippet;
