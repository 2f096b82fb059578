//! The stream of pages: the providers' own, or pages of one size cut from a merged stream.

use std::ops::ControlFlow;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use futures_core::stream::FusedStream;

use crate::error::{Error, Result};
use crate::list::item_stream::SessionStream;
use crate::list::order::Order;
use crate::list::page::SessionPage;
use crate::model::Session;
use crate::pagination::{Cursor, MergedWalks, PageDetails, Unfinished, WalkReport};
use crate::span::Span;

/// `PageStream` yields sessions page by page: the providers' own pages, or merged pages with
/// [`Order::Newest`].
///
/// It is a [`Stream`]. Without a stream library, call [`next`](Self::next).
#[derive(Debug)]
#[must_use = "streams do nothing unless they are polled"]
pub struct PageStream(Pages);

#[derive(Debug)]
enum Pages {
    Provider(ProviderPages),
    Merged(MergedPages),
}

impl PageStream {
    pub(crate) fn of_providers(walks: MergedWalks, order: Order) -> Self {
        Self(Pages::Provider(ProviderPages {
            turns: (0..walks.walks.len()).collect(),
            walks,
            one_at_a_time: order == Order::Source,
            taken_in: None,
        }))
    }

    pub(crate) fn merged(stream: SessionStream, size: usize) -> Self {
        Self(Pages::Merged(MergedPages {
            stream,
            size,
            chunk: Vec::new(),
            before_chunk: None,
            failure: None,
        }))
    }

    /// Returns the next page, an error, or `None` at the end.
    pub async fn next(&mut self) -> Option<Result<SessionPage>> {
        std::future::poll_fn(|cx| self.poll(cx)).await
    }

    /// Returns a cursor to resume after the last yielded page.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        match &self.0 {
            Pages::Provider(pages) => pages.walks.cursor(),
            Pages::Merged(pages) => pages.cursor(),
        }
    }

    /// Returns a report on the walk so far.
    #[must_use]
    pub fn report(&self) -> WalkReport {
        match &self.0 {
            Pages::Provider(pages) => pages.walks.report(0),
            Pages::Merged(pages) => pages.report(),
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<SessionPage>>> {
        match &mut self.0 {
            Pages::Provider(pages) => pages.poll(cx),
            Pages::Merged(pages) => pages.poll(cx),
        }
    }
}

impl Stream for PageStream {
    type Item = Result<SessionPage>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll(cx)
    }
}

impl FusedStream for PageStream {
    fn is_terminated(&self) -> bool {
        match &self.0 {
            Pages::Provider(pages) => pages.walks.is_over(),
            Pages::Merged(pages) => pages.failure.is_none() && pages.stream.is_terminated(),
        }
    }
}

/// Pages of one size, cut from a merged stream.
#[derive(Debug)]
struct MergedPages {
    stream: SessionStream,
    size: usize,
    chunk: Vec<Session>,
    /// The cursor before the chunk that is being filled, if there is one.
    before_chunk: Option<Cursor>,
    failure: Option<Error>,
}

impl MergedPages {
    fn cursor(&self) -> Cursor {
        self.before_chunk.clone().unwrap_or_else(|| self.stream.cursor())
    }

    fn report(&self) -> WalkReport {
        let mut report = self.stream.report();
        if !self.chunk.is_empty() {
            // The sessions of the page that is being filled may be of any source.
            for source in &mut report.sources {
                source.unfinished = source.unfinished.or(Some(Unfinished::NotRead));
            }
        }
        report
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<SessionPage>>> {
        if let Some(error) = self.failure.take() {
            return Poll::Ready(Some(Err(error)));
        }
        if self.before_chunk.is_none() {
            self.before_chunk = Some(self.stream.cursor());
        }
        while self.chunk.len() < self.size {
            match ready!(self.stream.poll(cx)) {
                Some(Ok(session)) => self.chunk.push(session),
                Some(Err(error)) => {
                    self.failure = Some(error);
                    break;
                }
                None => break,
            }
        }
        self.before_chunk = None;
        if self.chunk.is_empty() {
            return Poll::Ready(self.failure.take().map(Err));
        }
        let mut page = SessionPage::merged(std::mem::take(&mut self.chunk));
        page.rejected = self.stream.take_rejected();
        page.next = self.stream.next_cursor();
        page.report = self.stream.report();
        Poll::Ready(Some(Ok(page)))
    }
}

/// The providers' own pages.
#[derive(Debug)]
struct ProviderPages {
    walks: MergedWalks,
    /// The sources that have not ended yet, in the order of their turns.
    turns: Vec<usize>,
    one_at_a_time: bool,
    /// The source of the page to yield next, and the details of that page.
    taken_in: Option<(usize, PageDetails)>,
}

impl ProviderPages {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<SessionPage>>> {
        let span = std::mem::replace(&mut self.walks.span, Span::none());
        let next = span.poll(|| self.poll_next_page(cx));
        self.walks.span = span;
        next
    }

    fn poll_next_page(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<SessionPage>>> {
        if let ControlFlow::Break(last) = self.walks.check_open() {
            return Poll::Ready(last.map(Err));
        }
        if let Some((turn, accepted)) = self.taken_in.take() {
            return Poll::Ready(Some(Ok(self.page(turn, accepted))));
        }
        if self.walks.is_out_of_time(cx) {
            return Poll::Ready(Some(Err(self.walks.time_out())));
        }
        let wanted = self.walks.wanted();
        let mut turn = 0;
        while turn < self.turns.len() && self.walks.remaining != Some(0) && !self.walks.must_end() {
            let index = self.turns[turn];
            match self.walks.walks[index].poll_page(cx, wanted) {
                Poll::Pending if self.one_at_a_time => return Poll::Pending,
                Poll::Pending => turn += 1,
                Poll::Ready(Some(Ok(accepted))) => {
                    self.taken_in = Some((turn, accepted));
                    ready!(self.walks.poll_send_prefetch(cx));
                    return self.poll_next_page(cx);
                }
                Poll::Ready(Some(Err(error))) => self.walks.failures[index] = Some(error),
                // The page limit blocks a page here, so nothing after that page is next.
                Poll::Ready(None) if self.one_at_a_time && self.walks.is_at_page_limit() => break,
                Poll::Ready(None) => {
                    self.turns.remove(turn);
                }
            }
        }
        if turn > 0 && self.walks.remaining != Some(0) && !self.walks.must_end() {
            return Poll::Pending;
        }
        Poll::Ready(self.walks.finish().map(Err))
    }

    /// Builds the page from the sessions that are ready at the source whose turn it is.
    fn page(&mut self, turn: usize, accepted: PageDetails) -> SessionPage {
        let index = self.turns[turn];
        let walk = &self.walks.walks[index];
        let (provider, scope) = walk.origin();
        let mut page = SessionPage {
            rejected: accepted.rejected,
            provider: Some(provider),
            scope,
            total: accepted.total,
            request_id: accepted.request_id,
            body: accepted.body,
            ..SessionPage::merged(Vec::with_capacity(walk.waiting().len()))
        };
        while self.walks.remaining != Some(0) {
            self.walks.skip_withheld(index);
            let Some(session) = self.walks.walks[index].take() else {
                break;
            };
            page.sessions.push(session);
            self.walks.remaining = self.walks.remaining.map(|remaining| remaining - 1);
        }
        page.next = self.walks.next_cursor();
        page.report = self.walks.report(0);
        if !self.one_at_a_time {
            self.turns.rotate_left(turn + 1);
        }
        page
    }
}
