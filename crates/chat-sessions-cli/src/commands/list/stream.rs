//! The loop of `list`: reads sessions, filters and prints them, draws progress, and stops on Ctrl-C.

use std::io;

use chat_sessions::list::ListSessions;
use chat_sessions::{Error, Session, SessionStream};

use super::args::ListArgs;
use super::filters::{FilterResult, Filters};
use super::outcome::Outcome;
use super::progress::Progress;
use crate::exit::Exit;
use crate::interrupt::Interrupt;
use crate::output::{Format, ListSummary, OutputStream, SessionWriter, StatusLine, StopReason, can_redraw_stderr};
use crate::verbosity::Verbosity;

/// Prints the sessions of a list, and reports how it ended.
///
/// # Errors
///
/// Standard output cannot be written.
pub(crate) async fn print_sessions(
    args: &ListArgs,
    format: Format,
    request: ListSessions,
    filters: Filters,
    verbosity: Verbosity,
) -> io::Result<Exit> {
    let line = StatusLine::default();
    let shows_progress = !verbosity.quiet && !verbosity.logs && can_redraw_stderr();
    let mut progress = Progress::start(shows_progress, line.clone());
    let waits = progress.waits();
    let mut stream = request.on_retry(move |retry| waits.add(retry)).by_item();
    let start = stream.cursor();
    let mut printer = SessionPrinter {
        // Without filters the facade applies the limit, and does not request pages beyond it.
        limit: (!args.all && args.has_filters()).then_some(args.limit),
        writer: args.session_writer(format, OutputStream::new(format, line)),
        filters,
        printed: 0,
        without_time: 0,
        error: None,
    };
    let interrupted = printer.print_all(&mut stream, &mut progress).await;
    progress.end();
    let interrupted = interrupted?;
    // The facade delivers an error after the sessions of the other sources. If the list stops before
    // that, this fetches the error.
    let error = printer.error.or_else(|| stream.stop());

    let (reached, report) = (stream.cursor(), stream.report());
    // Without sources, the request was refused, and there is nothing to continue.
    let has_more = stream.has_more() && !report.sources.is_empty();
    let is_open = report.sources.iter().any(|source| source.end.is_none());
    let stop_reason = if interrupted {
        Some(StopReason::Interrupted)
    } else if has_more && !args.all && printer.printed == args.limit {
        Some(StopReason::Limit)
    } else if has_more && is_open && error.is_none() {
        // Only --max-pages stops a list that has neither failed nor ended.
        Some(StopReason::MaxPages(args.max_pages.unwrap_or_default()))
    } else {
        None
    };
    // A list that was read back to --since has more sessions, but they are too old.
    let can_continue = has_more && (stop_reason.is_some() || error.is_some());
    let outcome = Outcome {
        printed: printer.printed,
        without_time: printer.without_time,
        error,
        stop_reason,
        has_moved: reached != start,
        next_cursor: can_continue.then_some(reached),
        report,
    };
    let failures = outcome.failures();
    printer.writer.finish(ListSummary {
        failures: &failures,
        complete: failures.is_empty() && stop_reason.is_none(),
        next_cursor: outcome.next_cursor.as_ref(),
    })?;
    outcome.print_messages(args, format, verbosity);
    Ok(outcome.exit())
}

/// Prints the sessions that pass the filters, and counts them.
struct SessionPrinter<'a> {
    limit: Option<u64>,
    writer: Box<dyn SessionWriter + Send + 'a>,
    filters: Filters,
    printed: u64,
    /// Sessions that were skipped because they have no time.
    without_time: u64,
    error: Option<Error>,
}

impl SessionPrinter<'_> {
    /// Prints sessions until the limit or the end. Returns whether Ctrl-C stopped it.
    async fn print_all(&mut self, stream: &mut SessionStream, progress: &mut Progress) -> io::Result<bool> {
        let mut interrupt = Interrupt::listen();
        while self.limit.is_none_or(|limit| self.printed < limit) {
            let next = tokio::select! {
                biased;
                () = interrupt.received() => return Ok(true),
                next = stream.next() => next,
                () = progress.tick() => {
                    progress.draw(&stream.report());
                    continue;
                }
            };
            match next {
                Some(Ok(session)) => self.print(&session)?,
                Some(Err(error)) => self.error = Some(error),
                None => break,
            }
        }
        Ok(false)
    }

    fn print(&mut self, session: &Session) -> io::Result<()> {
        match self.filters.check(session) {
            FilterResult::Match => {
                self.writer.session(session)?;
                self.printed += 1;
            }
            FilterResult::NoTime => self.without_time += 1,
            FilterResult::NoMatch => {}
        }
        Ok(())
    }
}
