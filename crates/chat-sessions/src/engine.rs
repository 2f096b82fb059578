//! The engine: walks one source, page by page, for every source alike.
//!
//! It asks the walk which page is next, the source for that page, and applies the policies that hold for all: what a
//! bad item means, what a page of nothing but bad items means, who is named in an error. Retry and pacing belong here.
//! It knows no provider and no merge; `stream.rs` joins several of these.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use crate::error::{Error, ErrorKind, Result};
use crate::page::SessionPage;
use crate::report::SourceReport;
use crate::session::Session;
use crate::source::{BoxFuture, PageRequest, Rejected, SessionSource, SourcePage};
use crate::walk::{Action, Fault, PageSeen, Walk, fingerprint};

/// What holds for every page of a walk.
#[derive(Clone, Debug, Default)]
pub(crate) struct PagePolicy {
    pub(crate) page_size: Option<u32>,
    pub(crate) keep_raw: bool,
    pub(crate) on_bad_item: OnBadItem,
}

/// `OnBadItem` says what becomes of a page that holds an item which cannot be understood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnBadItem {
    /// Skip the item and count it; [`SessionPage::rejected`] holds it. A page of nothing but such items is an error all
    /// the same.
    #[default]
    Skip,
    /// Deliver what stands before the item, then fail.
    Fail,
}

/// A walk over one source.
pub(crate) struct SourceWalk {
    source: Arc<dyn SessionSource>,
    policy: PagePolicy,
    state: State,
    report: SourceReport,
}

enum State {
    /// The next page has not been asked for.
    Ready(Walk),
    /// It has.
    Fetching(Walk, BoxFuture<'static, Result<SourcePage>>),
    /// The page before the error was delivered, and the error is next.
    Failing(Error),
    /// The walk is over.
    Over,
}

impl SourceWalk {
    pub(crate) fn new(source: Arc<dyn SessionSource>, policy: PagePolicy) -> Self {
        let report = SourceReport::new(source.provider(), source.scope());
        Self {
            source,
            policy,
            state: State::Ready(Walk::start()),
            report,
        }
    }

    pub(crate) fn report(&self) -> &SourceReport {
        &self.report
    }

    /// Says whether there may be a further page, or an error in its place.
    pub(crate) fn is_open(&self) -> bool {
        !matches!(self.state, State::Over)
    }

