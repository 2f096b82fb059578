//! A limit on how often an account may ask, as the providers have one.
//!
//! It is responsible for the rule and for counting. It takes the time as an argument; an account is a number to it, and how
//! a refusal is worded it does not know.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

/// How many requests an account may make in any stretch of time.
///
/// The window slides: a request is refused when, in the window that ends with its arrival, as many as allowed have come
/// before it. One that came exactly a window ago no longer counts. So whatever stretch one looks at, no more requests
/// than allowed were let through in it, and a client that spends its whole allowance at the turn of a second is noticed,
/// which a count per clock second would not do.
///
/// ```
/// use chat_sessions_sandbox::RateLimit;
/// use std::time::Duration;
///
/// // What the documents of Memories.ai say of the list.
/// let limit = RateLimit::per_second(5);
/// // The same on average; a refusal says when to come again, and asking too early does not help.
/// let strict = RateLimit::new(50, Duration::from_secs(10)).with_retry_after().counting_refused();
/// # let _ = (limit, strict);
/// ```
///
/// Over HTTP it is the body of `POST /__sandbox/rate-limit`; what is left out is as in [`per_second`](Self::per_second):
///
/// ```json
/// {"provider": "memories-ai", "requests": 5, "window_ms": 1000, "retry_after": true, "count_refused": false}
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateLimit {
    requests: usize,
    window: Duration,
    retry_after: bool,
    count_refused: bool,
}

impl RateLimit {
    /// At most so many requests in any window of this length. No requests refuses all; no length refuses none, unless
    /// no requests are allowed.
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

    /// At most so many requests in any second.
    #[must_use]
    pub fn per_second(requests: usize) -> Self {
        Self::new(requests, Duration::from_secs(1))
    }

    /// Adds a `Retry-After` header to a refusal: the seconds, rounded up, after which the next request is let through if
    /// no other comes before it. Neither provider documents one, so there is none by default.
    ///
    /// In JSON: `"retry_after": true`.
    #[must_use]
    pub fn with_retry_after(mut self) -> Self {
        self.retry_after = true;
        self
    }

    /// Lets refused requests count too, so that a client which keeps asking is never let through again. By default they
    /// do not count.
    ///
    /// In JSON: `"count_refused": true`.
    #[must_use]
    pub fn counting_refused(mut self) -> Self {
        self.count_refused = true;
        self
    }

    /// What stands in the `Retry-After` header of a refusal, if it has one.
    pub(crate) fn retry_after(&self, wait: Duration) -> Option<String> {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        self.retry_after.then(|| seconds.to_string())
    }
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    /// It is let through.
    Admitted,
    /// It is refused; after this long the next would be let through.
    Refused(Duration),
}

/// The requests of one account that still count.
#[derive(Debug, Default)]
pub(crate) struct RequestWindow {
    /// When they arrived, the oldest first.
    arrivals: VecDeque<Duration>,
}

impl RequestWindow {
    /// Judges the request that arrives `now`, by a clock that only goes forward.
    pub(crate) fn admit(&mut self, limit: &RateLimit, now: Duration) -> Admission {
        self.expire(limit, now);
        let admitted = self.arrivals.len() < limit.requests;
        if admitted || limit.count_refused {
            self.arrivals.push_back(now);
        }
        // Beyond what is allowed, only the newest decide when there is room again.
        while self.arrivals.len() > limit.requests {
            self.arrivals.pop_front();
        }
        if admitted {
            return Admission::Admitted;
        }
        let free_at = self.arrivals.front().map(|oldest| oldest.saturating_add(limit.window));
        Admission::Refused(free_at.map_or(limit.window, |free_at| free_at.saturating_sub(now)))
    }

    /// Forgets what no longer counts and says whether nothing is left.
    pub(crate) fn expire(&mut self, limit: &RateLimit, now: Duration) -> bool {
        let past = |arrival: &Duration| now.saturating_sub(*arrival) >= limit.window;
        while self.arrivals.front().is_some_and(past) {
            self.arrivals.pop_front();
        }
        self.arrivals.is_empty()
    }
}

/// A limit and the accounts that it is kept for.
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

    /// Judges the request of `account` that arrives `now`. When it is refused, gives the value of the `Retry-After`
    /// header, if there is to be one.
    pub(crate) fn admit(&mut self, account: u64, now: Duration) -> Result<(), Option<String>> {
        let Self { limit, windows } = self;
        // Accounts that ask no more are forgotten, so that a client which invents keys does not fill the memory.
        windows.retain(|_, window| !window.expire(limit, now));
        match windows.entry(account).or_default().admit(limit, now) {
            Admission::Admitted => Ok(()),
            Admission::Refused(wait) => Err(limit.retry_after(wait)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How the requests at these milliseconds fare: nothing where one is let through, else the milliseconds to wait.
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
    fn requests_are_judged_by_the_window_that_ends_with_them() {
        let three = RateLimit::per_second(3);
        let none = RateLimit::per_second(0);
        let always = RateLimit::new(1, Duration::ZERO);
        let counting = three.clone().counting_refused();
        for (limit, arrivals, expected) in [
            (&three, &[0, 0, 0, 0][..], &[None, None, None, Some(1000)][..]),
            // The last at 999 is within a second of the first, at 1000 no longer.
            (&three, &[0, 1, 2, 999], &[None, None, None, Some(1)]),
            (&three, &[0, 1, 2, 1000], &[None, None, None, None]),
            // Around the turn of a second, which a count per clock second would let through.
            (
                &three,
                &[900, 950, 990, 1000, 1899, 1900],
                &[None, None, None, Some(900), Some(1), None],
            ),
            // What was refused does not count …
            (
                &three,
                &[0, 1, 2, 500, 900, 1000, 1001, 1002, 1003],
                &[None, None, None, Some(500), Some(100), None, None, None, Some(997)],
            ),
            // … unless it is asked for: after those at 2, 500 and 900 there is room at 1002.
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
    fn the_header_rounds_up_to_seconds() {
        let limit = RateLimit::per_second(5);
        assert_eq!(limit.retry_after(Duration::from_millis(1)), None);
        let limit = limit.with_retry_after();
        for (millis, expected) in [(0, "0"), (1, "1"), (1000, "1"), (1001, "2")] {
            let header = limit.retry_after(Duration::from_millis(millis));
            assert_eq!(header.as_deref(), Some(expected), "{millis}");
        }
    }
}
