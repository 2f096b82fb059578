//! One step of a walk: the page as input, and what to do next as output.

use std::fmt;

use crate::pagination::fingerprint::IdMark;
use crate::pagination::guarantee::ListEnd;
use crate::source::NextPage;

/// The number of forward pages without a new session after which the walk fails because it makes no
/// progress.
pub(crate) const MAX_PAGES_WITHOUT_NEW: u32 = 100;
/// The maximum number of pages of one source in one walk.
pub(crate) const MAX_PAGES: u64 = 1_000_000;

/// One page, reduced to the data that the walk uses.
#[derive(Debug)]
pub(crate) struct PageSummary<'a> {
    pub(crate) marks: &'a [IdMark],
    /// The number of items that could not be read; they still count towards the total.
    pub(crate) rejected: u64,
    pub(crate) next: &'a NextPage,
    pub(crate) total: Option<u64>,
    pub(crate) page_size: Option<u64>,
    pub(crate) absent: bool,
}

/// The result of processing one page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct StepOutcome {
    /// The ascending indexes of the sessions on the page that are not new and are not delivered.
    /// Most pages have none.
    pub(crate) duplicates: Vec<usize>,
    /// Whether the whole page is discarded, because the walk has to go back first.
    pub(crate) discarded: bool,
    /// Whether responses to later pages can be used that were requested before this page arrived.
    pub(crate) prefetched_pages_valid: bool,
    /// The number of sessions that are not new, although the provider had not sent them in this
    /// walk: they were delivered before it was resumed.
    pub(crate) delivered_before: u64,
    pub(crate) next_step: NextStep,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NextStep {
    /// Fetch the page at the walk's position.
    Fetch,
    /// The list has ended.
    End(ListEnd),
    /// The walk cannot continue.
    Fail(WalkFailure),
}

/// Why a walk cannot continue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WalkFailure {
    RepeatedToken,
    NothingNew,
    PageBudget,
    ListChanged,
    NoList,
}

impl fmt::Display for WalkFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RepeatedToken => f.write_str("the list returned the same page token twice"),
            Self::NothingNew => write!(f, "{MAX_PAGES_WITHOUT_NEW} pages in a row had no new session"),
            Self::PageBudget => write!(f, "the list has more than {MAX_PAGES} pages"),
            Self::ListChanged => f.write_str("the list changes faster than it can be read"),
            Self::NoList => f.write_str("the response reports success but has no list of sessions"),
        }
    }
}
