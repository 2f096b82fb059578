//! A page that was requested and has not arrived yet.
//!
//! The next page of a single source is fetched when the caller polls for it. A prefetched page, and
//! the page of one source among several, is fetched in a separate task while the consumer works.

use std::task::{Context, Poll};

use tokio::runtime::Handle;

use crate::error::Result;
use crate::retry::{Fetcher, Pending};
use crate::source::{PageRequest, Position, SourcePage};

/// A pending page and the page size that was requested.
pub(crate) struct PageFetch {
    position: Position,
    page_size: Option<u32>,
    page: Pending<SourcePage>,
}

impl PageFetch {
    /// Creates a request that is sent when it is polled.
    pub(crate) fn on_poll(fetcher: &Fetcher, request: PageRequest) -> Self {
        Self {
            position: request.position.clone(),
            page_size: request.page_size,
            page: Pending::on_poll(fetcher.clone().fetch(request)),
        }
    }

    /// Sends a request at once, in a task. Returns `None` outside a tokio runtime.
    pub(crate) fn spawn(fetcher: &Fetcher, request: PageRequest) -> Option<Self> {
        let runtime = Handle::try_current().ok()?;
        Some(Self {
            position: request.position.clone(),
            page_size: request.page_size,
            page: Pending::spawn(&runtime, fetcher.clone().fetch(request)),
        })
    }

    pub(crate) fn position(&self) -> &Position {
        &self.position
    }

    /// Returns the requested page size.
    pub(crate) fn page_size(&self) -> Option<u32> {
        self.page_size
    }

    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<SourcePage>> {
        self.page.poll(cx)
    }
}
