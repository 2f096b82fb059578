//! A page that was requested and has not arrived yet.
//!
//! The next page of a single source is fetched when the caller polls for it. A prefetched page, and
//! the page of one source among several, is fetched in a separate task while the consumer works.
//! The task is cancelled when its `PageFetch` is dropped.

use std::future::Future;
use std::panic;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use crate::error::{Error, ErrorKind, Result};
use crate::retry::Fetcher;
use crate::source::{BoxFuture, PageRequest, Position, SourcePage};

/// A pending page and the page size that was requested.
pub(crate) struct PageFetch {
    position: Position,
    page_size: Option<u32>,
    work: Work,
}

enum Work {
    OnPoll(BoxFuture<'static, Result<SourcePage>>),
    Spawned(JoinHandle<Result<SourcePage>>),
}

impl PageFetch {
    /// Creates a request that is sent when it is polled.
    pub(crate) fn on_poll(fetcher: &Fetcher, request: PageRequest) -> Self {
        Self {
            position: request.position.clone(),
            page_size: request.page_size,
            work: Work::OnPoll(Box::pin(fetcher.clone().page(request))),
        }
    }

    /// Sends a request at once, in a task. Returns `None` outside a tokio runtime.
    pub(crate) fn spawn(fetcher: &Fetcher, request: PageRequest) -> Option<Self> {
        let runtime = Handle::try_current().ok()?;
        Some(Self {
            position: request.position.clone(),
            page_size: request.page_size,
            work: Work::Spawned(runtime.spawn(fetcher.clone().page(request))),
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
        match &mut self.work {
            Work::OnPoll(fetch) => fetch.as_mut().poll(cx),
            Work::Spawned(task) => Poll::Ready(match ready!(Pin::new(task).poll(cx)) {
                Ok(outcome) => outcome,
                Err(error) => match error.try_into_panic() {
                    // The panic of a source reaches the caller as it would without a task.
                    Ok(panicked) => panic::resume_unwind(panicked),
                    Err(_) => {
                        Err(Error::local(ErrorKind::Connect).with_message("the runtime was shut down during a request"))
                    }
                },
            }),
        }
    }
}

impl Drop for PageFetch {
    fn drop(&mut self) {
        if let Work::Spawned(task) = &self.work {
            task.abort();
        }
    }
}
