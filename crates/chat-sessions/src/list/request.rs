//! The call: what a list is asked for, and its three ends.

use std::sync::Arc;

use crate::error::{Error, ErrorKind, Remedy, Result};
use crate::list::item_stream::SessionStream;
use crate::list::order::Order;
use crate::list::page::SessionPage;
use crate::list::page_stream::PageStream;
use crate::model::Timestamp;
use crate::pagination::{Cursor, OnBadItem, SourceWalk, Start, WalkOptions};
use crate::record::{Exchange, ExchangeObserver, Recorder};
use crate::retry::{OnRetry, RetryEvent, RetryPolicy};
use crate::source::SessionSource;

/// How many sessions a merged page holds when nothing else is asked for.
const DEFAULT_PAGE: u32 = 50;

/// `ListSessions` is a list that is being asked for; [`send`](Self::send), [`by_page`](Self::by_page) and
/// [`by_item`](Self::by_item) ask.
///
/// Setters never fail; a value that cannot be used becomes an error at the end, before any request.
#[derive(Clone, Debug)]
#[must_use = "nothing is asked for until send, by_page or by_item"]
pub struct ListSessions {
    sources: Arc<[Arc<dyn SessionSource>]>,
    options: WalkOptions,
    limit: Option<u64>,
    order: Order,
    fail_fast: bool,
    resume: Option<Cursor>,
}

impl ListSessions {
    pub(crate) fn new(sources: Arc<[Arc<dyn SessionSource>]>) -> Self {
        Self {
            sources,
            options: WalkOptions::default(),
            limit: None,
            order: Order::default(),
            fail_fast: false,
            resume: None,
        }
    }

    /// Asks for pages of this many sessions, at least 1, instead of the size that suits the walk.
    ///
    /// Round trips are what a list costs. By default a walk therefore asks for as many sessions as the [`limit`](Self::limit)
    /// lets it use, up to the most that the provider is known or usual to give
    /// ([`Capabilities::largest_page`](crate::source::Capabilities)): 1000 at LlamaCloud, whose documents say it of sibling lists. Should
    /// that be refused, it asks for half as many and remembers it for the account. A size that is given here is asked for as it
    /// is, and its refusal is an error.
    ///
    /// A provider may give fewer, and Memories.ai, which documents no page size, gives its own. It is also the size of
    /// the merged pages that [`send`](Self::send) and, under [`Order::Newest`], [`by_page`](Self::by_page) give; these
    /// hold 50 by default. A walk that goes on from a [`Cursor`] asks for a page that was begun as it was asked for then, and
    /// keeps the size of numbered pages.
    pub fn page_size(mut self, sessions: u32) -> Self {
        self.options.page_size = Some(sessions);
        self
    }

    /// Stops after this many sessions in all. No page is fetched that the limit cannot need.
    pub fn limit(mut self, sessions: u64) -> Self {
        self.limit = Some(sessions);
        self
    }

    /// Puts the sessions of several sources into this order; [`Order::Arrival`] by default.
    pub fn order(mut self, order: Order) -> Self {
        self.order = order;
        self
    }

    /// Goes on from a place that an earlier walk over the same sources gave.
    ///
    /// As long as the list stays as it is, exactly the rest comes. When it has changed, nothing is lost; whether something
    /// comes again that was delivered before depends on the list: not where ids descend
    /// ([`Capabilities::descending_ids`](crate::source::Capabilities)), elsewhere the report says so.
    ///
    /// At the end of the call a cursor of other sources is refused with a [`Cursor`](ErrorKind::Cursor) error.
    pub fn resume(mut self, cursor: Cursor) -> Self {
        self.resume = Some(cursor);
        self
    }

    /// Asks each source for at most so many pages; at least 1 makes sense. Pages that had to be thrown away because the list had
    /// changed count, requests that are made again for the same page do not.
    ///
    /// The stream ends where the order of the list would need a further page; [`SessionStream::cursor`] goes on from there.
    pub fn max_pages(mut self, pages: u64) -> Self {
        self.options.max_pages = Some(pages);
        self
    }

