//! The error of the bench.

/// Why a measurement cannot continue: a process did not start, or a client failed.
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;
