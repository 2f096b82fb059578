//! The walks of one stream, one per source, and their shared state: the limit, the delayed
//! failures, the end, and the cursor. `list/item_stream.rs` and `list/page_stream.rs` decide which
//! walk is next.

use std::ops::ControlFlow;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::error::{Error, ErrorKind, seconds};
use crate::pagination::cursor::Cursor;
use crate::pagination::filter::Filter;
use crate::pagination::guarantee::Unfinished;
use crate::pagination::list_deadline::ListDeadline;
use crate::pagination::report::{SourceReport, WalkReport};
use crate::pagination::source_walk::SourceWalk;
use crate::span::Span;

/// The walks of a stream.
#[derive(Debug)]
pub(crate) struct MergedWalks {
    pub(crate) walks: Vec<SourceWalk>,
    /// The error of each failed walk.
    pub(crate) failures: Vec<Option<Error>>,
    /// How many sessions the consumer can still take.
    pub(crate) remaining: Option<u64>,
    filter: Filter,
    deadline: Option<ListDeadline>,
    pub(crate) span: Span,
    fail_fast: bool,
    phase: Phase,
    /// Where an invalid request would have started.
    refused_at: Option<Cursor>,
    /// The fingerprint of the text that the cursors are bound to.
    bound_to: Option<u32>,
}

#[derive(Debug)]
enum Phase {
    /// The request was invalid, and its error has not been returned yet.
    Refused(Option<Error>),
    Open,
    Over,
    /// The consumer stopped the stream.
    Stopped,
    /// The deadline of the list was over.
    TimedOut,
}

impl MergedWalks {
    pub(crate) fn new(walks: Vec<SourceWalk>, limit: Option<u64>, fail_fast: bool) -> Self {
        Self {
            failures: walks.iter().map(|_| None).collect(),
            walks,
            remaining: limit,
            filter: Filter::default(),
            deadline: None,
            span: Span::none(),
            fail_fast,
            phase: Phase::Open,
            refused_at: None,
            bound_to: None,
        }
    }

    /// Binds the cursors to the text with this fingerprint.
    pub(crate) fn bound_to(self, text: Option<u32>) -> Self {
        Self { bound_to: text, ..self }
    }

    /// Delivers only sessions that pass the filter, until the deadline.
    pub(crate) fn restricted(self, filter: Filter, deadline: Option<ListDeadline>) -> Self {
        Self {
            filter,
            deadline,
            ..self
        }
    }

    /// Polls in this span.
    pub(crate) fn in_span(self, span: Span) -> Self {
        Self { span, ..self }
    }

    /// Creates the stream of an invalid request, whose cursor stays at the start.
    pub(crate) fn refused(error: Error, start: Cursor) -> Self {
        Self {
            phase: Phase::Refused(Some(error)),
            refused_at: Some(start),
            ..Self::new(Vec::new(), None, false)
        }
    }

    /// Breaks if the stream must not poll its walks: after its end, and for an invalid request,
    /// whose error is returned once.
    pub(crate) fn check_open(&mut self) -> ControlFlow<Option<Error>> {
        match &mut self.phase {
            Phase::Open => ControlFlow::Continue(()),
            Phase::Over | Phase::Stopped | Phase::TimedOut => ControlFlow::Break(None),
            Phase::Refused(error) => {
                let error = error.take();
                self.phase = Phase::Over;
                ControlFlow::Break(error)
            }
        }
    }

    /// Returns whether a failure ends the stream at once.
    pub(crate) fn must_end(&self) -> bool {
        self.fail_fast && self.failures.iter().any(Option::is_some)
    }

    /// Returns how many sessions of the lists are wanted. This is unknown with a filter, which can
    /// withhold any of them.
    pub(crate) fn wanted(&self) -> Option<u64> {
        self.remaining.filter(|_| self.filter.is_empty())
    }

    /// Drops the next sessions of a walk that the filter withholds.
    pub(crate) fn skip_withheld(&mut self, index: usize) {
        if !self.filter.is_empty() {
            self.walks[index].skip_withheld(&self.filter);
        }
    }

