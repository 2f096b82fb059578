//! The progress line of `list`: pages and sessions read so far, and the retries it waits for.
//!
//! The thread that waits for responses draws it between them, at most ten times per second.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chat_sessions::Provider;
use chat_sessions::list::{SourceReport, WalkReport};
use chat_sessions::model::Scope;
use chat_sessions::retry::RetryEvent;
use tokio::time::{Interval, MissedTickBehavior, interval_at};

use crate::output::StatusLine;
use crate::output::text::{one_line, truncate};

/// A faster list shows no progress. A slower one shows it within 100 ms of its start.
const FIRST_DRAW: Duration = Duration::from_millis(70);
const REDRAW_INTERVAL: Duration = Duration::from_millis(100);
/// The width if the terminal does not report one.
const DEFAULT_WIDTH: usize = 80;
/// Columns to keep free at the end of the line, for the `^C` that a terminal echoes and for the
/// cursor. Otherwise they would start a second line, which is not erased.
const RESERVED_COLUMNS: usize = 3;

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
        let reason = match retry.error.status() {
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
    fn remaining(&self, source: &SourceReport, now: Instant) -> Option<(u64, String)> {
        let mut waits = lock(&self.0);
        waits.retain(|wait| wait.until > now);
        let wait = waits
            .iter()
            .find(|wait| wait.provider == source.provider && wait.scope == source.scope)?;
        let left = wait.until.duration_since(now);
        Some((left.as_secs() + u64::from(left.subsec_nanos() > 0), wait.reason.clone()))
    }
}

/// Draws the progress of a list.
#[derive(Debug)]
pub(crate) struct Progress {
    line: StatusLine,
    waits: RetryWaits,
    /// `None` if progress is not shown.
    clock: Option<Interval>,
}

impl Progress {
    /// Starts the clock, if progress is shown. Needs a runtime.
    pub(crate) fn start(is_shown: bool, line: StatusLine) -> Self {
        let clock = is_shown.then(|| {
            let mut clock = interval_at(tokio::time::Instant::now() + FIRST_DRAW, REDRAW_INTERVAL);
            clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
            clock
        });
        Self {
            line,
            waits: RetryWaits::default(),
            clock,
        }
    }

    /// Returns the waits, to which the caller adds each retry.
    pub(crate) fn waits(&self) -> RetryWaits {
        self.waits.clone()
    }

    /// Waits until it is time to draw.
    pub(crate) async fn tick(&mut self) {
        match &mut self.clock {
            Some(clock) => {
                clock.tick().await;
            }
            None => std::future::pending().await,
        }
    }

    pub(crate) fn draw(&self, report: &WalkReport) {
        let width =
            terminal_size::terminal_size_of(io::stderr()).map_or(DEFAULT_WIDTH, |(width, _)| usize::from(width.0));
        self.line
            .draw(&progress_text(report, &self.waits, Instant::now(), width));
    }

    pub(crate) fn end(&self) {
        self.line.erase();
    }
}

/// Describes the progress of each source, in the short form if the long one does not fit.
fn progress_text(report: &WalkReport, waits: &RetryWaits, now: Instant, width: usize) -> String {
    let room = width.saturating_sub(RESERVED_COLUMNS);
    let text = |form: fn(&SourceReport, Option<(u64, String)>) -> String| {
        let sources = report.sources.iter();
        let texts: Vec<String> = sources
            .map(|source| {
                format!(
                    "{} {}",
                    label(source, report),
                    form(source, waits.remaining(source, now))
                )
            })
            .collect();
        texts.join(" | ")
    };
    let long = text(long_form);
    if unicode_width::UnicodeWidthStr::width(long.as_str()) <= room {
        long
    } else {
        truncate(&text(short_form), room)
    }
}

/// Returns the label of a source: the provider, and the scope if the provider has several sources.
fn label(source: &SourceReport, report: &WalkReport) -> String {
    let same = report.sources.iter().filter(|other| other.provider == source.provider);
    match &source.scope {
        Some(scope) if same.count() > 1 => one_line(&format!("{}/{scope}", source.provider)),
        _ => source.provider.to_string(),
    }
}

fn long_form(source: &SourceReport, wait: Option<(u64, String)>) -> String {
    let seen = source.before_cursor + source.sessions;
    let pages = source.pages;
    let page_word = plural(pages, "page");

    let state = match (wait, source.end) {
        (Some((seconds, why)), _) => format!(", again in {seconds} s ({why})"),
        (None, Some(_)) => ", done".to_owned(),
        (None, None) => String::new(),
    };
    match source.claimed_total {
        Some(total) => format!("{pages} {page_word}, {seen} of {total} sessions{state}"),
        None => format!("{pages} {page_word}, {seen} {}{state}", plural(seen, "session")),
    }
}

fn short_form(source: &SourceReport, wait: Option<(u64, String)>) -> String {
    let seen = source.before_cursor + source.sessions;
    match (wait, source.claimed_total) {
        (Some((seconds, _)), _) => format!("{seen}, {seconds} s"),
        (None, Some(total)) => format!("{seen}/{total}"),
        (None, None) => seen.to_string(),
    }
}

fn plural(count: u64, word: &str) -> String {
    if count == 1 {
        word.to_owned()
    } else {
        format!("{word}s")
    }
}

/// A panic elsewhere cannot leave the waits inconsistent, so poisoning is ignored.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
