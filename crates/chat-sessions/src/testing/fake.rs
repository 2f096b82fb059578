//! A scripted source without a network.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::error::{Error, ErrorKind, Result};
use crate::model::{Message, Provider, Scope, Session, SessionId, Transcript};
use crate::retry::{Pacing, RetryPolicy};
use crate::source::{
    Account, BoxFuture, Capabilities, NextPage, PageRequest, Position, SessionRequest, SessionSource, SourcePage,
    SourceSession, SourceTranscript, TranscriptRequest,
};

/// `FakeSource` is a source whose list, errors, delays and changes are scripted, for the tests of
/// your program.
///
/// A clone is a handle on the same source, so a test can keep one and change the list during a
/// walk. Requests are counted from 1, in the order in which they arrive.
///
/// ```
/// use chat_sessions::testing::FakeSource;
/// use chat_sessions::{ChatSessions, Error, ErrorKind, Provider};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let source = FakeSource::numbered(2).ids(["5", "4", "3", "2", "1"]);
/// source.fail(2, Error::new(ErrorKind::Timeout, Provider::new("fake")));
///
/// let mut sessions = ChatSessions::new(source.clone()).list_sessions().by_item();
/// assert_eq!(sessions.next().await.unwrap()?.id.as_str(), "5");
/// assert_eq!(sessions.next().await.unwrap()?.id.as_str(), "4");
/// let error = sessions.next().await.unwrap().unwrap_err();
///
/// // The error knows where to go on.
/// let cursor = error.cursor().unwrap().clone();
/// let rest = ChatSessions::new(source).list_sessions().resume(cursor).send().await?;
/// assert_eq!(rest.sessions.len(), 3);
/// # Ok::<(), chat_sessions::Error>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct FakeSource {
    provider: Provider,
    scope: Option<Scope>,
    capabilities: Capabilities,
    paging: Paging,
    page_size: usize,
    account: Account,
    state: Arc<Mutex<State>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Paging {
    Numbers,
    Tokens,
}

#[derive(Default)]
struct State {
    sessions: Vec<Session>,
    requests: Vec<PageRequest>,
    script: Vec<(usize, Scripted)>,
    every_delay: Duration,
    /// For each token, the sessions after its position at the time when it was issued.
    tokens: Vec<HashSet<String>>,
    /// The messages of the sessions that have any, by id.
    messages: HashMap<String, Vec<Message>>,
    /// The ids of the requested transcripts.
    transcript_requests: Vec<String>,
    /// Errors in place of transcripts, by id.
    transcript_failures: HashMap<String, Vec<Error>>,
}

type ListChange = Box<dyn FnOnce(&mut Vec<Session>) + Send>;

enum Scripted {
    Change(ListChange),
    Response(Box<Result<SourcePage>>),
    Delay(Duration),
}

impl FakeSource {
    /// Creates an empty list with numbered pages of this size and a total. It has every capability
    /// except descending ids, as long as changes to its sessions respect them.
    #[must_use]
    pub fn numbered(page_size: usize) -> Self {
        let capabilities = Capabilities::none().keeps_places().new_at_front().truthful_totals();
        let capabilities = capabilities.transcripts().single_session();
        Self::new(Paging::Numbers, page_size, capabilities.page_size())
    }

    /// Creates an empty list with page tokens, each of which marks the position after a session.
    #[must_use]
    pub fn tokens(page_size: usize) -> Self {
        let capabilities = Capabilities::none().keeps_places().new_at_front();
        let capabilities = capabilities.transcripts().single_session();
        Self::new(Paging::Tokens, page_size, capabilities.page_size())
    }

    fn new(paging: Paging, page_size: usize, capabilities: Capabilities) -> Self {
        Self {
            provider: Provider::new("fake"),
            scope: None,
            capabilities,
            paging,
            page_size: page_size.max(1),
            account: Account::new(RetryPolicy::none(), Pacing::none()),
            state: Arc::default(),
        }
    }

    /// Sets the provider; `fake` by default.
    #[must_use]
    pub fn of_provider(mut self, provider: Provider) -> Self {
        self.provider = provider;
        self
    }

    /// Sets the scope; none by default.
    #[must_use]
    pub fn in_scope(mut self, scope: impl Into<Scope>) -> Self {
        self.scope = Some(scope.into());
        self
    }

    /// Claims these capabilities. Whether the list has them is up to the script.
    #[must_use]
    pub fn claiming(mut self, capabilities: Capabilities) -> Self {
        self.capabilities = capabilities;
        self
    }

