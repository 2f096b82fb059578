//! The settings that apply to every page of a walk.

use crate::model::Timestamp;
use crate::record::ExchangeObserver;
use crate::retry::{OnRetry, RetryPolicy};

/// The settings of one walk.
#[derive(Clone, Debug, Default)]
pub(crate) struct WalkOptions {
    /// Replaces the size that suits the walk.
    pub(crate) page_size: Option<u32>,
    /// The number of sessions wanted in all.
    pub(crate) wanted: Option<u64>,
    pub(crate) keep_raw: bool,
    pub(crate) on_bad_item: OnBadItem,
    /// Whether several walks share the consumer, so that a page must be fetched while the consumer
    /// takes the sessions of another.
    pub(crate) merged: bool,
    /// The number of pages to prefetch; `None` means 0 in a list of numbered pages and 1 in a list
    /// with page tokens.
    pub(crate) read_ahead: Option<u32>,
    /// The maximum number of pages to request.
    pub(crate) max_pages: Option<u64>,
    /// Do not request pages that can only hold sessions older than this.
    pub(crate) stop_before: Option<Timestamp>,
    pub(crate) on_retry: Option<OnRetry>,
    pub(crate) on_exchange: Option<ExchangeObserver>,
    /// Replaces the account's policy.
    pub(crate) retry: Option<RetryPolicy>,
}

/// `OnBadItem` says what to do with a page that has an item which cannot be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnBadItem {
    /// Skip the item and count it; [`SessionPage::rejected`](crate::list::SessionPage::rejected)
    /// holds it. A page with only such items is still an error.
    #[default]
    Skip,
    /// Deliver the sessions before the item, then fail.
    Fail,
}
