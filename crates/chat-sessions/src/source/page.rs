//! The request to a source and its result: a page request, a page of sessions, and the items that
//! could not be read.

use std::fmt;

use bytes::Bytes;
use serde::Serialize;

use crate::model::Session;
use crate::record::ExchangeOptions;
use crate::source::position::{NextPage, Position};

/// `PageRequest` says which page to fetch and how.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PageRequest {
    /// The position of the page.
    pub position: Position,
    /// The number of sessions to request; `None` leaves it to the provider. This is a hint: a
    /// provider may return fewer or ignore it.
    pub page_size: Option<u32>,
    /// Whether to keep each item as the provider sent it, in [`Session::raw`].
    pub keep_raw: bool,
    /// How the HTTP exchange is reported. The built-in sources do that. A source that wraps one of
    /// them passes the request on unchanged and need not know about it.
    pub(crate) exchange: ExchangeOptions,
}

impl PageRequest {
    /// Requests the page at `position`, with the provider's own page size.
    #[must_use]
    pub fn new(position: Position) -> Self {
        Self {
            position,
            page_size: None,
            keep_raw: false,
            exchange: ExchangeOptions::default(),
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

/// `SourcePage` is the result of one request.
#[derive(Default)]
#[non_exhaustive]
pub struct SourcePage {
    /// The sessions, in the provider's order.
    pub sessions: Vec<Session>,
    /// The items that could not be read.
    pub rejected: Vec<Rejected>,
    /// Where the list continues.
    pub next: NextPage,
    /// The total number of sessions according to the provider, if it sent one that can be read.
    pub total: Option<u64>,
    /// The number of sessions per page according to the provider, if it sent one.
    pub page_size: Option<u64>,
    /// Whether the response had no list at all (`null`) in place of an empty one.
    pub absent: bool,
    /// The id under which the provider logged the request, if it sent one.
    pub request_id: Option<String>,
    /// The body of the response.
    pub body: Bytes,
}

impl SourcePage {
    /// Creates a page of sessions.
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
    /// Prints only the length of the body, which holds user content and the next page token.
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

/// `Rejected` is an item of a page that could not be read.
///
/// The built-in sources cut `pointer` and `reason` after 5000 characters, because a response
/// chooses the names in them.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Rejected {
    /// The index of the item in the page, counted from 0 over all items.
    pub index: usize,
    /// Where in the response the error is, as a JSON pointer.
    pub pointer: String,
    /// What is wrong with the item.
    pub reason: String,
    /// The item as the provider sent it.
    pub raw: String,
}

impl Rejected {
    /// Describes an item that could not be read.
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
    /// Omits the item, which holds user content.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rejected")
            .field("index", &self.index)
            .field("pointer", &self.pointer)
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}
