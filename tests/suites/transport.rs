//! Requests and responses on the wire, connections, and network failures.

mod connection_errors;
mod connections;
mod fault_cases;
mod rate_limit;
mod raw_wire;
mod request_headers;
mod scopes;
mod stalls;
mod transport_faults;
