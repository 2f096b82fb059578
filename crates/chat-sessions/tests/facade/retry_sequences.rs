//! What follows a failed request: a snapshot of each sequence of requests and waits, to the
//! millisecond. The clock is paused and only advances during waits.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chat_sessions::retry::{Pacing, RetryPolicy};
use chat_sessions::source::{Account, BoxFuture, Capabilities, NextPage, PageRequest, SessionSource, SourcePage};
use chat_sessions::{ChatSessions, Error, ErrorKind, Provider, Result, Session, SessionId};
use tokio::time::{Instant, sleep};

const PROVIDER: Provider = Provider::MEMORIES_AI;

/// The outcome of one request.
#[derive(Clone)]
struct Step {
    takes: Duration,
    error: Option<Failure>,
}

/// The data of an error, because `Error` is not `Clone`.
#[derive(Clone)]
struct Failure {
    kind: ErrorKind,
    temporary: Option<bool>,
    retry_after: Option<Duration>,
    /// Whether the source fails before it sends the request.
    unsent: bool,
}

const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn fails(kind: ErrorKind) -> Step {
    Step {
        takes: millis(100),
        error: Some(Failure {
            kind,
            temporary: None,
            retry_after: None,
            unsent: false,
        }),
    }
}

fn unavailable() -> Step {
    fails(ErrorKind::Server).temporary(true)
}

fn limited(wait: u64) -> Step {
    fails(ErrorKind::RateLimited).asks(millis(wait))
}

fn page() -> Step {
    Step {
        takes: millis(100),
        error: None,
    }
}

impl Step {
    fn takes(mut self, millis: u64) -> Self {
        self.takes = Duration::from_millis(millis);
        self
    }

    fn temporary(mut self, temporary: bool) -> Self {
        self.error = self.error.map(|error| Failure {
            temporary: Some(temporary),
            ..error
        });
        self
    }

    fn unsent(mut self) -> Self {
        self.error = self.error.map(|error| Failure { unsent: true, ..error });
        self
    }

    fn asks(mut self, wait: Duration) -> Self {
        self.error = self.error.map(|error| Failure {
            retry_after: Some(wait),
            ..error
        });
        self
    }
}

/// A source whose requests follow a script; the last step applies to all further requests.
#[derive(Debug)]
struct Scripted {
    steps: Mutex<std::vec::IntoIter<Step>>,
    last: Step,
    account: Account,
    start: Instant,
    log: Arc<Mutex<String>>,
}

impl std::fmt::Debug for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Step")
    }
}

impl Scripted {
    fn say(&self, what: &str) {
        let at = self.start.elapsed().as_millis();
        writeln!(self.log.lock().unwrap(), "{at:>8} ms  {what}").unwrap();
    }
}

impl SessionSource for Scripted {
    fn provider(&self) -> Provider {
        PROVIDER
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::none()
    }

    fn account(&self) -> Option<Account> {
        Some(self.account.clone())
    }

    fn page(&self, _: PageRequest) -> BoxFuture<'_, Result<SourcePage>> {
        Box::pin(async move {
            self.say("request");
            let step = self.steps.lock().unwrap().next().unwrap_or_else(|| self.last.clone());
            sleep(step.takes).await;
            let Some(error) = step.error else {
                self.say("page");
                let session = Session::new(SessionId::new(PROVIDER, "1"));
                return Ok(SourcePage::new(vec![session], NextPage::End));
            };
            self.say(error.kind.as_str());
            let made = Error::new(error.kind, PROVIDER)
                .with_message("it failed")
                .with_retry_after(error.retry_after);
            let made = if error.unsent { made.with_attempts(0) } else { made };
            Err(match error.temporary {
                Some(temporary) => made.with_temporary(temporary),
                None => made,
            })
        })
    }
}

