//! The progress line of `list`: the sessions read so far, and what the list waits for.
//!
//! The line has one form, `memories-ai 20/137 | llama-cloud 40, retry in 3 s (HTTP 503)`. On a narrow
//! terminal some of its parts are left out; the others look the same.
//!
//! The thread that waits for responses draws it between them.

use std::time::{Duration, Instant};

use chat_sessions::list::{SourceReport, Unfinished, WalkReport};
use unicode_width::UnicodeWidthStr;

use crate::commands::progress_line::{DEFAULT_WIDTH, ProgressLine, RESERVED_COLUMNS};
use crate::commands::retry_waits::RetryWaits;
use crate::output::text::{one_line, truncate};
use crate::output::{StatusLine, stderr_width};

/// A source that has not responded for this long is reported as slow. Most responses take less than a
/// second.
const SLOW: Duration = Duration::from_secs(10);
/// Stands between sources.
const SEPARATOR: &str = " | ";
/// Shown while the list waits for a slow source.
const SLOW_HINT: &str = " | Ctrl-C prints what has arrived";
/// The beginning of the line, and the width of a terminal that has room for it.
const LEAD: (&str, usize) = ("sessions: ", 80);

/// Since when each source owes a response, as far as the draws tell.
#[derive(Debug, Default)]
struct Silences(Vec<Option<(u64, Instant)>>);

impl Silences {
    fn update(&mut self, report: &WalkReport, now: Instant) {
        self.0.resize(report.sources.len(), None);
        for (silence, source) in self.0.iter_mut().zip(&report.sources) {
            let owes = source.unfinished == Some(Unfinished::NoResponse);
            let same = silence.filter(|(pages, _)| *pages == source.pages);
            *silence = owes.then(|| same.unwrap_or((source.pages, now)));
        }
    }

    /// Returns for how many seconds a source has been slow.
    fn of(&self, index: usize, now: Instant) -> Option<u64> {
        let (_, since) = (*self.0.get(index)?)?;
        let silent = now.duration_since(since);
        (silent >= SLOW).then_some(silent.as_secs())
    }
}

/// Draws the progress of a list.
#[derive(Debug)]
pub(crate) struct Progress {
    line: ProgressLine,
    waits: RetryWaits,
    silences: Silences,
}

impl Progress {
    /// Starts the clock, if progress is shown. Needs a runtime.
    pub(crate) fn start(is_shown: bool, line: StatusLine) -> Self {
        Self {
            line: ProgressLine::start(is_shown, line),
            waits: RetryWaits::default(),
            silences: Silences::default(),
        }
    }

    /// Returns the waits, to which the caller adds each retry.
    pub(crate) fn waits(&self) -> RetryWaits {
        self.waits.clone()
    }

    /// Waits until it is time to draw.
    pub(crate) async fn tick(&mut self) {
        self.line.tick().await;
    }

    pub(crate) fn draw(&mut self, report: &WalkReport) {
        let now = Instant::now();
        self.silences.update(report, now);
        let width = stderr_width().unwrap_or(DEFAULT_WIDTH);
        self.line
            .draw(&progress_text(report, &self.waits, &self.silences, now, width));
    }

    pub(crate) fn end(&self) {
        self.line.end();
    }
}

/// What a source waits for.
enum Delay {
    Retry { seconds: u64, reason: String },
    Response { seconds: u64 },
}

/// The parts of the line about one source.
struct Part {
    /// The label and the number of sessions, such as `memories-ai 20/137`.
    sessions: String,
    /// Whether the source has been read to its end.
    is_done: bool,
    delay: Option<Delay>,
}

impl Part {
    fn text(&self, with_reason: bool) -> String {
        let sessions = &self.sessions;
        match &self.delay {
            Some(Delay::Retry { seconds, reason }) if with_reason => {
                format!("{sessions}, retry in {seconds} s ({reason})")
            }
            Some(Delay::Retry { seconds, .. }) => format!("{sessions}, retry in {seconds} s"),
            Some(Delay::Response { seconds }) => format!("{sessions}, waiting {seconds} s"),
            None if self.is_done => format!("{sessions}, done"),
            None => sessions.clone(),
        }
    }
}

