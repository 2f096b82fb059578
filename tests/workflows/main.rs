//! What maintainers and users do with a checkout, in copies of the workspace or in crates outside
//! it. Each test builds a lot from scratch, so only `cargo xtask check --full` runs them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod outside_crate;
mod provider_workflow;
mod readme_workflow;
mod spec_change_workflow;
#[path = "../suites/support/tls.rs"]
mod tls;
mod workspace_copy;
