//! The time zone of this machine, in which times are read and shown.

use chat_sessions::config::SettingValue;
use jiff::tz::TimeZone;

/// Returns the time zone of this machine, or UTC if it cannot be determined.
pub(crate) fn local_zone() -> TimeZone {
    TimeZone::try_system()
        .ok()
        .or_else(from_corrected_variable)
        .unwrap_or(TimeZone::UTC)
}

/// Returns the warning about a `TZ` that cannot be parsed.
pub(crate) fn warning() -> Option<&'static str> {
    SettingValue::from_env("TZ")?;
    let is_known = TimeZone::try_system().is_ok() || from_corrected_variable().is_some();
    (!is_known).then_some("TZ is not a known time zone, so times are in UTC; set it to a name such as Europe/Berlin")
}

/// Reads `TZ` without the line end of a file that it was read from.
fn from_corrected_variable() -> Option<TimeZone> {
    let given = SettingValue::from_env("TZ")?;
    let name = given.value().to_str()?.trim_start_matches(':');
    TimeZone::get(name).or_else(|_| TimeZone::posix(name)).ok()
}
