//! The sandbox as a client meets it, over real sockets: both dialects, the control room, start and stop.
//!
//! One binary for all of it, since linking takes longer than running. It uses no client crate of this workspace.

mod control;
mod llama_cloud;
mod memories_ai;
mod support;
