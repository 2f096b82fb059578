//! The interface that every list format implements.

use std::io;

use chat_sessions::{Cursor, Error, Session};

/// Writes a list in one format.
pub(crate) trait SessionWriter {
    fn session(&mut self, session: &Session) -> io::Result<()>;

    /// Writes what follows the last session, and everything that is still buffered.
    fn finish(&mut self, summary: ListSummary<'_>) -> io::Result<()>;
}

/// How a list ended, for the formats that include it.
#[derive(Clone, Copy, Default)]
pub(crate) struct ListSummary<'a> {
    /// The errors of the sources that failed.
    pub(crate) failures: &'a [&'a Error],
    /// Whether the list contains every session after the cursor that it started from.
    pub(crate) complete: bool,
    /// Where to continue, if there may be more sessions.
    pub(crate) next_cursor: Option<&'a Cursor>,
}
