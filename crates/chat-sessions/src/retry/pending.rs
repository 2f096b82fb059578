//! A request that has not finished yet: one that is sent when it is polled, or one that runs in a
//! task of its own while the consumer works.

use std::future::Future;
use std::panic;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use crate::error::{Error, ErrorKind, Result};
use crate::source::BoxFuture;
use crate::span::Span;

/// A request that has not finished yet. A task is cancelled when its `Pending` is dropped.
pub(crate) enum Pending<T> {
    OnPoll(BoxFuture<'static, Result<T>>),
    Spawned(JoinHandle<Result<T>>),
}

impl<T: Send + 'static> Pending<T> {
    /// Creates a request that is sent when it is polled.
    pub(crate) fn on_poll(work: impl Future<Output = Result<T>> + Send + 'static) -> Self {
        Self::OnPoll(Box::pin(work))
    }

    /// Sends a request at once, in a task on this runtime.
    pub(crate) fn spawn(runtime: &Handle, work: impl Future<Output = Result<T>> + Send + 'static) -> Self {
        Self::Spawned(runtime.spawn(Span::keep_current(work)))
    }

    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<T>> {
        match self {
            Self::OnPoll(work) => work.as_mut().poll(cx),
            Self::Spawned(task) => Poll::Ready(match ready!(Pin::new(task).poll(cx)) {
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

impl<T> Drop for Pending<T> {
    fn drop(&mut self) {
        if let Self::Spawned(task) = self {
            task.abort();
        }
    }
}
