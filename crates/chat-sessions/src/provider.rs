//! The built-in providers. This is the only folder that names a raw type.
//!
//! Each provider has one file, with a folder of the same name, for its settings, the meaning of its
//! responses, and the conversion of its items to sessions. The files beside them are shared by all
//! providers: `http_client.rs` (settings and the HTTP client), `network.rs` (the environment's
//! proxies and certificates), `response.rs` and `status.rs` (complete responses and their status),
//! `transport_error.rs` and `failure_cause.rs` (why there is no response), `decode.rs`, `single.rs`,
//! `json.rs`, `error_pointer.rs` and `repair.rs` (from a response to a page or a transcript),
//! `capture.rs` (the HTTP exchange that a program can observe), `field_map.rs` (the use of each raw
//! field). No provider imports another.

mod built_in;
mod capture;
mod connection_reuse;
mod credentials;
mod decode;
mod error_pointer;
mod failure_cause;
mod field_map;
mod http_client;
mod json;
mod llama_cloud;
mod memories_ai;
pub(crate) mod network;
mod repair;
mod request_context;
mod request_id;
mod response;
mod retry_after;
mod single;
mod status;
mod transport_error;

pub use built_in::{BuiltIn, BuiltInSource};
#[cfg(feature = "fuzzing")]
pub(crate) use decode::PageDecoder;
pub use field_map::normalisation;
pub use llama_cloud::{LlamaCloud, LlamaCloudBuilder};
pub use memories_ai::{MemoriesAi, MemoriesAiBuilder};
#[cfg(feature = "fuzzing")]
pub(crate) use retry_after::retry_after;

/// Every built-in provider, in the order in which
/// [`ChatSessions::from_env`](crate::ChatSessions::from_env) lists them.
pub const BUILT_IN: &[BuiltIn] = &[memories_ai::BUILT_IN, llama_cloud::BUILT_IN];
