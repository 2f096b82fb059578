//! The streams: several walks joined into one order.
//!
//! A stream does nothing until it is polled, yields an error once and last (or at once, when asked to fail fast), and is
//! over after it. It knows no provider and no HTTP.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use futures_core::stream::FusedStream;

use crate::engine::{Lane, SourceWalk};
use crate::error::{Error, Result};
use crate::page::SessionPage;
use crate::report::WalkReport;
use crate::session::Session;
use crate::source::Rejected;

/// `Order` says how the sessions of several sources are put into one list. Within one source the provider's order
/// stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Order {
    /// As the pages come; the fastest, and the default of the library.
    #[default]
    Arrival,
    /// One source after the other, in the order they were given.
    Source,
    /// A merge by [`Session::time`], newest first, sessions without a time last. It holds one page of each source, and
    /// waits for the slowest of them.
    Newest,
}

/// `SessionStream` yields sessions one by one.
///
/// It is a [`Stream`]; without a stream library, call [`next`](Self::next).
#[derive(Debug)]
#[must_use = "streams do nothing unless they are polled"]
pub struct SessionStream {
    lanes: Vec<Lane>,
    order: Order,
    remaining: Option<u64>,
    fail_fast: bool,
    current: usize,
    phase: Phase,
}

#[derive(Debug)]
enum Phase {
    /// Nothing was polled yet, and the request may have been wrong.
    Refused(Option<Error>),
    Open,
    Over,
}

impl SessionStream {
    pub(crate) fn new(walks: Vec<SourceWalk>, order: Order, limit: Option<u64>, fail_fast: bool) -> Self {
        Self {
            lanes: walks.into_iter().map(Lane::new).collect(),
            order,
            remaining: limit,
            fail_fast,
            current: 0,
            phase: Phase::Open,
        }
    }

    /// Makes a stream of one error, for a request that is wrong.
    pub(crate) fn refused(error: Error) -> Self {
        Self {
            phase: Phase::Refused(Some(error)),
            ..Self::new(Vec::new(), Order::Arrival, None, false)
        }
    }

    /// Gives the next session, an error, or `None` at the end.
    pub async fn next(&mut self) -> Option<Result<Session>> {
        std::future::poll_fn(|cx| self.poll(cx)).await
    }

    /// Says what the walk went through so far.
    #[must_use]
    pub fn report(&self) -> WalkReport {
        WalkReport {
            sources: self.lanes.iter().map(|lane| lane.walk.report().clone()).collect(),
        }
    }

    /// Says whether sessions may be left that were not delivered: behind a limit, or behind the point where the stream
    /// was left.
    #[must_use]
    pub fn has_more(&self) -> bool {
        self.lanes
            .iter()
            .any(|lane| !lane.waiting.as_slice().is_empty() || lane.walk.is_open())
    }

    /// Keeps the items that are skipped from now on, for [`take_rejected`](Self::take_rejected).
    pub(crate) fn keep_rejected(mut self) -> Self {
        for lane in &mut self.lanes {
            lane.rejected = Some(Vec::new());
        }
        self
    }

    /// Takes the items that were skipped, in the order of the sources.
    pub(crate) fn take_rejected(&mut self) -> Vec<Rejected> {
        self.lanes
            .iter_mut()
            .flat_map(|lane| lane.rejected.take().unwrap_or_default())
            .collect()
    }

