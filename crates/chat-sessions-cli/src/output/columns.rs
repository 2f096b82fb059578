//! The columns that the row formats share, in full.

use std::borrow::Cow;

use chat_sessions::Session;

/// The names of the columns.
pub(crate) const NAMES: [&str; 5] = ["provider", "id", "title", "when", "origin"];

/// Gives one session's columns, nothing left out; what the provider does not say is empty.
pub(crate) fn of(session: &Session) -> [Cow<'_, str>; 5] {
    let time = session.time();
    [
        Cow::Borrowed(session.id.provider().as_str()),
        Cow::Borrowed(session.id.as_str()),
        Cow::Borrowed(session.title.as_deref().unwrap_or_default()),
        time.map_or(Cow::Borrowed(""), |time| Cow::Owned(time.at.to_string())),
        Cow::Borrowed(time.map_or("", |time| time.origin.as_str())),
    ]
}
