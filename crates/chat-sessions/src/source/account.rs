//! The state that all requests to one account share: its retry policy, its rate limits, the rest of
//! its retry budget, and the page sizes that its provider refused.

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::retry::{Pacing, RateLimiter, RetryPolicy};
use crate::source::operation::Operation;

/// `Account` is the state that all walks over one account of a provider share: when to retry, and
/// how fast to send requests.
///
/// Every walk over a source uses the source's account
/// ([`SessionSource::account`](crate::source::SessionSource::account)). A clone is the same
/// account. [`MemoriesAi`](crate::MemoriesAi) and [`LlamaCloud`](crate::LlamaCloud) create their
/// own; a source of yours can keep one and return clones of it.
///
/// ```
/// use chat_sessions::retry::{Pacing, RetryPolicy};
/// use chat_sessions::source::Account;
///
/// let account = Account::new(RetryPolicy::default(), Pacing::per_second(10));
/// assert_eq!(account.retry_policy().max_attempts, 5);
/// ```
#[derive(Clone)]
pub struct Account {
    shared: Arc<Shared>,
    random: Arc<dyn Fn() -> f64 + Send + Sync>,
}

struct Shared {
    retry: RetryPolicy,
    rate_limiter: RateLimiter,
    /// The rate limits of operations that have their own.
    own_limits: Vec<(Operation, RateLimiter)>,
    /// The number of retries left.
    budget: Mutex<u32>,
    page_sizes: PageSizeLimit,
}

impl Account {
    /// Creates an account with a retry policy and one rate limit for all operations.
    #[must_use]
    pub fn new(retry: RetryPolicy, pacing: Pacing) -> Self {
        Self::create(retry, pacing, Vec::new())
    }

    /// Creates an account in which some operations have a rate limit of their own. All others share
    /// `pacing`.
    ///
    /// ```
    /// use chat_sessions::retry::{Pacing, RetryPolicy};
    /// use chat_sessions::source::{Account, Operation};
    ///
    /// let transcripts = (Operation::Transcript, Pacing::per_second(1));
    /// let account = Account::with_own_limits(RetryPolicy::default(), Pacing::per_second(5), [transcripts]);
    /// ```
    #[must_use]
    pub fn with_own_limits(
        retry: RetryPolicy,
        pacing: Pacing,
        own: impl IntoIterator<Item = (Operation, Pacing)>,
    ) -> Self {
        let own = own.into_iter();
        let own = own.map(|(operation, pacing)| (operation, RateLimiter::new(pacing)));
        Self::create(retry, pacing, own.collect())
    }

    fn create(retry: RetryPolicy, pacing: Pacing, own_limits: Vec<(Operation, RateLimiter)>) -> Self {
        Self {
            shared: Arc::new(Shared {
                retry,
                rate_limiter: RateLimiter::new(pacing),
                own_limits,
                budget: Mutex::new(retry.budget),
                page_sizes: PageSizeLimit::default(),
            }),
            random: Arc::new(fastrand::f64),
        }
    }

    /// Computes retry waits from this function, which returns numbers from 0 to 1, instead of from
    /// random numbers. For tests.
    #[must_use]
    pub fn with_random(mut self, random: impl Fn() -> f64 + Send + Sync + 'static) -> Self {
        self.random = Arc::new(random);
        self
    }

    /// Returns whether both are clones of one account.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }

    /// Returns the retry policy.
    #[must_use]
    pub fn retry_policy(&self) -> &RetryPolicy {
        &self.shared.retry
    }

    pub(crate) fn rate_limiter(&self, operation: Operation) -> &RateLimiter {
        let own = self.shared.own_limits.iter().find(|(owner, _)| *owner == operation);
        own.map_or(&self.shared.rate_limiter, |(_, limiter)| limiter)
    }

    pub(crate) fn page_sizes(&self) -> &PageSizeLimit {
        &self.shared.page_sizes
    }

    pub(crate) fn draw(&self) -> f64 {
        (self.random)()
    }

    /// Takes one retry from the budget. Returns false if none is left.
    pub(crate) fn may_repeat(&self) -> bool {
        let mut budget = self.shared.budget.lock().unwrap_or_else(PoisonError::into_inner);
        let left = budget.checked_sub(1);
        *budget = left.unwrap_or_default();
        left.is_some()
    }

    /// Records that a request succeeded: the request rate and the retry budget recover.
    pub(crate) fn record_success(&self, operation: Operation) {
        self.rate_limiter(operation).record_success();
        let mut budget = self.shared.budget.lock().unwrap_or_else(PoisonError::into_inner);
        *budget = budget.saturating_add(1).min(self.shared.retry.budget);
    }
}

impl Default for Account {
    /// Creates an account with the default [`RetryPolicy`] and no rate limit.
    fn default() -> Self {
        Self::new(RetryPolicy::default(), Pacing::none())
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("retry", &self.shared.retry)
            .field("limiter", &self.shared.rate_limiter)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_is_shared_by_clones_and_comes_back_with_every_success() {
        let account = Account::new(RetryPolicy::default().budget(2), Pacing::none());
        let sibling = account.clone();
        assert!(account.may_repeat());
        assert!(sibling.may_repeat());
        assert!(!account.may_repeat());
        sibling.record_success(Operation::List);
        assert!(account.may_repeat());
        assert!(!sibling.may_repeat());
        for _ in 0..10 {
            account.record_success(Operation::Transcript);
        }
        assert!(account.may_repeat() && account.may_repeat() && !account.may_repeat());
    }
}

/// The smallest page size to request. Below it, the size is left to the provider: its own is good
/// enough then, and cannot be refused.
const SMALLEST_TRIED: u32 = 16;

/// The largest page size that the provider has not refused, as far as the account knows.
#[derive(Debug)]
pub(crate) struct PageSizeLimit(AtomicU32);

/// Marks a provider that refused every size.
const ITS_OWN: u32 = 0;

impl Default for PageSizeLimit {
    fn default() -> Self {
        Self(AtomicU32::new(u32::MAX))
    }
}

impl PageSizeLimit {
    /// Returns the largest size to request; `None` leaves the size to the provider.
    pub(crate) fn largest(&self) -> Option<u32> {
        Some(self.0.load(Ordering::Relaxed)).filter(|most| *most != ITS_OWN)
    }

    /// Halves the largest size to request.
    pub(crate) fn record_refusal(&self, size: u32) {
        let half = size / 2;
        let most = if half < SMALLEST_TRIED { ITS_OWN } else { half };
        self.0.fetch_min(most, Ordering::Relaxed);
    }
}
