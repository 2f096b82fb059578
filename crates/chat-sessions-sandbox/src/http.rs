//! HTTP without the providers: requests as dialects read them, responses as faults change them, and
//! connections.

pub(crate) mod connection;
pub(crate) mod padded_body;
pub(crate) mod request;
pub(crate) mod response;
