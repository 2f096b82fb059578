//! `--last` and `--title`: finds the newest session that matches.

use chat_sessions::{ChatSessions, Error, ErrorKind, Order, Session, SessionAddress, Timestamp};

use super::outcome::Outcome;
use crate::commands::list::filters::{FilterResult, Filters};
use crate::commands::list::progress::Progress;
use crate::commands::requests::Requests;
use crate::interrupt::Interrupt;
use crate::output::{Missing, Notice, StatusLine};
use crate::verbosity::Verbosity;

/// What the list of all sources had.
#[derive(Debug, Default)]
pub(crate) struct Newest {
    session: Option<Session>,
    failures: Vec<Error>,
    /// The lists that were not read to a match, because of a signal.
    interrupted: Option<Vec<Missing>>,
    read: u64,
    /// The time of the newest session that was read.
    newest: Option<Timestamp>,
}

impl Newest {
    /// Reads the list, newest first, as far as the first session that matches.
    pub(crate) async fn find(
        client: &ChatSessions,
        filters: &Filters,
        requests: Requests<'_>,
        verbosity: Verbosity,
        has_filters: bool,
    ) -> Self {
        let shows_progress = verbosity.shows_progress();
        let mut progress = Progress::start(shows_progress, StatusLine::default());
        let waits = progress.waits();
        let mut request = requests.list(client).order(Order::Newest);
        if !has_filters {
            request = request.limit(1);
        }
        let mut stream = request.on_retry(move |retry| waits.add(retry)).by_item();
        let mut interrupt = Interrupt::listen();
        let mut found = Self::default();
        let mut error = None;
        loop {
            let next = tokio::select! {
                biased;
                () = interrupt.received() => {
                    let sources = stream.report().sources.into_iter();
                    let missing = sources.filter(|source| source.end.is_none()).map(|source| {
                        let scope = source.scope.as_ref().map(|scope| scope.as_str());
                        Missing::interrupted(source.provider.as_str(), scope, None)
                    });
                    found.interrupted = Some(missing.collect());
                    break;
                }
                next = stream.next() => next,
                () = progress.tick() => {
                    progress.draw(&stream.report());
                    continue;
                }
            };
            match next {
                Some(Ok(session)) => {
                    found.read += 1;
                    found.newest = found.newest.max(session.time().map(|time| time.at));
                    if filters.check(&session) == FilterResult::Match {
                        found.session = Some(session);
                        break;
                    }
                }
                Some(Err(failure)) => error = Some(failure),
                None => break,
            }
        }
        progress.end();
        // An error is delivered after the sessions of the other sources.
        if let Some(error) = error.or_else(|| stream.stop()) {
            found.failures.push(error);
        }
        found
    }

    /// Passes on what was found.
    pub(crate) fn add_to(self, outcome: &mut Outcome) {
        let has_failed = !self.failures.is_empty() || !outcome.failures.is_empty();
        outcome.failures.extend(self.failures);
        match (self.interrupted, self.session) {
            (Some(missing), _) => outcome.interrupt(missing),
            (None, Some(session)) => outcome.addresses = vec![SessionAddress::from(session)],
            // The failure says why nothing was found.
            (None, None) if has_failed => {}
            (None, None) => {
                let message = Notice::no_match(self.read, self.newest);
                let error = Error::local(ErrorKind::NotFound).with_message(message);
                outcome.failures.push(error);
            }
        }
    }
}
