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
    Session,
    /// The scopes of the account.
    Scopes,
}

impl Operation {
    /// Returns the word for the operation: `list`, `transcript`, `session` or `scopes`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Transcript => "transcript",
            Self::Session => "session",
            Self::Scopes => "scopes",
        }
    }

    /// Returns what one request fetches.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::List => "page",
            Self::Transcript => "transcript",
            Self::Session => "session",
            Self::Scopes => "list of scopes",
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
