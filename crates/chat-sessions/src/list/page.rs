//! A page of sessions, as users get it.

use std::fmt;

use bytes::Bytes;

use crate::error::Error;
use crate::model::{Provider, Scope, Session};
use crate::pagination::Cursor;
use crate::source::Rejected;

/// `SessionPage` is a page of sessions: one that a provider sent, or one that was merged over several.
#[non_exhaustive]
pub struct SessionPage {
    /// The sessions.
    pub sessions: Vec<Session>,
    /// The items that could not be understood and were skipped. A page that is fetched again, to go on in its middle, shows
    /// its bad items again.
    pub rejected: Vec<Rejected>,
    /// The errors of sources that gave nothing, or not all they should have, when
    /// [`send`](crate::list::ListSessions::send) merged several and at least one gave something.
    pub failures: Vec<Error>,
    /// Whose page it is; `None` for a merged one.
    pub provider: Option<Provider>,
    /// The scope that was listed; `None` for a merged page.
    pub scope: Option<Scope>,
    /// How many sessions the provider says there are, where it does. It may be wrong.
    pub total: Option<u64>,
    /// The place behind this page, over all sources of the walk; `None` when the end of every list was reached.
    pub next: Option<Cursor>,
    /// The id under which the provider logged the request, where it sent one; `None` for a merged page.
    pub request_id: Option<String>,
    pub(crate) body: Bytes,
}

impl SessionPage {
    /// Makes a page of sessions that came from several sources.
    pub(crate) fn merged(sessions: Vec<Session>) -> Self {
        Self {
            sessions,
            rejected: Vec::new(),
            failures: Vec::new(),
            provider: None,
            scope: None,
            total: None,
            next: None,
            request_id: None,
            body: Bytes::new(),
        }
    }

    /// Gives the body of the answer exactly as the provider sent it; empty for a merged page.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

impl fmt::Debug for SessionPage {
    /// Gives the length of the body only: it holds what people wrote, and the token of the next page.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            sessions,
            rejected,
            failures,
            provider,
            scope,
            total,
            next,
            request_id,
            body,
        } = self;
        f.debug_struct("SessionPage")
            .field("sessions", sessions)
            .field("rejected", rejected)
            .field("failures", failures)
            .field("provider", provider)
            .field("scope", scope)
            .field("total", total)
            .field("next", next)
            .field("request_id", request_id)
            .field("body_bytes", &body.len())
            .finish()
    }
}

impl IntoIterator for SessionPage {
    type Item = Session;
    type IntoIter = std::vec::IntoIter<Session>;

    fn into_iter(self) -> Self::IntoIter {
        self.sessions.into_iter()
    }
}

impl<'a> IntoIterator for &'a SessionPage {
    type Item = &'a Session;
    type IntoIter = std::slice::Iter<'a, Session>;

    fn into_iter(self) -> Self::IntoIter {
        self.sessions.iter()
    }
}