/// Runs a sequence whose random numbers are 0.5, 1.0, 0.25 and so on, and returns its log.
async fn sequence(policy: RetryPolicy, pacing: Pacing, steps: Vec<Step>) -> String {
    let log = Arc::new(Mutex::new(String::new()));
    let start = Instant::now();
    let draws = Mutex::new([0.5, 1.0, 0.25].into_iter().cycle());
    let source = Scripted {
        last: steps.last().unwrap().clone(),
        steps: Mutex::new(steps.into_iter()),
        account: Account::new(policy, pacing).with_random(move || draws.lock().unwrap().next().unwrap()),
        start,
        log: Arc::clone(&log),
    };
    let logged = Arc::clone(&log);
    let client = ChatSessions::new(source);
    let mut stream = client
        .list_sessions()
        .on_retry(move |retry| {
            let (attempt, wait) = (retry.attempt, retry.wait.as_millis());
            writeln!(
                logged.lock().unwrap(),
                "             on_retry: attempt {attempt} failed, waits {wait} ms"
            )
            .unwrap();
        })
        .by_item();
    let mut end = String::new();
    while let Some(next) = stream.next().await {
        match next {
            Ok(_) => end = "one session".to_owned(),
            Err(error) => {
                end = format!(
                    "{error}\n{} attempts, {} ms waited, gave up: {}",
                    error.attempts(),
                    error.waited().as_millis(),
                    error.gave_up().map_or("-", |reason| reason.as_str())
                );
            }
        }
    }
    let report = stream.report().sources.pop().unwrap();
    let at = start.elapsed().as_millis();
    let log = log.lock().unwrap();
    format!(
        "{log}{at:>8} ms  end: {end}\nreport: {} retries, {} ms waited, {} ms paced",
        report.retries,
        report.waited.as_millis(),
        report.paced.as_millis()
    )
}

#[tokio::test(start_paused = true)]
async fn every_sequence_matches_its_snapshot() {
    let usual = RetryPolicy::default();
    let none = Pacing::none();
    let seconds = Duration::from_secs;
    for (name, policy, pacing, steps) in [
        ("a-page", usual, none, vec![page()]),
        ("one-failure", usual, none, vec![unavailable(), page()]),
        (
            "four-failures",
            usual,
            none,
            vec![unavailable(), unavailable(), unavailable(), unavailable(), page()],
        ),
        ("failures-for-ever", usual, none, vec![unavailable()]),
        (
            "connections-and-timeouts",
            usual,
            none,
            vec![fails(ErrorKind::Connect), fails(ErrorKind::Timeout), page()],
        ),
        ("refused-at-once", usual, none, vec![fails(ErrorKind::Auth)]),
        (
            "refused-after-a-failure",
            usual,
            none,
            vec![unavailable(), fails(ErrorKind::Permission)],
        ),
        (
            "a-server-that-fails-for-good",
            usual,
            none,
            vec![fails(ErrorKind::Server)],
        ),
        ("no-retry", RetryPolicy::none(), none, vec![unavailable()]),
        ("many-attempts", usual.max_attempts(9), none, vec![unavailable()]),
        (
            "limited-without-a-wait",
            usual,
            none,
            vec![fails(ErrorKind::RateLimited), page()],
        ),
        (
            "limited-with-a-wait",
            usual,
            none,
            vec![limited(7000), limited(1500), page()],
        ),
        ("limited-with-a-wait-of-zero", usual, none, vec![limited(0), page()]),
        ("limited-at-the-cap", usual, none, vec![limited(60_000), page()]),
        ("limited-beyond-the-cap", usual, none, vec![limited(60_001), page()]),
        (
            "limited-for-114-hours",
            usual,
            none,
            vec![limited(114 * 3_600_000), page()],
        ),
        (
            "limited-beyond-a-cap-of-ones-own",
            usual.max_retry_after(seconds(2)),
            none,
            vec![limited(2001), page()],
        ),
        (
            "a-wait-of-a-server-that-fails",
            usual,
            none,
            vec![unavailable().asks(millis(3000)), page()],
        ),
        (
            "the-total-ends-before-the-wait",
            usual.timeout(seconds(2)),
            none,
            vec![unavailable().takes(1600)],
        ),
        (
            "the-total-ends-within-an-attempt",
            usual.timeout(seconds(2)),
            none,
            vec![unavailable().takes(1000), unavailable().takes(60_000)],
        ),
        (
            "the-first-attempt-outlasts-the-total",
            usual.timeout(seconds(2)),
            none,
            vec![unavailable().takes(30_000)],
        ),
        (
            "the-first-attempt-ends-with-the-total",
            usual.timeout(seconds(2)),
            none,
            vec![page().takes(2001)],
        ),
        (
            "the-total-ends-within-a-turn",
            usual.timeout(seconds(2)),
            Pacing::every(seconds(3)),
            vec![unavailable()],
        ),
        (
            "a-total-of-nothing",
            usual.timeout(Duration::ZERO),
            none,
            vec![unavailable()],
        ),
        ("a-budget-of-two", usual.budget(2), none, vec![unavailable()]),
        ("no-budget", usual.budget(0), none, vec![unavailable()]),
        (
            "paced",
            usual,
            Pacing::per_second(5),
            vec![unavailable().takes(10), unavailable().takes(10), page()],
        ),
        (
            "paced-and-limited",
            usual,
            Pacing::per_second(5),
            vec![limited(1000).takes(10), limited(0).takes(10), page()],
        ),
        (
            "refused-before-it-goes-out",
            usual,
            none,
            vec![unavailable().unsent(), page()],
        ),
        (
            "a-turn-that-is-waited-for",
            usual,
            Pacing::every(seconds(3)),
            vec![unavailable(), unavailable(), page()],
        ),
        (
            "waits-of-ones-own",
            usual.initial_backoff(seconds(1)).max_backoff(seconds(3)),
            none,
            vec![unavailable()],
        ),
    ] {
        let log = sequence(policy, pacing, steps).await;
        insta::with_settings!({ snapshot_path => "snapshots/retry", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(name, log);
        });
    }
}

