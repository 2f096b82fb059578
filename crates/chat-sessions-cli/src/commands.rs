//! The commands, one file each: its arguments, the examples in its help, and what it does.

mod accounts;
pub(crate) mod auth;
pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod doctor;
pub(crate) mod export;
pub(crate) mod help;
pub(crate) mod list;
pub(crate) mod man;
mod progress_line;
pub(crate) mod providers;
mod recording;
mod requests;
mod retry_args;
mod retry_waits;
pub(crate) mod sandbox;
pub(crate) mod schema;
mod settings_report;
pub(crate) mod show;
