//! How a list is read page by page: order, limits, failures, cursors and page sizes.

mod conformance;
mod interrupt;
mod page_sizes;
mod paging_faults;
mod walk;
mod walk_failures;
