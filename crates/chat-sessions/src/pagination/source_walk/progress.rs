//! How far a walk is: its report, and why it has not delivered its whole list.

use crate::model::{Provider, Scope};
use crate::pagination::guarantee::Unfinished;
use crate::pagination::report::SourceReport;
use crate::pagination::source_walk::{SourceWalk, State, StopReason};

impl SourceWalk {
    /// Returns the provider and the scope of the sessions.
    pub(crate) fn origin(&self) -> (Provider, Option<Scope>) {
        (self.report.provider.clone(), self.report.scope.clone())
    }

    pub(crate) fn report(&self) -> SourceReport {
        let counters = self.fetcher.counters();
        SourceReport {
            retries: counters.retries(),
            waited: counters.waited(),
            paced: counters.paced(),
            unfinished: self.unfinished(),
            ..self.report.clone()
        }
    }

    /// Returns why the list was not delivered as a whole, as far as this walk knows.
    fn unfinished(&self) -> Option<Unfinished> {
        let is_delivered = self.waiting.as_slice().is_empty();
        match self.state {
            State::Failed => Some(Unfinished::Failed),
            _ if !is_delivered => Some(Unfinished::NotRead),
            State::Ended | State::Stopped(StopReason::OldEnough) => None,
            State::Stopped(StopReason::PageLimit) => Some(Unfinished::MaxPages),
            State::Open if self.cancelled || !self.fetches.is_empty() => Some(Unfinished::NoResponse),
            State::Open | State::Failing(_) => Some(Unfinished::NotRead),
        }
    }

    /// Returns whether there may be another session, or an error in its place.
    pub(crate) fn has_more(&self) -> bool {
        !self.waiting.as_slice().is_empty() || !matches!(self.state, State::Ended)
    }

    /// Returns whether the page limit stops the walk from requesting the page that it needs next.
    pub(crate) fn is_at_page_limit(&self) -> bool {
        matches!(self.state, State::Stopped(StopReason::PageLimit))
    }
}
