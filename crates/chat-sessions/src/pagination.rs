//! How a list is walked from page to page, and where it is resumed.

mod cursor;
mod fingerprint;
mod guarantee;
mod merge;
mod page_fetch;
mod page_policy;
mod page_size;
mod recent_ids;
mod report;
mod source_walk;
mod step;
mod token_loop;
mod walk;

pub use cursor::Cursor;
#[cfg(feature = "fuzzing")]
pub(crate) use cursor::text::around;
#[cfg(feature = "fuzzing")]
pub(crate) use fingerprint::Mark;
pub use guarantee::{Doubt, Guarantee, ListEnd};
pub(crate) use merge::Lanes;
pub use page_policy::OnBadItem;
pub(crate) use page_policy::PagePolicy;
pub use report::{SourceReport, WalkReport};
pub(crate) use source_walk::{Accepted, Lane};
#[cfg(feature = "fuzzing")]
pub(crate) use step::PageSeen;
#[cfg(feature = "fuzzing")]
pub(crate) use walk::Walk;
