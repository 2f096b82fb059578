//! The loop of `list`: reads sessions and prints them, draws progress, and stops on Ctrl-C.

use std::io;

use chat_sessions::list::ListSessions;
use chat_sessions::{Error, Session, SessionStream};

use super::args::ListArgs;
use super::outcome::{Ended, Outcome, without_response};
use super::progress::Progress;
use crate::commands::accounts::ScopeLosses;
use crate::exit::Exit;
use crate::interrupt::Interrupt;
use crate::output::{Format, OutputStream, SessionWriter, StatusLine};
use crate::verbosity::Verbosity;

/// Prints the sessions of a list, and reports how it ended. `scope_losses` are the scopes that
/// could not be listed.
///
/// # Errors
///
/// Standard output cannot be written.
pub(crate) async fn print_sessions(
    args: &ListArgs,
    format: Format,
    request: ListSessions,
    verbosity: Verbosity,
    scope_losses: ScopeLosses,
) -> io::Result<Exit> {
    let line = StatusLine::default();
    let shows_progress = verbosity.shows_progress();
    let mut progress = Progress::start(shows_progress, line.clone());
    let waits = progress.waits();
    let mut stream = request.on_retry(move |retry| waits.add(retry)).by_item();
    let start = stream.cursor();
    let mut printer = SessionPrinter {
        writer: args.session_writer(format, OutputStream::new(format, line)),
        printed: 0,
        error: None,
    };
    let interrupted = printer.print_all(&mut stream, &mut progress).await;
    progress.end();
    let interrupted = interrupted?;
    // The facade delivers an error after the sessions of the other sources. If the list stops before
    // that, this fetches the error.
    let error = printer.error.or_else(|| stream.stop());

    let outcome = Outcome::new(
        args,
        Ended {
            printed: printer.printed,
            error,
            scope_losses,
            interrupted,
            start,
            reached: stream.cursor(),
            report: stream.report(),
        },
    );
    outcome.with_summary(|summary| printer.writer.finish(summary))?;
    outcome.print_messages(args, format, verbosity);
    Ok(outcome.exit())
}

/// Prints sessions, and counts them.
struct SessionPrinter<'a> {
    writer: Box<dyn SessionWriter + Send + 'a>,
    printed: u64,
    error: Option<Error>,
}

impl SessionPrinter<'_> {
    /// Prints sessions until the end. Ctrl-C stops it, after what has arrived: then it
    /// returns the sources that have not responded.
    async fn print_all(
        &mut self,
        stream: &mut SessionStream,
        progress: &mut Progress,
    ) -> io::Result<Option<Vec<String>>> {
        let mut interrupt = Interrupt::listen();
        loop {
            let next = tokio::select! {
                biased;
                () = interrupt.received() => {
                    let waiting_for = without_response(&stream.report());
                    self.print_arrived(stream)?;
                    return Ok(Some(waiting_for));
                }
                next = stream.next() => next,
                () = progress.tick() => {
                    progress.draw(&stream.report());
                    continue;
                }
            };
            match next {
                Some(Ok(session)) => self.print(&session)?,
                Some(Err(error)) => self.error = Some(error),
                None => return Ok(None),
            }
        }
    }

    /// Prints the sessions that a merge holds back while it waits for another source.
    fn print_arrived(&mut self, stream: &mut SessionStream) -> io::Result<()> {
        while let Some(session) = stream.next_arrived() {
            self.print(&session)?;
        }
        Ok(())
    }

    fn print(&mut self, session: &Session) -> io::Result<()> {
        self.writer.session(session)?;
        self.printed += 1;
        Ok(())
    }
}
