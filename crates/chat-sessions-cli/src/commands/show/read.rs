//! The loop of `show`: reads transcripts in order, prints them, draws progress, and stops on Ctrl-C.

use std::io;
use std::time::Instant;

use chat_sessions::ChatSessions;

use super::args::ShowArgs;
use super::outcome::Outcome;
use super::printing::Printing;
use crate::commands::progress_line::{DEFAULT_WIDTH, ProgressLine, RESERVED_COLUMNS};
use crate::commands::requests::Requests;
use crate::commands::retry_waits::RetryWaits;
use crate::exit::Exit;
use crate::interrupt::Interrupt;
use crate::output::text::truncate;
use crate::output::{StatusLine, stderr_width};

/// Prints the requested sessions, and reports how that ended.
///
/// # Errors
///
/// Standard output cannot be written.
pub(super) async fn print(
    args: &ShowArgs,
    printing: Printing,
    client: &ChatSessions,
    requests: Requests<'_>,
    mut outcome: Outcome,
) -> io::Result<Exit> {
    let line = StatusLine::default();
    let verbosity = printing.verbosity;
    let shows_progress = verbosity.shows_progress();
    let mut progress = ProgressLine::start(shows_progress, line.clone());
    let waits = RetryWaits::default();
    let request = requests
        .transcripts(client, outcome.addresses.clone())
        .keep_raw(args.raw);
    let retries = waits.clone();
    let mut stream = request.on_retry(move |retry| retries.add(retry)).by_item();
    let mut writer = printing.writer(args, line);
    let mut interrupt = Interrupt::listen();
    let mut arrived = 0;
    loop {
        let next = tokio::select! {
            biased;
            () = interrupt.received() => {
                outcome.interrupt_after(writer.written());
                break;
            }
            next = stream.next() => next,
            () = progress.tick() => {
                progress.draw(&progress_text(arrived, outcome.addresses.len(), &waits));
                continue;
            }
        };
        match next {
            Some(Ok(transcript)) => writer.transcript(&transcript)?,
            Some(Err(error)) => outcome.fail(error),
            None => break,
        }
        arrived += 1;
    }
    progress.end();
    // No further response is needed, also while somebody reads in the pager.
    drop(stream);
    if !outcome.is_interrupted() {
        interrupt.leave_to_pager();
    }
    writer.show(!outcome.is_interrupted())?;
    outcome.finish(printing, &mut writer)
}

fn progress_text(arrived: u64, requested: usize, waits: &RetryWaits) -> String {
    let retry = waits
        .any(Instant::now())
        .map(|(seconds, reason)| format!(", retry in {seconds} s ({reason})"));
    let text = format!("sessions: {arrived}/{requested}{}", retry.unwrap_or_default());
    let width = stderr_width().unwrap_or(DEFAULT_WIDTH);
    truncate(&text, width.saturating_sub(RESERVED_COLUMNS))
}
