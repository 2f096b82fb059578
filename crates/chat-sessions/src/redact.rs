//! Removes secrets and user content from texts and bodies in which a server may have written
//! anything.

mod escapes;
mod scrub;
mod secret_forms;
mod secrets;
mod snippet;

pub(crate) use scrub::scrub;
pub(crate) use secret_forms::REDACTED;
pub(crate) use secrets::{Secrets, cookies};
pub(crate) use snippet::snippet;
