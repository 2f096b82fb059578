//! The program as a shell meets it: the real binary as a process, against a sandbox on loopback.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod support;

mod choice;
mod environment;
mod exit_codes;
mod json;
mod pipes;
mod resume;
mod rows;
mod stats;
mod table;
