//! Decides whether to retry a failed request, and after how long: a pure function of what is known
//! by then.
//!
//! Every request of this crate is a GET, so repeating one changes nothing at the provider.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

/// `RetryPolicy` says how often a request is retried, and how long to wait before.
///
/// Only transient failures are retried ([`Error::is_temporary`](crate::Error::is_temporary)):
/// connections that fail or break off, timeouts, the statuses 408, 429 and 5xx, and failures that
/// Memories.ai reports as transient inside HTTP 200. A wait is a random time between zero and a
/// bound that doubles with every attempt, so that many clients that failed together do not return
/// together. If the provider says how long to wait, that time is used instead.
///
/// ```
/// use std::time::Duration;
/// use chat_sessions::MemoriesAi;
/// use chat_sessions::retry::RetryPolicy;
///
/// let source = MemoriesAi::builder()
///     .api_key("sk-example")
///     .retry(RetryPolicy::default().max_attempts(3).timeout(Duration::from_secs(20)))
///     .build()?;
/// # Ok::<(), chat_sessions::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// The maximum number of requests for one page or transcript, including the first: 5 by default. The
    /// provider's own clients make 6 (LlamaCloud) and 4 (Memories.ai).
    pub max_attempts: u32,
    /// The bound of the first wait, which doubles with every attempt: 500 milliseconds by default,
    /// as in the provider's own clients.
    pub initial_backoff: Duration,
    /// The maximum of that bound: 8 seconds by default, as in LlamaCloud's own clients.
    pub max_backoff: Duration,
    /// The longest wait that a provider may request: 60 seconds by default, as in LlamaCloud's own
    /// clients. If it requests more, the error is returned at once and says how long the wait would
    /// be.
    pub max_retry_after: Duration,
    /// The time for one page or transcript, from the first request to the complete response: 120 seconds by
    /// default, which is enough for four requests that time out.
    ///
    /// It covers every attempt, the first one included, and the waits between them. An attempt that
    /// takes longer is cancelled, and no wait starts that would end after it. A pause that the
    /// provider demands of the account counts too. The wait for the account's own
    /// [`Pacing`](crate::retry::Pacing) before the first request does not, because it only shows
    /// that other pages come first.
    ///
    /// It needs tokio's timers, as the built-in sources do. Outside a tokio runtime, a source of your
    /// own has to limit its requests itself.
    pub timeout: Duration,
    /// The retry budget: how many retries one account may make before as many pages have arrived;
    /// 100 by default. It keeps the many walks of one account from multiplying the load on a
    /// provider that is down.
    pub budget: u32,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 5,
            initial_backoff: Duration::from_millis(500),
            max_backoff: Duration::from_secs(8),
            max_retry_after: Duration::from_secs(60),
            timeout: Duration::from_secs(120),
            budget: 100,
        }
    }
}

impl RetryPolicy {
    /// Creates a policy that never retries.
    #[must_use]
    pub fn none() -> Self {
        Self::default().max_attempts(1)
    }

    /// Sets the maximum number of requests for one page or transcript, including the first; at least 1.
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// Sets the bound of the first wait.
    #[must_use]
    pub fn initial_backoff(mut self, wait: Duration) -> Self {
        self.initial_backoff = wait;
        self
    }

    /// Sets the maximum wait before a retry if the provider requests no wait.
    #[must_use]
    pub fn max_backoff(mut self, wait: Duration) -> Self {
        self.max_backoff = wait;
        self
    }

    /// Sets the maximum wait that the provider may request.
    #[must_use]
    pub fn max_retry_after(mut self, wait: Duration) -> Self {
        self.max_retry_after = wait;
        self
    }

    /// Sets the time for one page or transcript with all its attempts.
    #[must_use]
    pub fn timeout(mut self, time: Duration) -> Self {
        self.timeout = time;
        self
    }

    /// Sets the retry budget of the whole account.
    #[must_use]
    pub fn budget(mut self, requests: u32) -> Self {
        self.budget = requests;
        self
    }

    /// Returns why the policy is invalid; `None` if it is valid.
    pub(crate) fn problem(&self) -> Option<&'static str> {
        (self.max_attempts == 0).then_some("max_attempts is 0, so no request would be sent; 1 disables retries")
    }

    /// Decides what to do after a failed request.
    ///
    /// `random` is between 0 and 1. The account's budget is not checked here.
    pub(crate) fn decide(&self, failed: &Failed, random: f64) -> Decision {
        if !failed.temporary {
            return Decision::GiveUp(GaveUp::Final);
        }
        let requested = failed.retry_after.filter(|wait| !wait.is_zero());
        if requested.is_some_and(|wait| wait > self.max_retry_after) {
            return Decision::GiveUp(GaveUp::RetryAfter);
        }
        if failed.attempt >= self.max_attempts {
            return Decision::GiveUp(GaveUp::Attempts);
        }
        let wait = requested.unwrap_or_else(|| self.bound(failed.attempt).mul_f64(random.clamp(0.0, 1.0)));
        if failed.elapsed.saturating_add(wait) >= self.timeout {
            return Decision::GiveUp(GaveUp::Time);
        }
        Decision::Wait(wait)
    }

    /// Returns the bound of the wait after an attempt, counted from 1.
    fn bound(&self, attempt: u32) -> Duration {
        let doubled = 1_u32.checked_shl(attempt.saturating_sub(1)).unwrap_or(u32::MAX);
        self.initial_backoff.saturating_mul(doubled).min(self.max_backoff)
    }
}

