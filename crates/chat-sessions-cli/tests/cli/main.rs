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
mod columns;
mod config;
mod doctor;
#[cfg(unix)]
mod documentation;
mod environment;
mod exit_codes;
mod filters;
mod help;
#[cfg(unix)]
mod interrupt;
mod json;
mod kinds;
mod pipes;
mod providers;
#[cfg(unix)]
mod pty;
mod record;
mod resume;
mod retries;
mod rows;
mod sandbox;
#[cfg(unix)]
mod session;
mod shells;
#[cfg(target_os = "linux")]
mod startup;
mod stats;
mod table;
