//! Tests of the real binary, run as a process against a sandbox on loopback.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[path = "../../../../tests/suites/support/leak_finder.rs"]
mod leak_finder;
mod support;
#[path = "../../../../tests/suites/support/tls.rs"]
mod tls;

#[cfg(unix)]
mod auth;
#[cfg(unix)]
mod closed_streams;
mod columns;
mod completions;
mod config;
mod conventions;
mod doctor;
#[cfg(unix)]
mod documentation;
mod environment;
mod error_kinds;
mod exit_codes;
mod export;
#[cfg(unix)]
mod export_interrupted;
mod filters;
mod help;
mod incomplete;
#[cfg(unix)]
mod interrupt;
mod json;
mod man;
#[cfg(unix)]
mod message_widths;
mod network;
#[cfg(unix)]
mod pager;
mod pipes;
mod providers;
#[cfg(unix)]
mod pty;
mod record;
mod resume;
mod retries;
mod rows;
mod sandbox;
mod scope_all;
mod secret_leaks;
mod selection;
mod show;
mod show_failures;
#[cfg(unix)]
mod show_interrupt;
#[cfg(unix)]
mod show_terminal;
#[cfg(unix)]
mod stalled;
#[cfg(target_os = "linux")]
mod startup;
mod stats;
mod table;
#[cfg(unix)]
mod terminal;
mod visible_output;
#[cfg(unix)]
mod widths;
