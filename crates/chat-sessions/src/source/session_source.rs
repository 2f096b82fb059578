//! The extension point: the trait that a source of sessions implements.
//!
//! A source sends one request and interprets the response. It never retries, limits its rate, skips
//! items or walks a list; the rest of this crate does that for every source, built-in or yours.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::error::{Error, ErrorKind, Result};
use crate::model::{Provider, Scope};
use crate::source::account::Account;
use crate::source::capabilities::Capabilities;
use crate::source::operation::Operation;
use crate::source::page::{PageRequest, SourcePage};
use crate::source::transcript::{
    ScopesRequest, SessionRequest, SourceScopes, SourceSession, SourceTranscript, TranscriptRequest,
};

/// A boxed future, as object-safe asynchronous traits need it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// `SessionSource` is one list of sessions: an account of a provider, or a part of one.
///
/// [`MemoriesAi`](crate::MemoriesAi) and [`LlamaCloud`](crate::LlamaCloud) implement it. So can a
/// fake in your tests, or a source for a provider that this crate does not know.
///
/// ```
/// use chat_sessions::{ChatSessions, Provider, Result, Session, SessionId};
/// use chat_sessions::source::{BoxFuture, Capabilities, NextPage, PageRequest, SessionSource, SourcePage};
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
    /// Returns the provider.
    fn provider(&self) -> Provider;

    /// Returns the part of the account that is listed, if there are several.
    fn scope(&self) -> Option<Scope> {
        None
    }

    /// Returns anything else that selects the list, such as the base URL; never a key.
    ///
    /// A [`Cursor`](crate::Cursor) is bound to the provider, the scope and this text, and is
    /// refused for any other source.
    fn identity(&self) -> String {
        String::new()
    }

    /// Returns what the source can do, and the properties that the provider's list is known to have.
    fn capabilities(&self) -> Capabilities;

    /// Returns the account, whose rate limit and retry policy all its users share.
    ///
    /// Without one, failed requests follow the default [`RetryPolicy`](crate::retry::RetryPolicy),
    /// and there is no rate limit.
    fn account(&self) -> Option<Account> {
        None
    }

    /// Fetches one page with one request, and classifies the response. Each session has the provider
    /// and the scope of the source.
    fn page(&self, request: PageRequest) -> BoxFuture<'_, Result<SourcePage>>;

    /// Fetches one session with its messages, with one request.
    ///
    /// By default it fails with an [`Unsupported`](ErrorKind::Unsupported) error. A source that
    /// implements it declares [`Capabilities::transcripts`].
    fn transcript(&self, request: TranscriptRequest) -> BoxFuture<'_, Result<SourceTranscript>> {
        let _ = request;
        unsupported(self, Operation::Transcript)
    }

    /// Fetches one session without its messages, with one request.
    ///
    /// By default it fails with an [`Unsupported`](ErrorKind::Unsupported) error. A source that
    /// implements it declares [`Capabilities::single_session`].
    fn session(&self, request: SessionRequest) -> BoxFuture<'_, Result<SourceSession>> {
        let _ = request;
        unsupported(self, Operation::Session)
    }

    /// Lists the scopes of the account, with one request.
    ///
    /// By default it fails with an [`Unsupported`](ErrorKind::Unsupported) error. A source that
    /// implements it declares [`Capabilities::scopes`].
    fn scopes(&self, request: ScopesRequest) -> BoxFuture<'_, Result<SourceScopes>> {
        let _ = request;
        unsupported(self, Operation::Scopes)
    }
}

/// Returns the error of a source that has no such operation.
fn unsupported<'a, T: Send + 'a>(
    source: &(impl SessionSource + ?Sized),
    operation: Operation,
) -> BoxFuture<'a, Result<T>> {
    let message = match operation {
        Operation::List => "this provider has no list of sessions",
        Operation::Transcript => "this provider has no operation that returns the messages of a session",
        Operation::Session => "this provider has no operation that returns a session without its messages",
        Operation::Scopes => "this provider has no operation that lists the scopes of an account",
    };
    let error = Error::new(ErrorKind::Unsupported, source.provider())
        .with_scope(source.scope())
        .with_message(message)
        .with_attempts(0);
    Box::pin(async { Err(error) })
}

/// Implements the trait for a pointer to a source.
macro_rules! through_pointer {
    ($pointer:ident) => {
        impl<T: SessionSource + ?Sized> SessionSource for $pointer<T> {
            fn provider(&self) -> Provider {
                (**self).provider()
            }

            fn scope(&self) -> Option<Scope> {
                (**self).scope()
            }

            fn identity(&self) -> String {
                (**self).identity()
            }

            fn capabilities(&self) -> Capabilities {
                (**self).capabilities()
            }

            fn account(&self) -> Option<Account> {
                (**self).account()
            }

            fn page(&self, request: PageRequest) -> BoxFuture<'_, Result<SourcePage>> {
                (**self).page(request)
            }

            fn transcript(&self, request: TranscriptRequest) -> BoxFuture<'_, Result<SourceTranscript>> {
                (**self).transcript(request)
            }

            fn session(&self, request: SessionRequest) -> BoxFuture<'_, Result<SourceSession>> {
                (**self).session(request)
            }

            fn scopes(&self, request: ScopesRequest) -> BoxFuture<'_, Result<SourceScopes>> {
                (**self).scopes(request)
            }
        }
    };
}

through_pointer!(Arc);
through_pointer!(Box);
