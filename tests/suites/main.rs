//! Everything that crosses crates. Each suite is a file of its own; this one only lists them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod canary;
mod cases;
mod conformance;
mod connections;
mod diff;
mod drift;
mod drift_properties;
mod fixtures;
mod fuzz_corpus;
mod generation;
mod interrupt;
mod lint;
mod needles;
mod page_sizes;
mod paging_faults;
mod raw_wire;
mod readers;
mod recording;
mod secrets;
mod snapshot;
mod specs;
mod tls;
mod transport_faults;
mod walk;
mod wrong_types;
