//! Walks the list of one source, page by page, the same way for every source.
//!
//! It fetches the page that the pure walk (`walk.rs`) requests, prefetches where that is safe and
//! useful, returns the sessions in order, and knows the cursor after the last one. It knows no
//! provider and no other source; `merge.rs` joins several walks.

mod failures;
mod prefetch;
mod progress;

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;

use crate::error::{Error, Result};
use crate::model::{Session, TimeOrigin};
use crate::pagination::cursor::{ResumePoint, SourceCursor, Start, source_fingerprint};
use crate::pagination::filter::{Filter, Verdict};
use crate::pagination::fingerprint::IdMark;
use crate::pagination::guarantee::{Guarantee, ListEnd};
use crate::pagination::page_fetch::PageFetch;
use crate::pagination::page_size::PageSize;
use crate::pagination::report::SourceReport;
use crate::pagination::step::{NextStep, PageSummary};
use crate::pagination::walk::Walk;
use crate::pagination::walk_options::{OnBadItem, WalkOptions};
use crate::retry::Fetcher;
use crate::source::{Capabilities, PageRequest, Position, Rejected, SessionSource, SourcePage};

/// A walk over one source, and the sessions of its current page.
pub(crate) struct SourceWalk {
    fetcher: Fetcher,
    fingerprint: u32,
    capabilities: Capabilities,
    options: WalkOptions,
    page_size: PageSize,
    walk: Walk,
    state: State,
    /// The next page, followed by prefetched pages.
    fetches: VecDeque<PageFetch>,
    page: Option<CurrentPage>,
    waiting: std::vec::IntoIter<Session>,
    /// Whether the filter delivers the first of them.
    first_passes: bool,
    /// The ids of all new sessions of the current page, including those that were already returned.
    marks: Vec<IdMark>,
    /// The last session that was returned before the current page.
    before_page: Option<IdMark>,
    /// The number of requested pages.
    pages_requested: u64,
    /// Whether all pending pages were requested just now, and their requests have not been sent
    /// yet.
    prefetch_unsent: bool,
    /// Whether the walk was waiting for a page when its pending pages were cancelled.
    cancelled: bool,
    report: SourceReport,
}

enum State {
    Open,
    /// The sessions before the error are being returned; the error follows.
    Failing(Error),
    Failed,
    /// No further page is requested, although there may be one.
    Stopped(StopReason),
    Ended,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum StopReason {
    /// The walk needs another page than the page limit allows.
    PageLimit,
    /// The rest of the list is older than the requested time.
    OldEnough,
}

/// The page that the waiting sessions come from.
struct CurrentPage {
    position: Position,
    requested_size: Option<u32>,
    rejected: u64,
    new_sessions: usize,
    /// Whether a part of it was delivered before the walk was resumed.
    resumed: bool,
    /// Whether the walk cannot continue after this page, because an item on it is bad.
    cannot_advance: bool,
}

/// The details of an accepted page, without its sessions.
pub(crate) struct PageDetails {
    pub(crate) rejected: Vec<Rejected>,
    pub(crate) total: Option<u64>,
    pub(crate) request_id: Option<String>,
    pub(crate) body: Bytes,
}

impl SourceWalk {
    /// Starts or resumes a walk.
    pub(crate) fn new(source: Arc<dyn SessionSource>, options: WalkOptions, start: Start) -> Self {
        let capabilities = source.capabilities();
        let ahead = options.read_ahead.is_some_and(|pages| pages > 0);
        let mut page_size = PageSize::new(options.page_size, capabilities, options.wanted);
        let mut state = State::Open;
        let mut before_page = None;
        let walk = match start {
            Start::Beginning => Walk::start(capabilities, ahead),
            Start::End => {
                state = State::Ended;
                Walk::start(capabilities, ahead)
            }
            Start::At(resume_point) => {
                before_page = resume_point.after;
                let size = resume_point.requested_size.and_then(|size| u32::try_from(size).ok());
                page_size.resume(&resume_point.position, resume_point.within_page, size);
                Walk::resume(capabilities, ahead, resume_point)
            }
        };
        let mut report = SourceReport::new(source.provider(), source.scope(), walk.guarantee());
        report.before_cursor = walk.seen();
        Self {
            report,
            fingerprint: source_fingerprint(&*source),
            fetcher: Fetcher::new(source, options.retry, options.on_retry.clone()),
            capabilities,
            options,
            page_size,
            walk,
            state,
            fetches: VecDeque::new(),
            page: None,
            waiting: Vec::new().into_iter(),
            first_passes: false,
            marks: Vec::new(),
            before_page,
            pages_requested: 0,
            prefetch_unsent: false,
            cancelled: false,
        }
    }

    /// Returns the sessions of the current page that have not been returned yet.
    pub(crate) fn waiting(&self) -> &[Session] {
        self.waiting.as_slice()
    }

    /// Cancels pending pages.
    pub(crate) fn cancel(&mut self) {
        self.cancelled = self.waiting.as_slice().is_empty() && !self.fetches.is_empty();
        self.fetches.clear();
    }

