//! The seam between sources and the engine: what a source is asked for and what it gives.
//!
//! A source fetches one page and says what its answer means. It never retries, paces, skips or walks; one engine does
//! that for every source, the built-in ones and yours alike.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;

use crate::account::Account;
use crate::error::Result;
use crate::exchange::OnExchange;
use crate::session::{Provider, Scope, Session};

/// A boxed future, as object-safe asynchronous traits need it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// `SessionSource` is one list of sessions: an account of a provider, or a part of one.
///
/// [`MemoriesAi`](crate::MemoriesAi) and [`LlamaCloud`](crate::LlamaCloud) implement it; so can a fake in your tests or
/// a provider that this crate does not know.
///
/// ```
/// use chat_sessions::{
///     BoxFuture, Capabilities, ChatSessions, NextPage, PageRequest, Provider, Result, Session, SessionId,
///     SessionSource, SourcePage,
/// };
///
/// #[derive(Debug)]
/// struct Notes;
///
/// impl SessionSource for Notes {
///     fn provider(&self) -> Provider {
///         Provider::new("notes")
///     }
///
///     fn capabilities(&self) -> Capabilities {
///         Capabilities::default()
///     }
///
///     fn page(&self, _request: PageRequest) -> BoxFuture<'_, Result<SourcePage>> {
///         let session = Session::new(SessionId::new(self.provider(), "1"));
///         Box::pin(async { Ok(SourcePage::new(vec![session], NextPage::End)) })
///     }
/// }
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
/// # runtime.block_on(async {
/// let client = ChatSessions::new(Notes);
/// let page = client.list_sessions().send().await?;
/// assert_eq!(page.sessions[0].id.to_string(), "notes:1");
/// # Ok::<(), chat_sessions::Error>(())
/// # }).unwrap();
/// ```
pub trait SessionSource: fmt::Debug + Send + Sync + 'static {
    /// Names the provider.
    fn provider(&self) -> Provider;

    /// Names the part of the account that is listed, where there are several.
    fn scope(&self) -> Option<Scope> {
        None
    }

    /// Tells what else selects the list, such as the base URL; never a key.
    ///
    /// A [`Cursor`](crate::Cursor) is bound to it together with the provider and the scope, and is refused elsewhere.
    fn identity(&self) -> String {
        String::new()
    }

    /// Says what the provider's list can be trusted to do.
    fn capabilities(&self) -> Capabilities;

    /// Gives the account that is asked: its pace and its retry policy, shared by all who ask it.
    ///
    /// A source that gives none is asked again as [`RetryPolicy`](crate::RetryPolicy) has it by default, and not paced.
    fn account(&self) -> Option<Account> {
        None
    }

    /// Fetches one page with one request, and classifies what comes back.
    fn page(&self, request: PageRequest) -> BoxFuture<'_, Result<SourcePage>>;
}

/// `PageRequest` says which page is wanted and how.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PageRequest {
    /// Which page.
    pub position: Position,
    /// How many sessions it should hold; `None` leaves it to the provider. A hint: a provider may take fewer, or none
    /// at all.
    pub page_size: Option<u32>,
    /// Whether to keep each item as it was sent, in [`Session::raw`].
    pub keep_raw: bool,
    /// Whoever is shown what goes over the wire. The built-in sources do so; a source that wraps one of them gives the request
    /// on as it is, and needs not know of it.
    pub(crate) on_exchange: Option<OnExchange>,
}

impl PageRequest {
    /// Asks for the page at `position`, of the provider's own size.
    #[must_use]
    pub fn new(position: Position) -> Self {
        Self {
            position,
            page_size: None,
            keep_raw: false,
            on_exchange: None,
        }
    }
}

impl fmt::Debug for PageRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageRequest")
            .field("position", &self.position)
            .field("page_size", &self.page_size)
            .field("keep_raw", &self.keep_raw)
            .finish_non_exhaustive()
    }
}

/// `Position` is a place in a source's list.
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Position {
    /// The first page.
    Start,
    /// The page with this number, counted from 1.
    Page(u64),
    /// The page that this token stands for.
    Token(String),
}

impl fmt::Debug for Position {
    /// Hides the token, which a provider may let carry anything.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start => f.write_str("Start"),
            Self::Page(number) => write!(f, "Page({number})"),
            Self::Token(_) => f.write_str("Token([redacted])"),
        }
    }
}

/// `SourcePage` is what one request gave.
#[derive(Default)]
#[non_exhaustive]
pub struct SourcePage {
    /// The sessions, in the provider's order.
    pub sessions: Vec<Session>,
    /// The items that could not be understood.
    pub rejected: Vec<Rejected>,
    /// Where the list goes on.
    pub next: NextPage,
    /// How many sessions the provider says there are, where it does and the number can be read.
    pub total: Option<u64>,
    /// How many sessions the provider says a page holds, where it does.
    pub page_size: Option<u64>,
    /// Whether the answer had no list at all (`null`) where an empty one would be expected.
    pub absent: bool,
    /// The id under which the provider logged the request, where it sent one.
    pub request_id: Option<String>,
    /// The body of the answer.
    pub body: Bytes,
}

