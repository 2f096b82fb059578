//! Requests and responses on the wire, connections, and network failures.

mod connections;
mod fault_cases;
mod raw_wire;
mod transport_faults;
