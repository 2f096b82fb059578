//! Limits how often an account may send requests, as the providers do.
//!
//! Times and accounts are parameters, and the dialects word the error.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use crate::dialect::operation::Operation;

/// How many requests an account may send in a period of time.
///
/// The window slides: a request is refused if the limit was reached within the window that ends
/// with its arrival. A request that arrived exactly one window ago no longer counts. So no period
/// of that length ever has more admitted requests than the limit. A count per clock second would
/// miss a client that sends everything around the turn of a second.
///
/// ```
/// use chat_sessions_sandbox::RateLimit;
/// use std::time::Duration;
///
/// // The documented limit of the Memories.ai list.
/// let limit = RateLimit::per_second(5);
/// // The same average. A refusal has a Retry-After header, and an earlier retry counts as well.
/// let strict = RateLimit::new(50, Duration::from_secs(10)).with_retry_after().counting_refused();
/// # let _ = (limit, strict);
/// ```
///
/// Over HTTP, it is the body of `POST /__sandbox/rate-limit`; missing fields are as in
/// [`per_second`](Self::per_second). With `operation`, it limits that operation only:
///
/// ```json
/// {"provider": "memories-ai", "requests": 5, "window_ms": 1000, "retry_after": true, "count_refused": false}
/// {"provider": "memories-ai", "operation": "session_detail", "requests": 1}
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateLimit {
    requests: usize,
    window: Duration,
    retry_after: bool,
    count_refused: bool,
}

impl RateLimit {
    /// Allows this many requests in any window of this length. Zero requests refuse everything; an
    /// empty window refuses nothing unless `requests` is zero.
    ///
    /// In JSON: `{"requests": 5, "window_ms": 1000}`.
    #[must_use]
    pub fn new(requests: usize, window: Duration) -> Self {
        Self {
            requests,
            window,
            retry_after: false,
            count_refused: false,
        }
    }

    /// Allows this many requests in any second.
    #[must_use]
    pub fn per_second(requests: usize) -> Self {
        Self::new(requests, Duration::from_secs(1))
    }

    /// Adds a `Retry-After` header to refusals: the time until the next request is admitted if no
    /// other comes first, in seconds, rounded up. Neither provider documents such a header, so
    /// there is none by default.
    ///
    /// In JSON: `"retry_after": true`.
    #[must_use]
    pub fn with_retry_after(mut self) -> Self {
        self.retry_after = true;
        self
    }

    /// Counts refused requests too, so that a client that keeps retrying is never admitted again.
    /// By default they do not count.
    ///
    /// In JSON: `"count_refused": true`.
    #[must_use]
    pub fn counting_refused(mut self) -> Self {
        self.count_refused = true;
        self
    }

    /// The `Retry-After` header of a refusal, if it has one.
    pub(crate) fn retry_after(&self, wait: Duration) -> Option<String> {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        self.retry_after.then(|| seconds.to_string())
    }
}

/// Whether a request is admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    /// It is admitted.
    Admitted,
    /// It is refused. The next one is admitted after this time.
    Refused(Duration),
}

/// The requests of one account that still count.
#[derive(Debug, Default)]
pub(crate) struct RequestWindow {
    /// The arrival times, oldest first.
    arrivals: VecDeque<Duration>,
}

impl RequestWindow {
    /// Decides about a request that arrives at `now`, a time of a monotonic clock.
    pub(crate) fn admit(&mut self, limit: &RateLimit, now: Duration) -> Admission {
        self.expire(limit, now);
        let admitted = self.arrivals.len() < limit.requests;
        if admitted || limit.count_refused {
            self.arrivals.push_back(now);
        }
        // Only the newest requests decide when the next one is admitted.
        while self.arrivals.len() > limit.requests {
            self.arrivals.pop_front();
        }
        if admitted {
            return Admission::Admitted;
        }
        let free_at = self.arrivals.front().map(|oldest| oldest.saturating_add(limit.window));
        Admission::Refused(free_at.map_or(limit.window, |free_at| free_at.saturating_sub(now)))
    }

    /// Removes the requests that no longer count. Returns whether none is left.
    pub(crate) fn expire(&mut self, limit: &RateLimit, now: Duration) -> bool {
        let past = |arrival: &Duration| now.saturating_sub(*arrival) >= limit.window;
        while self.arrivals.front().is_some_and(past) {
            self.arrivals.pop_front();
        }
        self.arrivals.is_empty()
    }
}