    /// Takes the errors of the sources that failed so far, in the order of the sources.
    fn take_failures(&mut self) -> Vec<Error> {
        self.lanes.iter_mut().filter_map(|lane| lane.failure.take()).collect()
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Session>>> {
        match &mut self.phase {
            Phase::Over => return Poll::Ready(None),
            Phase::Refused(error) => {
                let error = error.take();
                self.phase = Phase::Over;
                return Poll::Ready(error.map(Err));
            }
            Phase::Open => {}
        }
        let chosen = if self.remaining == Some(0) {
            None
        } else {
            match self.poll_choice(cx) {
                Poll::Ready(chosen) => chosen,
                // A failure is told at once even while another source is slow.
                Poll::Pending if self.fail_fast && self.has_failure() => None,
                Poll::Pending => return Poll::Pending,
            }
        };
        let session = chosen
            .filter(|_| !(self.fail_fast && self.has_failure()))
            .and_then(|index| self.lanes[index].waiting.next());
        if let Some(session) = session {
            if let Some(remaining) = &mut self.remaining {
                *remaining -= 1;
            }
            return Poll::Ready(Some(Ok(session)));
        }
        self.phase = Phase::Over;
        let mut failures = self.take_failures().into_iter();
        Poll::Ready(failures.next().map(|first| Err(first.with_others(failures.collect()))))
    }

    fn has_failure(&self) -> bool {
        self.lanes.iter().any(|lane| lane.failure.is_some())
    }

    /// Chooses the lane whose session is next; `None` when every lane is at its end.
    fn poll_choice(&mut self, cx: &mut Context<'_>) -> Poll<Option<usize>> {
        match self.order {
            Order::Source => {
                for (index, lane) in self.lanes.iter_mut().enumerate() {
                    match lane.poll_waiting(cx) {
                        Poll::Ready(true) => return Poll::Ready(Some(index)),
                        Poll::Ready(false) if self.fail_fast && lane.failure.is_some() => return Poll::Ready(None),
                        Poll::Ready(false) => {}
                        Poll::Pending => return Poll::Pending,
                    }
                }
                Poll::Ready(None)
            }
            Order::Newest => {
                let mut pending = false;
                let mut newest: Option<(usize, _)> = None;
                for (index, lane) in self.lanes.iter_mut().enumerate() {
                    pending |= lane.poll_waiting(cx).is_pending();
                    let Some(head) = lane.waiting.as_slice().first() else {
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
                } else {
                    Poll::Ready(newest.map(|(index, _)| index))
                }
            }
            Order::Arrival => {
                let mut pending = false;
                for lane in &mut self.lanes {
                    pending |= lane.poll_waiting(cx).is_pending();
                }
                // A page that has begun is delivered to its end, so that the lanes take turns page by page.
                let count = self.lanes.len();
                let start = self.current;
                let next = (start..start + count)
                    .map(|index| index % count)
                    .find(|index| !self.lanes[*index].waiting.as_slice().is_empty());
                match next {
                    Some(index) => {
                        let last_of_page = self.lanes[index].waiting.len() == 1;
                        self.current = if last_of_page { (index + 1) % count } else { index };
                        Poll::Ready(Some(index))
                    }
                    None if pending => Poll::Pending,
                    None => Poll::Ready(None),
                }
            }
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
        matches!(self.phase, Phase::Over)
    }
}

/// `PageStream` yields sessions page by page: the providers' own pages, or under [`Order::Newest`] merged ones.
///
/// It is a [`Stream`]; without a stream library, call [`next`](Self::next).
#[derive(Debug)]
#[must_use = "streams do nothing unless they are polled"]
pub struct PageStream(Pages);

#[derive(Debug)]
enum Pages {
    Provider(ProviderPages),
    Merged {
        stream: SessionStream,
        size: usize,
        chunk: Vec<Session>,
        failure: Option<Error>,
    },
}

impl PageStream {
    pub(crate) fn of_providers(walks: Vec<SourceWalk>, order: Order, limit: Option<u64>, fail_fast: bool) -> Self {
        Self(Pages::Provider(ProviderPages {
            open: (0..walks.len()).collect(),
            walks,
            one_at_a_time: order == Order::Source,
            remaining: limit,
            fail_fast,
            failures: Vec::new(),
            over: false,
        }))
    }

    pub(crate) fn merged(stream: SessionStream, size: usize) -> Self {
        Self(Pages::Merged {
            stream,
            size,
            chunk: Vec::new(),
            failure: None,
        })
    }

    /// Gives the next page, an error, or `None` at the end.
    pub async fn next(&mut self) -> Option<Result<SessionPage>> {
        std::future::poll_fn(|cx| self.poll(cx)).await
    }

    /// Says what the walk went through so far.
    #[must_use]
    pub fn report(&self) -> WalkReport {
        match &self.0 {
            Pages::Provider(pages) => WalkReport {
                sources: pages.walks.iter().map(|walk| walk.report().clone()).collect(),
            },
            Pages::Merged { stream, .. } => stream.report(),
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<SessionPage>>> {
        let (stream, size, chunk, failure) = match &mut self.0 {
            Pages::Provider(pages) => return pages.poll(cx),
            Pages::Merged {
                stream,
                size,
                chunk,
                failure,
            } => (stream, size, chunk, failure),
        };
        if let Some(error) = failure.take() {
            return Poll::Ready(Some(Err(error)));
        }
        while chunk.len() < *size {
            match stream.poll(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Some(Ok(session))) => chunk.push(session),
                Poll::Ready(Some(Err(error))) if chunk.is_empty() => return Poll::Ready(Some(Err(error))),
                Poll::Ready(Some(Err(error))) => {
                    *failure = Some(error);
                    break;
                }
                Poll::Ready(None) => break,
            }
        }
        if chunk.is_empty() {
            return Poll::Ready(None);
        }
        let mut page = SessionPage::merged(std::mem::take(chunk));
        page.has_more = stream.has_more() || failure.is_some();
        Poll::Ready(Some(Ok(page)))
    }
}

impl Stream for PageStream {
    type Item = Result<SessionPage>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll(cx)
    }
}

#[derive(Debug)]
struct ProviderPages {
    walks: Vec<SourceWalk>,
    /// The walks that are not over, the one whose turn is next first.
    open: VecDeque<usize>,
    one_at_a_time: bool,
    remaining: Option<u64>,
    fail_fast: bool,
    /// Each failure with the index of its source.
    failures: Vec<(usize, Error)>,
    over: bool,
}

impl ProviderPages {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<SessionPage>>> {
        if self.over {
            return Poll::Ready(None);
        }
        let mut turn = 0;
        while turn < self.open.len() && self.remaining != Some(0) {
            let index = self.open[turn];
            match self.walks[index].poll_page(cx) {
                Poll::Pending if self.one_at_a_time => return Poll::Pending,
                Poll::Pending => turn += 1,
                Poll::Ready(Some(Ok(mut page))) => {
                    if let Some(remaining) = &mut self.remaining {
                        let kept =
                            usize::try_from(*remaining).map_or(page.sessions.len(), |r| r.min(page.sessions.len()));
                        page.has_more |= kept < page.sessions.len();
                        page.sessions.truncate(kept);
                        *remaining -= kept as u64;
                    }
                    if !self.one_at_a_time {
                        self.open.rotate_left(turn + 1);
                    }
                    return Poll::Ready(Some(Ok(page)));
                }
                Poll::Ready(Some(Err(error))) => {
                    self.failures.push((index, error));
                    if self.fail_fast {
                        self.open.clear();
                    }
                }
                Poll::Ready(None) => {
                    self.open.remove(turn);
                }
            }
        }
        if !self.open.is_empty() && self.remaining != Some(0) {
            return Poll::Pending;
        }
        self.over = true;
        self.failures.sort_by_key(|(index, _)| *index);
        let mut failures = std::mem::take(&mut self.failures).into_iter().map(|(_, error)| error);
        Poll::Ready(failures.next().map(|first| Err(first.with_others(failures.collect()))))
    }
}
