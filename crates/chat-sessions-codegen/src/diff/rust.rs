//! Compares two generated clients: what changes for a program that uses them.

mod api;
mod change;
mod compare;
mod methods;

pub(super) use api::interface;
pub use change::RustChange;
pub(super) use compare::compare;
