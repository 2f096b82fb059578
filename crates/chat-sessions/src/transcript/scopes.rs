//! Lists the scopes of all accounts of a client.

use std::sync::Arc;

use crate::error::{Error, Result};
use crate::model::ScopeInfo;
use crate::retry::Fetcher;
use crate::source::{Rejected, ScopesRequest, SessionSource};
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
    /// The items that could not be read.
    pub rejected: Vec<Rejected>,
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

    /// Sends one request for each account, one after the other. Sources of a provider are one account if
    /// they share their [`Account`](crate::source::Account), as those of `with_scope` do; sources
    /// without one, if they have the same [`identity`](SessionSource::identity).
    ///
    /// # Errors
    ///
    /// Fails if no account returned its scopes, with the error of the first one. Otherwise
    /// [`ScopeList::failures`] holds the errors.
    pub async fn send(self) -> Result<ScopeList> {
        self.options.check()?;
        let mut list = ScopeList::default();
        let mut succeeded = false;
        for (index, source) in self.sources.iter().enumerate() {
            if self.sources[..index]
                .iter()
                .any(|earlier| same_account(&**earlier, &**source))
            {
                continue;
            }
            let fetcher = Fetcher::new(Arc::clone(source), self.options.retry, self.options.on_retry.clone());
            let request = ScopesRequest {
                exchange: (&self.options.on_exchange).into(),
            };
            match fetcher.fetch(request).await {
                Ok(fetched) => {
                    succeeded = true;
                    list.scopes.extend(fetched.scopes);
                    list.rejected.extend(fetched.rejected);
                }
                Err(error) => list.failures.push(error),
            }
        }
        if succeeded {
            return Ok(list);
        }
        let mut failures = list.failures.into_iter();
        match failures.next() {
            Some(first) => Err(first.with_others(failures.collect())),
            None => Ok(ScopeList::default()),
        }
    }
}

fn same_account(one: &dyn SessionSource, other: &dyn SessionSource) -> bool {
    one.provider() == other.provider()
        && match (one.account(), other.account()) {
            (Some(one), Some(other)) => one.is_same(&other),
            (None, None) => one.identity() == other.identity(),
            _ => false,
        }
}
