//! The report on a walk, from which people can judge how far to trust the list.

use std::time::Duration;

use serde::Serialize;

use crate::model::seconds;
use crate::model::{Provider, Scope, Timestamp};
use crate::pagination::guarantee::{Guarantee, ListEnd, Unfinished};
use crate::source::Rejected;

/// `WalkReport` describes a walk so far, source by source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct WalkReport {
    /// One report per source, in the order of the sources.
    pub sources: Vec<SourceReport>,
    /// The number of sessions that [`Order::Newest`](crate::Order::Newest) delivered after an older
    /// one, because their source sent them in that order.
    pub out_of_order: u64,
}

impl WalkReport {
    /// Returns whether the stream has yielded every requested session, as far as this is known: every
    /// [source](SourceReport::is_complete) is complete.
    ///
    /// The result is false for an invalid request, which has no sources.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        !self.sources.is_empty() && self.sources.iter().all(SourceReport::is_complete)
    }

    /// Returns whether [something was lost](SourceReport::has_losses) at any source.
    #[must_use]
    pub fn has_losses(&self) -> bool {
        self.sources.iter().any(SourceReport::has_losses)
    }
}

/// `SourceReport` describes the walk over one source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SourceReport {
    /// The source's provider.
    pub provider: Provider,
    /// The source's scope, if it has one.
    pub scope: Option<Scope>,
    /// The number of sessions seen before the cursor that the walk resumed from; 0 without a
    /// cursor, and for a list that was already read to its end.
    pub before_cursor: u64,
    /// The number of pages received, including those that were discarded because the list had
    /// changed.
    pub pages: u64,
    /// The number of sessions on them, each counted once. With a limit or a filter, this is more than
    /// were delivered.
    pub sessions: u64,
    /// The number of sessions that were sent again and dropped.
    pub duplicates: u64,
    /// The number of sessions that were not delivered because of a filter:
    /// [`since`](crate::list::ListSessions::since), [`until`](crate::list::ListSessions::until) or
    /// [`filter`](crate::list::ListSessions::filter).
    pub filtered: u64,
    /// How many of them have no time, although only the time was left to decide.
    pub without_time: u64,
    /// The time of the newest of them.
    pub newest_filtered: Option<Timestamp>,
    /// The number of items that could not be read and were skipped.
    pub rejected: u64,
    /// The first skipped item.
    pub first_rejected: Option<Rejected>,
    /// The number of retries.
    pub retries: u64,
    /// The time spent waiting before retries; seconds in JSON. Pages that are fetched in parallel also wait in
    /// parallel, and each wait counts.
    #[serde(serialize_with = "seconds")]
    #[cfg_attr(feature = "schemars", schemars(with = "f64"))]
    pub waited: Duration,
    /// The time that requests spent waiting for the account's rate limit
    /// ([`Pacing`](crate::retry::Pacing)), counted the same way; seconds in JSON.
    #[serde(serialize_with = "seconds")]
    #[cfg_attr(feature = "schemars", schemars(with = "f64"))]
    pub paced: Duration,
    /// The page size requested last; `None` if it was left to the provider.
    pub page_size: Option<u32>,
    /// The total number of sessions that the provider sent last; `None` if it sends none.
    pub claimed_total: Option<u64>,
    /// The number of sessions that the provider's total claims, and that the provider did not send
    /// although the list was read to its end.
    pub never_sent: u64,
    /// How the walk recognised the end of the list; `None` if it has not ended yet, or failed.
    pub end: Option<ListEnd>,
    /// Why the stream has not yielded the whole list; `None` if it has.
    ///
    /// A list that ended because the rest is [`OldEnough`](ListEnd::OldEnough) is whole, and so is one
    /// without the sessions that a filter withheld.
    pub unfinished: Option<Unfinished>,
    /// How complete and free of duplicates the result is.
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
            filtered: 0,
            without_time: 0,
            newest_filtered: None,
            rejected: 0,
            first_rejected: None,
            retries: 0,
            waited: Duration::ZERO,
            paced: Duration::ZERO,
            page_size: None,
            claimed_total: None,
            never_sent: 0,
            end: None,
            unfinished: None,
            guarantee,
        }
    }

    /// Returns whether the stream has yielded every requested session of this source, as far as this
    /// is known.
    ///
    /// It is false whenever something is known to be missing: the list was not read to its end, the
    /// source failed, items were skipped, or the provider's total claims more sessions than it sent.
    /// What changed in the list meanwhile is the subject of the [`guarantee`](Self::guarantee).
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.unfinished.is_none() && !self.has_losses()
    }

    /// Returns whether something was lost: the source failed, items were skipped, or the provider's
    /// total claims more sessions than it sent. A list that was merely cut has lost nothing.
    #[must_use]
    pub fn has_losses(&self) -> bool {
        self.unfinished == Some(Unfinished::Failed) || self.rejected > 0 || self.never_sent > 0
    }
}
