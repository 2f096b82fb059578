//! Limits how fast an account is used: requests start one after the other, never faster than the
//! provider allows.
//!
//! Requests start in the order in which they queue, and a cancelled one delays no other. Idle time is
//! not saved up, because a provider that counts requests per second allows no bursts.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// `Pacing` limits how fast requests are sent to an account.
///
/// ```
/// use std::time::Duration;
/// use chat_sessions::LlamaCloud;
/// use chat_sessions::retry::Pacing;
///
/// // LlamaCloud's free tier allows 20 requests a minute.
/// let source = LlamaCloud::builder().api_key("llx-example").pacing(Pacing::every(Duration::from_secs(3))).build()?;
/// # Ok::<(), chat_sessions::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pacing {
    /// The minimum time between the starts of two requests; zero by default, which is no limit.
    pub interval: Duration,
}

impl Pacing {
    /// Sends requests as fast as the walk needs them. If the provider reports too many requests,
    /// they still wait.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Lets at least this much time pass between the starts of two requests.
    #[must_use]
    pub fn every(interval: Duration) -> Self {
        Self { interval }
    }

    /// Stays below this many requests in any second; at least 1.
    ///
    /// Requests do not arrive as evenly as they are sent. The interval is therefore a fiftieth
    /// longer than the even one: at 5 requests per second it is 204 milliseconds, and the sixth
    /// request is sent 20 milliseconds after the second is over.
    #[must_use]
    pub fn per_second(requests: u32) -> Self {
        let even = Duration::from_secs(1).checked_div(requests);
        // Zero requests per second is an infinite interval, which is refused when the source is
        // built.
        Self::every(even.map_or(Duration::MAX, |even| even + even / 50))
    }

    /// Returns why the rate limit is invalid; `None` if it is valid.
    pub(crate) fn problem(&self) -> Option<&'static str> {
        /// Longer than anyone waits for a page, and short enough to be added to any instant.
        const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
        (self.interval > LONGEST).then_some("the interval is longer than a day; Pacing::none() disables the rate limit")
    }
}

/// The state of an account's rate limit.
///
/// It is pure: the time is an argument.
#[derive(Debug)]
struct Pace {
    interval: Duration,
    /// The time at which the next request may start.
    next: Option<Instant>,
    /// The time before which the provider wants no requests.
    held: Option<Instant>,
    /// The beginning of the pause that ends then.
    held_since: Option<Instant>,
    /// The length of all earlier pauses.
    held_before: Duration,
    /// The factor on the interval, in eighths.
    stretch: u32,
}

impl Pace {
    const EVEN: u32 = 8;
    const MOST: u32 = 8 * Self::EVEN;

    fn new(pacing: Pacing) -> Self {
        Self {
            interval: pacing.interval,
            next: None,
            held: None,
            held_since: None,
            held_before: Duration::ZERO,
            stretch: Self::EVEN,
        }
    }

    /// Returns when a request may start; `None` if it may start now.
    fn due(&self, now: Instant) -> Option<Instant> {
        self.next.max(self.held).filter(|due| *due > now)
    }

    /// Records that a request starts.
    fn begins(&mut self, now: Instant) {
        let interval = self.interval.saturating_mul(self.stretch) / Self::EVEN;
        self.next = (!interval.is_zero()).then(|| now + interval);
    }

    /// Records that the provider wants fewer requests, and none before `wait` is over.
    ///
    /// The interval doubles, up to eightfold. Responses to requests that were pending at the same
    /// time report the same excess, so only the first of them counts.
    fn held_for(&mut self, now: Instant, wait: Duration) {
        if self.pause(now).is_zero() {
            self.stretch = (self.stretch * 2).min(Self::MOST);
            self.held_before = self.paused(now);
            self.held_since = Some(now);
        }
        self.held = self.held.max(now.checked_add(wait));
    }

    /// Returns the rest of the provider's pause.
    fn pause(&self, now: Instant) -> Duration {
        self.held
            .map_or(Duration::ZERO, |until| until.saturating_duration_since(now))
    }

    /// Returns the length of all the provider's pauses so far.
    fn paused(&self, now: Instant) -> Duration {
        let current = self.held_since.zip(self.held);
        let current = current.map(|(since, until)| until.min(now).saturating_duration_since(since));
        self.held_before.saturating_add(current.unwrap_or_default())
    }