    /// Asks for no page that can only hold sessions older than this.
    ///
    /// It is no filter: older sessions that stand on the pages which came are delivered. Only a list whose ids descend and tell
    /// their time is cut short, as long as it keeps that order ([`Capabilities::descending_ids`](crate::source::Capabilities)); any other
    /// is read to its end, because a newer session could stand anywhere in it. The report says
    /// [`ListEnd::OldEnough`](crate::list::ListEnd::OldEnough) where it was cut short, and the cursor goes on with what is older.
    ///
    /// ```
    /// # use chat_sessions::{ChatSessions, MemoriesAi, Timestamp};
    /// # use chat_sessions::list::ListEnd;
    /// # use chat_sessions_sandbox::{MEMORIES_AI_KEY, Sandbox};
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// # let sandbox = Sandbox::start().await?;
    /// # let source = MemoriesAi::builder().api_key(MEMORIES_AI_KEY).base_url(sandbox.url()).build()?;
    /// # let client = ChatSessions::new(source);
    /// let spring: Timestamp = "2026-04-20T00:00:00Z".parse()?;
    /// let mut list = client.list_sessions().stop_before(spring).by_item();
    /// let mut found = Vec::new();
    /// while let Some(session) = list.next().await {
    ///     found.extend(session.ok().filter(|session| session.time().is_some_and(|time| time.at >= spring)));
    /// }
    /// assert_eq!(list.report().sources[0].end, Some(ListEnd::OldEnough));
    /// # assert!(!found.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn stop_before(mut self, time: Timestamp) -> Self {
        self.options.stop_before = Some(time);
        self
    }

    /// Asks for so many pages ahead of the one that is being delivered; by default 0 in a list of numbered pages and 1 in a
    /// list of tokens, where more is not possible.
    ///
    /// It hides the time that pages travel, also from a consumer that waits for nothing on a runtime of one thread: the requests go
    /// out before a page is handed out, at the beginning right behind the first session. It never asks for a page that a
    /// [`limit`](Self::limit) makes pointless. When a numbered list changes meanwhile, the later answers are thrown away and asked
    /// for again, so that nothing is lost; each of them counts against the provider's rate all the same. It needs a tokio runtime
    /// and does nothing without one.
    pub fn read_ahead(mut self, pages: u32) -> Self {
        self.options.read_ahead = Some(pages);
        self
    }

    /// Says what becomes of an item that cannot be understood; [`OnBadItem::Skip`] by default, so that one bad item does
    /// not lose a page.
    pub fn on_bad_item(mut self, policy: OnBadItem) -> Self {
        self.options.on_bad_item = policy;
        self
    }

    /// Keeps each item as the provider sent it, in [`Session::raw`](crate::Session::raw).
    pub fn keep_raw(mut self, keep: bool) -> Self {
        self.options.keep_raw = keep;
        self
    }

    /// Asks again as this policy has it, for this list only, instead of as the sources are configured. The budget stays that of
    /// each account.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.options.retry = Some(policy);
        self
    }

    /// Calls this function whenever a request has failed and is about to be made again: to show that a list is alive, or to
    /// count.
    ///
    /// It runs where the request runs, which may be another task, and should not block.
    ///
    /// ```
    /// # use chat_sessions::{ChatSessions, Error, ErrorKind, Provider};
    /// # use chat_sessions::retry::{Pacing, RetryPolicy};
    /// # use chat_sessions::source::Account;
    /// # use chat_sessions::testing::FakeSource;
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
    /// # let account = Account::new(RetryPolicy::default(), Pacing::none()).with_random(|| 0.0);
    /// # let source = FakeSource::numbered(2).ids(["1"]).in_account(account);
    /// # source.fail(1, Error::new(ErrorKind::Timeout, Provider::new("fake")));
    /// # let client = ChatSessions::new(source);
    /// let list = client.list_sessions().on_retry(|retry| {
    ///     eprintln!("{}: trying again in {:?}: {}", retry.provider, retry.wait, retry.error);
    /// });
    /// # assert_eq!(list.send().await?.sessions.len(), 1);
    /// # Ok::<(), chat_sessions::Error>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn on_retry(mut self, on_retry: impl Fn(&RetryEvent<'_>) + Send + Sync + 'static) -> Self {
        self.options.on_retry = Some(OnRetry(Arc::new(on_retry)));
        self
    }

    /// Shows this function every request that goes over the wire and what came of it, without secrets: each attempt, those
    /// without an answer, and those that nobody waits for any more. Titles are in it.
    ///
    /// The built-in sources show their requests; a source of another kind need not. Where the function runs is where the
    /// request runs, which may be another task, and it should not block. A list has one such function, or one
    /// [`Recorder`]; the last one that was set counts.
    ///
    /// ```
    /// # use chat_sessions::{ChatSessions, LlamaCloud};
    /// # use chat_sessions_sandbox::{LLAMA_CLOUD_KEY, Sandbox};
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// # let sandbox = Sandbox::start().await?;
    /// # let source = LlamaCloud::builder().api_key(LLAMA_CLOUD_KEY).base_url(sandbox.url()).build()?;
    /// # let client = ChatSessions::new(source);
    /// let list = client.list_sessions().on_exchange(|exchange| {
    ///     let status = exchange.response.as_ref().map(|answer| answer.status);
    ///     println!("{} {status:?} in {:?}", exchange.url, exchange.waited);
    /// });
    /// # assert!(!list.send().await?.sessions.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn on_exchange(mut self, on_exchange: impl Fn(&Exchange) + Send + Sync + 'static) -> Self {
        self.options.on_exchange = Some(ExchangeObserver::new(false, on_exchange));
        self
    }

    /// Records every request that goes over the wire and what came of it, as [`on_exchange`](Self::on_exchange) shows them.
    ///
    /// A recording that fails does not fail the list: ask [`Recorder::finish`] how it went.
    pub fn record(mut self, recorder: &Recorder) -> Self {
        self.options.on_exchange = Some(recorder.observer());
        self
    }

    /// Whether the error of a source comes at once and ends the stream; `false` by default.
    ///
    /// By default a failed source's error is held back until the others are done, so that it costs nothing that they
    /// have to give.
    pub fn fail_fast(mut self, fail_fast: bool) -> Self {
        self.fail_fast = fail_fast;
        self
    }

    /// Gives one page, merged over the sources, of [`page_size`](Self::page_size) sessions at most.
    ///
    /// ```
    /// # use chat_sessions::{ChatSessions, LlamaCloud, Order};
    /// # use chat_sessions_sandbox::{LLAMA_CLOUD_KEY, Sandbox};
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// # let sandbox = Sandbox::start().await?;
    /// # let source = LlamaCloud::builder().api_key(LLAMA_CLOUD_KEY).base_url(sandbox.url()).build()?;
    /// # let client = ChatSessions::new(source);
    /// let page = client.list_sessions().page_size(10).order(Order::Newest).send().await?;
    /// for session in &page {
    ///     println!("{} {}", session.id, session.title.as_deref().unwrap_or("(no title)"));
    /// }
    /// for failure in &page.failures {
    ///     eprintln!("incomplete: {failure}");
    /// }
    /// # assert_eq!(page.sessions.len(), 10);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Fails when no source gave a session and at least one failed, or when a failure shall be told at once; otherwise
    /// the page holds what came, and [`SessionPage::failures`] says what did not.
    pub async fn send(self) -> Result<SessionPage> {
        let size = self.options.page_size.unwrap_or(DEFAULT_PAGE);
        let limit = self.limit.unwrap_or(u64::MAX).min(u64::from(size));
        let fail_fast = self.fail_fast;
        let mut stream = self.limit(limit).by_item().keep_rejected();
        let start = stream.cursor();

        let mut page = SessionPage::merged(Vec::new());
        while let Some(next) = stream.next().await {
            match next {
                Ok(session) => page.sessions.push(session),
                Err(error) if page.sessions.is_empty() => return Err(error),
                // What was gathered goes with the error, so that its place is the one before all of it.
                Err(error) if fail_fast => return Err(error.with_cursor(start)),
                Err(error) => page.failures = error.into_each(),
            }
        }
        page.next = stream.next_cursor();
        page.rejected = stream.take_rejected();
        Ok(page)
    }

    /// Yields page by page: the providers' own pages, or under [`Order::Newest`] merged ones.
    pub fn by_page(self) -> PageStream {
        if self.order == Order::Newest {
            // A size of 0 is refused by the stream, which has to be polled for that.
            let size = self.options.page_size.unwrap_or(DEFAULT_PAGE).max(1) as usize;
            return PageStream::merged(self.by_item().keep_rejected(), size);
        }
        match self.walks() {
            Ok(walks) => PageStream::of_providers(walks, self.order, self.limit, self.fail_fast),
            Err(refusal) => PageStream::merged(SessionStream::refused(refusal, self.start()), 1),
        }
    }

    /// Yields session by session.
    pub fn by_item(self) -> SessionStream {
        match self.walks() {
            Ok(walks) => SessionStream::new(walks, self.order, self.limit, self.fail_fast),
            Err(refusal) => SessionStream::refused(refusal, self.start()),
        }
    }

    /// Gives the place where the list begins: at the cursor, if it belongs to these sources.
    fn start(&self) -> Cursor {
        let sources = self.sources();
        let resume = self
            .resume
            .clone()
            .filter(|cursor| cursor.clone().starts(&sources).is_ok());
        resume.unwrap_or_else(|| Cursor::start(&sources))
    }

    fn sources(&self) -> Vec<&dyn SessionSource> {
        self.sources.iter().map(|source| &**source).collect()
    }

    fn walks(&self) -> Result<Vec<SourceWalk>> {
        if self.options.page_size == Some(0) {
            return Err(Error::local(ErrorKind::InvalidRequest)
                .with_message("a page size of 0 was asked for")
                .with_remedy(Remedy::RaisePageSize));
        }
        if let Some(complaint) = self.options.retry.and_then(|policy| policy.complaint()) {
            return Err(Error::local(ErrorKind::InvalidRequest)
                .with_message(format!("retry: {complaint}"))
                .with_remedy(Remedy::AllowAttempt));
        }
        let starts = match self.resume.clone() {
            Some(cursor) => cursor.starts(&self.sources())?,
            None => vec![Start::Beginning; self.sources.len()],
        };
        let options = WalkOptions {
            merged: self.sources.len() > 1,
            wanted: self.limit,
            ..self.options.clone()
        };
        let walks = self.sources.iter().zip(starts);
        Ok(walks
            .map(|(source, start)| SourceWalk::new(Arc::clone(source), options.clone(), start))
            .collect())
    }
}
