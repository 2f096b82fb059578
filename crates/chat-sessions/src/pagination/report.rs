//! What a walk went through, for people who want to know how far to trust the list they got.

use std::time::Duration;

use crate::model::{Provider, Scope};
use crate::pagination::guarantee::{Guarantee, ListEnd};
use crate::source::Rejected;

/// `WalkReport` says, source by source, what a walk went through so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct WalkReport {
    /// One entry for each source, in the order of the sources.
    pub sources: Vec<SourceReport>,
    /// Sessions that [`Order::Newest`](crate::Order::Newest) delivered after an older one, because their source had them in
    /// that order.
    pub out_of_order: u64,
}

/// `SourceReport` says what a walk went through at one source.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SourceReport {
    /// The source's provider.
    pub provider: Provider,
    /// The source's scope, where it has one.
    pub scope: Option<Scope>,
    /// Sessions that were seen before the cursor that the walk goes on from; 0 without one, and for a list that had come to
    /// its end.
    pub before_cursor: u64,
    /// Pages that were taken in, those that had to be thrown away because the list had changed included.
    pub pages: u64,
    /// Sessions that were taken from them, each counted once. With a limit, more than were delivered.
    pub sessions: u64,
    /// Sessions that came again and were dropped.
    pub duplicates: u64,
    /// Items that could not be understood and were skipped.
    pub rejected: u64,
    /// The first of them.
    pub first_rejected: Option<Rejected>,
    /// Requests that failed and were made again.
    pub retries: u64,
    /// The time that was waited before they were; pages that were fetched side by side wait side by side, and each wait
    /// counts.
    pub waited: Duration,
    /// The time for which requests waited for their turn under the account's [`Pacing`](crate::retry::Pacing), counted the same way.
    pub paced: Duration,
    /// How many sessions a page was last asked to hold; `None` when that was left to the provider.
    pub page_size: Option<u32>,
    /// How many sessions the provider last said there are; `None` when it does not say.
    pub claimed_total: Option<u64>,
    /// By which sign the list ended; `None` while it has not, or when it failed.
    pub end: Option<ListEnd>,
    /// How far the walk can vouch for the list.
    pub guarantee: Guarantee,
}

impl SourceReport {
    pub(crate) fn new(provider: Provider, scope: Option<Scope>, guarantee: Guarantee) -> Self {
        Self {
            provider,
            scope,
            before_cursor: 0,
            pages: 0,
            sessions: 0,
            duplicates: 0,
            rejected: 0,
            first_rejected: None,
            retries: 0,
            waited: Duration::ZERO,
            paced: Duration::ZERO,
            page_size: None,
            claimed_total: None,
            end: None,
            guarantee,
        }
    }
}
