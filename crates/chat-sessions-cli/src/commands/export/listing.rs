//! The first step of an export: the list of the sessions that pass the filters.

use chat_sessions::list::{ListSessions, WalkReport};
use chat_sessions::{Error, Session};

use crate::commands::list::progress::Progress;
use crate::commands::list::{Filtered, without_response};
use crate::interrupt::Interrupt;
use crate::output::{Notice, StatusLine};

/// What the list has.
#[derive(Debug)]
pub(crate) struct Listing {
    pub(crate) sessions: Vec<Session>,
    /// The error of the first source that failed, with those of the others.
    error: Option<Error>,
    /// If a signal ended the list, the sources that had not responded by then.
    pub(crate) interrupted: Option<Vec<String>>,
    pub(crate) report: WalkReport,
}

impl Listing {
    /// Reads a list.
    pub(crate) async fn read(
        request: ListSessions,
        interrupt: &mut Interrupt,
        shows_progress: bool,
        line: &StatusLine,
    ) -> Self {
        let mut progress = Progress::start(shows_progress, line.clone());
        let waits = progress.waits();
        let mut stream = request.on_retry(move |retry| waits.add(retry)).by_item();
        let mut listing = Self {
            sessions: Vec::new(),
            error: None,
            interrupted: None,
            report: WalkReport::default(),
        };
        loop {
            let next = tokio::select! {
                biased;
                () = interrupt.received() => {
                    listing.interrupted = Some(without_response(&stream.report()));
                    break;
                }
                next = stream.next() => next,
                () = progress.tick() => {
                    progress.draw(&stream.report());
                    continue;
                }
            };
            match next {
                Some(Ok(session)) => listing.sessions.push(session),
                Some(Err(error)) => listing.error = Some(error),
                None => break,
            }
        }
        progress.end();
        // The facade delivers an error after the sessions of the other sources.
        listing.error = listing.error.or_else(|| stream.stop());
        listing.report = stream.report();
        listing
    }

    /// Returns the error of each source that failed.
    pub(crate) fn failures(&self) -> Vec<&Error> {
        let first = self.error.iter();
        first
            .flat_map(|first| std::iter::once(first).chain(first.others()))
            .collect()
    }

    /// Returns whether a limit cut the list, so that there may be more sessions.
    pub(crate) fn has_more(&self) -> bool {
        let mut sources = self.report.sources.iter();
        self.error.is_none() && self.interrupted.is_none() && sources.any(|source| source.unfinished.is_some())
    }

    /// Returns whether this is the whole list of every source.
    pub(crate) fn is_whole(&self) -> bool {
        let mut sources = self.report.sources.iter();
        sources.all(|source| source.unfinished.is_none()) && !self.report.has_losses()
    }

    /// Returns what people should know about the list.
    pub(crate) fn notices(&self) -> Vec<Notice<'static>> {
        let of_items = self.report.sources.iter().flat_map(Notice::of_items);
        let filtered = Filtered::from(&self.report);
        let without_time = (filtered.without_time > 0).then(|| Notice::without_time(filtered.without_time));
        let is_unexplained = self.sessions.is_empty() && self.error.is_none() && self.interrupted.is_none();
        let empty = is_unexplained.then(|| Notice::empty(filtered.number, filtered.newest, false));
        of_items.chain(without_time).chain(empty).collect()
    }
}
