//! Sends a request with as many attempts as it takes: when the rate limit allows, and again after
//! a transient failure.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{Instant, sleep};

use crate::error::{Error, ErrorKind, Remedy, Result, seconds};
use crate::retry::call::{Attempted, Attempts, Call};
use crate::retry::deadline::before_deadline;
use crate::retry::policy::{Decision, Failed, GaveUp, RetryPolicy};
use crate::retry::retry_event::{OnRetry, RetryEvent, emit};
use crate::source::{Account, Operation, SessionSource};

/// The retries and waiting times of a walk, including those of cancelled pages.
#[derive(Debug, Default)]
pub(crate) struct RetryCounters {
    retries: AtomicU64,
    waited_nanos: AtomicU64,
    paced_nanos: AtomicU64,
}

impl RetryCounters {
    pub(crate) fn retries(&self) -> u64 {
        self.retries.load(Ordering::Relaxed)
    }

    pub(crate) fn waited(&self) -> Duration {
        Duration::from_nanos(self.waited_nanos.load(Ordering::Relaxed))
    }

    pub(crate) fn paced(&self) -> Duration {
        Duration::from_nanos(self.paced_nanos.load(Ordering::Relaxed))
    }

    fn add(sum: &AtomicU64, time: Duration) {
        // Nanoseconds in a `u64` are enough for five hundred years.
        sum.fetch_add(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

/// Sends the requests to one source.
#[derive(Clone, Debug)]
pub(crate) struct Fetcher {
    source: Arc<dyn SessionSource>,
    account: Account,
    policy: RetryPolicy,
    on_retry: Option<OnRetry>,
    counters: Arc<RetryCounters>,
}

impl Fetcher {
    pub(crate) fn new(source: Arc<dyn SessionSource>, policy: Option<RetryPolicy>, on_retry: Option<OnRetry>) -> Self {
        let account = source.account().unwrap_or_default();
        Self {
            policy: policy.unwrap_or(*account.retry_policy()),
            account,
            source,
            on_retry,
            counters: Arc::default(),
        }
    }

    pub(crate) fn source(&self) -> &dyn SessionSource {
        &*self.source
    }

    pub(crate) fn account(&self) -> &Account {
        &self.account
    }

    pub(crate) fn counters(&self) -> &RetryCounters {
        &self.counters
    }

    /// Fetches what a request asks for.
    pub(crate) async fn fetch<C: Call>(self, request: C) -> Result<C::Output> {
        let mut request = Attempted::new(request);
        let outcome = self.complete(&mut request).await;
        let output = outcome.map(|()| request.output.take());
        match output {
            Ok(output) => Ok(output.unwrap_or_else(|| unreachable!("a successful attempt keeps its output"))),
            Err(error) => Err(match request.session() {
                Some(session) => error.with_session(session.to_owned()),
                None => error,
            }),
        }
    }

    /// Attempts a request until it succeeds. It takes one type for all operations, because the
    /// compiler would copy the code for each.
    async fn complete(&self, request: &mut dyn Attempts) -> Result<()> {
        let operation = request.operation();
        let started = self.wait_for_first_turn(operation).await?;
        let deadline = started.checked_add(self.policy.timeout);
        match before_deadline(deadline, request.attempt(&*self.source)).await {
            // Boxed, because a future is as large as its largest part, and most requests need no
            // retry.
            Some(Err(error)) => Box::pin(self.retry(request, started, error)).await?,
            Some(Ok(())) => {}
            None => return Err(self.timeout_error(operation)),
        }
        self.account.record_success(operation);
        Ok(())
    }

    /// Waits until the account's rate limit allows the first attempt, and returns when the time for
    /// the request began.
    ///
    /// Other walks may keep the account busy for longer than one request may take, so the wait for
    /// them does not count. A pause that the provider demanded, of any of them, does.
    async fn wait_for_first_turn(&self, operation: Operation) -> Result<Instant> {
        /// How often to look for new pauses, at most.
        const SHORTEST_LOOK: Duration = Duration::from_millis(100);
        let limiter = self.account.rate_limiter(operation);
        // Waiting needs the runtime's clock.
        if limiter.must_wait() && Handle::try_current().is_err() {
            return Err(self.error(ErrorKind::Config).outside_runtime());
        }
        let (_, paused_before) = limiter.pauses();
        let mut turn = std::pin::pin!(self.wait_for_turn(operation));
        loop {
            let (pause, paused) = limiter.pauses();
            let left = self.policy.timeout.saturating_sub(paused.saturating_sub(paused_before));
            if pause > left {
                return Err(self.pause_error(operation, pause));
            }
            let next_look = Instant::now().checked_add(left.max(SHORTEST_LOOK));
            if before_deadline(next_look, &mut turn).await.is_some() {
                break;
            }
        }
        let (_, paused) = limiter.pauses();
        let now = Instant::now();
        Ok(now.checked_sub(paused.saturating_sub(paused_before)).unwrap_or(now))
    }

    /// Returns the error of a request whose first attempt took all its time.
    fn timeout_error(&self, operation: Operation) -> Error {
        self.error(ErrorKind::Timeout)
            .with_message(format!(
                "the {} did not arrive within {}",
                operation.noun(),
                seconds(self.policy.timeout)
            ))
            .with_remedy(Remedy::RaiseTimeout)
            .with_attempts(1)
            .with_gave_up(GaveUp::Time)
    }

    /// Returns the error of a request that was not sent, because the provider demands a pause.
    fn pause_error(&self, operation: Operation, pause: Duration) -> Error {
        self.error(ErrorKind::RateLimited)
            .with_message(format!(
                "this account has to pause for longer than one {} may take",
                operation.noun()
            ))
            .with_retry_after(Some(pause))
            .with_remedy(Remedy::RaiseTimeout)
            .with_attempts(0)
    }

    fn error(&self, kind: ErrorKind) -> Error {
        Error::new(kind, self.source.provider()).with_scope(self.source.scope())
    }

    /// Retries a failed request, as long as the policy allows.
    async fn retry(&self, request: &mut dyn Attempts, started: Instant, mut error: Error) -> Result<()> {
        let operation = request.operation();
        let policy = self.policy;
        let deadline = started.checked_add(policy.timeout);
        let mut attempt = 1;
        let mut waited = Duration::ZERO;
        loop {
            if error.attempts_if_known() == Some(0) {
                // No request was sent, so there is nothing to retry.
                return Err(error);
            }
            error = error.with_attempts(attempt).with_waited(waited);
            let failed = Failed {
                attempt,
                elapsed: started.elapsed(),
                temporary: error.is_temporary(),
                retry_after: error.retry_after(),
            };
            let decision = match policy.decide(&failed, self.account.draw()) {
                Decision::Wait(_) if !self.account.may_repeat() => Decision::GiveUp(GaveUp::Budget),
                decision => decision,
            };
            if error.kind() == ErrorKind::RateLimited {
                // Every user of this account has to wait, whether this request is retried or not.
                self.account.rate_limiter(operation).hold(match decision {
                    Decision::Wait(wait) => wait,
                    Decision::GiveUp(_) => error
                        .retry_after()
                        .unwrap_or(policy.initial_backoff)
                        .min(policy.max_retry_after),
                });
            }
            let wait = match decision {
                Decision::Wait(wait) => wait,
                Decision::GiveUp(reason) => return Err(error.with_gave_up(reason)),
            };

            if !wait.is_zero() && Handle::try_current().is_err() {
                return Err(error);
            }
            self.report(&error, request, attempt, wait);
            self.counters.retries.fetch_add(1, Ordering::Relaxed);
            RetryCounters::add(&self.counters.waited_nanos, wait);
            waited += wait;
            if !wait.is_zero() {
                sleep(wait).await;
            }
            let turn = self.wait_for_turn(operation);
            if before_deadline(deadline, turn).await.is_none() {
                return Err(error.with_waited(waited).with_gave_up(GaveUp::Time));
            }
            let again = request.attempt(&*self.source);
            attempt += 1;
            let Some(again) = before_deadline(deadline, again).await else {
                // The earlier failure says more than an expired deadline.
                return Err(error
                    .with_attempts(attempt)
                    .with_waited(waited)
                    .with_gave_up(GaveUp::Time));
            };
            match again {
                Ok(()) => return Ok(()),
                Err(again) => error = again,
            }
        }
    }

    /// Waits until the account's rate limit allows a request.
    async fn wait_for_turn(&self, operation: Operation) {
        let waited = self.account.rate_limiter(operation).turn().await;
        RetryCounters::add(&self.counters.paced_nanos, waited);
    }

    fn report(&self, error: &Error, request: &dyn Attempts, attempt: u32, wait: Duration) {
        let (provider, scope) = (self.source.provider(), self.source.scope());
        let retry = RetryEvent {
            provider: &provider,
            scope: scope.as_ref(),
            operation: request.operation(),
            session: request.session(),
            attempt,
            wait,
            error,
        };
        emit(&retry, self.policy.max_attempts);
        if let Some(OnRetry(on_retry)) = &self.on_retry {
            on_retry(&retry);
        }
    }
}
