//! How a list ended, and how far the result can be trusted.

use std::fmt;

use serde::Serialize;

/// `ListEnd` says how the walk recognised the end of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ListEnd {
    /// The provider sent no token for a next page.
    NoToken,
    /// A page was not full, and the walk has seen as many sessions as the total claims.
    ShortPage,
    /// A page was empty. The report holds the claimed and the seen number of sessions, which differ
    /// if the total is not truthful.
    EmptyPage,
    /// A page repeated the one before it, and the walk has seen as many sessions as the total
    /// claims.
    RepeatedPage,
    /// The response held no list, and the walk has seen as many sessions as the total claims.
    NoList,
    /// The rest of the list is older than the requested time
    /// ([`ListSessions::stop_before`](crate::list::ListSessions::stop_before)), and was not
    /// fetched.
    OldEnough,
}

/// `Unfinished` says why a list was not read to its end, or not delivered as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Unfinished {
    /// The source failed; the error of the stream says why.
    Failed,
    /// The response to a request has not arrived, or had not when the stream was stopped.
    NoResponse,
    /// The stream has yielded as many sessions as
    /// [`ListSessions::limit`](crate::list::ListSessions::limit) allows.
    Limit,
    /// The list needs a further page than
    /// [`ListSessions::max_pages`](crate::list::ListSessions::max_pages) allows.
    MaxPages,
    /// The time of [`ListSessions::deadline`](crate::list::ListSessions::deadline) was over.
    Deadline,
    /// The stream was not read further.
    NotRead,
}

/// `Guarantee` says how complete and free of duplicates the result of a walk is.
///
/// For a walk that resumed from a cursor, it covers only the sessions of that walk; the report of
/// the earlier walk covers its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(tag = "level", content = "doubt", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Guarantee {
    /// Every session that existed from the first page to the last is delivered exactly once,
    /// whatever was created, retitled or deleted in the meantime.
    Exact,
    /// The walk ends and delivers nothing twice within its last 65 536 sessions. Whether it
    /// delivers every session, and whether it repeats sessions from before a cursor, depends on
    /// what changed in the meantime.
    BestEffort(Doubt),
}

/// `Doubt` says why a walk cannot guarantee more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Doubt {
    /// In the provider's list, sessions can change their position.
    PlacesChange,
    /// In the provider's list, new sessions can appear anywhere.
    NewAnywhere,
    /// The provider's list has numbered pages and no reliable total.
    NoTruthfulTotal,
    /// A page had no readable total, although the list is known to have one.
    TotalMissing,
    /// The total was lower than the number of sessions on the pages, or at the end higher than the
    /// number that existed.
    TotalDiffers,
    /// A page before the last was shorter than the others, so positions cannot be counted.
    ShortPages,
    /// Ids were known to descend, and did not.
    OrderBroken,
    /// Pages were prefetched from a list whose ids do not show which session is newer.
    ReadAhead,
    /// Items that could not be read were skipped.
    ItemsSkipped,
    /// The walk was resumed in a list of numbered pages whose ids do not show what was delivered
    /// before. If the list changes, some sessions can be delivered again.
    Resumed,
    /// The session to resume after no longer exists, so its page was delivered again.
    ResumedElsewhere,
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PlacesChange => "sessions can change their place in this list",
            Self::NewAnywhere => "new sessions can appear anywhere in this list",
            Self::NoTruthfulTotal => "this list has no reliable total",
            Self::TotalMissing => "a page had no readable total",
            Self::TotalDiffers => "the total does not agree with the pages",
            Self::ShortPages => "a page in the middle was shorter than the others",
            Self::OrderBroken => "the ids were not in descending order",
            Self::ReadAhead => "pages were prefetched, so a change of the list between them may go unnoticed",
            Self::ItemsSkipped => "items that could not be decoded were skipped",
            Self::Resumed => "the list was resumed, and its ids do not show what was delivered before",
            Self::ResumedElsewhere => "the session to resume after no longer exists",
        })
    }
}
