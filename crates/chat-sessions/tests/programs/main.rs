//! Three programs as users of this crate write them, each with its tests: a web endpoint, an exporter
//! that may be killed, and a service that is tested with a fake.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod endpoint;
mod exporter;
mod service;
