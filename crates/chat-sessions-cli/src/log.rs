//! What `-v` shows: the events of the libraries, on standard error.
//!
//! Only this project's own events are let through. Those of the HTTP stack below are not written with secrets in mind.

use std::io;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// The variable that sets the level where `-v` is not given.
const VARIABLE: &str = "CHAT_SESSIONS_LOG";

/// Starts to show events: requests that are made again at 1, every request at 2 and above. Says whether any are shown.
///
/// # Errors
///
/// Gives what is wrong with the variable.
pub(crate) fn start(verbosity: u8) -> Result<bool, String> {
    let level = match verbosity {
        0 => from_variable(std::env::var(VARIABLE).ok().as_deref())?,
        1 => LevelFilter::INFO,
        _ => LevelFilter::DEBUG,
    };
    if level == LevelFilter::OFF {
        return Ok(false);
    }
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(false)
        .with_target(false)
        .without_time();
    let own = Targets::new()
        .with_target("chat_sessions", level)
        .with_target("chat_sessions_wire", level);
    tracing_subscriber::registry().with(own).with(lines).init();
    Ok(true)
}

fn from_variable(value: Option<&str>) -> Result<LevelFilter, String> {
    match value.unwrap_or_default() {
        "" | "off" => Ok(LevelFilter::OFF),
        "error" => Ok(LevelFilter::ERROR),
        "warn" => Ok(LevelFilter::WARN),
        "info" => Ok(LevelFilter::INFO),
        "debug" => Ok(LevelFilter::DEBUG),
        "trace" => Ok(LevelFilter::TRACE),
        _ => Err(format!("{VARIABLE} must be off, error, warn, info, debug or trace")),
    }
}
