//! The sandbox as a client sees it, over real sockets: both dialects, the control routes, start and
//! stop.
//!
//! The program is started as a process. All tests are in one binary, because linking takes longer
//! than running. They use no client crate of this workspace.

mod binary;
mod bodies;
mod chance;
mod changes;
mod connection;
mod continued;
mod control;
mod conversation_fields;
mod conversations;
mod echo;
mod llama_cloud;
mod memories_ai;
mod operation_rates;
mod operations;
mod page_sizes;
mod paging;
mod rate_limit;
mod scopes;
mod session_detail;
mod support;
