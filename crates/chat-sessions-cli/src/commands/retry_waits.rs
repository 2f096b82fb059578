//! What a command waits for before it retries, for its progress line.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use chat_sessions::Provider;
use chat_sessions::model::Scope;
use chat_sessions::retry::RetryEvent;

/// The wait before a retry.
#[derive(Debug)]
struct Wait {
    provider: Provider,
    scope: Option<Scope>,
    until: Instant,
    reason: String,
}

/// The current waits, at most one per source.
#[derive(Clone, Debug, Default)]
pub(crate) struct RetryWaits(Arc<Mutex<Vec<Wait>>>);

impl RetryWaits {
    pub(crate) fn add(&self, retry: &RetryEvent<'_>) {
        // The status of a success does not say what failed.
        let reason = match retry.error.status().filter(|status| *status >= 400) {
            Some(status) => format!("HTTP {status}"),
            None => retry.error.kind().to_string(),
        };
        let mut waits = lock(&self.0);
        waits.retain(|wait| (&wait.provider, wait.scope.as_ref()) != (retry.provider, retry.scope));
        waits.push(Wait {
            provider: retry.provider.clone(),
            scope: retry.scope.cloned(),
            until: Instant::now() + retry.wait,
            reason,
        });
    }

    /// Returns how many seconds a source still waits, rounded up, and why.
    pub(crate) fn of(&self, provider: &Provider, scope: Option<&Scope>, now: Instant) -> Option<(u64, String)> {
        self.first(now, |wait| wait.provider == *provider && wait.scope.as_ref() == scope)
    }

    /// Returns the same for any source that waits.
    pub(crate) fn any(&self, now: Instant) -> Option<(u64, String)> {
        self.first(now, |_| true)
    }

    fn first(&self, now: Instant, is_wanted: impl Fn(&Wait) -> bool) -> Option<(u64, String)> {
        let mut waits = lock(&self.0);
        waits.retain(|wait| wait.until > now);
        let wait = waits.iter().find(|wait| is_wanted(wait))?;
        let left = wait.until.duration_since(now);
        Some((left.as_secs() + u64::from(left.subsec_nanos() > 0), wait.reason.clone()))
    }
}

/// A panic elsewhere cannot leave the waits inconsistent, so poisoning is ignored.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
