//! Which sessions of a list are delivered.

use std::fmt;
use std::sync::Arc;

use crate::model::{Session, Timestamp};

type Predicate = dyn Fn(&Session) -> bool + Send + Sync;

/// The conditions for a session to be delivered.
#[derive(Clone, Default)]
pub(crate) struct Filter {
    /// The earliest time of a session.
    pub(crate) since: Option<Timestamp>,
    /// The time that a session must be before.
    pub(crate) until: Option<Timestamp>,
    predicates: Vec<Arc<Predicate>>,
}

/// What a filter says of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Deliver,
    Withhold,
    /// Only its time decides, and it has none.
    NoTime,
}

impl Filter {
    /// Adds a condition to the others.
    pub(crate) fn add(&mut self, predicate: impl Fn(&Session) -> bool + Send + Sync + 'static) {
        self.predicates.push(Arc::new(predicate));
    }

    /// Returns whether every session is delivered.
    pub(crate) fn is_empty(&self) -> bool {
        self.since.is_none() && self.until.is_none() && self.predicates.is_empty()
    }

    pub(crate) fn check(&self, session: &Session) -> Verdict {
        if !self.predicates.iter().all(|predicate| predicate(session)) {
            return Verdict::Withhold;
        }
        if self.since.is_none() && self.until.is_none() {
            return Verdict::Deliver;
        }
        let Some(at) = session.time().map(|time| time.at) else {
            return Verdict::NoTime;
        };
        if self.since.is_none_or(|since| at >= since) && self.until.is_none_or(|until| at < until) {
            Verdict::Deliver
        } else {
            Verdict::Withhold
        }
    }
}

impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Filter")
            .field("since", &self.since)
            .field("until", &self.until)
            .field("predicates", &self.predicates.len())
            .finish()
    }
}
