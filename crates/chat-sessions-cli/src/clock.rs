//! The current time, or the one that `CHAT_SESSIONS_TODAY` sets, so that tests and examples give the
//! same output every day.

use chat_sessions::config::SettingValue;
use chat_sessions::{Error, ErrorKind};
use chat_sessions_sandbox::Day;
use jiff::Timestamp;

/// The variable with the day to take for today.
const TODAY: &str = "CHAT_SESSIONS_TODAY";

/// Returns the day to take for today, if the variable sets one.
///
/// # Errors
///
/// The variable is not a date that the sandbox knows.
pub(crate) fn chosen_day() -> Result<Option<Day>, Error> {
    let Some(given) = SettingValue::from_env(TODAY) else {
        return Ok(None);
    };
    let text = given.value().to_string_lossy();
    text.parse().map(Some).map_err(|invalid| {
        Error::local(ErrorKind::Config)
            .with_message(format!("{TODAY} is {invalid}"))
            .with_remedy("Set it to a date such as 2026-04-23, or unset it.")
    })
}

/// Returns the current time: the start of the chosen day in UTC, or the time of this machine.
pub(crate) fn now() -> Timestamp {
    // `main` has rejected a variable that is not a date.
    let chosen = chosen_day().ok().flatten();
    chosen.map_or_else(Timestamp::now, |day| day.start())
}
