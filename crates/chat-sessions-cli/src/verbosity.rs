//! How much goes to standard error besides errors: `-q`, `-v` and `CHAT_SESSIONS_LOG`.
//!
//! `-v` and `-vv` print the `tracing` events of this project as short lines, and
//! `CHAT_SESSIONS_LOG=trace` prints them with all fields. Other events are not printed. The HTTP stack's own events may contain
//! secrets.

use chat_sessions::config::SettingValue;
use tracing_subscriber::filter::{LevelFilter, Targets, filter_fn};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::log_lines::ShortLines;
use crate::output::{can_redraw_stderr, messages};

/// Sets the level when `-v` is not given.
const LOG_VARIABLE: &str = "CHAT_SESSIONS_LOG";

/// What a command may print to standard error.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Verbosity {
    /// Whether to print only errors.
    pub(crate) quiet: bool,
    /// Whether events are shown. They would break the progress line, so it is not drawn.
    pub(crate) logs: bool,
}

impl Verbosity {
    /// Returns whether the progress line is drawn.
    pub(crate) fn shows_progress(self) -> bool {
        !self.quiet && !self.logs && can_redraw_stderr()
    }

    /// Starts logging: retries for one `-v`, every request for two or more, and all fields of both
    /// for `CHAT_SESSIONS_LOG=trace`.
    ///
    /// # Errors
    ///
    /// Returns the message for an unknown level in `CHAT_SESSIONS_LOG`.
    pub(crate) fn start(quiet: bool, verbose: u8) -> Result<Self, String> {
        let level = match verbose {
            0 => level_from_environment()?,
            1 => LevelFilter::INFO,
            _ => LevelFilter::DEBUG,
        };
        let logs = level != LevelFilter::OFF;
        if logs {
            let lines = tracing_subscriber::fmt::layer()
                .with_writer(messages::log_writer)
                .with_ansi(false)
                .with_target(false)
                .without_time();
            let own = Targets::new()
                .with_target("chat_sessions", level)
                .with_target("chat_sessions_wire", level);
            // An event says all that the spans around it say.
            let no_spans = filter_fn(|metadata| !metadata.is_span());
            let registry = tracing_subscriber::registry().with(own).with(no_spans);
            if level == LevelFilter::TRACE {
                registry.with(lines).init();
            } else {
                registry.with(lines.event_format(ShortLines)).init();
            }
        }
        Ok(Self { quiet, logs })
    }
}

fn level_from_environment() -> Result<LevelFilter, String> {
    let Some(given) = SettingValue::from_env(LOG_VARIABLE) else {
        return Ok(LevelFilter::OFF);
    };
    match given.value().to_str().unwrap_or_default() {
        "off" => Ok(LevelFilter::OFF),
        "error" => Ok(LevelFilter::ERROR),
        "warn" => Ok(LevelFilter::WARN),
        "info" => Ok(LevelFilter::INFO),
        "debug" => Ok(LevelFilter::DEBUG),
        "trace" => Ok(LevelFilter::TRACE),
        _ => Err(format!("{LOG_VARIABLE} must be off, error, warn, info, debug or trace")),
    }
}
