//! The source under test, wrapped to count its requests, with the ways to walk it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::client::ChatSessions;
use crate::error::{Error, ErrorKind, Result};
use crate::list::{ListSessions, Order};
use crate::model::{Provider, Scope};
use crate::pagination::{Cursor, Doubt, Guarantee, SourceReport};
use crate::source::{Account, BoxFuture, Capabilities, NextPage, PageRequest, Position, SessionSource, SourcePage};
use crate::testing::conformance::test_list::TestList;

/// The maximum number of requests in one walk, so that a source without an end does not block a
/// test.
const MOST_REQUESTS: u64 = 10_000;

/// The numbers of pages to prefetch, in every check where this may matter.
pub(super) const READ_AHEAD: [u32; 3] = [0, 1, 4];

pub(super) struct Harness {
    pub(super) source: Arc<dyn SessionSource>,
    pub(super) capabilities: Capabilities,
    /// Whether the pages of the list are numbered.
    pub(super) numbered: bool,
    /// The page size that divides the list into several pages; `None` if a requested size has no
    /// effect.
    page_size: Option<u32>,
    client: ChatSessions,
    requests: Arc<AtomicU64>,
}

/// The result of one walk.
pub(super) struct Walked {
    pub(super) ids: Vec<String>,
    pub(super) error: Option<Error>,
    pub(super) report: SourceReport,
    pub(super) requests: u64,
}

impl Walked {
    /// Describes the result in words, for a violation.
    pub(super) fn describe(&self) -> String {
        match &self.error {
            Some(error) => format!("returns {} and then fails: {error}", display_ids(&self.ids)),
            None => format!("returns {}", display_ids(&self.ids)),
        }
    }

    /// Returns whether the walk delivered exactly these sessions, and no error.
    pub(super) fn is(&self, ids: &[String]) -> bool {
        self.error.is_none() && self.ids == ids
    }
}

impl Harness {
    pub(super) async fn set_up(test_list: &dyn TestList) -> Result<Self> {
        let source = test_list.source();
        let capabilities = source.capabilities();
        let first = source.page(PageRequest::new(Position::Start)).await?;
        let sessions = u32::try_from(test_list.ids().len()).unwrap_or(u32::MAX);
        let requests = Arc::new(AtomicU64::new(0));
        Ok(Self {
            client: ChatSessions::new(Counted {
                source: Arc::clone(&source),
                requests: Arc::clone(&requests),
                identity: source.identity(),
            }),
            source,
            capabilities,
            numbered: first.next == NextPage::ByNumber,
            page_size: capabilities.page_size.then(|| sessions.div_ceil(5).max(1)),
            requests,
        })
    }

    /// Starts a list that has several pages if the source supports page sizes. Resets the request count.
    pub(super) fn list(&self, read_ahead: u32) -> ListSessions {
        self.requests.store(0, Ordering::SeqCst);
        let list = self.client.list_sessions().order(Order::Source).read_ahead(read_ahead);
        match self.page_size {
            Some(size) => list.page_size(size),
            None => list,
        }
    }

    /// Starts a list of the same source under another identity.
    pub(super) fn list_of_another(&self) -> ListSessions {
        self.requests.store(0, Ordering::SeqCst);
        let another = ChatSessions::new(Counted {
            source: Arc::clone(&self.source),
            requests: Arc::clone(&self.requests),
            identity: format!("{} and another", self.source.identity()),
        });
        another.list_sessions()
    }

    /// Returns how many pages were requested since the last list was started.
    pub(super) fn requests(&self) -> u64 {
        self.requests.load(Ordering::SeqCst)
    }

    /// Fetches the first page without a walk, and returns its ids.
    pub(super) async fn first_page(&self, page_size: Option<u32>) -> Result<Vec<String>> {
        let mut request = PageRequest::new(Position::Start);
        request.page_size = page_size;
        let page = self.source.page(request).await?;
        Ok(page
            .sessions
            .iter()
            .map(|session| session.id.as_str().to_owned())
            .collect())
    }

