//! What several of these tests share.

#[path = "../../../../tests/suites/support/case_sample.rs"]
pub(crate) mod case_sample;
#[path = "../../../../tests/suites/support/snapshot.rs"]
pub(crate) mod snapshot;
pub(crate) mod specs;

/// The folder of the snapshots.
pub(crate) const SNAPSHOTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/snapshots");