    /// Uses this account. By default there are no retries and no rate limit, so that a test sees a
    /// scripted failure as it is.
    #[must_use]
    pub fn in_account(mut self, account: Account) -> Self {
        self.account = account;
        self
    }

    /// Adds sessions that have nothing but these ids, in this order.
    #[must_use]
    pub fn ids<T: Into<String>>(self, ids: impl IntoIterator<Item = T>) -> Self {
        let sessions: Vec<Session> = ids.into_iter().map(|id| self.session(id)).collect();
        self.sessions(sessions)
    }

    /// Adds sessions, in this order.
    #[must_use]
    pub fn sessions(self, sessions: impl IntoIterator<Item = Session>) -> Self {
        self.change(|list| list.extend(sessions));
        self
    }

    /// Sets the messages of a session. A session of the list without any has an empty transcript.
    pub fn set_messages(&self, id: impl Into<String>, messages: Vec<Message>) {
        self.lock().messages.insert(id.into(), messages);
    }

    /// Responds to the next request for this session's transcript with an error.
    pub fn fail_transcript(&self, id: impl Into<String>, error: Error) {
        let mut state = self.lock();
        state.transcript_failures.entry(id.into()).or_default().push(error);
    }

    /// Returns the ids of the transcripts that were requested so far, in the order of the requests.
    #[must_use]
    pub fn requested_transcripts(&self) -> Vec<String> {
        self.lock().transcript_requests.clone()
    }

    /// Creates a session of this source that has nothing but an id.
    #[must_use]
    pub fn session(&self, id: impl Into<String>) -> Session {
        Session::new(SessionId::new(self.provider.clone(), id))
    }

    /// Changes the list now.
    pub fn change(&self, change: impl FnOnce(&mut Vec<Session>)) {
        change(&mut self.lock().sessions);
    }

    /// Changes the list just before the response to a request is built, after its delay.
    pub fn change_at(&self, request: usize, change: impl FnOnce(&mut Vec<Session>) + Send + 'static) {
        self.script(request, Scripted::Change(Box::new(change)));
    }

    /// Responds to a request with an error.
    pub fn fail(&self, request: usize, error: Error) {
        self.script(request, Scripted::Response(Box::new(Err(error))));
    }

    /// Responds to a request with this page instead of the list's.
    pub fn answer(&self, request: usize, page: SourcePage) {
        self.script(request, Scripted::Response(Box::new(Ok(page))));
    }

    /// Delays the response to a request. This needs tokio's clock, which a test can pause.
    pub fn delay(&self, request: usize, delay: Duration) {
        self.script(request, Scripted::Delay(delay));
    }

    /// Delays every response.
    pub fn delay_every(&self, delay: Duration) {
        self.lock().every_delay = delay;
    }

    /// Returns the requests so far, in the order in which they arrived.
    #[must_use]
    pub fn requests(&self) -> Vec<PageRequest> {
        self.lock().requests.clone()
    }

    /// Returns the ids in the list now, in its order.
    #[must_use]
    pub fn held(&self) -> Vec<String> {
        let state = self.lock();
        state
            .sessions
            .iter()
            .map(|session| session.id.as_str().to_owned())
            .collect()
    }

    fn script(&self, request: usize, step: Scripted) {
        self.lock().script.push((request, step));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn respond(&self, request: PageRequest) -> Result<SourcePage> {
        let (number, delay) = {
            let mut state = self.lock();
            state.requests.push(request.clone());
            let number = state.requests.len();
            let delay = take(&mut state.script, number, |step| matches!(step, Scripted::Delay(_)));
            let delay = delay.into_iter().fold(state.every_delay, |sum, step| match step {
                Scripted::Delay(delay) => sum + delay,
                _ => sum,
            });
            (number, delay)
        };
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }

        let mut state = self.lock();
        for step in take(&mut state.script, number, |_| true) {
            match step {
                Scripted::Change(change) => change(&mut state.sessions),
                Scripted::Response(answer) => return *answer,
                Scripted::Delay(_) => {}
            }
        }
        self.page_of(&mut state, &request)
    }

    async fn read_transcript(&self, id: String) -> Result<SourceTranscript> {
        let delay = {
            let mut state = self.lock();
            state.transcript_requests.push(id.clone());
            state.every_delay
        };
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        let mut state = self.lock();
        let failures = state.transcript_failures.get_mut(&id);
        if let Some(error) = failures
            .filter(|errors| !errors.is_empty())
            .map(|errors| errors.remove(0))
        {
            return Err(error);
        }
        let session = self.held_session(&state, &id)?;
        let messages = state.messages.get(&id).cloned().unwrap_or_default();
        Ok(SourceTranscript::new(Transcript::new(session, messages)))
    }

