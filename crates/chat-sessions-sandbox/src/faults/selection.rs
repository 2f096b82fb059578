//! Which requests a fault applies to: those for some operations, and those for some pages of the
//! list.

use std::ops::{Bound, RangeBounds, RangeInclusive};

use serde_json::json;

use crate::{
    dialect::{operation::Operation, provider::Provider},
    paging::Paging,
};

/// What a request asks for, as far as it decides about its fault.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target {
    /// `None` for a path that the provider does not have.
    pub(crate) operation: Option<Operation>,
    /// The page of the list. `None` for an operation without pages.
    pub(crate) page: Option<u64>,
}

/// By default, a fault applies to all pages. No token is for page 0, and a request for it is
/// rejected.
pub(crate) const ALL_PAGES: RangeInclusive<u64> = 0..=u64::MAX;

/// The requests that a fault applies to.
#[derive(Clone, Debug)]
pub(crate) struct Selection {
    /// None means all.
    pub(crate) operations: Vec<Operation>,
    pub(crate) pages: RangeInclusive<u64>,
}

impl Default for Selection {
    fn default() -> Self {
        Self {
            operations: Vec::new(),
            pages: ALL_PAGES,
        }
    }
}

impl Selection {
    /// Returns whether a fault with these alterations applies to a request.
    pub(crate) fn includes(&self, target: Target, paging: &[Paging]) -> bool {
        // An unknown path counts as that of the list, so that a fault for everything applies to it
        // too.
        let operation = target.operation.unwrap_or(Operation::ListSessions);
        let is_selected = self.operations.is_empty() || self.operations.contains(&operation);
        let is_page = match target.page {
            Some(page) => self.pages.contains(&page),
            None => self.pages == ALL_PAGES,
        };
        let alters = paging.is_empty() || paging.iter().any(|paging| paging.applies_to(operation));
        is_selected && is_page && alters
    }

    /// Rejects operations that the provider lacks, or that the fault could never apply to. With
    /// such a script, the fault would wait forever.
    pub(crate) fn check(&self, provider: Provider, paging: &[Paging]) -> Result<(), String> {
        for operation in &self.operations {
            let name = json!(operation);
            if !provider.has(*operation) {
                return Err(format!("{provider} has no operation {name}"));
            }
            if *operation != Operation::ListSessions && self.pages != ALL_PAGES {
                return Err(format!("{name} has no pages, so `from_page` and `to_page` exclude it"));
            }
            if let Some(paging) = paging.iter().find(|paging| !paging.applies_to(*operation)) {
                return Err(format!("{paging:?} does not change the response of {name}"));
            }
        }
        Ok(())
    }
}

/// The first and the last page of any range.
pub(crate) fn page_range(pages: &impl RangeBounds<u64>) -> RangeInclusive<u64> {
    let first = match pages.start_bound() {
        Bound::Included(first) => *first,
        Bound::Excluded(before) => before.saturating_add(1),
        Bound::Unbounded => *ALL_PAGES.start(),
    };
    let last = match pages.end_bound() {
        Bound::Included(last) => *last,
        Bound::Excluded(after) => after.saturating_sub(1),
        Bound::Unbounded => *ALL_PAGES.end(),
    };
    first..=last
}
