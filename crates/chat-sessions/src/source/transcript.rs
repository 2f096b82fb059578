//! The requests for one session and for the scopes of an account, and their results.

use std::fmt;

use crate::model::{ScopeInfo, Session, Transcript};
use crate::record::ExchangeOptions;
use crate::source::page::Rejected;

/// `TranscriptRequest` says which session to fetch with its messages.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TranscriptRequest {
    /// The provider's own id of the session.
    pub id: String,
    /// Whether to keep the body of the response, in [`Transcript::raw`].
    pub keep_raw: bool,
    /// How the HTTP exchange is reported, as in [`PageRequest`](crate::source::PageRequest).
    pub(crate) exchange: ExchangeOptions,
}

impl TranscriptRequest {
    /// Requests the session with this id.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            keep_raw: false,
            exchange: ExchangeOptions::default(),
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

/// Defines the result of a request: a value, and the id under which the provider logged the request.
macro_rules! source_result {
    ($(#[$doc:meta])* $name:ident { $(#[$field_doc:meta])* $field:ident: $value:ty, $($(#[$more_doc:meta])* $more:ident: $more_type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug)]
        #[non_exhaustive]
        pub struct $name {
            $(#[$field_doc])*
            pub $field: $value,
            $($(#[$more_doc])* pub $more: $more_type,)*
            /// The id under which the provider logged the request, if it sent one.
            pub request_id: Option<String>,
        }

        impl $name {
            /// Creates the result.
            #[must_use]
            pub fn new($field: $value) -> Self {
                Self {
                    $field,
                    $($more: Default::default(),)*
                    request_id: None,
                }
            }

            /// Adds the id under which the provider logged the request.
            #[must_use]
            pub fn with_request_id(mut self, id: Option<String>) -> Self {
                self.request_id = id;
                self
            }
        }
    };
}

source_result! {
    /// `SourceTranscript` is the result of a [`TranscriptRequest`].
    SourceTranscript {
        /// The session with its messages.
        transcript: Transcript,
    }
}

source_result! {
    /// `SourceSession` is the result of a [`SessionRequest`].
    SourceSession {
        /// The session.
        session: Session,
    }
}

source_result! {
    /// `SourceScopes` is the result of a [`ScopesRequest`].
    SourceScopes {
        /// The scopes of the account.
        scopes: Vec<ScopeInfo>,
        /// The items that could not be read.
        rejected: Vec<Rejected>,
    }
}

/// `SessionRequest` says which session to fetch without its messages.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SessionRequest {
    /// The provider's own id of the session.
    pub id: String,
    /// Whether to keep the body of the response, in [`Session::raw`](crate::Session::raw).
    pub keep_raw: bool,
    pub(crate) exchange: ExchangeOptions,
}

impl SessionRequest {
    /// Requests the session with this id.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            keep_raw: false,
            exchange: ExchangeOptions::default(),
        }
    }
}

impl fmt::Debug for SessionRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionRequest")
            .field("id", &self.id)
            .field("keep_raw", &self.keep_raw)
            .finish_non_exhaustive()
    }
}

/// `ScopesRequest` asks for the scopes of the account.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ScopesRequest {
    pub(crate) exchange: ExchangeOptions,
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