    fn held_session(&self, state: &State, id: &str) -> Result<Session> {
        let session = state.sessions.iter().find(|session| session.id.as_str() == id);
        session.cloned().ok_or_else(|| {
            Error::new(ErrorKind::NotFound, self.provider.clone()).with_message("there is no such session")
        })
    }

    fn page_of(&self, state: &mut State, request: &PageRequest) -> Result<SourcePage> {
        let refuse =
            |message: &str| Err(Error::new(ErrorKind::InvalidRequest, self.provider.clone()).with_message(message));
        let asked = request.page_size.filter(|_| self.capabilities.page_size);
        let size = asked.map_or(self.page_size, |size| size as usize);
        match (self.paging, &request.position) {
            (Paging::Numbers, Position::Start | Position::Page(_)) => {
                let number = match request.position {
                    Position::Page(number) => usize::try_from(number).unwrap_or(usize::MAX),
                    _ => 1,
                };
                let start = (number.saturating_sub(1)).saturating_mul(size);
                let sessions = state.sessions.iter().skip(start).take(size).cloned().collect();
                let mut page = SourcePage::new(sessions, NextPage::ByNumber);
                page.total = Some(state.sessions.len() as u64);
                page.page_size = Some(size as u64);
                Ok(page)
            }
            (Paging::Tokens, Position::Start) => Ok(self.page_behind(state, None, size)),
            (Paging::Tokens, Position::Token(token)) => {
                let behind = token
                    .strip_prefix("place-")
                    .and_then(|index| index.parse::<usize>().ok());
                match behind.and_then(|index| state.tokens.get(index).cloned()) {
                    Some(behind) => Ok(self.page_behind(state, Some(&behind), size)),
                    None => refuse("this page token is unknown"),
                }
            }
            (Paging::Numbers, Position::Token(_)) => refuse("this list has numbered pages, not page tokens"),
            (Paging::Tokens, Position::Page(_)) => refuse("this list has page tokens, not page numbers"),
        }
    }

    /// Builds the page of the sessions after a position that are still in the list.
    fn page_behind(&self, state: &mut State, behind: Option<&HashSet<String>>, size: usize) -> SourcePage {
        let mut left: Vec<&Session> = state
            .sessions
            .iter()
            .filter(|session| behind.is_none_or(|behind| behind.contains(session.id.as_str())))
            .collect();
        let rest = left.split_off(size.min(left.len()));
        let sessions: Vec<Session> = left.into_iter().cloned().collect();
        if rest.is_empty() {
            return SourcePage::new(sessions, NextPage::End);
        }
        let rest: HashSet<String> = rest.iter().map(|session| session.id.as_str().to_owned()).collect();
        state.tokens.push(rest);
        SourcePage::new(sessions, NextPage::Token(format!("place-{}", state.tokens.len() - 1)))
    }
}

/// Takes the steps for one request out of a script.
fn take(script: &mut Vec<(usize, Scripted)>, request: usize, wanted: impl Fn(&Scripted) -> bool) -> Vec<Scripted> {
    let all = std::mem::take(script);
    let (now, later) = all
        .into_iter()
        .partition::<Vec<_>, _>(|(number, step)| *number == request && wanted(step));
    *script = later;
    now.into_iter().map(|(_, step)| step).collect()
}

impl SessionSource for FakeSource {
    fn provider(&self) -> Provider {
        self.provider.clone()
    }

    fn scope(&self) -> Option<Scope> {
        self.scope.clone()
    }

    fn capabilities(&self) -> Capabilities {
        self.capabilities
    }

    fn account(&self) -> Option<Account> {
        Some(self.account.clone())
    }

    fn page(&self, request: PageRequest) -> BoxFuture<'_, Result<SourcePage>> {
        Box::pin(self.respond(request))
    }

    fn transcript(&self, request: TranscriptRequest) -> BoxFuture<'_, Result<SourceTranscript>> {
        Box::pin(self.read_transcript(request.id))
    }

    fn session(&self, request: SessionRequest) -> BoxFuture<'_, Result<SourceSession>> {
        Box::pin(async move { self.held_session(&self.lock(), &request.id).map(SourceSession::new) })
    }
}

impl fmt::Debug for FakeSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeSource")
            .field("provider", &self.provider)
            .field("scope", &self.scope)
            .field("sessions", &self.lock().sessions.len())
            .finish_non_exhaustive()
    }
}
