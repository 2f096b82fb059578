//! Support for your tests: a scripted source, and a suite that checks any source.
//!
//! [`FakeSource`] replaces a provider in tests, without a network: you script its list, its errors,
//! its delays and its changes between requests. [`conformance`] checks that a source of your own
//! keeps what [`SessionSource`](crate::source::SessionSource) and its
//! [`Capabilities`](crate::source::Capabilities) promise. Both need the feature `testing`.

mod conformance;
mod fake;

pub use conformance::*;
pub use fake::FakeSource;
