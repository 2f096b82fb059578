//! Tests that need several crates of the workspace.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

mod decoding;
mod pagination;
mod recorded_drift;
mod secrets;
mod transcripts;
mod transport;
