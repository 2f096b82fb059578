//! The providers: the only place that names a raw type.
//!
//! Each file says everything about one provider: its configuration, what its answers mean, how its items become
//! sessions. What both need of HTTP is in `connection.rs`, `answer.rs` and `reading.rs`, and for whoever is shown it in
//! `crossing.rs`. They never import each other. What becomes of each field that they send stands in `ledger.rs`.

mod answer;
mod connection;
mod connection_reuse;
mod crossing;
mod ledger;
mod llama_cloud;
mod memories_ai;
mod reading;
mod retry_after;
mod scrub;
mod secrets;
mod snippet;

#[cfg(feature = "fuzzing")]
pub(crate) use reading::Reading;
#[cfg(feature = "fuzzing")]
pub(crate) use retry_after::retry_after;
#[cfg(feature = "fuzzing")]
pub(crate) use scrub::scrubbed;
#[cfg(feature = "fuzzing")]
pub(crate) use secrets::Secrets;

pub use ledger::normalisation;
pub use llama_cloud::{LlamaCloud, LlamaCloudBuilder};
pub use memories_ai::{MemoriesAi, MemoriesAiBuilder};

/// The environment variable that a missing key is asked for by, provider by provider.
pub(crate) const MEMORIES_AI_KEY: &str = memories_ai::KEY.variables[0];
pub(crate) const LLAMA_CLOUD_KEY: &str = llama_cloud::KEY.variables[0];