    /// Gives the next page, or the error that stands in its place, and `None` ever after.
    ///
    /// Nothing is requested before the first call.
    pub(crate) fn poll_page(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<SessionPage>>> {
        loop {
            match std::mem::replace(&mut self.state, State::Over) {
                State::Ready(walk) => {
                    let mut request = PageRequest::new(walk.position().clone());
                    request.page_size = self.policy.page_size;
                    request.keep_raw = self.policy.keep_raw;
                    let source = Arc::clone(&self.source);
                    let fetch = Box::pin(async move { source.page(request).await });
                    self.state = State::Fetching(walk, fetch);
                }
                State::Fetching(walk, mut fetch) => {
                    let Poll::Ready(outcome) = Pin::as_mut(&mut fetch).poll(cx) else {
                        self.state = State::Fetching(walk, fetch);
                        return Poll::Pending;
                    };
                    return Poll::Ready(Some(outcome.and_then(|page| self.take_in(walk, page))));
                }
                State::Failing(error) => return Poll::Ready(Some(Err(error))),
                State::Over => return Poll::Ready(None),
            }
        }
    }

    /// Makes a session page of a source page, and moves the walk on. A page that holds nothing and ends in an error is that
    /// error.
    fn take_in(&mut self, walk: Walk, mut page: SourcePage) -> Result<SessionPage> {
        let bad_page = match page.rejected.first() {
            Some(first) if page.sessions.is_empty() || self.policy.on_bad_item == OnBadItem::Fail => {
                let error = self
                    .error(ErrorKind::Protocol)
                    .with_message(format!(
                        "an item of the page cannot be understood: {}, at {}",
                        first.reason, first.pointer
                    ))
                    .with_hint(match self.policy.on_bad_item {
                        OnBadItem::Skip => "Every item of the page is like that; the provider's answers have changed.",
                        OnBadItem::Fail => "on_bad_item(OnBadItem::Skip) goes on without the item.",
                    });
                page.sessions.truncate(first.index);
                Some(error)
            }
            _ => None,
        };

        let ids: Vec<u64> = page
            .sessions
            .iter()
            .map(|session| fingerprint(session.id.as_str()))
            .collect();
        let (walk, verdict) = walk.step(&PageSeen {
            ids: &ids,
            rejected: page.rejected.len() as u64,
            next: &page.next,
            total: page.total,
            page_size: page.page_size,
            absent: page.absent,
        });
        let taken = page.sessions.len();
        let mut new = verdict.new.into_iter();
        page.sessions.retain(|_| new.next().unwrap_or(true));

        self.report.pages += 1;
        self.report.sessions += page.sessions.len() as u64;
        self.report.duplicates += (taken - page.sessions.len()) as u64;
        self.report.rejected += page.rejected.len() as u64;
        if self.report.first_rejected.is_none() {
            self.report.first_rejected = page.rejected.first().cloned();
        }
        self.report.claimed_total = page.total.or(self.report.claimed_total);

        let failure = match (bad_page, verdict.action) {
            (Some(error), _) => Some(error),
            (None, Action::Fail(fault)) => Some(self.fault(fault)),
            (None, Action::Fetch) => {
                self.state = State::Ready(walk);
                None
            }
            (None, Action::End(end)) => {
                self.report.end = Some(end);
                None
            }
        };
        if let Some(error) = failure {
            if page.sessions.is_empty() && page.rejected.is_empty() {
                return Err(error);
            }
            self.state = State::Failing(error);
        }
        Ok(SessionPage {
            sessions: page.sessions,
            rejected: page.rejected,
            failures: Vec::new(),
            provider: Some(self.report.provider.clone()),
            scope: self.report.scope.clone(),
            total: page.total,
            has_more: self.is_open(),
            body: page.body,
        })
    }

    fn fault(&self, fault: Fault) -> Error {
        let (kind, hint) = match fault {
            Fault::NoList => (
                ErrorKind::Protocol,
                "Try again; if it stays so, the provider's answers have changed.",
            ),
            Fault::RepeatedToken | Fault::NothingNew | Fault::PageBudget => (
                ErrorKind::Walk,
                "The provider's paging is at fault; what came before this error is good.",
            ),
        };
        self.error(kind).with_message(fault.to_string()).with_hint(hint)
    }

    fn error(&self, kind: ErrorKind) -> Error {
        Error::new(kind, self.report.provider.clone())
            .with_scope(self.report.scope.clone())
            .with_attempts(1)
    }
}

impl fmt::Debug for SourceWalk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SourceWalk")
            .field("source", &self.source)
            .field("report", &self.report)
            .finish_non_exhaustive()
    }
}

/// The sessions of a walk that are fetched and not delivered yet, and how the walk ended.
#[derive(Debug)]
pub(crate) struct Lane {
    pub(crate) walk: SourceWalk,
    pub(crate) waiting: std::vec::IntoIter<Session>,
    pub(crate) failure: Option<Error>,
    /// The items that were skipped, when someone wants them; a walk can be long, so by default they are only counted.
    pub(crate) rejected: Option<Vec<Rejected>>,
}

impl Lane {
    pub(crate) fn new(walk: SourceWalk) -> Self {
        Self {
            walk,
            waiting: Vec::new().into_iter(),
            failure: None,
            rejected: None,
        }
    }

    /// Fetches until a session waits or the walk is over, and says whether one waits.
    pub(crate) fn poll_waiting(&mut self, cx: &mut Context<'_>) -> Poll<bool> {
        loop {
            if !self.waiting.as_slice().is_empty() {
                return Poll::Ready(true);
            }
            match ready!(self.walk.poll_page(cx)) {
                Some(Ok(page)) => {
                    if let Some(rejected) = &mut self.rejected {
                        rejected.extend(page.rejected);
                    }
                    self.waiting = page.sessions.into_iter();
                }
                Some(Err(error)) => self.failure = Some(error),
                None => return Poll::Ready(false),
            }
        }
    }
}
