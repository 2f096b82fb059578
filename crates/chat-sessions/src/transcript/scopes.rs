//! Lists the scopes of all accounts of a client.

use std::collections::HashSet;
use std::sync::Arc;

use crate::error::{Error, ErrorKind, Result};
use crate::model::ScopeInfo;
use crate::retry::Fetcher;
use crate::source::{ScopesRequest, SessionSource};
use crate::transcript::options::{Options, shared_setters};

/// `ReadScopes` describes a request for the scopes of all accounts.
/// [`ChatSessions::scopes`](crate::ChatSessions::scopes) creates it.
#[derive(Clone, Debug)]
#[must_use = "a request does nothing until it is sent"]
pub struct ReadScopes {
    sources: Arc<[Arc<dyn SessionSource>]>,
    options: Options,
}

shared_setters!(ReadScopes);

/// `ScopeList` is the result of [`ReadScopes::send`].
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct ScopeList {
    /// The scopes, account by account in the order of the sources.
    pub scopes: Vec<ScopeInfo>,
    /// The errors of accounts whose scopes could not be listed.
    pub failures: Vec<Error>,
}

impl ReadScopes {
    pub(crate) fn new(sources: Arc<[Arc<dyn SessionSource>]>) -> Self {
        Self {
            sources,
            options: Options::default(),
        }
    }

    /// Sends one request for each account, one after the other. Sources of the same provider with the
    /// same [`identity`](SessionSource::identity) are one account.
    ///
    /// # Errors
    ///
    /// Fails if no account returned its scopes, with the error of the first one. Otherwise
    /// [`ScopeList::failures`] holds the errors.
    pub async fn send(self) -> Result<ScopeList> {
        self.options.check()?;
        let mut list = ScopeList::default();
        let mut accounts = HashSet::new();
        let mut succeeded = false;
        for source in self.sources.iter() {
            if !accounts.insert((source.provider(), source.identity())) {
                continue;
            }
            let fetcher = Fetcher::new(Arc::clone(source), self.options.retry, self.options.on_retry.clone());
            let request = ScopesRequest {
                on_exchange: self.options.on_exchange.clone(),
            };
            match fetcher.fetch(request).await {
                Ok(scopes) => {
                    succeeded = true;
                    list.scopes.extend(scopes);
                }
                Err(error) => list.failures.push(error),
            }
        }
        if succeeded || list.failures.is_empty() {
            return Ok(list);
        }
        let mut failures = list.failures.into_iter();
        let first = failures.next().unwrap_or_else(|| Error::local(ErrorKind::Config));
        Err(first.with_others(failures.collect()))
    }
}
