//! The walks of one stream, and what holds for them together: the limit, the failures that are held back, the end, and the
//! place to go on from. Which of them is next is decided in `stream.rs` and `pages.rs`.

use std::task::{Context, Poll};

use crate::error::{Error, Result};
use crate::pagination::cursor::Cursor;
use crate::pagination::report::WalkReport;
use crate::pagination::source_walk::Lane;

/// The walks of a stream.
#[derive(Debug)]
pub(crate) struct Lanes {
    pub(crate) all: Vec<Lane>,
    /// The error of each walk that failed.
    pub(crate) failures: Vec<Option<Error>>,
    /// How many sessions the consumer can still take.
    pub(crate) remaining: Option<u64>,
    fail_fast: bool,
    phase: Phase,
    /// Where a request that was wrong would have started.
    refused_at: Option<Cursor>,
}

#[derive(Debug)]
enum Phase {
    /// Nothing was polled yet, and the request was wrong.
    Refused(Option<Error>),
    Open,
    Over,
}

impl Lanes {
    pub(crate) fn new(all: Vec<Lane>, limit: Option<u64>, fail_fast: bool) -> Self {
        Self {
            failures: all.iter().map(|_| None).collect(),
            all,
            remaining: limit,
            fail_fast,
            phase: Phase::Open,
            refused_at: None,
        }
    }

    /// Makes the stream of a request that is wrong, which goes nowhere from where it starts.
    pub(crate) fn refused(error: Error, start: Cursor) -> Self {
        Self {
            phase: Phase::Refused(Some(error)),
            refused_at: Some(start),
            ..Self::new(Vec::new(), None, false)
        }
    }

    /// Says what comes without asking for anything: nothing after the end, the error of a wrong request.
    pub(crate) fn settled<T>(&mut self) -> Option<Option<Result<T>>> {
        match &mut self.phase {
            Phase::Open => None,
            Phase::Over => Some(None),
            Phase::Refused(error) => {
                let error = error.take();
                self.phase = Phase::Over;
                Some(error.map(Err))
            }
        }
    }

    /// Says whether a failure ends the stream at once.
    pub(crate) fn must_end(&self) -> bool {
        self.fail_fast && self.failures.iter().any(Option::is_some)
    }

    /// Lets what all walks have just asked for go out.
    pub(crate) fn poll_send_off(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut all = Poll::Ready(());
        for lane in &mut self.all {
            if lane.poll_send_off(cx).is_pending() {
                all = Poll::Pending;
            }
        }
        all
    }

    /// Says whether a walk may not ask for the page that it needs next.
    pub(crate) fn is_starved(&self) -> bool {
        self.all.iter().any(Lane::is_starved)
    }

    /// Ends the stream, with the error of the first source that failed; it holds those of the others and the place to go on
    /// from.
    pub(crate) fn finish(&mut self) -> Option<Error> {
        self.phase = Phase::Over;
        let mut failures = self.failures.iter_mut().filter_map(Option::take);
        let first = failures.next()?;
        let others = failures.collect();
        Some(first.with_others(others).with_cursor(self.cursor()))
    }

    /// Ends the stream before its end, as [`finish`](Self::finish) does at it.
    pub(crate) fn give_up(&mut self) -> Option<Error> {
        self.all.iter_mut().for_each(Lane::give_up);
        self.finish()
    }

    pub(crate) fn cursor(&self) -> Cursor {
        match &self.refused_at {
            Some(start) => start.clone(),
            None => Cursor::new(self.all.iter().map(Lane::cursor).collect()),
        }
    }

    pub(crate) fn has_more(&self) -> bool {
        self.refused_at.is_some() || self.all.iter().any(Lane::has_more)
    }

    pub(crate) fn next_cursor(&self) -> Option<Cursor> {
        self.has_more().then(|| self.cursor())
    }

    pub(crate) fn report(&self, out_of_order: u64) -> WalkReport {
        WalkReport {
            sources: self.all.iter().map(Lane::report).collect(),
            out_of_order,
        }
    }

    /// Says whether nothing can come any more.
    pub(crate) fn is_over(&self) -> bool {
        matches!(self.phase, Phase::Over)
    }
}