/// Describes the progress of each source. If the line is too long, the least important parts are left
/// out: what to do about a slow source, the reasons of retries, sources that are done, and then
/// sources that wait for nothing.
fn progress_text(report: &WalkReport, waits: &RetryWaits, silences: &Silences, now: Instant, width: usize) -> String {
    let sources = report.sources.iter().enumerate();
    let parts: Vec<Part> = sources
        .map(|(index, source)| {
            let retry = waits.of(&source.provider, source.scope.as_ref(), now);
            let retry = retry.map(|(seconds, reason)| Delay::Retry { seconds, reason });
            let response = || silences.of(index, now).map(|seconds| Delay::Response { seconds });
            Part {
                sessions: sessions_text(source, report),
                is_done: source.end.is_some(),
                delay: retry.or_else(response),
            }
        })
        .collect();
    let (lead, wide) = LEAD;
    let lead = if width >= wide { lead } else { "" };
    let room = width.saturating_sub(RESERVED_COLUMNS + lead.len());
    let texts = |with_reason, keep: &dyn Fn(&Part) -> bool| -> Vec<String> {
        let kept = parts.iter().filter(|part| keep(part));
        kept.map(|part| part.text(with_reason)).collect()
    };
    let all = texts(true, &|_| true);
    let is_slow = parts
        .iter()
        .any(|part| matches!(part.delay, Some(Delay::Response { .. })));
    let with_hint = is_slow.then(|| format!("{}{SLOW_HINT}", all.join(SEPARATOR)));
    let unfinished = texts(false, &|part| !part.is_done || part.delay.is_some());
    let delayed = texts(false, &|part| part.delay.is_some());
    // The last resort is as many sources as fit.
    let last = if delayed.is_empty() {
        unfinished.clone()
    } else {
        delayed.clone()
    };
    let shorter = [all, texts(false, &|_| true), unfinished, delayed].into_iter();
    let shorter = shorter
        .filter(|texts| !texts.is_empty())
        .map(|texts| texts.join(SEPARATOR));
    let mut lines = with_hint.into_iter().chain(shorter);
    let line = lines.find(|line| line.width() <= room);
    format!("{lead}{}", line.unwrap_or_else(|| first_that_fit(&last, room)))
}

/// Returns the first sources that fit, and how many others there are.
fn first_that_fit(texts: &[String], room: usize) -> String {
    let lines = (1..texts.len()).rev().map(|shown| {
        let more = texts.len() - shown;
        format!("{}{SEPARATOR}{more} more", texts[..shown].join(SEPARATOR))
    });
    let first = texts.first().map_or("", String::as_str);
    let line = lines.into_iter().find(|line| line.width() <= room);
    line.unwrap_or_else(|| truncate(first, room))
}

/// Returns the label of a source: the provider, and the scope if the provider has several sources.
fn label(source: &SourceReport, report: &WalkReport) -> String {
    let same = report.sources.iter().filter(|other| other.provider == source.provider);
    match &source.scope {
        Some(scope) if same.count() > 1 => one_line(&format!("{}/{scope}", source.provider)),
        _ => source.provider.to_string(),
    }
}

