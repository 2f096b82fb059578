//! The result of `show`: the missing sessions, the messages about them, and the exit code.

use std::collections::BTreeMap;
use std::io;

use chat_sessions::{Error, SessionAddress};

use super::printing::Printing;
use crate::exit::Exit;
use crate::output::transcript::document::Summary;
use crate::output::transcript::writer::TranscriptWriter;
use crate::output::{Missing, Notice, messages};

/// What was requested, and what became of it.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// The requested sessions, in order.
    pub(super) addresses: Vec<SessionAddress>,
    pub(super) failures: Vec<Error>,
    /// The requested sessions that could not be read.
    failed: u64,
    /// The scopes that could not be searched for the newest session.
    pub(super) lost: Vec<Missing>,
    /// What is missing because of a signal; `None` without one.
    interrupted: Option<Vec<Missing>>,
}

impl Outcome {
    pub(super) fn new(addresses: Vec<SessionAddress>) -> Self {
        Self {
            addresses,
            ..Self::default()
        }
    }

    /// Notes that a requested session could not be read.
    pub(super) fn fail(&mut self, error: Error) {
        self.failures.push(error);
        self.failed += 1;
    }

    /// Notes that a signal arrived before the first session was requested.
    pub(super) fn interrupt(&mut self, missing: Vec<Missing>) {
        self.interrupted = Some(missing);
    }

    /// Records that a signal arrived after `shown` sessions were shown.
    pub(super) fn interrupt_after(&mut self, shown: u64) {
        let done = usize::try_from(shown + self.failed).unwrap_or(usize::MAX);
        let mut counts: BTreeMap<(&str, Option<&str>), u64> = BTreeMap::new();
        for address in self.addresses.iter().skip(done) {
            let scope = address.scope.as_ref().map(|scope| scope.as_str());
            *counts.entry((address.id.provider().as_str(), scope)).or_default() += 1;
        }
        let missing = counts
            .into_iter()
            .map(|((provider, scope), count)| Missing::interrupted(provider, scope, Some(count)));
        self.interrupted = Some(missing.collect());
    }

    pub(super) fn is_interrupted(&self) -> bool {
        self.interrupted.is_some()
    }

    /// Returns every error, in order.
    fn all_failures(&self) -> Vec<&Error> {
        let failures = self.failures.iter();
        failures
            .flat_map(|error| std::iter::once(error).chain(error.others()))
            .collect()
    }

    /// Completes the output, and lists the missing sessions on standard error.
    pub(super) fn finish(&self, printing: Printing, writer: &mut TranscriptWriter) -> io::Result<Exit> {
        let failures = self.all_failures();
        writer.finish(Summary {
            failures: &failures,
            missing: &[&*self.lost, self.interrupted.as_deref().unwrap_or_default()].concat(),
        })?;
        if !printing.verbosity.quiet {
            let notices = self.lost.iter().map(Notice::of_scopes);
            notices.for_each(|notice| messages::notice(&notice, printing.format));
        }
        for failure in &failures {
            messages::error(failure, printing.format);
        }
        let requested = u64::try_from(self.addresses.len()).unwrap_or(u64::MAX);
        if !printing.verbosity.quiet {
            if requested == 0 && self.is_interrupted() {
                messages::notice(&Notice::interrupted_at_start(&[]), printing.format);
            } else if self.is_interrupted() || self.failed > 0 && requested > 1 {
                let notice = Notice::unread(writer.written(), requested, self.failed, self.is_interrupted());
                messages::notice(&notice, printing.format);
            }
        }
        Ok(match failures.first() {
            _ if self.is_interrupted() => Exit::Interrupted,
            Some(error) if writer.written() == 0 => Exit::from(*error),
            Some(_) => Exit::Partial,
            None if !self.lost.is_empty() => Exit::Partial,
            None => Exit::Ok,
        })
    }
}
