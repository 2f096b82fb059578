//! How a list ended, and how far the result can be trusted.

use std::fmt;

/// `ListEnd` says by which sign a list ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ListEnd {
    /// The provider gave no token for a next page.
    NoToken,
    /// A page was shorter than a full one, and as many sessions were seen as the total claims.
    ShortPage,
    /// A page was empty. The report says claimed and seen, which differ when the total is not truthful.
    EmptyPage,
    /// A page was the one before it once more, and as many sessions were seen as the total claims.
    RepeatedPage,
    /// There was no list in the answer, and as many sessions were seen as the total claims.
    NoList,
    /// What stands behind is older than what was asked for ([`ListSessions::stop_before`](crate::list::ListSessions::stop_before)), and was left
    /// there.
    OldEnough,
}

/// `Guarantee` says how far a walk can vouch for the list it gave.
///
/// A walk that goes on from a cursor vouches for what it gives itself; what the walk before it had to say is in that walk's
/// report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Guarantee {
    /// Every session that existed from the first page to the last comes exactly once, whatever was created, retitled or
    /// deleted meanwhile.
    Exact,
    /// The walk ends and delivers nothing twice within its last 65 536 sessions; whether it saw all, and whether it repeats what
    /// was delivered before a cursor, depends on what changed meanwhile.
    BestEffort(Doubt),
}

/// `Doubt` says why a walk cannot vouch for more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Doubt {
    /// The provider's list lets a session change its place.
    PlacesChange,
    /// The provider's list lets new sessions appear anywhere.
    NewAnywhere,
    /// The provider's list has numbered pages, and no total that can be relied on.
    NoTruthfulTotal,
    /// A page came without a total that can be read, although the list is known to have one.
    TotalMissing,
    /// The total claimed fewer sessions than the pages showed, or at the end more than there were.
    TotalDiffers,
    /// A page that was not the last held fewer sessions than the others, so that places cannot be counted.
    ShortPages,
    /// Ids were known to descend, and did not.
    OrderBroken,
    /// Pages were asked for ahead of a list whose ids do not tell which session is newer.
    ReadAhead,
    /// Items that could not be understood were skipped.
    ItemsSkipped,
    /// The walk was resumed in a list of numbered pages whose ids do not tell what was delivered before; should the list change,
    /// some of that can come again.
    Resumed,
    /// The session that the walk was to go on after was gone, so that its page was delivered again.
    ResumedElsewhere,
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PlacesChange => "sessions can change their place in this list",
            Self::NewAnywhere => "new sessions can appear anywhere in this list",
            Self::NoTruthfulTotal => "this list has no total that can be relied on",
            Self::TotalMissing => "a page came without a readable total",
            Self::TotalDiffers => "the total does not agree with the pages",
            Self::ShortPages => "a page in the middle was shorter than the others",
            Self::OrderBroken => "the ids were not in descending order",
            Self::ReadAhead => "pages were asked for ahead",
            Self::ItemsSkipped => "items that could not be understood were skipped",
            Self::Resumed => "the walk was resumed, and ids do not tell what was delivered before",
            Self::ResumedElsewhere => "the session to go on after was gone",
        })
    }
}
