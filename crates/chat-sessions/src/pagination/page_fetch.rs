//! A page that was asked for and has not been taken in yet.
//!
//! The page whose turn it is is fetched by whoever polls for it. A page that is asked for ahead of its turn, or beside those
//! of other sources, is fetched by a task of its own, so that it travels, and its timeouts mean something, while the
//! consumer works; the task ends when nobody wants its page any more.

use std::future::Future;
use std::panic;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use crate::error::{Error, ErrorKind, Result};
use crate::retry::Fetcher;
use crate::source::{BoxFuture, PageRequest, Position, SourcePage};

pub(crate) struct Flight {
    position: Position,
    page_size: Option<u32>,
    work: Work,
}

enum Work {
    Here(BoxFuture<'static, Result<SourcePage>>),
    Spawned(JoinHandle<Result<SourcePage>>),
}

impl Flight {
    /// Asks for a page when it is polled.
    pub(crate) fn here(fetcher: &Fetcher, request: PageRequest) -> Self {
        Self {
            position: request.position.clone(),
            page_size: request.page_size,
            work: Work::Here(Box::pin(fetcher.clone().page(request))),
        }
    }

    /// Asks for a page at once; `None` where there is no runtime to do so.
    pub(crate) fn ahead(fetcher: &Fetcher, request: PageRequest) -> Option<Self> {
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

    /// Gives how many sessions the page was asked to hold.
    pub(crate) fn page_size(&self) -> Option<u32> {
        self.page_size
    }

    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<SourcePage>> {
        match &mut self.work {
            Work::Here(fetch) => fetch.as_mut().poll(cx),
            Work::Spawned(task) => Poll::Ready(match ready!(Pin::new(task).poll(cx)) {
                Ok(outcome) => outcome,
                Err(error) => match error.try_into_panic() {
                    // A source that panics does so here as well as it would without a task.
                    Ok(panicked) => panic::resume_unwind(panicked),
                    Err(_) => Err(Error::local(ErrorKind::Connect)
                        .with_message("the runtime was shut down while a page was under way")),
                },
            }),
        }
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        if let Work::Spawned(task) = &self.work {
            task.abort();
        }
    }
}
