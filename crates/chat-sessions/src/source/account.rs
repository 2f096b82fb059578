//! What all walks over one account share: its retry policy, its rate limit, what is left of its retry budget, and the page sizes
//! that its provider refused.

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::retry::{Pacing, RateLimiter, RetryPolicy};

/// `Account` is what all walks over one account of a provider share: when a request is made again, and how fast.
///
/// The engine asks a source for it ([`SessionSource::account`](crate::source::SessionSource::account)) and keeps to it. A clone is
/// the same account. [`MemoriesAi`](crate::MemoriesAi) and [`LlamaCloud`](crate::LlamaCloud) make their own; a source of
/// yours can keep one and give clones of it.
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
    /// How many requests may still be repeated.
    budget: Mutex<u32>,
    page_sizes: PageSizeLimit,
}

impl Account {
    /// Makes an account with a policy and a pace.
    #[must_use]
    pub fn new(retry: RetryPolicy, pacing: Pacing) -> Self {
        Self {
            shared: Arc::new(Shared {
                retry,
                rate_limiter: RateLimiter::new(pacing),
                budget: Mutex::new(retry.budget),
                page_sizes: PageSizeLimit::default(),
            }),
            random: Arc::new(fastrand::f64),
        }
    }

    /// Draws the waits from this function, which gives numbers from 0 to 1, instead of from chance: for tests.
    #[must_use]
    pub fn with_random(mut self, random: impl Fn() -> f64 + Send + Sync + 'static) -> Self {
        self.random = Arc::new(random);
        self
    }

    /// Gives the policy.
    #[must_use]
    pub fn retry_policy(&self) -> &RetryPolicy {
        &self.shared.retry
    }

    pub(crate) fn rate_limiter(&self) -> &RateLimiter {
        &self.shared.rate_limiter
    }

    pub(crate) fn page_sizes(&self) -> &PageSizeLimit {
        &self.shared.page_sizes
    }

    pub(crate) fn draw(&self) -> f64 {
        (self.random)()
    }

    /// Takes a repeated request out of the budget, if there is one left.
    pub(crate) fn may_repeat(&self) -> bool {
        let mut budget = self.shared.budget.lock().unwrap_or_else(PoisonError::into_inner);
        let left = budget.checked_sub(1);
        *budget = left.unwrap_or_default();
        left.is_some()
    }

    /// Takes note that a page arrived: the pace recovers, and so does the budget.
    pub(crate) fn arrived(&self) {
        self.shared.rate_limiter.arrived();
        let mut budget = self.shared.budget.lock().unwrap_or_else(PoisonError::into_inner);
        *budget = budget.saturating_add(1).min(self.shared.retry.budget);
    }
}

impl Default for Account {
    /// Retries as [`RetryPolicy`] has it by default, and does not pace.
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
    fn the_budget_is_shared_by_clones_and_comes_back_with_every_page() {
        let account = Account::new(RetryPolicy::default().budget(2), Pacing::none());
        let sibling = account.clone();
        assert!(account.may_repeat());
        assert!(sibling.may_repeat());
        assert!(!account.may_repeat());
        sibling.arrived();
        assert!(account.may_repeat());
        assert!(!sibling.may_repeat());
        for _ in 0..10 {
            account.arrived();
        }
        assert!(account.may_repeat() && account.may_repeat() && !account.may_repeat());
    }
}

/// Below this, no smaller size is tried: the provider's own is good enough then, and cannot be refused.
const SMALLEST_TRIED: u32 = 16;

/// The largest page that a provider has not refused, as far as an account knows.
#[derive(Debug)]
pub(crate) struct PageSizeLimit(AtomicU32);

/// Stands for a provider that refused every size that was tried.
const ITS_OWN: u32 = 0;

impl Default for PageSizeLimit {
    fn default() -> Self {
        Self(AtomicU32::new(u32::MAX))
    }
}

impl PageSizeLimit {
    /// Returns the largest size to request; `None` when the size is to be left to the provider.
    pub(crate) fn largest(&self) -> Option<u32> {
        Some(self.0.load(Ordering::Relaxed)).filter(|most| *most != ITS_OWN)
    }

    /// Halves what may be asked for.
    pub(crate) fn record_refusal(&self, size: u32) {
        let half = size / 2;
        let most = if half < SMALLEST_TRIED { ITS_OWN } else { half };
        self.0.fetch_min(most, Ordering::Relaxed);
    }
}
