//! The settings that apply to every page of a walk.

use crate::model::Timestamp;
use crate::record::ExchangeObserver;
use crate::retry::{OnRetry, RetryPolicy};

/// What holds for every page of a walk.
#[derive(Clone, Debug, Default)]
pub(crate) struct WalkOptions {
    /// Instead of the one that suits the walk.
    pub(crate) page_size: Option<u32>,
    /// How many sessions are wanted in all.
    pub(crate) wanted: Option<u64>,
    pub(crate) keep_raw: bool,
    pub(crate) on_bad_item: OnBadItem,
    /// Whether several walks share the consumer, so that a page must travel while another one's sessions are taken.
    pub(crate) merged: bool,
    /// Pages to ask for ahead; `None` is 0 in a list of numbered pages and 1 in a list of tokens.
    pub(crate) read_ahead: Option<u32>,
    /// The most pages to ask for.
    pub(crate) max_pages: Option<u64>,
    /// No page is asked for that can only hold older sessions.
    pub(crate) stop_before: Option<Timestamp>,
    pub(crate) on_retry: Option<OnRetry>,
    pub(crate) on_exchange: Option<ExchangeObserver>,
    /// Instead of the account's.
    pub(crate) retry: Option<RetryPolicy>,
}

/// `OnBadItem` says what becomes of a page that holds an item which cannot be understood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnBadItem {
    /// Skip the item and count it; [`SessionPage::rejected`](crate::list::SessionPage::rejected) holds it. A page of nothing but
    /// such items is an error all the same.
    #[default]
    Skip,
    /// Deliver what stands before the item, then fail.
    Fail,
}
