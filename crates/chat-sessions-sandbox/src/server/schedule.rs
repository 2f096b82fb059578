//! The changes that are scheduled for requests to one provider.
//!
//! This file decides which changes belong to which request, not when the request is handled.

use std::collections::BTreeMap;

use crate::data::change::Change;

/// When a change happens, relative to the requests to one provider, counted from 1 from the call
/// that schedules it.
///
/// In JSON, it is a field next to the change: `"before": 2`, `"after": 2`, `"before_page": 2`,
/// `"after_page": 2`.
///
/// Every request counts, whatever its operation and its response are; one for a page is always one
/// for a page of the list. It is counted when it arrives: of several requests in progress, the
/// second is the one that arrived second, even if its response is the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum When {
    /// After the request arrives and before its list is read, so that the response shows the
    /// change. 0 means 1.
    Before(u64),
    /// After the list is read for this request and before the client receives the response, so that
    /// this response does not show the change and the next one does. 0 means 1.
    After(u64),
    /// Like [`Before`](Self::Before), for the next request for this page. For LlamaCloud, see
    /// [`Fault::on_pages`](crate::Fault::on_pages).
    BeforePage(u64),
    /// Like [`After`](Self::After), for the next request for this page. It is the only reliable
    /// choice if the client requests several pages at the same time.
    AfterPage(u64),
}

/// Whether a change happens before or after the list is read for a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    BeforeRead,
    AfterRead,
}

/// The pending changes of one provider.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    /// How many requests have arrived. Unlike the request log, this count is never reset, so that
    /// clearing the log does not affect scheduled changes.
    arrived: u64,
    /// By request number.
    by_request: BTreeMap<(u64, Phase), Vec<Change>>,
    /// By page number. When a request for the page arrives, its changes move to `by_request`.
    by_page: BTreeMap<(u64, Phase), Vec<Change>>,
}

impl Schedule {
    /// Counts a request that has just arrived, and returns its number. `page` is that of the list;
    /// other operations have none.
    pub(crate) fn arrive(&mut self, page: Option<u64>) -> u64 {
        self.arrived += 1;
        let Some(page) = page else {
            return self.arrived;
        };
        for phase in [Phase::BeforeRead, Phase::AfterRead] {
            if let Some(changes) = self.by_page.remove(&(page, phase)) {
                self.by_request
                    .entry((self.arrived, phase))
                    .or_default()
                    .extend(changes);
            }
        }
        self.arrived
    }

    /// Adds a change, after those for the same moment.
    pub(crate) fn add(&mut self, when: When, change: Change) {
        let number = |ahead: u64| self.arrived.saturating_add(ahead.max(1));
        let (pending, moment) = match when {
            When::Before(ahead) => (&mut self.by_request, (number(ahead), Phase::BeforeRead)),
            When::After(ahead) => (&mut self.by_request, (number(ahead), Phase::AfterRead)),
            When::BeforePage(page) => (&mut self.by_page, (page, Phase::BeforeRead)),
            When::AfterPage(page) => (&mut self.by_page, (page, Phase::AfterRead)),
        };
        pending.entry(moment).or_default().push(change);
    }

    /// Removes and returns the changes for one phase of one request.
    pub(crate) fn take(&mut self, number: u64, phase: Phase) -> Vec<Change> {
        self.by_request.remove(&(number, phase)).unwrap_or_default()
    }

    /// How many changes are pending.
    pub(crate) fn pending(&self) -> usize {
        let pending = self.by_request.values().chain(self.by_page.values());
        pending.map(Vec::len).sum()
    }

    /// Removes all pending changes.
    pub(crate) fn clear(&mut self) {
        self.by_request.clear();
        self.by_page.clear();
    }
}