impl SourcePage {
    /// Makes a page of sessions.
    #[must_use]
    pub fn new(sessions: Vec<Session>, next: NextPage) -> Self {
        Self {
            sessions,
            next,
            ..Self::default()
        }
    }
}

impl fmt::Debug for SourcePage {
    /// Gives the length of the body only: it holds what people wrote, and the token of the next page.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            sessions,
            rejected,
            next,
            total,
            page_size,
            absent,
            request_id,
            body,
        } = self;
        f.debug_struct("SourcePage")
            .field("sessions", sessions)
            .field("rejected", rejected)
            .field("next", next)
            .field("total", total)
            .field("page_size", page_size)
            .field("absent", absent)
            .field("request_id", request_id)
            .field("body_bytes", &body.len())
            .finish()
    }
}

/// `NextPage` says where a list goes on, as far as one page tells.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum NextPage {
    /// The provider says that this was the last page.
    #[default]
    End,
    /// The next page is the one that this token stands for.
    Token(String),
    /// Pages are numbered, and nothing but the walk over them can tell whether there is a next one.
    ByNumber,
}

impl fmt::Debug for NextPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::End => "End",
            Self::Token(_) => "Token([redacted])",
            Self::ByNumber => "ByNumber",
        })
    }
}

/// `Rejected` is an item of a page that could not be understood.
///
/// The built-in sources cut its texts, the item itself excepted, after 5000 characters: an answer chooses the names in them.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rejected {
    /// Its place in the page, counted from 0 and counting every item.
    pub index: usize,
    /// Where in the answer the trouble lies, as a JSON pointer.
    pub pointer: String,
    /// What is wrong with it.
    pub reason: String,
    /// The item as the provider sent it.
    pub raw: String,
}

impl Rejected {
    /// Describes an item that could not be understood.
    #[must_use]
    pub fn new(index: usize, pointer: impl Into<String>, reason: impl Into<String>, raw: impl Into<String>) -> Self {
        Self {
            index,
            pointer: pointer.into(),
            reason: reason.into(),
            raw: raw.into(),
        }
    }
}

impl fmt::Debug for Rejected {
    /// Leaves the item out: it holds what people wrote.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rejected")
            .field("index", &self.index)
            .field("pointer", &self.pointer)
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}

/// `Capabilities` says what a provider's list can be trusted to do. The default trusts it with nothing.
///
/// Where the list keeps places, grows only at its front and, if its pages are numbered, tells its total truthfully, a walk
/// vouches for [`Guarantee::Exact`](crate::Guarantee::Exact).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Capabilities {
    /// Whether a page size that is asked for has an effect.
    pub page_size: bool,
    /// The most sessions that a page of this list is known, or usual, to hold. A walk asks for as many as it can use up to
    /// this; `None`, where nothing is known, leaves the size to the provider.
    pub largest_page: Option<u32>,
    /// Whether sessions keep their order while they exist, and a page token stands for a place between two of them.
    pub keeps_places: bool,
    /// Whether new sessions come only at the front.
    pub new_at_front: bool,
    /// Whether each page tells how many sessions there are at that moment, and truthfully.
    pub truthful_totals: bool,
    /// Whether ids are decimal numbers that descend along the list, so that of two sessions the greater id is the newer.
    /// It makes reading ahead and resuming exact.
    pub descending_ids: bool,
}

impl Capabilities {
    /// Trusts the list with nothing, to begin with; switch on what it can do.
    ///
    /// ```
    /// use chat_sessions::Capabilities;
    ///
    /// let capabilities = Capabilities::none().keeps_places().new_at_front();
    /// assert!(capabilities.keeps_places && !capabilities.truthful_totals);
    /// ```
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Says that a page size that is asked for has an effect.
    #[must_use]
    pub fn page_size(mut self) -> Self {
        self.page_size = true;
        self
    }

    /// Says that a page size that is asked for has an effect, and that a page of this many sessions can be asked for.
    ///
    /// A provider that refuses so many is asked for half as many: see [`Error::with_refused_page_size`](crate::Error::with_refused_page_size).
    #[must_use]
    pub fn largest_page(mut self, sessions: u32) -> Self {
        self.largest_page = Some(sessions);
        self.page_size()
    }

    /// Says that sessions keep their order while they exist.
    #[must_use]
    pub fn keeps_places(mut self) -> Self {
        self.keeps_places = true;
        self
    }

    /// Says that new sessions come only at the front.
    #[must_use]
    pub fn new_at_front(mut self) -> Self {
        self.new_at_front = true;
        self
    }

    /// Says that each page tells truthfully how many sessions there are.
    #[must_use]
    pub fn truthful_totals(mut self) -> Self {
        self.truthful_totals = true;
        self
    }

    /// Says that ids are numbers that descend along the list.
    #[must_use]
    pub fn descending_ids(mut self) -> Self {
        self.descending_ids = true;
        self
    }
}
