//! The stream of sessions, which merges the walks over several sources.
//!
//! It does nothing until it is polled. It returns an error only once, as its last item: after all
//! sessions, or at once with `fail_fast`. It has a cursor at any time.

use std::ops::ControlFlow;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use futures_core::stream::FusedStream;

use crate::error::{Error, Result};
use crate::list::order::Order;
use crate::model::{Session, Timestamp};
use crate::pagination::{Cursor, MergedWalks, WalkReport};
use crate::source::Rejected;
use crate::span::Span;

/// `SessionStream` yields sessions one by one.
///
/// It is a [`Stream`]. Without a stream library, call [`next`](Self::next).
#[derive(Debug)]
#[must_use = "streams do nothing unless they are polled"]
pub struct SessionStream {
    walks: MergedWalks,
    order: Order,
    current: usize,
    /// Whether the stream has yielded a session.
    has_begun: bool,
    /// The time of the last session in a merge by time; before the first one, the latest possible
    /// time.
    previous_time: Option<Timestamp>,
    out_of_order: u64,
    /// The skipped items, if the caller wants them. A walk can be long, so by default they are only
    /// counted.
    rejected: Option<Vec<Rejected>>,
}

impl SessionStream {
    pub(crate) fn new(walks: MergedWalks, order: Order) -> Self {
        Self::of(walks, order)
    }

    /// Creates a stream that yields only this error, for an invalid request.
    pub(crate) fn refused(error: Error, start: Cursor) -> Self {
        Self::of(MergedWalks::refused(error, start), Order::Arrival)
    }

    fn of(walks: MergedWalks, order: Order) -> Self {
        Self {
            walks,
            order,
            current: 0,
            has_begun: false,
            previous_time: Some(Timestamp::LATEST),
            out_of_order: 0,
            rejected: None,
        }
    }

    /// Returns the next session, an error, or `None` at the end.
    pub async fn next(&mut self) -> Option<Result<Session>> {
        std::future::poll_fn(|cx| self.poll(cx)).await
    }

    /// Returns all sessions that are left.
    ///
    /// # Errors
    ///
    /// If a source fails, the sessions are lost with its error, whose cursor is therefore the one before
    /// them. To keep what the others returned, use [`ListSessions::send`](crate::list::ListSessions::send)
    /// with a limit, or [`next`](Self::next).
    pub async fn try_collect(mut self) -> Result<Vec<Session>> {
        let start = self.cursor();
        let mut sessions = Vec::new();
        while let Some(next) = self.next().await {
            sessions.push(next.map_err(|error| error.with_cursor(start.clone()))?);
        }
        Ok(sessions)
    }

