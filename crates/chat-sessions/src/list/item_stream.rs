//! The stream of sessions: several walks joined into one order.
//!
//! It does nothing until it is polled. An error comes once and last (or at once, with `fail_fast`), and ends the stream. At any
//! moment the stream knows its cursor.

use futures_core::Stream;
use futures_core::stream::FusedStream;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::error::{Error, Result};
use crate::list::order::Order;
use crate::model::{Session, Timestamp};
use crate::pagination::{Cursor, Lane, Lanes, WalkReport};
use crate::source::Rejected;

/// `SessionStream` yields sessions one by one.
///
/// It is a [`Stream`]; without a stream library, call [`next`](Self::next).
#[derive(Debug)]
#[must_use = "streams do nothing unless they are polled"]
pub struct SessionStream {
    lanes: Lanes,
    order: Order,
    current: usize,
    /// Whether a session was yielded.
    has_begun: bool,
    /// The time of the last session, in a merge by time.
    reached: Option<Option<Timestamp>>,
    out_of_order: u64,
    /// The items that were skipped, when someone wants them; a walk can be long, so by default they are only counted.
    rejected: Option<Vec<Rejected>>,
}

impl SessionStream {
    pub(crate) fn new(lanes: Vec<Lane>, order: Order, limit: Option<u64>, fail_fast: bool) -> Self {
        Self::of(Lanes::new(lanes, limit, fail_fast), order)
    }

    /// Makes a stream of one error, for a request that is wrong.
    pub(crate) fn refused(error: Error, start: Cursor) -> Self {
        Self::of(Lanes::refused(error, start), Order::Arrival)
    }

    fn of(lanes: Lanes, order: Order) -> Self {
        Self {
            lanes,
            order,
            current: 0,
            has_begun: false,
            reached: None,
            out_of_order: 0,
            rejected: None,
        }
    }

    /// Gives the next session, an error, or `None` at the end.
    pub async fn next(&mut self) -> Option<Result<Session>> {
        std::future::poll_fn(|cx| self.poll(cx)).await
    }

