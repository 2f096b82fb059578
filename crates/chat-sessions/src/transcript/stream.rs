//! The stream of transcripts: several requests at a time, the results in order.
//!
//! The first transcript can be slower than those after it. So that the others continue meanwhile, the
//! stream holds up to twice as many requests as run at a time.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;
use futures_core::stream::FusedStream;
use tokio::runtime::Handle;

use crate::error::{Error, Result};
use crate::list::SessionStream;
use crate::model::{SessionAddress, Transcript};
use crate::pagination::Cursor;
use crate::retry::{Fetcher, Pending};
use crate::source::SessionSource;
use crate::span::Span;
use crate::transcript::fetch::{fetch, request};
use crate::transcript::options::Options;
use crate::transcript::report::TranscriptReport;
use crate::transcript::resolve::resolve;

/// Where the addresses come from.
#[derive(Debug)]
pub(super) enum Input {
    Addresses(std::vec::IntoIter<SessionAddress>),
    List(Box<SessionStream>),
}

/// A transcript that was requested, in its place in the order.
struct Slot {
    state: State,
    /// The cursor of the list after this session.
    cursor: Option<Cursor>,
    /// Whether the result is an error of the list instead of a session.
    of_list: bool,
}

enum State {
    Running(Pending<Transcript>),
    Done(Box<Result<Transcript>>),
}

/// `TranscriptStream` yields transcripts one by one, in the order of the addresses or of the list. One
/// failure does not end it: each session yields a transcript or an error.
///
/// It is a [`Stream`]. Without a stream library, call [`next`](Self::next). In a tokio runtime, the
/// requests run in tasks while the consumer works; dropping the stream cancels them.
#[must_use = "streams do nothing unless they are polled"]
pub struct TranscriptStream {
    sources: Arc<[Arc<dyn SessionSource>]>,
    fetchers: Vec<Fetcher>,
    input: Input,
    /// Whether the input has ended.
    ended: bool,
    slots: VecDeque<Slot>,
    concurrency: usize,
    options: Options,
    span: Span,
    /// The error of settings that cannot be used, which ends the stream.
    refusal: Option<Error>,
    cursor: Option<Cursor>,
    transcripts: u64,
    failed: u64,
}

impl TranscriptStream {
    pub(super) fn new(
        sources: Arc<[Arc<dyn SessionSource>]>,
        fetchers: Vec<Fetcher>,
        input: Input,
        concurrency: usize,
        options: Options,
        refusal: Option<Error>,
    ) -> Self {
        let cursor = match &input {
            Input::Addresses(_) => None,
            Input::List(list) => Some(list.cursor()),
        };
        Self {
            sources,
            fetchers,
            input,
            ended: refusal.is_some(),
            slots: VecDeque::new(),
            concurrency,
            options,
            span: Span::of_transcripts(concurrency),
            refusal,
            cursor,
            transcripts: 0,
            failed: 0,
        }
    }

    /// Returns the next transcript, the error of the next session, or `None` at the end.
    pub async fn next(&mut self) -> Option<Result<Transcript>> {
        std::future::poll_fn(|cx| self.poll(cx)).await
    }

    /// Returns a cursor of the list, to resume after the last session whose transcript or error was
    /// returned; `None` if the sessions do not come from a list.
    ///
    /// Pass it to [`ListSessions::resume`](crate::list::ListSessions::resume), and the list to
    /// [`ChatSessions::transcripts_of`](crate::ChatSessions::transcripts_of).
    #[must_use]
    pub fn cursor(&self) -> Option<Cursor> {
        self.cursor.clone()
    }

