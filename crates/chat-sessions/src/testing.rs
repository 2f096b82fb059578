//! What your tests need: a source that does as it is told, and the promises that every source must keep.
//!
//! [`FakeSource`] stands in for a provider without a network: its list, its errors, its delays and what changes between
//! two requests are scripted. [`conformance`] holds a source of your own against what [`SessionSource`](crate::source::SessionSource)
//! and its [`Capabilities`](crate::source::Capabilities) promise. Both need the feature `testing`.

mod conformance;
mod fake;

pub use conformance::*;
pub use fake::FakeSource;
