//! What several suites share.

pub(crate) mod case_sample;
pub(crate) mod clients;
pub(crate) mod fixture;
pub(crate) mod leak_finder;
pub(crate) mod lists;
pub(crate) mod snapshot;
pub(crate) mod specs;
pub(crate) mod tls;
