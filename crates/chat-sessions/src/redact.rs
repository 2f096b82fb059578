//! Removes secrets and user content from texts and bodies in which a server may have written
//! anything. `secret_forms.rs` lists the encodings in which a secret is recognised; the text of
//! sessions is the user's own and is not searched.

mod escapes;
#[cfg(test)]
mod partial_secrets;
mod pieces;
mod reader;
mod scrub;
mod secret_forms;
mod secrets;
mod snippet;

pub(crate) use scrub::scrub;
pub(crate) use secret_forms::REDACTED;
pub(crate) use secrets::{Secrets, cookies};
pub(crate) use snippet::snippet;
