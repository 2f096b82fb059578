//! The commands, one file each: its arguments, the examples in its help, and what it does.

pub(crate) mod auth;
pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod doctor;
pub(crate) mod help;
pub(crate) mod list;
pub(crate) mod man;
pub(crate) mod providers;
pub(crate) mod sandbox;
pub(crate) mod schema;
mod settings_report;
