//! One step of a walk: the page that goes in, and what follows from it.

use std::fmt;

use crate::pagination::fingerprint::IdMark;
use crate::pagination::guarantee::ListEnd;
use crate::source::NextPage;

/// Forward pages without a new session after which a list counts as not moving on.
pub(crate) const MAX_PAGES_WITHOUT_NEW: u32 = 100;
/// Pages of one source in one walk, at most.
pub(crate) const MAX_PAGES: u64 = 1_000_000;

/// One page, as far as the walk looks at it.
#[derive(Debug)]
pub(crate) struct PageSummary<'a> {
    pub(crate) marks: &'a [IdMark],
    /// Items that could not be understood, which still count towards the total.
    pub(crate) rejected: u64,
    pub(crate) next: &'a NextPage,
    pub(crate) total: Option<u64>,
    pub(crate) page_size: Option<u64>,
    pub(crate) absent: bool,
}

/// What follows from one page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct StepOutcome {
    /// The places on the page of the sessions that are not new and not to be delivered, in their order. Most pages have none.
    pub(crate) duplicates: Vec<usize>,
    /// Whether the page was thrown away, because the walk has to go back first. Then none of it is delivered.
    pub(crate) discarded: bool,
    /// Whether answers to later pages that were asked for before this one arrived can be used.
    pub(crate) prefetched_pages_valid: bool,
    /// How many sessions came again although the provider had not sent them in this walk before: they were delivered before
    /// it was resumed.
    pub(crate) delivered_before: u64,
    pub(crate) next_step: NextStep,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NextStep {
    /// Fetch the page at the walk's position.
    Fetch,
    /// The list is at its end.
    End(ListEnd),
    /// The list cannot be walked on.
    Fail(WalkFailure),
}

/// Why a list cannot be walked on.
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
            Self::RepeatedToken => f.write_str("the list gave a page token that it had given before"),
            Self::NothingNew => write!(f, "{MAX_PAGES_WITHOUT_NEW} pages in a row held no new session"),
            Self::PageBudget => write!(f, "the list has more than {MAX_PAGES} pages"),
            Self::ListChanged => f.write_str("the list changes faster than it can be read"),
            Self::NoList => f.write_str("the answer says success and holds no list of sessions"),
        }
    }
}
