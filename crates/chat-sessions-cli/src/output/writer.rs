//! The interface that every list format implements.

use std::io;

use chat_sessions::{Cursor, Error, Session};

use super::missing::Missing;

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
    /// What else is missing.
    pub(crate) missing: &'a [Missing],
    /// Where to continue, if there may be more sessions.
    pub(crate) next_cursor: Option<&'a Cursor>,
}

impl ListSummary<'_> {
    /// Returns whether the list contains every requested session after the cursor that it started
    /// from.
    pub(crate) fn is_complete(&self) -> bool {
        self.failures.is_empty() && self.missing.is_empty()
    }
}
