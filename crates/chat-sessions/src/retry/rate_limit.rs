//! How fast an account is asked: one request after the other, never faster than the provider allows.
//!
//! Requests take their turn in the order in which they ask for it, and a turn that is given up costs nobody anything. Time
//! that passes without a request is not saved up, since a provider that counts requests in a second allows no burst.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// `Pacing` says how fast an account is asked.
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
    /// The least time between the beginnings of two requests; zero by default, which is no pacing.
    pub interval: Duration,
}

impl Pacing {
    /// Asks as fast as the walk goes. A provider that answers that it is asked too often is waited for all the same.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Lets at least this much time pass between the beginnings of two requests.
    #[must_use]
    pub fn every(interval: Duration) -> Self {
        Self { interval }
    }

    /// Keeps below so many requests in any second; at least 1.
    ///
    /// Requests do not arrive as evenly as they leave. The interval is therefore a fiftieth longer than the even one: at 5 a
    /// second it is 204 milliseconds, and the sixth request leaves 20 milliseconds after the second is over.
    #[must_use]
    pub fn per_second(requests: u32) -> Self {
        let even = Duration::from_secs(1).checked_div(requests);
        // No request a second is an interval without end, which is refused where the source is built.
        Self::every(even.map_or(Duration::MAX, |even| even + even / 50))
    }

    /// Says why the pace cannot be kept; `None` when it can.
    pub(crate) fn complaint(&self) -> Option<&'static str> {
        /// Longer than anyone waits for a page, and short enough to be added to any instant.
        const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
        (self.interval > LONGEST).then_some("at this pace no second page would ever come; Pacing::none() does not pace")
    }
}

/// How the pace of an account stands.
///
/// It is pure: the time is given to it.
#[derive(Debug)]
struct Pace {
    interval: Duration,
    /// When the next request may begin.
    next: Option<Instant>,
    /// Until when the provider asked to be left alone.
    held: Option<Instant>,
    /// How many times the interval is stretched, in eighths.
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
            stretch: Self::EVEN,
        }
    }

    /// Says from when on a request may begin; `None` when it may now.
    fn due(&self, now: Instant) -> Option<Instant> {
        self.next.max(self.held).filter(|due| *due > now)
    }

    /// Takes note that a request begins.
    fn begins(&mut self, now: Instant) {
        let interval = self.interval.saturating_mul(self.stretch) / Self::EVEN;
        self.next = (!interval.is_zero()).then(|| now + interval);
    }

    /// Takes note that the provider asks for fewer requests, and for none before `wait` is over.
    ///
    /// The interval doubles, up to eightfold. Answers to requests that were under way together tell of one and the same
    /// excess, so that only the first of them counts.
    fn held_for(&mut self, now: Instant, wait: Duration) {
        if self.held.is_none_or(|until| until <= now) {
            self.stretch = (self.stretch * 2).min(Self::MOST);
        }
        self.held = self.held.max(now.checked_add(wait));
    }

    /// Takes note that a page arrived: the interval falls back by an eighth of the even one.
    fn arrived(&mut self) {
        self.stretch = (self.stretch - 1).max(Self::EVEN);
    }
}

/// The pace of an account, for all who ask.
#[derive(Debug)]
pub(crate) struct RateLimiter {
    /// Held by the one whose turn is next. It is fair, and who gives up waiting leaves no gap.
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

    /// Waits until a request may begin. Without a pace to keep it does not wait, and needs no timer.
    pub(crate) async fn turn(&self) {
        let _turn = self.turn.lock().await;
        // The provider may ask for a longer pause while one is waited for.
        while let Some(due) = self.due_or_begin() {
            tokio::time::sleep_until(due).await;
        }
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

    /// Slows down everyone who asks this account.
    pub(crate) fn hold(&self, wait: Duration) {
        self.lock().held_for(Instant::now(), wait);
    }

    pub(crate) fn arrived(&self) {
        self.lock().arrived();
    }

    fn lock(&self) -> MutexGuard<'_, Pace> {
        // Every change is a single assignment, so that a panic elsewhere leaves nothing half done.
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
            pace.arrived();
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
        assert!(Pacing::per_second(0).complaint().is_some());
        assert!(Pacing::every(Duration::from_secs(86_401)).complaint().is_some());
        assert!(Pacing::every(Duration::from_secs(86_400)).complaint().is_none());
        assert!(Pacing::none().complaint().is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn turns_are_given_in_order_and_one_that_is_given_up_leaves_no_gap() {
        let rate_limiter = RateLimiter::new(Pacing::every(millis(200)));
        let start = Instant::now();
        rate_limiter.turn().await;
        assert_eq!(start.elapsed(), Duration::ZERO);
        tokio::select! {
            biased;
            () = rate_limiter.turn() => panic!("it is not due yet"),
            () = tokio::time::sleep(millis(50)) => {}
        }
        rate_limiter.turn().await;
        assert_eq!(start.elapsed(), millis(200));
    }

    #[tokio::test(start_paused = true)]
    async fn pages_bring_back_the_pace_that_an_excess_slowed_down() {
        let rate_limiter = RateLimiter::new(Pacing::every(millis(200)));
        let start = Instant::now();
        rate_limiter.hold(Duration::ZERO);
        rate_limiter.turn().await;
        rate_limiter.turn().await;
        assert_eq!(start.elapsed(), millis(400));
        (0..8).for_each(|_| rate_limiter.arrived());
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