    /// Gives the place behind the last session that was yielded. It is good at any moment: before the first session, between
    /// two of them, after an error and at the end.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        self.lanes.cursor()
    }

    /// Says what the walk went through so far.
    #[must_use]
    pub fn report(&self) -> WalkReport {
        self.lanes.report(self.out_of_order)
    }

    /// Says whether sessions may be left that were not yielded: behind a limit, behind an error, or behind the point where
    /// the stream was left.
    #[must_use]
    pub fn has_more(&self) -> bool {
        self.lanes.has_more()
    }

    /// Ends the stream where it is: what is under way is given up, and [`next`](Self::next) gives `None`. Gives the error that
    /// would have come last, of the sources that have failed so far.
    ///
    /// [`cursor`](Self::cursor) and [`report`](Self::report) stay good. A stream that has given its error has no second one.
    pub fn stop(&mut self) -> Option<Error> {
        match self.lanes.settled::<Session>() {
            Some(settled) => settled.and_then(Result::err),
            None => self.lanes.give_up(),
        }
    }

    /// Gives the place behind the last session that was yielded, unless every list was read to its end.
    pub(crate) fn next_cursor(&self) -> Option<Cursor> {
        self.lanes.next_cursor()
    }

    /// Keeps the items that are skipped from now on, for [`take_rejected`](Self::take_rejected).
    pub(crate) fn keep_rejected(mut self) -> Self {
        self.rejected = Some(Vec::new());
        self
    }

    /// Takes the items that were skipped.
    pub(crate) fn take_rejected(&mut self) -> Vec<Rejected> {
        self.rejected.as_mut().map(std::mem::take).unwrap_or_default()
    }

    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Session>>> {
        if let Some(settled) = self.lanes.settled() {
            return Poll::Ready(settled);
        }
        if self.lanes.remaining != Some(0) {
            match self.poll_choice(cx) {
                Poll::Ready(Some(index)) if !self.lanes.must_end() => {
                    // The very first session comes as soon as it is there: somebody may wait to see it.
                    if std::mem::replace(&mut self.has_begun, true) {
                        ready!(self.lanes.poll_send_off(cx));
                    }
                    self.count(index);
                    if let Some(session) = self.lanes.all[index].take() {
                        return Poll::Ready(Some(Ok(session)));
                    }
                }
                Poll::Pending if !self.lanes.must_end() => return Poll::Pending,
                // Every list is at its end, or a failure is told at once even while another source is slow.
                _ => {}
            }
        }
        Poll::Ready(self.lanes.finish().map(Err))
    }

    /// Counts the session of a source that is handed out next.
    fn count(&mut self, index: usize) {
        if let Some(remaining) = &mut self.lanes.remaining {
            *remaining -= 1;
        }
        if self.order == Order::Arrival {
            // A page that has begun is delivered to its end, so that the sources take turns page by page. That the turn passes on is
            // noted here, since a session that is chosen may have to wait for a request to go out, and is chosen again.
            let last_of_page = self.lanes.all[index].waiting().len() == 1;
            self.current = if last_of_page { index + 1 } else { index };
        }
        if self.order == Order::Newest {
            let next = self.lanes.all[index].waiting().first();
            let time = next.and_then(Session::time).map(|time| time.at);
            self.out_of_order += u64::from(self.reached.is_some_and(|reached| time > reached));
            self.reached = Some(time);
        }
    }

    /// Fetches for one source until a session waits or its walk is over, and says whether one waits.
    fn poll_lane(&mut self, index: usize, cx: &mut Context<'_>) -> Poll<bool> {
        let lane = &mut self.lanes.all[index];
        loop {
            if !lane.waiting().is_empty() {
                return Poll::Ready(true);
            }
            match ready!(lane.poll_page(cx, self.lanes.remaining)) {
                Some(Ok(accepted)) => {
                    if let Some(rejected) = &mut self.rejected {
                        rejected.extend(accepted.rejected);
                    }
                }
                Some(Err(error)) => self.lanes.failures[index] = Some(error),
                None => return Poll::Ready(false),
            }
        }
    }

    /// Chooses the source whose session is next; `None` when every list is at its end.
    fn poll_choice(&mut self, cx: &mut Context<'_>) -> Poll<Option<usize>> {
        // Where there is one source, a session that waits there is next in every order.
        if let [lane] = &*self.lanes.all
            && !lane.waiting().is_empty()
        {
            return Poll::Ready(Some(0));
        }
        match self.order {
            Order::Source => self.poll_in_turn(cx),
            Order::Newest => self.poll_newest(cx),
            Order::Arrival => self.poll_arrival(cx),
        }
    }

    fn poll_in_turn(&mut self, cx: &mut Context<'_>) -> Poll<Option<usize>> {
        for index in self.current..self.lanes.all.len() {
            if ready!(self.poll_lane(index, cx)) {
                self.current = index;
                return Poll::Ready(Some(index));
            }
            // What comes behind a page that may not be asked for is not next.
            if self.lanes.must_end() || self.lanes.is_starved() {
                break;
            }
        }
        Poll::Ready(None)
    }

    fn poll_newest(&mut self, cx: &mut Context<'_>) -> Poll<Option<usize>> {
        let mut pending = false;
        let mut newest: Option<(usize, Option<Timestamp>)> = None;
        for index in 0..self.lanes.all.len() {
            pending |= self.poll_lane(index, cx).is_pending();
            let Some(head) = self.lanes.all[index].waiting().first() else {
                continue;
            };
            let time = head.time().map(|time| time.at);
            // Only a strictly newer head wins, so that equal times stay in the order of the sources.
            if newest.is_none_or(|(_, best)| time > best) {
                newest = Some((index, time));
            }
        }
        if pending {
            Poll::Pending
        } else if self.lanes.is_starved() {
            // The page that may not be asked for could hold the newest.
            Poll::Ready(None)
        } else {
            Poll::Ready(newest.map(|(index, _)| index))
        }
    }

    fn poll_arrival(&mut self, cx: &mut Context<'_>) -> Poll<Option<usize>> {
        let count = self.lanes.all.len();
        let mut pending = false;
        // What waits is delivered before anything else, so that a limit which it fills needs no further page.
        let waiting: usize = self.lanes.all.iter().map(|lane| lane.waiting().len()).sum();
        if self.lanes.remaining.is_none_or(|remaining| remaining > waiting as u64) {
            for index in 0..count {
                pending |= self.poll_lane(index, cx).is_pending();
            }
        }
        let next = (self.current..self.current + count)
            .map(|index| index % count)
            .find(|index| !self.lanes.all[*index].waiting().is_empty());
        match next {
            Some(index) => Poll::Ready(Some(index)),
            None if pending => Poll::Pending,
            None => Poll::Ready(None),
        }
    }
}

impl Stream for SessionStream {
    type Item = Result<Session>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll(cx)
    }
}

impl FusedStream for SessionStream {
    fn is_terminated(&self) -> bool {
        self.lanes.is_over()
    }
}
