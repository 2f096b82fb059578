//! What maintainers and users do with a checkout, from the first command to the last, in copies of the workspace or in crates
//! outside of it. Each builds much from nothing, so only `cargo xtask check --full` runs them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod outside_crate;
mod readme_workflow;
mod spec_change_workflow;
#[path = "../suites/support/tls.rs"]
mod tls;
mod workspace_copy;
