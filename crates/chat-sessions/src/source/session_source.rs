//! The extension point: what a source of sessions must be able to do.
//!
//! A source fetches one page and says what its response means. It never retries, limits its rate, skips items or walks a list; the
//! rest of this crate does that for every source, the built-in ones and yours alike.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::error::Result;
use crate::model::{Provider, Scope};
use crate::source::account::Account;
use crate::source::capabilities::Capabilities;
use crate::source::page::{PageRequest, SourcePage};

/// A boxed future, as object-safe asynchronous traits need it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// `SessionSource` is one list of sessions: an account of a provider, or a part of one.
///
/// [`MemoriesAi`](crate::MemoriesAi) and [`LlamaCloud`](crate::LlamaCloud) implement it; so can a fake in your tests or
/// a provider that this crate does not know.
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
    /// A source that gives none is asked again as [`RetryPolicy`](crate::retry::RetryPolicy) has it by default, and not paced.
    fn account(&self) -> Option<Account> {
        None
    }

    /// Fetches one page with one request, and classifies what comes back.
    fn page(&self, request: PageRequest) -> BoxFuture<'_, Result<SourcePage>>;
}

impl<T: SessionSource + ?Sized> SessionSource for Arc<T> {
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
}