    /// Lets prefetch requests be sent before the sessions of the current page are returned.
    ///
    /// Separate tasks send them. A runtime with one thread runs these tasks only when the consumer
    /// awaits something, and a consumer that works through the sessions of a page does not do so
    /// before the next page. If other pages are pending, those keep the connection busy.
    pub(crate) fn poll_send_prefetch(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if !std::mem::take(&mut self.prefetch_unsent) {
            return Poll::Ready(());
        }
        let turn = tokio::task::yield_now();
        std::pin::pin!(turn).poll(cx)
    }

    /// Returns the next session of the current page.
    pub(crate) fn take(&mut self) -> Option<Session> {
        self.first_passes = false;
        self.waiting.next()
    }

    /// Drops the next sessions of the current page up to one that the filter delivers.
    pub(crate) fn skip_withheld(&mut self, filter: &Filter) {
        while !self.first_passes
            && let Some(session) = self.waiting().first()
        {
            let (verdict, time) = (filter.check(session), session.time().map(|time| time.at));
            if verdict == Verdict::Deliver {
                self.first_passes = true;
            } else {
                self.report.filtered += 1;
                self.report.without_time += u64::from(verdict == Verdict::NoTime);
                self.report.newest_filtered = self.report.newest_filtered.max(time);
                self.waiting.next();
            }
        }
    }

    /// Returns the last session that was returned to the caller.
    fn last(&self) -> Option<IdMark> {
        let taken = self.marks.len().saturating_sub(self.waiting.as_slice().len());
        self.marks[..taken].last().copied().or(self.before_page)
    }

    /// Returns where to resume after the last session that was returned to the caller.
    pub(crate) fn cursor(&self) -> SourceCursor {
        let waiting = self.waiting.as_slice().len();
        let (resume_point, size) = match &self.page {
            Some(page) if waiting > 0 || page.cannot_advance => {
                let partly_delivered = page.resumed || page.new_sessions > waiting;
                let again = page.rejected + waiting as u64;
                let resume_point = self
                    .walk
                    .resume_point_within(&page.position, self.last(), partly_delivered, again);
                // As long as nothing was delivered, the list starts anew, with any size.
                let is_start = page.position == Position::Start && !partly_delivered;
                (Some(resume_point), page.requested_size.filter(|_| !is_start))
            }
            _ if matches!(self.state, State::Ended) => (None, None),
            _ => (Some(self.walk.resume_point(self.last())), self.page_size.required()),
        };
        SourceCursor {
            source: self.fingerprint,
            resume_point: resume_point.map(|resume_point| ResumePoint {
                requested_size: size.map(u64::from),
                ..resume_point
            }),
        }
    }