    /// Returns a cursor to resume after the last yielded session. It is valid at any time: before
    /// the first session, between two of them, after an error and at the end.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        self.walks.cursor()
    }

    /// Returns a report on the walk so far.
    #[must_use]
    pub fn report(&self) -> WalkReport {
        self.walks.report(self.out_of_order)
    }

    /// Returns the next session that has already arrived, without waiting for another one; `None` if
    /// there is none.
    ///
    /// [`Order::Newest`] holds sessions back until every source has responded, because the next one
    /// could be newer. If that takes too long, this returns what is held back, newest first, up to
    /// the limit. The cursor follows, so that a list that is resumed later returns the rest: nothing
    /// is lost or repeated, but sessions of the slow source come after those returned here.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use chat_sessions::{ChatSessions, Order};
    /// # use chat_sessions::testing::FakeSource;
    /// # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?.block_on(async {
    /// # let slow = FakeSource::numbered(2).ids(["4"]).in_scope("slow");
    /// # slow.delay(1, Duration::from_secs(3600));
    /// # let fast = FakeSource::numbered(2).ids(["2", "1"]).in_scope("fast");
    /// # let client = ChatSessions::builder().source(slow).source(fast).build()?;
    /// let mut sessions = client.list_sessions().order(Order::Newest).by_item();
    /// let patience = Duration::from_secs(5);
    /// let mut found = Vec::new();
    /// while let Ok(Some(session)) = tokio::time::timeout(patience, sessions.next()).await {
    ///     found.push(session?);
    /// }
    /// // Either the list has ended, or a source is slow.
    /// while let Some(session) = sessions.next_arrived() {
    ///     found.push(session);
    /// }
    /// assert_eq!(found.len(), 2);
    /// assert!(!sessions.report().is_complete());
    /// # Ok::<(), chat_sessions::Error>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn next_arrived(&mut self) -> Option<Session> {
        if !self.walks.is_open() || self.walks.must_end() || self.walks.remaining == Some(0) {
            return None;
        }
        self.skip_withheld();
        let index = match self.order {
            Order::Newest => self.newest_waiting(),
            Order::Source | Order::Arrival => self.next_waiting(),
        }?;
        self.has_begun = true;
        self.count(index);
        self.walks.walks[index].take()
    }

    /// Returns whether there may be sessions that the stream has not yielded: because of a limit or
    /// an error, or because it was not read to its end.
    #[must_use]
    pub fn has_more(&self) -> bool {
        self.walks.has_more()
    }

    /// Ends the stream early: cancels pending requests, and [`next`](Self::next) returns `None`
    /// from now on. Returns the error that the stream would have ended with, for the sources that
    /// have failed so far.
    ///
    /// Call [`next_arrived`](Self::next_arrived) before, to get what has arrived and was not returned
    /// yet. [`cursor`](Self::cursor) and [`report`](Self::report) stay valid. After the stream has
    /// returned its error, this returns `None`.
    pub fn stop(&mut self) -> Option<Error> {
        match self.walks.check_open() {
            ControlFlow::Break(last) => last,
            ControlFlow::Continue(()) => self.walks.cancel(),
        }
    }

    /// Returns a cursor to resume after the last yielded session, unless every list was read to its
    /// end.
    pub(crate) fn next_cursor(&self) -> Option<Cursor> {
        self.walks.next_cursor()
    }

    /// Keeps the items that are skipped from now on, for [`take_rejected`](Self::take_rejected).
    pub(crate) fn keep_rejected(mut self) -> Self {
        self.rejected = Some(Vec::new());
        self
    }

    /// Takes the skipped items.
    pub(crate) fn take_rejected(&mut self) -> Vec<Rejected> {
        self.rejected.as_mut().map(std::mem::take).unwrap_or_default()
    }

    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Session>>> {
        let span = std::mem::replace(&mut self.walks.span, Span::none());
        let next = span.poll(|| self.poll_next_session(cx));
        self.walks.span = span;
        next
    }

    fn poll_next_session(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Session>>> {
        if let ControlFlow::Break(last) = self.walks.check_open() {
            return Poll::Ready(last.map(Err));
        }
        if self.walks.is_out_of_time(cx) {
            let arrived = self.next_arrived();
            return Poll::Ready(Some(arrived.ok_or_else(|| self.walks.time_out())));
        }
        if self.walks.remaining != Some(0) {
            match self.poll_choice(cx) {
                Poll::Ready(Some(index)) if !self.walks.must_end() => {
                    // Yield the very first session without delay: somebody may be waiting to see
                    // it.
                    if std::mem::replace(&mut self.has_begun, true) {
                        ready!(self.walks.poll_send_prefetch(cx));
                    }
                    self.count(index);
                    if let Some(session) = self.walks.walks[index].take() {
                        return Poll::Ready(Some(Ok(session)));
                    }
                }
                Poll::Pending if !self.walks.must_end() => return Poll::Pending,
                // Every list is at its end, or `fail_fast` reports a failure while another source
                // is slow.
                _ => {}
            }
        }
        Poll::Ready(self.walks.finish().map(Err))
    }

    fn skip_withheld(&mut self) {
        (0..self.walks.walks.len()).for_each(|index| self.walks.skip_withheld(index));
    }

    /// Updates the counters for the session that is yielded next.
    fn count(&mut self, index: usize) {
        if let Some(remaining) = &mut self.walks.remaining {
            *remaining -= 1;
        }
        if self.order == Order::Arrival {
            // The stream finishes a page before it changes to the next source. The change is
            // recorded here because the chosen session may have to wait until a prefetch request is
            // sent, and is then chosen again.
            let last_of_page = self.walks.walks[index].waiting().len() == 1;
            self.current = if last_of_page { index + 1 } else { index };
        }
        if self.order == Order::Newest {
            let next = self.walks.walks[index].waiting().first();
            let time = next.and_then(Session::time).map(|time| time.at);
            self.out_of_order += u64::from(time > self.previous_time);
            self.previous_time = time;
        }
    }

    /// Fetches pages of one source until it has a session ready or its walk is over. Returns
    /// whether it has one.
    fn poll_walk(&mut self, index: usize, cx: &mut Context<'_>) -> Poll<bool> {
        let wanted = self.walks.wanted();
        loop {
            self.walks.skip_withheld(index);
            let walk = &mut self.walks.walks[index];
            if !walk.waiting().is_empty() {
                return Poll::Ready(true);
            }
            match ready!(walk.poll_page(cx, wanted)) {
                Some(Ok(accepted)) => {
                    if let Some(rejected) = &mut self.rejected {
                        rejected.extend(accepted.rejected);
                    }
                }
                Some(Err(error)) => self.walks.failures[index] = Some(error),
                None => return Poll::Ready(false),
            }
        }
    }

    /// Chooses the source of the next session; `None` when every list is at its end.
    fn poll_choice(&mut self, cx: &mut Context<'_>) -> Poll<Option<usize>> {
        self.skip_withheld();
        // With a single source, its next session is next in every order.
        if let [walk] = &*self.walks.walks
            && !walk.waiting().is_empty()
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
        for index in self.current..self.walks.walks.len() {
            if ready!(self.poll_walk(index, cx)) {
                self.current = index;
                return Poll::Ready(Some(index));
            }
            // The page limit blocks a page here, so nothing after that page is next.
            if self.walks.must_end() || self.walks.is_at_page_limit() {
                break;
            }
        }
        Poll::Ready(None)
    }

    fn poll_newest(&mut self, cx: &mut Context<'_>) -> Poll<Option<usize>> {
        let mut pending = false;
        for index in 0..self.walks.walks.len() {
            pending |= self.poll_walk(index, cx).is_pending();
        }
        if pending {
            Poll::Pending
        } else if self.walks.is_at_page_limit() {
            // The page that the limit blocks could hold the newest session.
            Poll::Ready(None)
        } else {
            Poll::Ready(self.newest_waiting())
        }
    }

    /// Returns the source of the newest session among the next ones of all sources.
    fn newest_waiting(&self) -> Option<usize> {
        let mut newest: Option<(usize, Option<Timestamp>)> = None;
        for (index, walk) in self.walks.walks.iter().enumerate() {
            let Some(head) = walk.waiting().first() else {
                continue;
            };
            let time = head.time().map(|time| time.at);
            // Only a strictly newer session wins, so that sessions of equal time stay in the order
            // of the sources.
            if newest.is_none_or(|(_, best)| time > best) {
                newest = Some((index, time));
            }
        }
        newest.map(|(index, _)| index)
    }

    fn poll_arrival(&mut self, cx: &mut Context<'_>) -> Poll<Option<usize>> {
        let count = self.walks.walks.len();
        let mut pending = false;
        // Yield what is ready before anything else, so that no page is fetched if it fills the
        // limit.
        let waiting: usize = self.walks.walks.iter().map(|walk| walk.waiting().len()).sum();
        if self.walks.wanted().is_none_or(|wanted| wanted > waiting as u64) {
            for index in 0..count {
                pending |= self.poll_walk(index, cx).is_pending();
            }
        }
        match self.next_waiting() {
            Some(index) => Poll::Ready(Some(index)),
            None if pending => Poll::Pending,
            None => Poll::Ready(None),
        }
    }

    /// Returns the next source in turn that has a session.
    fn next_waiting(&self) -> Option<usize> {
        let count = self.walks.walks.len();
        (self.current..self.current + count)
            .map(|index| index % count)
            .find(|index| !self.walks.walks[*index].waiting().is_empty())
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
        self.walks.is_over()
    }
}
