//! What several suites share.

pub(crate) mod case_sample;
pub(crate) mod clients;
pub(crate) mod fixture;
pub(crate) mod leak_finder;
pub(crate) mod lists;
pub(crate) mod snapshot;
pub(crate) mod tls;

/// The folder of the snapshots.
pub(crate) const SNAPSHOTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots");
