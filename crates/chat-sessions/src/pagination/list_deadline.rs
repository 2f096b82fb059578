//! The time that a whole list may take.

use std::future::Future;
use std::pin::Pin;
use std::task::Context;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{Instant, Sleep, sleep_until};

/// The deadline of a list, counted from the first time that the consumer polls it.
#[derive(Debug)]
pub(crate) struct ListDeadline {
    within: Duration,
    /// `None` before the first poll, and for a time that no clock reaches.
    end: Option<Instant>,
    has_begun: bool,
    timer: Option<Pin<Box<Sleep>>>,
}

impl ListDeadline {
    pub(crate) fn new(within: Duration) -> Self {
        Self {
            within,
            end: None,
            has_begun: false,
            timer: None,
        }
    }

    pub(crate) fn within(&self) -> Duration {
        self.within
    }

    /// Returns whether the time is over. If not, the task is woken when it is.
    ///
    /// Without a tokio runtime there is no timer, and the deadline counts only when the list is polled.
    pub(crate) fn is_over(&mut self, cx: &mut Context<'_>) -> bool {
        if !std::mem::replace(&mut self.has_begun, true) {
            self.end = Instant::now().checked_add(self.within);
        }
        let Some(end) = self.end else {
            return false;
        };
        if Instant::now() >= end {
            return true;
        }
        if self.timer.is_none() && Handle::try_current().is_ok() {
            self.timer = Some(Box::pin(sleep_until(end)));
        }
        let timer = self.timer.as_mut();
        timer.is_some_and(|timer| timer.as_mut().poll(cx).is_ready())
    }
}
