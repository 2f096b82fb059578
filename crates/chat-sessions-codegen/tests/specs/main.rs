//! The tools that read OpenAPI specs: lint, generation, diff and drift.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

mod diff;
mod diff_pairs;
mod diff_properties;
mod drift;
mod drift_input;
mod drift_properties;
mod drift_recordings;
mod generation;
mod lint;
mod media_types;
mod parameters;
mod planted_drift;
mod recursion;
mod recursion_mutations;
mod unions;
