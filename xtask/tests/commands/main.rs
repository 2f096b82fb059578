//! The commands about specs, as the binary runs them.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod copy;
mod diff;
mod drift;
mod lint;
mod providers;
