//! The operations of a source.

use std::fmt;

/// `Operation` is one kind of request to a source. A provider may allow another rate for each:
/// [`Account::with_own_limits`](crate::source::Account::with_own_limits).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operation {
    /// A page of the list of sessions.
    List,
    /// One session with its messages.
    Transcript,
    /// One session without its messages.
    Summary,
    /// The scopes of the account.
    Scopes,
}

impl Operation {
    /// Returns what the operation fetches, as a noun: `page`, `transcript`, `session` or `list of
    /// scopes`.
    #[must_use]
    pub fn noun(self) -> &'static str {
        match self {
            Self::List => "page",
            Self::Transcript => "transcript",
            Self::Summary => "session",
            Self::Scopes => "list of scopes",
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.noun())
    }
}
