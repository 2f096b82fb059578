//! The program as a shell meets it: the real binary as a process, against a sandbox on loopback.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

#[path = "../../../../tests/suites/needles.rs"]
mod needles;
mod support;

mod canary;
mod choice;
mod config;
mod doctor;
mod environment;
mod exit_codes;
mod help;
mod json;
mod kinds;
mod pipes;
mod providers;
mod record;
mod resume;
mod retries;
mod rows;
mod sandbox;
mod shells;
mod stats;
mod table;
