//! One line on standard error that shows how far a list has come, while it comes.
//!
//! It is drawn between the answers by the thread that waits for them, a few times a second, and only when it says something
//! else than before. It knows the report and what is waited for, not who asks for pages.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chat_sessions::{Provider, Retry, Scope, SourceReport, WalkReport};
use tokio::time::{Interval, MissedTickBehavior, interval_at};

use crate::text::{cut, one_line};

/// A list that takes less shows no progress; one that takes more shows it within a tenth of a second of its start.
const FIRST: Duration = Duration::from_millis(70);
const EACH: Duration = Duration::from_millis(100);
/// The width of a terminal that does not tell it.
const DEFAULT_WIDTH: usize = 80;
/// The end of the line stays free for the `^C` that a terminal writes where the cursor is, and for the cursor itself: behind it
/// a second line would begin, which nobody would take away.
const ECHO: usize = 3;

/// The line itself, which whoever writes to the same terminal takes away first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line(Arc<Mutex<String>>);

impl Line {
    /// Takes the line away, if it is there. The next one is drawn where the writing ends.
    pub(crate) fn erase(&self) {
        let mut drawn = held(&self.0);
        if !drawn.is_empty() {
            // Nothing here may fail the list.
            let _ = io::stderr().lock().write_all(b"\r\x1b[K");
            drawn.clear();
        }
    }

    fn draw(&self, text: &str) {
        let mut drawn = held(&self.0);
        if *drawn != text {
            // One write, and what was longer is cleared behind the new text, so that nothing flickers.
            let _ = io::stderr().lock().write_all(format!("\r{text}\x1b[K").as_bytes());
            text.clone_into(&mut drawn);
        }
    }
}

/// A request that is about to be made again.
#[derive(Debug)]
struct Wait {
    provider: Provider,
    scope: Option<Scope>,
    until: Instant,
    why: String,
}

/// What is waited for, told by the requests themselves.
#[derive(Clone, Debug, Default)]
pub(crate) struct Waits(Arc<Mutex<Vec<Wait>>>);

impl Waits {
    pub(crate) fn note(&self, retry: &Retry<'_>) {
        let why = match retry.error.status() {
            Some(status) => format!("HTTP {status}"),
            None => retry.error.kind().to_string(),
        };
        let mut waits = held(&self.0);
        waits.retain(|wait| (&wait.provider, wait.scope.as_ref()) != (retry.provider, retry.scope));
        waits.push(Wait {
            provider: retry.provider.clone(),
            scope: retry.scope.cloned(),
            until: Instant::now() + retry.wait,
            why,
        });
    }

    /// Says for how long a source still waits, in whole seconds, and why.
    fn of(&self, source: &SourceReport, now: Instant) -> Option<(u64, String)> {
        let mut waits = held(&self.0);
        waits.retain(|wait| wait.until > now);
        let wait = waits
            .iter()
            .find(|wait| wait.provider == source.provider && wait.scope == source.scope)?;
        let left = wait.until.duration_since(now);
        Some((left.as_secs() + u64::from(left.subsec_nanos() > 0), wait.why.clone()))
    }
}

/// Shows how far a list has come.
#[derive(Debug)]
pub(crate) struct Progress {
    line: Line,
    waits: Waits,
    /// `None` where nothing is shown.
    clock: Option<Interval>,
}

impl Progress {
    /// Starts the clock, if anything shall be shown. It needs a runtime.
    pub(crate) fn start(shown: bool, line: Line) -> Self {
        let clock = shown.then(|| {
            let mut clock = interval_at(tokio::time::Instant::now() + FIRST, EACH);
            clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
            clock
        });
        Self {
            line,
            waits: Waits::default(),
            clock,
        }
    }

    /// Gives what takes note of requests that are made again.
    pub(crate) fn waits(&self) -> Waits {
        self.waits.clone()
    }

    /// Waits until it is time to draw.
    pub(crate) async fn due(&mut self) {
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
        self.line.draw(&text(report, &self.waits, Instant::now(), width));
    }

    pub(crate) fn end(&self) {
        self.line.erase();
    }
}

/// Says how far each source has come, in as many words as there is room for.
fn text(report: &WalkReport, waits: &Waits, now: Instant, width: usize) -> String {
    let room = width.saturating_sub(ECHO);
    let told = |told: fn(&SourceReport, Option<(u64, String)>) -> String| {
        let sources = report.sources.iter();
        let told: Vec<String> = sources
            .map(|source| format!("{} {}", label(source, report), told(source, waits.of(source, now))))
            .collect();
        told.join(" | ")
    };
    let long = told(at_length);
    if unicode_width::UnicodeWidthStr::width(long.as_str()) <= room {
        long
    } else {
        cut(&told(in_short), room)
    }
}

/// Names a source: by its provider, and by its scope where there are several of the provider.
fn label(source: &SourceReport, report: &WalkReport) -> String {
    let same = report.sources.iter().filter(|other| other.provider == source.provider);
    match &source.scope {
        Some(scope) if same.count() > 1 => one_line(&format!("{}/{scope}", source.provider)),
        _ => source.provider.to_string(),
    }
}

fn at_length(source: &SourceReport, wait: Option<(u64, String)>) -> String {
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

fn in_short(source: &SourceReport, wait: Option<(u64, String)>) -> String {
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

/// A panic elsewhere leaves nothing half done in what is guarded here.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