/// The limit holds for any duration of the attempts, any requested waits and any random numbers.
#[test]
fn no_page_takes_longer_than_its_total() {
    use proptest::prelude::*;
    let step = (0_u64..20_000, 0_u64..4, prop::option::of(0_u64..15_000)).prop_map(|(takes, kind, asks)| {
        let kind = [
            ErrorKind::Server,
            ErrorKind::Timeout,
            ErrorKind::RateLimited,
            ErrorKind::Connect,
        ][kind as usize];
        let step = fails(kind).temporary(true).takes(takes);
        match asks {
            Some(asks) => step.asks(millis(asks)),
            None => step,
        }
    });
    let case = (
        prop::collection::vec(step, 1..12),
        1_u32..12,
        0_u64..30_000,
        0_u64..4000,
    );
    proptest!(ProptestConfig::with_cases(500), |((steps, attempts, total, interval) in case)| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(async {
            let policy = RetryPolicy::default().max_attempts(attempts).timeout(millis(total));
            let start = Instant::now();
            let log = sequence(policy, Pacing::every(millis(interval)), steps).await;
            // The timer has a resolution of one millisecond and rounds up.
            let most = millis(total) + millis(2);
            prop_assert!(start.elapsed() <= most, "{:?} of {:?}\n{}", start.elapsed(), most, log);
            prop_assert!(log.matches("request").count() <= attempts as usize, "{}", log);
            Ok(())
        })?;
    });
}

/// Requests one page from a source, in a walk that starts later than another walk of the same
/// account.
async fn asked_at(account: &Account, after: Duration, steps: Vec<Step>) -> Duration {
    sleep(after).await;
    let start = Instant::now();
    let source = Scripted {
        last: page(),
        steps: Mutex::new(steps.into_iter()),
        account: account.clone(),
        start,
        log: Arc::default(),
    };
    let page = ChatSessions::new(source).list_sessions().send().await.unwrap();
    assert_eq!(page.sessions.len(), 1);
    start.elapsed()
}

#[tokio::test(start_paused = true)]
async fn the_pace_of_the_account_takes_no_time_from_a_page() {
    let policy = RetryPolicy::default().timeout(millis(2000));
    let account = Account::new(policy, Pacing::every(millis(10_000)));
    let (first, second, third) = tokio::join!(
        asked_at(&account, Duration::ZERO, vec![page()]),
        asked_at(&account, millis(1), vec![page().takes(1990)]),
        asked_at(&account, millis(2), vec![page()]),
    );
    assert_eq!((first, second, third), (millis(100), millis(11_989), millis(20_098)));
}

