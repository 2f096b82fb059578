//! The list request: its options, and the three methods that send it.

use std::sync::Arc;
use std::time::Duration;

use crate::error::{Error, ErrorKind, Remedy, Result};
use crate::list::item_stream::SessionStream;
use crate::list::order::Order;
use crate::list::page::SessionPage;
use crate::list::page_stream::PageStream;
use crate::model::{Session, Timestamp};
use crate::pagination::{
    Cursor, Filter, ListDeadline, MergedWalks, OnBadItem, SourceWalk, Start, WalkOptions, text_fingerprint,
};
use crate::record::{Exchange, ExchangeObserver, Recorder};
use crate::retry::{OnRetry, RetryEvent, RetryPolicy};
use crate::source::SessionSource;
use crate::span::Span;

/// The size of a merged page if neither it nor a limit is set.
const DEFAULT_PAGE: u32 = 50;

/// `ListSessions` is a request for a list. [`send`](Self::send), [`by_page`](Self::by_page) and
/// [`by_item`](Self::by_item) send it.
///
/// Setters never fail. An invalid value becomes an error when the list is sent, before any request.
#[derive(Clone, Debug)]
#[must_use = "no request is made before send, by_page or by_item"]
pub struct ListSessions {
    sources: Arc<[Arc<dyn SessionSource>]>,
    options: WalkOptions,
    limit: Option<u64>,
    filter: Filter,
    deadline: Option<Duration>,
    order: Order,
    fail_fast: bool,
    resume: Option<Cursor>,
    /// The fingerprint of the text that the cursors are bound to.
    bound_to: Option<u32>,
}

impl ListSessions {
    pub(crate) fn new(sources: Arc<[Arc<dyn SessionSource>]>) -> Self {
        Self {
            sources,
            options: WalkOptions::default(),
            limit: None,
            filter: Filter::default(),
            deadline: None,
            order: Order::default(),
            fail_fast: false,
            resume: None,
            bound_to: None,
        }
    }

    /// Requests pages of this many sessions, at least 1, instead of a size that suits the walk.
    ///
    /// Round trips are the cost of a list. By default a walk therefore requests as many sessions as
    /// the [`limit`](Self::limit) lets it use, up to the most that the provider is known or usual
    /// to return ([`Capabilities::largest_page`](crate::source::Capabilities)): 1000 for
    /// LlamaCloud, the documented maximum of its sibling lists. If the provider refuses that
    /// size, the walk requests half as many, and the account remembers it. A size that you set here
    /// is requested as it is, and its refusal is an error.
    ///
    /// A provider may return fewer sessions. Memories.ai documents no page size and uses its own.
    /// This is also the size of the merged pages that [`send`](Self::send) and, with
    /// [`Order::Newest`], [`by_page`](Self::by_page) return; their default is 50, and for `send` the
    /// [`limit`](Self::limit), if there is one. A walk that
    /// resumes from a [`Cursor`] requests a partly delivered page with its original size, and keeps
    /// the size of numbered pages.
    pub fn page_size(mut self, sessions: u32) -> Self {
        self.options.page_size = Some(sessions);
        self
    }

    /// Stops after this many sessions in all. No page is fetched that the limit cannot need.
    ///
    /// With a filter, these are sessions that pass it, and as many pages are fetched as that takes.
    pub fn limit(mut self, sessions: u64) -> Self {
        self.limit = Some(sessions);
        self
    }

    /// Sets the order of sessions from several sources; [`Order::Arrival`] by default.
    pub fn order(mut self, order: Order) -> Self {
        self.order = order;
        self
    }

    /// Resumes from the cursor of an earlier walk over the same sources.
    ///
    /// If the list has not changed, the walk returns exactly the rest of it. If it has changed and
    /// its ids descend ([`Capabilities::descending_ids`](crate::source::Capabilities)), no session is
    /// lost or repeated. In any other list, a session that moved can be missed or repeated, and the
    /// report's guarantee is best effort.
    ///
    /// A cursor of other sources, or one that is [bound](Self::bind_cursor) to another text, fails with
    /// a [`Cursor`](ErrorKind::Cursor) error when the list is sent.
    pub fn resume(mut self, cursor: Cursor) -> Self {
        self.resume = Some(cursor);
        self
    }

