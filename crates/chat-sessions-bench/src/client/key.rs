//! The key that all clients send.

/// A made-up key; the server does not check it.
pub(super) const KEY: &str = "sk-bench";
