//! The sandbox as a client meets it, over real sockets: both dialects, the control room, start and stop.
//!
//! The program of the same name is started as a process. One binary for all of it, since linking takes longer than running. It uses no client crate of this workspace.

mod binary;
mod bodies;
mod chance;
mod changes;
mod connection;
mod control;
mod echo;
mod llama_cloud;
mod memories_ai;
mod page_sizes;
mod paging;
mod rate_limit;
mod support;
