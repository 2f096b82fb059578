//! The second step of an export: fetches sessions, several at a time, and writes each into its file.

use std::io;
use std::time::Instant;

use chat_sessions::{ChatSessions, Error, ErrorKind, Session, SessionAddress};

use super::duration::{about, estimate};
use super::folder::{Folder, Written};
use super::format::FileFormat;
use super::index::Entry;
use crate::commands::progress_line::{DEFAULT_WIDTH, ProgressLine, RESERVED_COLUMNS};
use crate::commands::requests::Requests;
use crate::commands::retry_waits::RetryWaits;
use crate::interrupt::Interrupt;
use crate::output::text::truncate;
use crate::output::{StatusLine, messages, stderr_width};

/// A session to fetch, and the name of its file.
#[derive(Debug)]
pub(crate) struct Task<'a> {
    pub(crate) session: &'a Session,
    pub(crate) file: &'a str,
}

/// How to fetch.
#[derive(Clone, Copy)]
pub(crate) struct Fetching<'a> {
    pub(crate) format: FileFormat,
    pub(crate) requests: Requests<'a>,
    pub(crate) fail_fast: bool,
    pub(crate) shows_progress: bool,
    /// Whether the documented rates apply.
    pub(crate) is_paced: bool,
}

/// What was fetched.
#[derive(Debug, Default)]
pub(crate) struct Fetched {
    pub(crate) written: u64,
    /// The errors of the sessions that could not be exported, which have been printed.
    pub(crate) failures: Vec<Error>,
    pub(crate) interrupted: bool,
}

/// Fetches sessions and writes them, in this order. Errors are those of the folder.
pub(crate) async fn fetch(
    client: &ChatSessions,
    tasks: &[Task<'_>],
    folder: &mut Folder,
    how: Fetching<'_>,
    interrupt: &mut Interrupt,
    line: &StatusLine,
) -> io::Result<Fetched> {
    let addresses: Vec<SessionAddress> = tasks.iter().map(|task| task.session.into()).collect();
    let waits = RetryWaits::default();
    let on_retry = waits.clone();
    let request = how.requests.transcripts(client, addresses);
    let mut stream = request.on_retry(move |retry| on_retry.add(retry)).by_item();
    let mut shown = ProgressLine::start(how.shows_progress, line.clone());
    let mut fetched = Fetched::default();
    let run = folder.index().run.number;
    for (done, task) in tasks.iter().enumerate() {
        let next = loop {
            tokio::select! {
                biased;
                () = interrupt.received() => {
                    fetched.interrupted = true;
                    line.erase();
                    return Ok(fetched);
                }
                next = stream.next() => break next,
                () = shown.tick() => shown.draw(&progress(done, tasks, how, &waits)),
            }
        };
        let failure = match next {
            None => break,
            Some(Err(error)) => Some(error),
            Some(Ok(transcript)) => {
                let content = how.format.render(&transcript);
                match folder.write(task.file, &content, Entry::new(task.session, run)) {
                    Ok(Written::Done) => None,
                    Ok(Written::Foreign) => Some(foreign(task, folder)),
                    Err(error) => {
                        line.erase();
                        return Err(error);
                    }
                }
            }
        };
        let Some(error) = failure else {
            fetched.written += 1;
            continue;
        };
        line.erase();
        messages::error(&error, how.format.of_messages());
        fetched.failures.push(error);
        if how.fail_fast {
            break;
        }
    }
    line.erase();
    Ok(fetched)
}

/// Returns the error of a session whose file would replace one of somebody else.
fn foreign(task: &Task<'_>, folder: &Folder) -> Error {
    Error::new(ErrorKind::Conflict, task.session.id.provider().clone())
        .with_scope(task.session.scope.clone())
        .with_session(task.session.id.as_str())
        .with_attempts(0)
        .with_message(format!(
            "{} is not from an export",
            folder.path().join(task.file).display()
        ))
        .with_remedy("Move the file elsewhere, or export into another folder.")
}

/// Returns the line of progress, such as `sessions: 12 of 137, about 2 minutes left`.
fn progress(done: usize, tasks: &[Task<'_>], how: Fetching<'_>, waits: &RetryWaits) -> String {
    let mut text = format!("sessions: {done} of {}", tasks.len());
    let left = tasks[done..].iter().map(|task| task.session);
    if let Some(left) = estimate(left).filter(|_| how.is_paced) {
        text.push_str(&format!(", {} left", about(left)));
    }
    if let Some((seconds, reason)) = waits.any(Instant::now()) {
        text.push_str(&format!(", retry in {seconds} s ({reason})"));
    }
    let width = stderr_width().unwrap_or(DEFAULT_WIDTH);
    truncate(&text, width.saturating_sub(RESERVED_COLUMNS))
}
