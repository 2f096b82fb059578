//! HTTP without the providers: requests as the dialects read them, responses as faults can alter them, and connections.

pub(crate) mod connection;
pub(crate) mod padded_body;
pub(crate) mod request;
pub(crate) mod response;