    /// Returns a report on the stream so far.
    #[must_use]
    pub fn report(&self) -> TranscriptReport {
        let counters = || self.fetchers.iter().map(Fetcher::counters);
        TranscriptReport {
            transcripts: self.transcripts,
            failed: self.failed,
            retries: counters().map(|counters| counters.retries()).sum(),
            waited: counters().map(|counters| counters.waited()).sum(),
            paced: counters().map(|counters| counters.paced()).sum(),
            list: match &self.input {
                Input::Addresses(_) => None,
                Input::List(list) => Some(list.report()),
            },
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Transcript>>> {
        let span = std::mem::replace(&mut self.span, Span::none());
        let next = span.poll(|| self.poll_next_transcript(cx));
        self.span = span;
        next
    }

    fn poll_next_transcript(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Transcript>>> {
        if let Some(refusal) = self.refusal.take() {
            return Poll::Ready(Some(Err(refusal)));
        }
        self.poll_running(cx);
        // A request that is polled for the first time may finish at once and make room for another.
        while self.poll_start(cx) {
            self.poll_running(cx);
        }
        match self.slots.front() {
            None if self.ended => Poll::Ready(None),
            Some(Slot {
                state: State::Done(_), ..
            }) => Poll::Ready(self.take_front()),
            _ => Poll::Pending,
        }
    }

    /// Polls every request that runs.
    fn poll_running(&mut self, cx: &mut Context<'_>) {
        for slot in &mut self.slots {
            if let State::Running(pending) = &mut slot.state
                && let Poll::Ready(outcome) = pending.poll(cx)
            {
                slot.state = State::Done(Box::new(outcome));
            }
        }
    }

    /// Starts the next request, if there is room for it and the input has an address. Returns whether
    /// it did.
    fn poll_start(&mut self, cx: &mut Context<'_>) -> bool {
        let running = |slot: &&Slot| matches!(slot.state, State::Running(_));
        let is_full = self.slots.len() >= self.concurrency.saturating_mul(2)
            || self.slots.iter().filter(running).count() >= self.concurrency;
        if self.ended || is_full {
            return false;
        }
        let (address, cursor) = match &mut self.input {
            Input::Addresses(addresses) => (addresses.next().map(Ok), None),
            Input::List(list) => match list.poll(cx) {
                Poll::Pending => return false,
                Poll::Ready(session) => {
                    let address = session.map(|session| session.map(SessionAddress::from));
                    (address, Some(list.cursor()))
                }
            },
        };
        let (state, of_list) = match address {
            None => {
                self.ended = true;
                return false;
            }
            Some(Ok(address)) => (self.start(&address), false),
            Some(Err(error)) => (State::Done(Box::new(Err(error))), true),
        };
        self.slots.push_back(Slot { state, cursor, of_list });
        true
    }

    fn start(&self, address: &SessionAddress) -> State {
        match resolve(&self.sources, address) {
            Ok(index) => {
                let work = fetch(self.fetchers[index].clone(), request(address, &self.options));
                State::Running(match Handle::try_current() {
                    Ok(runtime) => Pending::spawn(&runtime, work),
                    Err(_) => Pending::on_poll(work),
                })
            }
            Err(error) => State::Done(Box::new(Err(error))),
        }
    }

    fn take_front(&mut self) -> Option<Result<Transcript>> {
        let Slot { state, cursor, of_list } = self.slots.pop_front()?;
        self.cursor = cursor.or(self.cursor.take());
        let State::Done(outcome) = state else { return None };
        match *outcome {
            Ok(_) => self.transcripts += 1,
            Err(_) if of_list => {}
            Err(_) => self.failed += 1,
        }
        Some(*outcome)
    }
}

impl Stream for TranscriptStream {
    type Item = Result<Transcript>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(cx)
    }
}

impl FusedStream for TranscriptStream {
    fn is_terminated(&self) -> bool {
        self.ended && self.slots.is_empty() && self.refusal.is_none()
    }
}

impl fmt::Debug for TranscriptStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TranscriptStream")
            .field("input", &self.input)
            .field("requests", &self.slots.len())
            .field("transcripts", &self.transcripts)
            .field("failed", &self.failed)
            .finish_non_exhaustive()
    }
}
