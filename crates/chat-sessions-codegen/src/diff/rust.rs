//! Two generated clients compared: what is different for a program that uses them.

mod api;
mod change;
mod compare;
mod methods;

pub use change::RustChange;
pub(super) use compare::compare;