    /// Records that a page arrived: the interval shrinks by an eighth of its original length.
    fn record_success(&mut self) {
        self.stretch = (self.stretch - 1).max(Self::EVEN);
    }
}

/// The rate limit of an account, for all its users.
#[derive(Debug)]
pub(crate) struct RateLimiter {
    /// Held by the request whose turn is next. The lock is fair, and a cancelled wait leaves no
    /// gap.
    turn: tokio::sync::Mutex<()>,
    pace: Mutex<Pace>,
}

impl RateLimiter {
    pub(crate) fn new(pacing: Pacing) -> Self {
        Self {
            turn: tokio::sync::Mutex::new(()),
            pace: Mutex::new(Pace::new(pacing)),
        }
    }

    /// Returns the time between two requests.
    #[cfg(test)]
    pub(crate) fn interval(&self) -> Duration {
        self.lock().interval
    }

    /// Waits until a request may start, and returns how long the rate limit made it wait. Without a
    /// rate limit it returns at once and needs no timer.
    pub(crate) async fn turn(&self) -> Duration {
        let begun = Instant::now();
        let mut is_limited = self.must_wait();
        let _turn = self.turn.lock().await;
        // The provider may request a longer pause during the wait.
        while let Some(due) = self.due_or_begin() {
            is_limited = true;
            tokio::time::sleep_until(due).await;
        }
        // Otherwise a busy machine took the time.
        if is_limited { begun.elapsed() } else { Duration::ZERO }
    }

    fn due_or_begin(&self) -> Option<Instant> {
        let mut pace = self.lock();
        let now = Instant::now();
        let due = pace.due(now);
        if due.is_none() {
            pace.begins(now);
        }
        due
    }

    /// Returns whether a request that queues now has to wait.
    pub(crate) fn must_wait(&self) -> bool {
        self.lock().due(Instant::now()).is_some()
    }

    /// Returns the rest of the pause that the provider wants, and the length of all its pauses so far.
    pub(crate) fn pauses(&self) -> (Duration, Duration) {
        let pace = self.lock();
        let now = Instant::now();
        (pace.pause(now), pace.paused(now))
    }

    /// Slows down every user of this account.
    pub(crate) fn hold(&self, wait: Duration) {
        self.lock().held_for(Instant::now(), wait);
    }

    pub(crate) fn record_success(&self) {
        self.lock().record_success();
    }

