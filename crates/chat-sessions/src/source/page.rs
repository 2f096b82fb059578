//! What a source is asked for and what it returns: a page request, a page of sessions, and the items that could not be read.

use std::fmt;

use bytes::Bytes;

use crate::model::Session;
use crate::record::ExchangeObserver;
use crate::source::position::{NextPage, Position};

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
    pub(crate) on_exchange: Option<ExchangeObserver>,
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
