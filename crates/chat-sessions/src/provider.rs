//! The providers: the only place that names a raw type.
//!
//! Each file says everything about one provider: its configuration, what its answers mean, how its items become
//! sessions. What both need of HTTP is in `connection.rs`, `answer.rs` and `reading.rs`, and for whoever is shown it in
//! `crossing.rs`. They never import each other. What becomes of each field that they send stands in `ledger.rs`.

mod capture;
mod decode;
mod field_map;
mod http_client;
mod json;
mod llama_cloud;
mod memories_ai;
mod request_context;
mod request_id;
mod response;
mod retry_after;
mod status;

#[cfg(feature = "fuzzing")]
pub(crate) use decode::Reading;
#[cfg(feature = "fuzzing")]
pub(crate) use retry_after::retry_after;

pub use field_map::normalisation;
pub use llama_cloud::{LlamaCloud, LlamaCloudBuilder};
pub use memories_ai::{MemoriesAi, MemoriesAiBuilder};

/// The environment variable that a missing key is asked for by, provider by provider.
pub(crate) const MEMORIES_AI_KEY: &str = memories_ai::KEY.variables[0];
pub(crate) const LLAMA_CLOUD_KEY: &str = llama_cloud::KEY.variables[0];