/// The data about a failed request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Failed {
    /// The number of requests made for the page.
    pub(crate) attempt: u32,
    /// The time since the first of them.
    pub(crate) elapsed: Duration,
    pub(crate) temporary: bool,
    pub(crate) retry_after: Option<Duration>,
}

/// What to do after a failed request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    Wait(Duration),
    GiveUp(GaveUp),
}

/// `GaveUp` says why a failed request was not retried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum GaveUp {
    /// The same request would fail again.
    Final,
    /// All attempts that [`RetryPolicy::max_attempts`] allows were made.
    Attempts,
    /// The time of [`RetryPolicy::timeout`] was over, or another wait would have ended after it.
    Time,
    /// The provider requests a wait longer than [`RetryPolicy::max_retry_after`].
    RetryAfter,
    /// The account has used up its [`RetryPolicy::budget`].
    Budget,
}

impl GaveUp {
    /// Returns the word for the reason in machine-readable output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Final => "final",
            Self::Attempts => "attempts",
            Self::Time => "time",
            Self::RetryAfter => "retry-after",
            Self::Budget => "budget",
        }
    }
}

impl fmt::Display for GaveUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn the_decision_follows_the_table() {
        let policy = RetryPolicy::default().max_attempts(4).timeout(seconds(100));
        let failed = |attempt, elapsed, retry_after: Option<u64>| Failed {
            attempt,
            elapsed: seconds(elapsed),
            temporary: true,
            retry_after: retry_after.map(seconds),
        };
        let wait = |millis| Decision::Wait(Duration::from_millis(millis));
        let give_up = Decision::GiveUp;
        for (row, case, random, expected) in [
            ("first wait, bounded by itself", failed(1, 0, None), 1.0, wait(500)),
            ("the draw scales it", failed(1, 0, None), 0.25, wait(125)),
            ("a draw of nothing is no wait", failed(1, 0, None), 0.0, wait(0)),
            ("the bound doubles", failed(2, 1, None), 1.0, wait(1000)),
            ("and doubles again", failed(3, 1, None), 1.0, wait(2000)),
            (
                "the last attempt is the last",
                failed(4, 1, None),
                1.0,
                give_up(GaveUp::Attempts),
            ),
            (
                "the provider's wait is kept, whatever is drawn",
                failed(1, 0, Some(7)),
                0.0,
                wait(7000),
            ),
            ("up to the cap", failed(1, 0, Some(60)), 0.0, wait(60_000)),
            (
                "but not beyond",
                failed(1, 0, Some(61)),
                0.0,
                give_up(GaveUp::RetryAfter),
            ),
            (
                "the cap explains more than the count",
                failed(4, 0, Some(61)),
                0.0,
                give_up(GaveUp::RetryAfter),
            ),
            ("a wait of zero says nothing", failed(2, 0, Some(0)), 0.5, wait(500)),
            (
                "a wait may end before the time does",
                failed(1, 93, Some(6)),
                0.0,
                wait(6000),
            ),
            ("and not with it", failed(1, 94, Some(6)), 0.0, give_up(GaveUp::Time)),
            (
                "a draw beyond its range is one at its end",
                failed(1, 0, None),
                7.5,
                wait(500),
            ),
            ("and one below it at its other end", failed(1, 0, None), -7.5, wait(0)),
        ] {
            assert_eq!(policy.decide(&case, random), expected, "{row}");
        }
        let refused = Failed {
            temporary: false,
            ..failed(1, 0, Some(1))
        };
        assert_eq!(policy.decide(&refused, 0.5), give_up(GaveUp::Final));
        assert_eq!(
            RetryPolicy::none().decide(&failed(1, 0, None), 0.5),
            give_up(GaveUp::Attempts)
        );
    }

    #[test]
    fn the_bound_stops_doubling_and_never_overflows() {
        let policy = RetryPolicy::default().max_attempts(u32::MAX);
        let bounds: Vec<u128> = [1, 2, 3, 4, 5, 6, 32, 33, 34, u32::MAX]
            .into_iter()
            .map(|attempt| policy.bound(attempt).as_millis())
            .collect();
        assert_eq!(bounds, [500, 1000, 2000, 4000, 8000, 8000, 8000, 8000, 8000, 8000]);
        let endless = policy
            .initial_backoff(Duration::MAX)
            .max_backoff(Duration::MAX)
            .timeout(Duration::MAX);
        assert_eq!(endless.bound(40), Duration::MAX);
    }

    #[test]
    fn a_reason_prints_as_its_word() {
        assert_eq!(
            format!("{:>7}|{}", GaveUp::Time, GaveUp::RetryAfter),
            "   time|retry-after"
        );
    }

    #[test]
    fn a_policy_without_an_attempt_is_refused() {
        assert!(RetryPolicy::default().max_attempts(0).problem().is_some());
        assert!(RetryPolicy::none().problem().is_none());
    }
}
