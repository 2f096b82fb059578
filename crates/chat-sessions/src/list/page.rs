//! A page of sessions in the public API.

use std::fmt;

use bytes::Bytes;
use serde::Serialize;

use crate::error::Error;
use crate::model::{Provider, Scope, Session};
use crate::pagination::{Cursor, WalkReport};
use crate::source::Rejected;

/// `SessionPage` is a page of sessions: a provider's own page, or one merged from several sources.
///
/// Its JSON has everything but the body.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SessionPage {
    /// The sessions.
    pub sessions: Vec<Session>,
    /// The items that could not be read and were skipped. A page that is fetched again, because the
    /// walk was resumed in its middle, reports its bad items again.
    pub rejected: Vec<Rejected>,
    /// The errors of sources that returned nothing or only a part, when
    /// [`send`](crate::list::ListSessions::send) merged several sources and at least one returned
    /// something.
    pub failures: Vec<Error>,
    /// The provider of the page; `None` for a merged page.
    pub provider: Option<Provider>,
    /// The scope of the page; `None` for a merged page.
    pub scope: Option<Scope>,
    /// The total number of sessions according to the provider, if it sends one. It may be wrong.
    pub total: Option<u64>,
    /// A cursor to resume after this page, over all sources of the walk; `None` if every list was
    /// read to its end.
    pub next: Option<Cursor>,
    /// The id under which the provider logged the request, if it sent one; `None` for a merged
    /// page.
    pub request_id: Option<String>,
    /// The report on the walk up to this page, over all its sources.
    pub report: WalkReport,
    #[serde(skip)]
    pub(crate) body: Bytes,
}

impl SessionPage {
    /// Creates a page of sessions from several sources.
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
            report: WalkReport::default(),
            body: Bytes::new(),
        }
    }

    /// Returns the body of the response exactly as the provider sent it; empty for a merged page.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

impl fmt::Debug for SessionPage {
    /// Prints only the length of the body, which holds user content and the next page token.
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
            report,
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
            .field("report", report)
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