    /// Walks item by item. `meanwhile` is called with the ids delivered so far, before the first
    /// session and after each.
    pub(super) async fn walk_items(
        &self,
        list: ListSessions,
        mut meanwhile: impl FnMut(&[String], &Cursor) + Send,
    ) -> Walked {
        let mut stream = list.by_item();
        let (mut ids, mut error) = (Vec::new(), None);
        meanwhile(&ids, &stream.cursor());
        while let Some(next) = stream.next().await {
            match next {
                Ok(session) => {
                    ids.push(session.id.as_str().to_owned());
                    meanwhile(&ids, &stream.cursor());
                }
                Err(failure) => error = Some(failure),
            }
        }
        // Prefetch requests are counted too, so let their tasks run.
        for _ in 0..8 {
            tokio::task::yield_now().await;
        }
        let report = stream.report().sources.into_iter().next();
        Walked {
            ids,
            error,
            report: report.unwrap_or_else(|| self.empty_report()),
            requests: self.requests(),
        }
    }

    /// Walks item by item to the end.
    pub(super) async fn items(&self, list: ListSessions) -> Walked {
        self.walk_items(list, |_, _| {}).await
    }

    /// Returns the guarantee of a walk over this list, according to the claims alone.
    pub(super) fn guarantee(&self, read_ahead: u32) -> Guarantee {
        let claimed = self.capabilities;
        if !claimed.keeps_places {
            Guarantee::BestEffort(Doubt::PlacesChange)
        } else if !claimed.new_at_front {
            Guarantee::BestEffort(Doubt::NewAnywhere)
        } else if self.numbered && !claimed.truthful_totals {
            Guarantee::BestEffort(Doubt::NoTruthfulTotal)
        } else if self.numbered && read_ahead > 0 && !claimed.descending_ids {
            Guarantee::BestEffort(Doubt::ReadAhead)
        } else {
            Guarantee::Exact
        }
    }

    fn empty_report(&self) -> SourceReport {
        SourceReport::new(self.source.provider(), self.source.scope(), self.guarantee(0))
    }
}

/// Formats a number and its noun, in the singular for 1.
pub(super) fn counted(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// Formats a number of sessions for a sentence.
pub(super) fn sessions(number: usize) -> String {
    counted(number as u64, "session")
}

/// Begins a sentence about a number of sessions.
pub(super) fn sessions_are(number: u64) -> String {
    let are = if number == 1 { "is" } else { "are" };
    format!("{} {are}", counted(number, "session"))
}

/// Formats ids for a sentence; of many, only the first.
pub(super) fn display_ids(ids: &[String]) -> String {
    const MOST: usize = 12;
    let some = ids.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join(" ");
    match ids.len() {
        0 => "nothing".to_owned(),
        count if count > MOST => format!("{count} sessions ({some} …)"),
        _ => some,
    }
}

#[derive(Debug)]
struct Counted {
    source: Arc<dyn SessionSource>,
    requests: Arc<AtomicU64>,
    identity: String,
}

impl SessionSource for Counted {
    fn provider(&self) -> Provider {
        self.source.provider()
    }

    fn scope(&self) -> Option<Scope> {
        self.source.scope()
    }

    fn identity(&self) -> String {
        self.identity.clone()
    }

    fn account(&self) -> Option<Account> {
        self.source.account()
    }

    fn capabilities(&self) -> Capabilities {
        self.source.capabilities()
    }

    fn page(&self, request: PageRequest) -> BoxFuture<'_, Result<SourcePage>> {
        if self.requests.fetch_add(1, Ordering::SeqCst) >= MOST_REQUESTS {
            let error = Error::new(ErrorKind::Walk, self.provider())
                .with_message(format!("the suite stops after {MOST_REQUESTS} pages in one walk"));
            return Box::pin(async { Err(error) });
        }
        self.source.page(request)
    }
}