    fn lock(&self) -> MutexGuard<'_, Pace> {
        // Every change is a single assignment, so a panic elsewhere leaves nothing half done.
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn millis(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    fn pace(interval: u64) -> (Pace, Instant) {
        (Pace::new(Pacing::every(millis(interval))), Instant::now())
    }

    #[test]
    fn requests_begin_an_interval_apart_and_idle_time_is_not_saved_up() {
        let (mut pace, start) = pace(200);
        assert_eq!(pace.due(start), None);
        pace.begins(start);
        assert_eq!(pace.due(start), Some(start + millis(200)));
        assert_eq!(pace.due(start + millis(200)), None);
        let late = start + millis(5000);
        pace.begins(late);
        assert_eq!(pace.due(late + millis(199)), Some(late + millis(200)));
    }

    #[test]
    fn without_a_pace_only_the_provider_makes_it_wait() {
        let (mut pace, start) = pace(0);
        pace.begins(start);
        assert_eq!(pace.due(start), None);
        pace.held_for(start, millis(300));
        assert_eq!(pace.due(start), Some(start + millis(300)));
        pace.held_for(start, millis(100));
        assert_eq!(
            pace.due(start),
            Some(start + millis(300)),
            "a shorter pause does not shorten a longer one"
        );
        assert_eq!(pace.due(start + millis(300)), None);
    }

    #[test]
    fn pauses_that_overlap_count_once_and_only_up_to_now() {
        let (mut pace, start) = pace(200);
        let at = |time: u64| start + millis(time);
        assert_eq!((pace.pause(at(0)), pace.paused(at(0))), (millis(0), millis(0)));
        pace.held_for(at(1000), millis(300));
        pace.held_for(at(1100), millis(400));
        for (time, rest, so_far) in [(1000, 500, 0), (1200, 300, 200), (1500, 0, 500), (9000, 0, 500)] {
            assert_eq!(
                (pace.pause(at(time)), pace.paused(at(time))),
                (millis(rest), millis(so_far)),
                "{time}"
            );
        }
        pace.held_for(at(9000), millis(100));
        assert_eq!((pace.pause(at(9050)), pace.paused(at(9050))), (millis(50), millis(550)));
        assert_eq!((pace.pause(at(9999)), pace.paused(at(9999))), (millis(0), millis(600)));
    }

    #[test]
    fn an_excess_doubles_the_interval_once_and_pages_bring_it_back() {
        let (mut pace, start) = pace(200);
        let after_a_request = |pace: &mut Pace, now: Instant| {
            pace.begins(now);
            pace.next.map(|next| next - now)
        };
        pace.held_for(start, millis(50));
        pace.held_for(start + millis(10), millis(50));
        let now = start + millis(1000);
        assert_eq!(after_a_request(&mut pace, now), Some(millis(400)));
        for expected in [375, 350, 325, 300, 275, 250, 225, 200, 200] {
            pace.record_success();
            assert_eq!(after_a_request(&mut pace, now), Some(millis(expected)));
        }
        for again in 0..20 {
            pace.held_for(now + millis(100 * again), millis(50));
        }
        assert_eq!(
            after_a_request(&mut pace, now),
            Some(millis(1600)),
            "eightfold is the most"
        );
    }

    #[test]
    fn a_rate_leaves_room_for_what_the_network_does() {
        assert_eq!(Pacing::per_second(5).interval, millis(204));
        assert_eq!(Pacing::per_second(1000).interval, Duration::from_micros(1020));
        assert!(Pacing::per_second(0).problem().is_some());
        assert!(Pacing::every(Duration::from_secs(86_401)).problem().is_some());
        assert!(Pacing::every(Duration::from_secs(86_400)).problem().is_none());
        assert!(Pacing::none().problem().is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn turns_are_given_in_order_and_one_that_is_given_up_leaves_no_gap() {
        let rate_limiter = RateLimiter::new(Pacing::every(millis(200)));
        let start = Instant::now();
        rate_limiter.turn().await;
        assert_eq!(start.elapsed(), Duration::ZERO);
        tokio::select! {
            biased;
            _ = rate_limiter.turn() => panic!("it is not due yet"),
            () = tokio::time::sleep(millis(50)) => {}
        }
        rate_limiter.turn().await;
        assert_eq!(start.elapsed(), millis(200));
    }

    #[tokio::test(start_paused = true)]
    async fn only_the_rate_limit_counts_as_waiting_for_it() {
        let unlimited = RateLimiter::new(Pacing::none());
        let other = unlimited.turn.lock().await;
        let mut turn = std::pin::pin!(unlimited.turn());
        assert!(std::future::poll_fn(|cx| std::task::Poll::Ready(turn.as_mut().poll(cx).is_pending())).await);
        // The machine is busy with something else.
        tokio::time::advance(millis(7)).await;
        drop(other);
        assert_eq!(turn.await, Duration::ZERO);

        let limited = RateLimiter::new(Pacing::every(millis(200)));
        assert_eq!(limited.turn().await, Duration::ZERO);
        assert_eq!(tokio::join!(limited.turn(), limited.turn()), (millis(200), millis(400)));
    }

    #[tokio::test(start_paused = true)]
    async fn pages_bring_back_the_pace_that_an_excess_slowed_down() {
        let rate_limiter = RateLimiter::new(Pacing::every(millis(200)));
        let start = Instant::now();
        rate_limiter.hold(Duration::ZERO);
        rate_limiter.turn().await;
        rate_limiter.turn().await;
        assert_eq!(start.elapsed(), millis(400));
        (0..8).for_each(|_| rate_limiter.record_success());
        rate_limiter.turn().await;
        rate_limiter.turn().await;
        assert_eq!(start.elapsed(), millis(1000));
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_also_holds_the_one_that_waits_already() {
        let rate_limiter = RateLimiter::new(Pacing::every(millis(200)));
        let start = Instant::now();
        rate_limiter.turn().await;
        tokio::join!(rate_limiter.turn(), async {
            tokio::time::sleep(millis(100)).await;
            rate_limiter.hold(millis(3000));
        });
        assert_eq!(start.elapsed(), millis(3100));
    }
}
