//! The requests for one session and for the scopes of an account, and their results.

use std::fmt;

use crate::error::display_id;
use crate::model::Transcript;
use crate::record::ExchangeObserver;

/// `TranscriptRequest` says which session to fetch with its messages.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TranscriptRequest {
    /// The provider's own id of the session.
    pub id: String,
    /// Whether to keep the body of the response, in [`Transcript::raw`].
    pub keep_raw: bool,
    /// The observer of the HTTP exchange, as in [`PageRequest`](crate::source::PageRequest).
    pub(crate) on_exchange: Option<ExchangeObserver>,
}

impl TranscriptRequest {
    /// Requests the session with this id.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            keep_raw: false,
            on_exchange: None,
        }
    }
}

impl fmt::Debug for TranscriptRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TranscriptRequest")
            .field("id", &self.id)
            .field("keep_raw", &self.keep_raw)
            .finish_non_exhaustive()
    }
}

/// `SourceTranscript` is the result of a [`TranscriptRequest`].
#[derive(Debug)]
#[non_exhaustive]
pub struct SourceTranscript {
    /// The session with its messages.
    pub transcript: Transcript,
    /// The id under which the provider logged the request, if it sent one.
    pub request_id: Option<String>,
}

impl SourceTranscript {
    /// Creates the result from a transcript.
    #[must_use]
    pub fn new(transcript: Transcript) -> Self {
        Self {
            transcript,
            request_id: None,
        }
    }

    /// Passes the text that a provider may put a secret into through `redact`. The messages stay as
    /// the provider sent them.
    pub(crate) fn redacted(mut self, redact: &dyn Fn(String) -> String) -> Self {
        self.request_id = self.request_id.map(|id| display_id(&redact(id)));
        self
    }
}

/// `SummaryRequest` says which session to fetch without its messages.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SummaryRequest {
    /// The provider's own id of the session.
    pub id: String,
    /// Whether to keep the body of the response, in [`Session::raw`](crate::Session::raw).
    pub keep_raw: bool,
    pub(crate) on_exchange: Option<ExchangeObserver>,
}

impl SummaryRequest {
    /// Requests the session with this id.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            keep_raw: false,
            on_exchange: None,
        }
    }
}

impl fmt::Debug for SummaryRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SummaryRequest")
            .field("id", &self.id)
            .field("keep_raw", &self.keep_raw)
            .finish_non_exhaustive()
    }
}

/// `ScopesRequest` asks for the scopes of the account.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ScopesRequest {
    pub(crate) on_exchange: Option<ExchangeObserver>,
}

impl ScopesRequest {
    /// Requests all scopes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl fmt::Debug for ScopesRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScopesRequest").finish_non_exhaustive()
    }
}