    /// Returns whether the deadline is over while something is still to be fetched.
    pub(crate) fn is_out_of_time(&mut self, cx: &mut Context<'_>) -> bool {
        self.deadline.as_mut().is_some_and(|deadline| deadline.is_over(cx))
            && self.remaining != Some(0)
            && self.has_more()
    }

    /// Ends the stream at its deadline.
    pub(crate) fn time_out(&mut self) -> Error {
        let within = self.deadline.as_ref().map_or(Duration::ZERO, ListDeadline::within);
        let failed: Vec<_> = self.failures.iter_mut().filter_map(Option::take).collect();
        self.walks.iter_mut().for_each(SourceWalk::cancel);
        self.phase = Phase::TimedOut;
        Error::local(ErrorKind::Timeout)
            .with_message(format!("the list did not end within {}", seconds(within)))
            .with_remedy("Continue from the cursor, or allow more time.")
            .with_others(failed)
            .with_cursor(self.cursor())
    }

    /// Lets the prefetch requests of all walks be sent.
    pub(crate) fn poll_send_prefetch(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut all = Poll::Ready(());
        for walk in &mut self.walks {
            if walk.poll_send_prefetch(cx).is_pending() {
                all = Poll::Pending;
            }
        }
        all
    }

    /// Returns whether a page limit stops a walk from requesting the page that it needs next.
    pub(crate) fn is_at_page_limit(&self) -> bool {
        self.walks.iter().any(SourceWalk::is_at_page_limit)
    }

    /// Ends the stream and returns the error of the first failed source. That error holds the
    /// errors of the others and the cursor to resume from.
    pub(crate) fn finish(&mut self) -> Option<Error> {
        self.phase = Phase::Over;
        self.take_failures()
    }

    fn take_failures(&mut self) -> Option<Error> {
        let mut failures = self.failures.iter_mut().filter_map(Option::take);
        let first = failures.next()?;
        let others = failures.collect();
        Some(first.with_others(others).with_cursor(self.cursor()))
    }

    /// Cancels pending requests and ends the stream as [`finish`](Self::finish) does.
    pub(crate) fn cancel(&mut self) -> Option<Error> {
        self.walks.iter_mut().for_each(SourceWalk::cancel);
        self.phase = Phase::Stopped;
        self.take_failures()
    }

    pub(crate) fn cursor(&self) -> Cursor {
        match &self.refused_at {
            Some(start) => start.clone(),
            None => Cursor::new(self.walks.iter().map(SourceWalk::cursor).collect()).bound_to(self.bound_to),
        }
    }

    pub(crate) fn has_more(&self) -> bool {
        self.refused_at.is_some() || self.walks.iter().any(SourceWalk::has_more)
    }

    pub(crate) fn next_cursor(&self) -> Option<Cursor> {
        self.has_more().then(|| self.cursor())
    }

    pub(crate) fn report(&self, out_of_order: u64) -> WalkReport {
        WalkReport {
            sources: self.walks.iter().map(|walk| self.source_report(walk)).collect(),
            out_of_order,
        }
    }

    /// Returns the report on one walk. What ends the stream leaves the other lists unfinished too.
    fn source_report(&self, walk: &SourceWalk) -> SourceReport {
        let reason = match self.phase {
            _ if self.remaining == Some(0) => Some(Unfinished::Limit),
            Phase::Over if self.is_at_page_limit() => Some(Unfinished::MaxPages),
            Phase::TimedOut => Some(Unfinished::Deadline),
            _ => None,
        };
        let mut report = walk.report();
        report.unfinished = match report.unfinished {
            own @ (None | Some(Unfinished::Failed)) => own,
            own => reason.or(own),
        };
        report
    }

    /// Returns whether the stream may yield something.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.phase, Phase::Open)
    }

    /// Returns whether the stream has ended.
    pub(crate) fn is_over(&self) -> bool {
        matches!(self.phase, Phase::Over | Phase::Stopped | Phase::TimedOut)
    }
}
