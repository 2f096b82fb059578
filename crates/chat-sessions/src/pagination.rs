//! Walks a list page by page and resumes it from a cursor.

mod cursor;
mod filter;
mod fingerprint;
mod guarantee;
mod list_deadline;
mod merge;
mod page_fetch;
mod page_size;
mod recent_ids;
mod report;
mod source_walk;
mod step;
mod token_loop;
mod walk;
mod walk_options;

pub use cursor::Cursor;
#[cfg(feature = "fuzzing")]
pub(crate) use cursor::text::around;
pub(crate) use cursor::{Start, text_fingerprint};
pub(crate) use filter::Filter;
#[cfg(feature = "fuzzing")]
pub(crate) use fingerprint::IdMark;
pub use guarantee::{Doubt, Guarantee, ListEnd, Unfinished};
pub(crate) use list_deadline::ListDeadline;
pub(crate) use merge::MergedWalks;
pub use report::{SourceReport, WalkReport};
pub(crate) use source_walk::{PageDetails, SourceWalk};
#[cfg(feature = "fuzzing")]
pub(crate) use step::PageSummary;
#[cfg(feature = "fuzzing")]
pub(crate) use walk::Walk;
pub use walk_options::OnBadItem;
pub(crate) use walk_options::WalkOptions;