    /// Binds the cursors of this list to a text. A list resumes only from cursors that are bound to
    /// the same text, and by default from cursors that are bound to none.
    ///
    /// Use it if you filter the sessions: a cursor is a position in the whole list, so that resuming
    /// with another filter would silently return a mixture of both. The text describes the filter;
    /// the cursor contains only its fingerprint.
    ///
    /// ```
    /// # use chat_sessions::{ChatSessions, ErrorKind, LlamaCloud};
    /// # use chat_sessions_sandbox::{LLAMA_CLOUD_KEY, Sandbox};
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// # let sandbox = Sandbox::start().await?;
    /// # let source = LlamaCloud::builder().api_key(LLAMA_CLOUD_KEY).base_url(sandbox.url()).build()?;
    /// # let client = ChatSessions::new(source);
    /// let page = client.list_sessions().bind_cursor("title: budget").send().await?;
    /// let next = page.next.ok_or("the list has one page")?;
    ///
    /// let other = client.list_sessions().bind_cursor("title: holidays").resume(next).send().await;
    /// assert_eq!(other.expect_err("it is another filter").kind(), ErrorKind::Cursor);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn bind_cursor(mut self, text: impl AsRef<str>) -> Self {
        self.bound_to = Some(text_fingerprint(text.as_ref()));
        self
    }

    /// Requests at most this many pages from each source; at least 1 makes sense. Pages that are
    /// discarded because the list has changed count; retries of the same page do not.
    ///
    /// The stream ends where the order of the list would need a further page.
    /// [`SessionStream::cursor`] resumes from there.
    pub fn max_pages(mut self, pages: u64) -> Self {
        self.options.max_pages = Some(pages);
        self
    }

    /// Requests no page that can only hold sessions older than this.
    ///
    /// This is not a filter: older sessions on fetched pages are delivered. Only a list whose ids
    /// descend and contain their time can be stopped early, as long as it keeps that order
    /// ([`Capabilities::descending_ids`](crate::source::Capabilities)). Any other list is read to
    /// its end, because a newer session could be anywhere in it. The report says
    /// [`ListEnd::OldEnough`](crate::list::ListEnd::OldEnough) if the list was stopped early, and
    /// the cursor resumes with the older sessions.
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

    /// Delivers only sessions of this time or later, by [`Session::time`].
    ///
    /// Pages that can only hold older sessions are not requested, as with
    /// [`stop_before`](Self::stop_before). The report counts what is withheld
    /// ([`SourceReport::filtered`](crate::list::SourceReport::filtered)), and separately sessions without
    /// a time.
    ///
    /// A cursor is a position in the whole list. If the same list can be requested with different
    /// filters, [bind](Self::bind_cursor) its cursors.
    ///
    /// ```
    /// # use chat_sessions::{ChatSessions, LlamaCloud, Timestamp};
    /// # use chat_sessions_sandbox::{LLAMA_CLOUD_KEY, Sandbox};
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// # let sandbox = Sandbox::start().await?;
    /// # let source = LlamaCloud::builder().api_key(LLAMA_CLOUD_KEY).base_url(sandbox.url()).build()?;
    /// # let client = ChatSessions::new(source);
    /// let spring: Timestamp = "2026-04-20T00:00:00Z".parse()?;
    /// let about_plans = |session: &chat_sessions::Session| session.title.as_deref().is_some_and(|title| title.contains("plan"));
    /// let mut list = client.list_sessions().since(spring).filter(about_plans).by_item();
    /// while let Some(session) = list.next().await {
    ///     println!("{}", session?.id);
    /// }
    /// assert!(list.report().is_complete());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn since(mut self, time: Timestamp) -> Self {
        self.filter.since = Some(time);
        self
    }

    /// Delivers only sessions from before this time, by [`Session::time`]. Newer ones are fetched all the
    /// same, because they come first.
    pub fn until(mut self, time: Timestamp) -> Self {
        self.filter.until = Some(time);
        self
    }

    /// Delivers only sessions for which this function returns true. A further call adds a condition.
    ///
    /// The function is called once for each session, before the times are compared, where the list is
    /// polled.
    pub fn filter(mut self, passes: impl Fn(&Session) -> bool + Send + Sync + 'static) -> Self {
        self.filter.add(passes);
        self
    }

    /// Ends the list after this time with a [`Timeout`](ErrorKind::Timeout) error. The time is counted
    /// from the first poll, and includes what the consumer takes; by default, there is no such end.
    ///
    /// Sessions that have arrived are still delivered, and the error's cursor resumes after them.
    pub fn deadline(mut self, within: Duration) -> Self {
        self.deadline = Some(within);
        self
    }

    /// Prefetches this many pages beyond the one that is being delivered. The default is 0 in a
    /// list of numbered pages, and 1 in a list with page tokens, where more is not possible.
    ///
    /// This hides the latency of pages, even if the consumer never waits and the runtime has one
    /// thread: the requests are sent before a page is delivered, and at the beginning right after
    /// the first session. It never requests a page that a [`limit`](Self::limit) makes useless. If
    /// a numbered list changes in the meantime, the prefetched responses are discarded and
    /// requested again, so that nothing is lost; each of them still counts against the provider's
    /// rate limit. It needs a tokio runtime and does nothing without one.
    pub fn read_ahead(mut self, pages: u32) -> Self {
        self.options.read_ahead = Some(pages);
        self
    }

    /// Sets the policy for items that cannot be read. The default is [`OnBadItem::Skip`], so that
    /// one bad item does not lose a page.
    pub fn on_bad_item(mut self, policy: OnBadItem) -> Self {
        self.options.on_bad_item = policy;
        self
    }

    /// Keeps each item as the provider sent it, in [`Session::raw`](crate::Session::raw).
    pub fn keep_raw(mut self, keep: bool) -> Self {
        self.options.keep_raw = keep;
        self
    }

    /// Retries with this policy, for this list only, instead of the policies of the sources. The
    /// retry budget stays that of each account.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.options.retry = Some(policy);
        self
    }

    /// Calls this function before every retry: to show progress, or to count.
    ///
    /// The function runs where the request runs, which may be another task, and should not block.
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

    /// Calls this function with every HTTP request and its outcome, without secrets: every attempt,
    /// including those without a response and those that were cancelled. Titles are included.
    ///
    /// The built-in sources report their requests; other sources need not. The function runs where
    /// the request runs, which may be another task, and should not block. A list has one such
    /// function or one [`Recorder`]; the last one set applies.
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

    /// Records every HTTP request and its outcome, in the form that
    /// [`on_exchange`](Self::on_exchange) reports them.
    ///
    /// A failed recording does not fail the list: [`Recorder::finish`] returns its error.
    pub fn record(mut self, recorder: &Recorder) -> Self {
        self.options.on_exchange = Some(recorder.observer());
        self
    }

    /// Sets whether the error of a source ends the stream at once; `false` by default.
    ///
    /// By default, the error of a failed source is held back until the other sources are done, so
    /// that none of their sessions are lost.
    pub fn fail_fast(mut self, fail_fast: bool) -> Self {
        self.fail_fast = fail_fast;
        self
    }

    /// Returns one page, merged over the sources, of at most [`page_size`](Self::page_size)
    /// sessions; without a page size, of all sessions up to the [`limit`](Self::limit).
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
    /// Fails if no source returned a session and at least one failed, or if any source failed and
    /// `fail_fast` is set. Otherwise the page holds the sessions that arrived, and
    /// [`SessionPage::failures`] holds the errors.
    pub async fn send(self) -> Result<SessionPage> {
        let size = self.options.page_size.map(u64::from);
        let limit = match (size, self.limit) {
            (Some(size), Some(limit)) => size.min(limit),
            (size, limit) => size.or(limit).unwrap_or(u64::from(DEFAULT_PAGE)),
        };
        let fail_fast = self.fail_fast;
        let mut stream = self.limit(limit).by_item().keep_rejected();
        let start = stream.cursor();

        let mut page = SessionPage::merged(Vec::new());
        while let Some(next) = stream.next().await {
            match next {
                Ok(session) => page.sessions.push(session),
                Err(error) if page.sessions.is_empty() => return Err(error),
                // The sessions received so far are lost with this error, so its cursor is the one
                // before them.
                Err(error) if fail_fast => return Err(error.with_cursor(start)),
                Err(error) => page.failures = error.into_each(),
            }
        }
        page.next = stream.next_cursor();
        page.rejected = stream.take_rejected();
        page.report = stream.report();
        Ok(page)
    }

    /// Returns a stream of pages: the providers' own pages, or merged pages with [`Order::Newest`].
    pub fn by_page(self) -> PageStream {
        if self.order == Order::Newest {
            // The stream reports a size of 0 as an error when it is polled.
            let size = self.options.page_size.unwrap_or(DEFAULT_PAGE).max(1) as usize;
            return PageStream::merged(self.by_item().keep_rejected(), size);
        }
        match self.walks() {
            Ok(walks) => PageStream::of_providers(walks, self.order),
            Err(refusal) => PageStream::merged(SessionStream::refused(refusal, self.start()), 1),
        }
    }

    /// Returns a stream of sessions.
    pub fn by_item(self) -> SessionStream {
        match self.walks() {
            Ok(walks) => SessionStream::new(walks, self.order),
            Err(refusal) => SessionStream::refused(refusal, self.start()),
        }
    }

    /// Returns where the list starts: at the cursor, if it belongs to these sources.
    fn start(&self) -> Cursor {
        let sources = self.sources();
        let resume = self
            .resume
            .clone()
            .filter(|cursor| cursor.clone().starts(&sources, self.bound_to).is_ok());
        resume.unwrap_or_else(|| Cursor::start(&sources).bound_to(self.bound_to))
    }

    fn sources(&self) -> Vec<&dyn SessionSource> {
        self.sources.iter().map(|source| &**source).collect()
    }

    fn walks(&self) -> Result<MergedWalks> {
        if self.options.page_size == Some(0) {
            return Err(Error::local(ErrorKind::InvalidRequest)
                .with_message("the page size is 0")
                .with_remedy(Remedy::RaisePageSize));
        }
        if let Some(complaint) = self.options.retry.and_then(|policy| policy.problem()) {
            return Err(Error::local(ErrorKind::InvalidRequest)
                .with_message(format!("retry: {complaint}"))
                .with_remedy(Remedy::AllowAttempt));
        }
        let starts = match self.resume.clone() {
            Some(cursor) => cursor.starts(&self.sources(), self.bound_to)?,
            None => vec![Start::Beginning; self.sources.len()],
        };
        let options = WalkOptions {
            merged: self.sources.len() > 1,
            wanted: self.limit.filter(|_| self.filter.is_empty()),
            stop_before: self.options.stop_before.max(self.filter.since),
            ..self.options.clone()
        };
        let walks = self.sources.iter().zip(starts);
        let walks = walks.map(|(source, start)| SourceWalk::new(Arc::clone(source), options.clone(), start));
        Ok(MergedWalks::new(walks.collect(), self.limit, self.fail_fast)
            .bound_to(self.bound_to)
            .restricted(self.filter.clone(), self.deadline.map(ListDeadline::new))
            .in_span(Span::of_list(self.sources.len(), self.order.as_str())))
    }
}