    /// Fetches and accepts the next page, whose sessions are then waiting. Returns `None` if the
    /// walk is over.
    ///
    /// `wanted` is how many sessions the consumer can still take. Nothing is requested before the
    /// first call.
    pub(crate) fn poll_page(&mut self, cx: &mut Context<'_>, wanted: Option<u64>) -> Poll<Option<Result<PageDetails>>> {
        loop {
            match std::mem::replace(&mut self.state, State::Failed) {
                State::Open => self.state = State::Open,
                State::Failing(error) => return Poll::Ready(Some(Err(error))),
                over => {
                    self.state = over;
                    return Poll::Ready(None);
                }
            }
            if self.fetches.front().map(PageFetch::position) != Some(self.walk.position()) {
                self.fetches.clear();
                if !self.may_request() {
                    self.state = State::Stopped(StopReason::PageLimit);
                    return Poll::Ready(None);
                }
                self.pages_requested += 1;
                let request = self.request(self.walk.position().clone());
                let spawned = self
                    .options
                    .merged
                    .then(|| PageFetch::spawn(&self.fetcher, request.clone()))
                    .flatten();
                let fetch = spawned.unwrap_or_else(|| PageFetch::on_poll(&self.fetcher, request));
                self.fetches.push_back(fetch);
            }
            let Some(fetch) = self.fetches.front_mut() else {
                continue;
            };
            let outcome = ready!(fetch.poll(cx));
            let size = fetch.page_size();
            self.fetches.pop_front();
            if let Err(error) = &outcome
                && error.refuses_page_size()
                && self
                    .page_size
                    .record_refusal(size, self.walk.position(), self.fetcher.account())
            {
                // The same page is requested again with another size, so it counts once.
                self.pages_requested -= 1;
                continue;
            }
            match outcome.and_then(|page| self.accept_page(page, size)) {
                Ok(Some(accepted)) => {
                    self.start_prefetching(wanted);
                    return Poll::Ready(Some(Ok(accepted)));
                }
                Ok(None) => {}
                Err(error) => {
                    self.fetches.clear();
                    self.state = State::Failed;
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
    }

    fn may_request(&self) -> bool {
        self.options.max_pages.is_none_or(|most| self.pages_requested < most)
    }

    fn request(&self, position: Position) -> PageRequest {
        let mut request = PageRequest::new(position);
        request.page_size = self.page_size.choose(self.fetcher.account());
        request.keep_raw = self.options.keep_raw;
        request.exchange = (&self.options.on_exchange).into();
        request
    }

    /// Passes a page to the walk. Returns `None` if the walk goes back to an earlier page. A page
    /// with no sessions and an error becomes that error.
    fn accept_page(&mut self, mut page: SourcePage, requested_size: Option<u32>) -> Result<Option<PageDetails>> {
        let bad_item = match page.rejected.first() {
            Some(first) if page.sessions.is_empty() || self.options.on_bad_item == OnBadItem::Fail => {
                let error = self.bad_item_error(first);
                page.sessions.truncate(first.index);
                Some(error)
            }
            _ => None,
        };

        let mut marks: Vec<IdMark> = page
            .sessions
            .iter()
            .map(|session| IdMark::of(session.id.as_str()))
            .collect();
        let position = self.walk.position().clone();
        let resumed = self.walk.is_within_page();
        let rejected = page.rejected.len() as u64;
        let walk = std::mem::replace(&mut self.walk, Walk::start(self.capabilities, false));
        let (walk, outcome) = walk.step(&PageSummary {
            marks: &marks,
            rejected,
            next: &page.next,
            total: page.total,
            page_size: page.page_size,
            absent: page.absent,
        });
        self.walk = walk;
        self.page_size.record_page(requested_size, self.walk.position());
        if !outcome.prefetched_pages_valid {
            self.fetches.clear();
        }

        self.report.pages += 1;
        self.report.page_size = requested_size.filter(|_| self.capabilities.page_size);
        self.report.claimed_total = page.total.or(self.report.claimed_total);
        self.report.guarantee = self.walk.guarantee();
        self.report.never_sent = self.walk.never_sent();
        let mut failure = match outcome.next_step {
            NextStep::Fetch => None,
            NextStep::Fail(failure) => Some(self.walk_error(failure)),
            NextStep::End(end) => {
                self.report.end = Some(end);
                self.state = State::Ended;
                None
            }
        };
        if outcome.discarded {
            return failure.map_or(Ok(None), Err);
        }
        if matches!(self.state, State::Open) && self.reached_stop_before(&page.sessions) {
            self.report.end = Some(ListEnd::OldEnough);
            self.state = State::Stopped(StopReason::OldEnough);
            self.fetches.clear();
        }

        remove_at(&outcome.duplicates, &mut page.sessions);
        remove_at(&outcome.duplicates, &mut marks);
        self.report.sessions += page.sessions.len() as u64;
        self.report.duplicates += outcome.duplicates.len() as u64 - outcome.delivered_before;
        self.report.rejected += rejected;
        if self.report.first_rejected.is_none() {
            self.report.first_rejected = page.rejected.first().cloned();
        }
        self.page = Some(CurrentPage {
            position,
            requested_size,
            rejected,
            new_sessions: page.sessions.len(),
            resumed,
            cannot_advance: bad_item.is_some(),
        });
        failure = bad_item.or(failure);
        if let Some(error) = failure {
            if page.sessions.is_empty() && page.rejected.is_empty() {
                return Err(error);
            }
            self.report.end = None;
            self.fetches.clear();
            self.state = State::Failing(error);
        }
        self.before_page = self.last();
        self.waiting = page.sessions.into_iter();
        self.marks = marks;
        Ok(Some(PageDetails {
            rejected: page.rejected,
            total: page.total,
            request_id: page.request_id,
            body: page.body,
        }))
    }

    /// Returns whether all sessions after these are older than the requested time. This is certain
    /// only if the times come from the ids, and the ids have descended throughout the walk, as the
    /// list is known to do.
    fn reached_stop_before(&self, sessions: &[Session]) -> bool {
        let (Some(bound), Some(last)) = (self.options.stop_before, sessions.last()) else {
            return false;
        };
        let of_its_id = |session: &Session| {
            let origin = session.time().map(|time| time.origin);
            origin == Some(TimeOrigin::DerivedFromId)
        };
        self.capabilities.descending_ids
            && self.capabilities.new_at_front
            && self.walk.guarantee() == Guarantee::Exact
            && last.time().is_some_and(|time| time.at < bound)
            && sessions.iter().all(of_its_id)
    }
}

/// Removes the items at these ascending indexes.
fn remove_at<T>(indexes: &[usize], items: &mut Vec<T>) {
    if indexes.is_empty() {
        return;
    }
    let (mut indexes, mut index) = (indexes.iter().peekable(), 0..);
    items.retain(|_| {
        let index = index.next();
        indexes.next_if(|next| Some(**next) == index).is_none()
    });
}

impl fmt::Debug for PageDetails {
    /// Omits the body, which holds user content.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageDetails")
            .field("rejected", &self.rejected)
            .field("total", &self.total)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for SourceWalk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SourceWalk")
            .field("source", &self.fetcher.source())
            .field("report", &self.report)
            .finish_non_exhaustive()
    }
}
