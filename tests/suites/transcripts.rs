//! Sessions with their messages: what the sandbox holds, read by the facade over real sockets, and
//! responses that are not what was requested.

mod expected;
mod fixtures;
mod fragments;
mod refusals;
mod sandbox;
