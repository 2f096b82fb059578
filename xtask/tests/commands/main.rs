//! The commands about specs, as the binary runs them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod copy;
mod diff;
mod drift;
mod lint;
mod providers;