/// A rate limit with the requests of each account.
#[derive(Debug)]
pub(crate) struct Limiter {
    limit: RateLimit,
    windows: BTreeMap<u64, RequestWindow>,
}

impl Limiter {
    pub(crate) fn new(limit: RateLimit) -> Self {
        let windows = BTreeMap::new();
        Self { limit, windows }
    }

    /// Decides about a request of `account` that arrives at `now`. The error is the `Retry-After`
    /// header, if there is one.
    pub(crate) fn admit(&mut self, account: u64, now: Duration) -> Result<(), Option<String>> {
        let Self { limit, windows } = self;
        // Accounts without recent requests are removed, so that a client that makes up keys does
        // not fill the memory.
        windows.retain(|_, window| !window.expire(limit, now));
        match windows.entry(account).or_default().admit(limit, now) {
            Admission::Admitted => Ok(()),
            Admission::Refused(wait) => Err(limit.retry_after(wait)),
        }
    }
}

/// All limits of one provider. A request must be admitted by each that concerns it.
#[derive(Debug, Default)]
pub(crate) struct Limiters {
    pub(crate) all_operations: Option<Limiter>,
    pub(crate) by_operation: BTreeMap<Operation, Limiter>,
}

impl Limiters {
    /// Decides about a request, as [`Limiter::admit`] does. The limit of the operation comes first,
    /// so that a request that it refuses does not count for the other one.
    pub(crate) fn admit(
        &mut self,
        operation: Option<Operation>,
        account: u64,
        now: Duration,
    ) -> Result<(), Option<String>> {
        let of_operation = operation.and_then(|operation| self.by_operation.get_mut(&operation));
        let mut limiters = of_operation.into_iter().chain(&mut self.all_operations);
        limiters.try_for_each(|limiter| limiter.admit(account, now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the wait in milliseconds for each of these arrivals, or `None` if it is admitted.
    fn waits(limit: &RateLimit, arrivals: &[u64]) -> Vec<Option<u64>> {
        let mut window = RequestWindow::default();
        let admissions = arrivals
            .iter()
            .map(|arrival| window.admit(limit, Duration::from_millis(*arrival)));
        admissions
            .map(|admission| match admission {
                Admission::Admitted => None,
                Admission::Refused(wait) => u64::try_from(wait.as_millis()).ok(),
            })
            .collect()
    }

    #[test]
    fn the_window_that_ends_with_a_request_decides() {
        let three = RateLimit::per_second(3);
        let none = RateLimit::per_second(0);
        let always = RateLimit::new(1, Duration::ZERO);
        let counting = three.clone().counting_refused();
        for (limit, arrivals, expected) in [
            (&three, &[0, 0, 0, 0][..], &[None, None, None, Some(1000)][..]),
            // The request at 999 ms is within a second of the first; the one at 1000 ms is not.
            (&three, &[0, 1, 2, 999], &[None, None, None, Some(1)]),
            (&three, &[0, 1, 2, 1000], &[None, None, None, None]),
            // Around the turn of a second, where a count per clock second would admit them.
            (
                &three,
                &[900, 950, 990, 1000, 1899, 1900],
                &[None, None, None, Some(900), Some(1), None],
            ),
            // Refused requests do not count.
            (
                &three,
                &[0, 1, 2, 500, 900, 1000, 1001, 1002, 1003],
                &[None, None, None, Some(500), Some(100), None, None, None, Some(997)],
            ),
            // Refused requests count: after those at 2, 500 and 900 ms, the next is admitted at
            // 1002 ms.
            (
                &counting,
                &[0, 1, 2, 500, 900, 1001, 2500],
                &[None, None, None, Some(501), Some(102), Some(499), None],
            ),
            (&none, &[0, 5000], &[Some(1000), Some(1000)]),
            (&always, &[0, 0, 0], &[None, None, None]),
        ] {
            assert_eq!(waits(limit, arrivals), expected, "{limit:?} {arrivals:?}");
        }
    }

    #[test]
    fn retry_after_is_rounded_up_to_seconds() {
        let limit = RateLimit::per_second(5);
        assert_eq!(limit.retry_after(Duration::from_millis(1)), None);
        let limit = limit.with_retry_after();
        for (millis, expected) in [(0, "0"), (1, "1"), (1000, "1"), (1001, "2")] {
            let header = limit.retry_after(Duration::from_millis(millis));
            assert_eq!(header.as_deref(), Some(expected), "{millis}");
        }
    }
}
