//! The time zone of this machine, in which times are read and shown.

use jiff::tz::TimeZone;

/// Returns the time zone of this machine, or UTC if it cannot be determined.
pub(crate) fn local_zone() -> TimeZone {
    TimeZone::try_system().unwrap_or(TimeZone::UTC)
}
