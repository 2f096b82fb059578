//! The changes that wait for a request to one provider.
//!
//! This file decides which changes belong to which request, not when a request is answered.

use std::collections::BTreeMap;

use crate::data::change::Change;

/// When a change happens, by the requests to one provider, counted from 1 from the moment at which it is asked for.
///
/// In JSON it is a field beside the change: `"before": 2`, `"after": 2`, `"before_page": 2`, `"after_page": 2`.
///
/// Every request counts, whatever its answer is. A request is counted when it arrives: with several in progress, the
/// second is the one that came second, even when it is answered last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum When {
    /// After the request has come and before its list is read, so that its answer shows the change. 0 means 1.
    Before(u64),
    /// After the list of this request was read and before anybody can see the answer, so that the next list that is read
    /// shows the change and this one does not. 0 means 1.
    After(u64),
    /// Like [`Before`](Self::Before), for the first request to come that asks for this page; what that means for
    /// LlamaCloud, [`Fault::on_pages`](crate::Fault::on_pages) says.
    BeforePage(u64),
    /// Like [`After`](Self::After), for the first request to come that asks for this page: the only sure way to name a
    /// request of a client that asks for several pages at once.
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
    /// How many requests have arrived. Unlike the request log, this count is never reset, so that clearing the log
    /// does not move a change.
    arrived: u64,
    /// By request number.
    by_request: BTreeMap<(u64, Phase), Vec<Change>>,
    /// By page number. When a request for the page arrives, its changes move to `by_request`.
    by_page: BTreeMap<(u64, Phase), Vec<Change>>,
}

impl Schedule {
    /// Counts a request for this page that has just arrived, and returns its number.
    pub(crate) fn arrive(&mut self, page: u64) -> u64 {
        self.arrived += 1;
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

    /// Adds a change, after those that are already scheduled for the same moment.
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