/// Requests a page 250 ms after another walk of the account was told to wait for 5 s, with this time
/// for the page and the duration of its request.
async fn asked_during_a_pause(time: u64, takes: u64) -> (Duration, Result<SourcePage>) {
    let account = Account::new(RetryPolicy::default(), Pacing::none());
    let paused = asked_at(&account, Duration::ZERO, vec![limited(5000), page()]);
    let page = async {
        sleep(millis(250)).await;
        let source = Scripted {
            last: page().takes(takes),
            steps: Mutex::new(Vec::new().into_iter()),
            account: account.clone(),
            start: Instant::now(),
            log: Arc::default(),
        };
        let start = source.start;
        let policy = RetryPolicy::default().timeout(millis(time));
        let mut pages = ChatSessions::new(source).list_sessions().retry(policy).by_page();
        let page = pages.next().await.unwrap();
        (
            start.elapsed(),
            page.map(|page| SourcePage::new(page.sessions, NextPage::End)),
        )
    };
    tokio::join!(paused, page).1
}

#[tokio::test(start_paused = true)]
async fn a_pause_of_the_account_counts_towards_the_time_for_a_page() {
    // The pause ends 4.85 s after the page was asked for.
    let (elapsed, page) = asked_during_a_pause(8000, 3000).await;
    assert_eq!((elapsed, page.unwrap().sessions.len()), (millis(7850), 1));
    let (elapsed, page) = asked_during_a_pause(6000, 3000).await;
    let error = page.unwrap_err();
    assert_eq!((elapsed, error.kind()), (millis(6000), ErrorKind::Timeout));
    let (elapsed, page) = asked_during_a_pause(4849, 3000).await;
    let error = page.unwrap_err();
    assert_eq!(elapsed, Duration::ZERO, "no wait starts that would end after the time");
    assert_eq!(
        (
            error.kind(),
            error.attempts(),
            error.retry_after(),
            error.is_temporary()
        ),
        (ErrorKind::RateLimited, 0, Some(millis(4850)), true)
    );
}

#[tokio::test(start_paused = true)]
async fn a_pause_that_begins_while_a_page_waits_for_its_turn_counts_too() {
    let policy = RetryPolicy::default();
    let account = Account::new(policy, Pacing::every(millis(1000)));
    let source = |steps: Vec<Step>| Scripted {
        last: page(),
        steps: Mutex::new(steps.into_iter()),
        account: account.clone(),
        start: Instant::now(),
        log: Arc::default(),
    };
    let ask = |source: Scripted, time: u64| async move {
        let start = source.start;
        let policy = policy.timeout(millis(time));
        let mut pages = ChatSessions::new(source).list_sessions().retry(policy).by_page();
        let page = pages.next().await.unwrap();
        (start.elapsed(), page.err().map(|error| error.kind()))
    };
    // The first request is told to wait; the second page, with little time, is next in turn.
    let (first, second) = tokio::join!(
        ask(source(vec![limited(30_000).takes(500), page()]), 60_000),
        ask(source(Vec::new()), 10_000),
    );
    assert_eq!(first.1, None);
    // By then, half a second of its time is left, and the pause lasts twenty more.
    assert_eq!(second, (millis(10_000), Some(ErrorKind::RateLimited)));
}

#[tokio::test(start_paused = true)]
async fn only_a_rate_limit_delays_the_other_walks_of_an_account() {
    for (failure, held) in [(limited(5000), 4950), (unavailable().asks(millis(5000)), 100)] {
        let account = Account::new(RetryPolicy::default(), Pacing::none());
        let (first, second) = tokio::join!(
            asked_at(&account, Duration::ZERO, vec![failure]),
            asked_at(&account, millis(250), Vec::new()),
        );
        assert_eq!((first, second), (millis(5200), millis(held)));
    }
}
