//! `--last` and `--title`: finds the newest session that matches.

use chat_sessions::{ChatSessions, Error, ErrorKind, Order, Session, SessionAddress};
use regex::Regex;

use super::outcome::Outcome;
use crate::commands::list::Filtered;
use crate::commands::list::progress::Progress;
use crate::commands::list::title_arg::title_matches;
use crate::commands::requests::Requests;
use crate::interrupt::Interrupt;
use crate::output::{Missing, Notice, StatusLine};
use crate::verbosity::Verbosity;

/// What the list of all sources had.
#[derive(Debug)]
pub(crate) struct Newest {
    session: Option<Session>,
    failures: Vec<Error>,
    /// The lists that were not read to a match, because of a signal.
    interrupted: Option<Vec<Missing>>,
    /// The sessions that were read and do not match.
    filtered: Filtered,
}

impl Newest {
    /// Reads the list, newest first, as far as the first session that matches.
    pub(crate) async fn find(
        client: &ChatSessions,
        title: Option<Regex>,
        requests: Requests<'_>,
        verbosity: Verbosity,
    ) -> Self {
        let shows_progress = verbosity.shows_progress();
        let mut progress = Progress::start(shows_progress, StatusLine::default());
        let waits = progress.waits();
        let mut request = requests.list(client).order(Order::Newest).limit(1);
        if let Some(title) = title {
            request = request.filter(move |session| title_matches(&title, session));
        }
        let mut stream = request.on_retry(move |retry| waits.add(retry)).by_item();
        let mut interrupt = Interrupt::listen();
        let (mut session, mut interrupted, mut error) = (None, None, None);
        loop {
            let next = tokio::select! {
                biased;
                () = interrupt.received() => {
                    let sources = stream.report().sources.into_iter();
                    let missing = sources.filter(|source| source.end.is_none()).map(|source| {
                        let scope = source.scope.as_ref().map(|scope| scope.as_str());
                        Missing::interrupted(source.provider.as_str(), scope, None)
                    });
                    interrupted = Some(missing.collect());
                    break;
                }
                next = stream.next() => next,
                () = progress.tick() => {
                    progress.draw(&stream.report());
                    continue;
                }
            };
            match next {
                Some(Ok(found)) => {
                    session = Some(found);
                    break;
                }
                Some(Err(failure)) => error = Some(failure),
                None => break,
            }
        }
        progress.end();
        // An error is delivered after the sessions of the other sources.
        let error = error.or_else(|| stream.stop());
        Self {
            session,
            failures: error.into_iter().collect(),
            interrupted,
            filtered: Filtered::from(&stream.report()),
        }
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
                let message = Notice::no_match(self.filtered.number, self.filtered.newest);
                let error = Error::local(ErrorKind::NotFound).with_message(message);
                outcome.failures.push(error);
            }
        }
    }
}