/// Returns the label of a source, and how many of its sessions have been read.
fn sessions_text(source: &SourceReport, report: &WalkReport) -> String {
    let seen = source.before_cursor + source.sessions;
    let label = label(source, report);
    match source.claimed_total {
        Some(total) => format!("{label} {seen}/{total}"),
        None => format!("{label} {seen}"),
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Waker};

    use chat_sessions::Provider;
    use chat_sessions::source::{BoxFuture, Capabilities, NextPage, PageRequest, SessionSource, SourcePage};
    use chat_sessions::{ChatSessions, Result, Session, SessionId};

    use super::*;

    /// A list whose first page arrives, and whose second one does not.
    #[derive(Debug)]
    struct Stuck {
        provider: &'static str,
        pages: usize,
    }

    impl SessionSource for Stuck {
        fn provider(&self) -> Provider {
            Provider::new(self.provider)
        }

        fn capabilities(&self) -> Capabilities {
            Capabilities::default()
        }

        fn page(&self, request: PageRequest) -> BoxFuture<'_, Result<SourcePage>> {
            let is_first = matches!(request.position, chat_sessions::source::Position::Start);
            let session = Session::new(SessionId::new(self.provider(), "1"));
            Box::pin(async move {
                if self.pages == 0 || !is_first {
                    std::future::pending::<()>().await;
                }
                let next = if self.pages == 1 {
                    NextPage::End
                } else {
                    NextPage::Token("2".to_owned())
                };
                Ok(SourcePage::new(vec![session], next))
            })
        }
    }

    /// Reads a list as far as it goes.
    fn report(sources: Vec<Stuck>) -> WalkReport {
        let builder = ChatSessions::builder();
        let builder = sources
            .into_iter()
            .fold(builder, |builder, source| builder.source(source));
        let client = builder.build().expect("there are sources");
        let mut sessions = client.list_sessions().by_item();
        let mut cx = Context::from_waker(Waker::noop());
        while pin!(sessions.next()).poll(&mut cx).is_ready() {}
        sessions.report()
    }

    #[test]
    fn a_source_that_owes_a_response_for_long_is_reported_with_what_to_do() {
        let source = |provider, pages| Stuck { provider, pages };
        let report = report(vec![source("slow", 2), source("silent", 0), source("done", 1)]);
        let (waits, mut silences) = (RetryWaits::default(), Silences::default());
        let start = Instant::now();
        silences.update(&report, start);
        let after = |seconds: u64, silences: &Silences, width| {
            progress_text(&report, &waits, silences, start + Duration::from_secs(seconds), width)
        };
        let early = "sessions: slow 1 | silent 0 | done 1, done";
        assert_eq!(after(9, &silences, 200), early);
        let late = "sessions: slow 1, waiting 12 s | silent 0, waiting 12 s | done 1, done";
        assert_eq!(
            after(12, &silences, 200),
            format!("{late} | Ctrl-C prints what has arrived")
        );
        assert_eq!(after(12, &silences, 80), late);
        // A further draw does not begin anew; a further page does.
        silences.update(&report, start + Duration::from_secs(11));
        assert_eq!(after(12, &silences, 80), late);
        silences.0[0] = Some((0, start));
        silences.update(&report, start + Duration::from_secs(11));
        assert!(after(12, &silences, 200).starts_with("sessions: slow 1 | silent "));
    }

    #[test]
    fn a_narrow_terminal_shows_fewer_parts_in_the_same_form() {
        let source = |provider, pages| Stuck { provider, pages };
        let report = report(vec![source("slow", 2), source("silent", 0), source("done", 1)]);
        let (waits, mut silences) = (RetryWaits::default(), Silences::default());
        let start = Instant::now();
        silences.update(&report, start);
        let after = |seconds: u64, width: usize| {
            let now = start + Duration::from_secs(seconds);
            progress_text(&report, &waits, &silences, now, width)
        };
        for (width, expected) in [
            (79, "slow 1, waiting 12 s | silent 0, waiting 12 s | done 1, done"),
            (62, "slow 1, waiting 12 s | silent 0, waiting 12 s"),
            (40, "slow 1, waiting 12 s | 1 more"),
            (25, "slow 1, waiting 12 s"),
            (15, "slow 1, wai…"),
        ] {
            assert_eq!(after(12, width), expected, "{width}");
        }
        assert_eq!(after(1, 40), "slow 1 | silent 0 | done 1, done");
        assert_eq!(after(1, 30), "slow 1 | silent 0");
        for (seconds, width) in (0..30).flat_map(|seconds| (4..200).map(move |width| (seconds, width))) {
            let text = after(seconds, width);
            assert!(text.width() <= width - RESERVED_COLUMNS, "{width}: {text}");
        }
    }
}
