//! Stores the sessions of one provider, scope by scope, in the order in which the provider lists
//! them.
//!
//! Every change keeps that order and takes little time, however long a list is. This file knows
//! neither JSON nor HTTP.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    ops::Range,
};

use crate::{
    conversation::Conversation,
    data::{clock::Clock, day::Day, rng::SplitMix64},
};

/// A session in the sandbox, with the fields that both providers have.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct StoredSession {
    /// The provider's own id: decimal digits for Memories.ai, `ses-…` for LlamaCloud.
    pub id: String,
    /// The title. `None` when a LlamaCloud session has no title yet.
    pub title: Option<String>,
}

/// A provider's kind of session, and how it behaves in its list.
///
/// Lists are `VecDeque`s, so that a new session is added at the front in constant time.
pub(crate) trait Session: fmt::Debug + Send + Sized {
    /// Returns the `count` sessions of a list in a new sandbox.
    fn seed(rng: SplitMix64, day: Day, count: usize) -> VecDeque<Self>;

    /// Returns a session that is created at `now_micros`.
    fn create(title: &str, now_micros: i64, rng: &mut SplitMix64) -> Self;

    /// Finds the session with this id.
    fn position(list: &VecDeque<Self>, id: &str) -> Option<usize>;

    /// Changes the title of the session at `index`, and its position if the provider does so.
    fn retitle(list: &mut VecDeque<Self>, index: usize, title: &str, now_micros: i64);

    /// Adds a turn to the conversation of the session at `index`, and moves the session if the
    /// provider does so.
    fn add_turn(list: &mut VecDeque<Self>, index: usize, question: &str, now_micros: i64);

    /// The id.
    fn id(&self) -> String;

    /// The title, if the session has one.
    fn title(&self) -> Option<String>;

    /// The kind of its conversation.
    fn kind(&self) -> Conversation;
}

/// One provider's sessions, whatever their kind.
pub(crate) trait SessionStore: fmt::Debug + Send {
    /// Fills a new scope with `count` sessions.
    fn seed(&mut self, scope: &str, rng: SplitMix64, day: Day, count: usize);

    /// The scopes, in alphabetical order.
    fn scopes(&self) -> Vec<String>;

    /// The sessions of a scope in list order; none for an unknown scope.
    fn sessions(&self, scope: &str) -> Vec<StoredSession>;

    /// How many sessions a scope has.
    fn count(&self, scope: &str) -> usize;

    /// The id of the session at `index` of a scope's list.
    fn id_at(&self, scope: &str, index: usize) -> Option<String>;

    /// The id of the first session of a scope's list that has this kind of conversation.
    fn id_with(&self, scope: &str, kind: Conversation) -> Option<String>;

    /// Creates a session at the front of a scope's list and returns its id. Creates the scope if
    /// necessary.
    fn insert(&mut self, scope: &str, title: &str, clock: &mut Clock) -> String;

    /// Changes the title of a session. Returns whether the session exists.
    fn retitle(&mut self, id: &str, title: &str, clock: &mut Clock) -> bool;

    /// Adds a turn to a session. Returns whether the session exists.
    fn add_turn(&mut self, id: &str, question: &str, clock: &mut Clock) -> bool;

    /// Deletes a session. Returns whether it existed.
    fn delete(&mut self, id: &str) -> bool;

    /// Deletes the sessions at these positions of a scope's list, as far as they exist.
    fn delete_range(&mut self, scope: &str, range: Range<usize>);
}

/// The lists of one provider by scope.
#[derive(Debug)]
pub(crate) struct SessionLists<S> {
    by_scope: BTreeMap<String, VecDeque<S>>,
}

impl<S> Default for SessionLists<S> {
    fn default() -> Self {
        Self {
            by_scope: BTreeMap::new(),
        }
    }
}

impl<S> SessionLists<S> {
    /// The list of a scope, if the scope exists.
    pub(crate) fn list(&self, scope: &str) -> Option<&VecDeque<S>> {
        self.by_scope.get(scope)
    }

    /// The scopes, in alphabetical order.
    pub(crate) fn scope_names(&self) -> impl Iterator<Item = &str> {
        self.by_scope.keys().map(String::as_str)
    }
}

impl<S: Session> SessionLists<S> {
    /// The session with this id in a scope.
    pub(crate) fn find(&self, scope: &str, id: &str) -> Option<&S> {
        let list = self.list(scope)?;
        list.get(S::position(list, id)?)
    }
}

impl<S: Session> SessionStore for SessionLists<S> {
    fn seed(&mut self, scope: &str, rng: SplitMix64, day: Day, count: usize) {
        self.by_scope.insert(scope.to_owned(), S::seed(rng, day, count));
    }

    fn scopes(&self) -> Vec<String> {
        self.by_scope.keys().cloned().collect()
    }

    fn sessions(&self, scope: &str) -> Vec<StoredSession> {
        let sessions = self.list(scope).into_iter().flatten();
        sessions
            .map(|session| StoredSession {
                id: session.id(),
                title: session.title(),
            })
            .collect()
    }

    fn count(&self, scope: &str) -> usize {
        self.list(scope).map_or(0, VecDeque::len)
    }

    fn id_at(&self, scope: &str, index: usize) -> Option<String> {
        self.list(scope)?.get(index).map(Session::id)
    }

    fn id_with(&self, scope: &str, kind: Conversation) -> Option<String> {
        let mut sessions = self.list(scope)?.iter();
        sessions.find(|session| session.kind() == kind).map(Session::id)
    }

    fn insert(&mut self, scope: &str, title: &str, clock: &mut Clock) -> String {
        let now = clock.tick();
        let session = S::create(title, now, &mut clock.rng);
        let id = session.id();
        self.by_scope.entry(scope.to_owned()).or_default().push_front(session);
        id
    }

    fn retitle(&mut self, id: &str, title: &str, clock: &mut Clock) -> bool {
        let now = clock.tick();
        self.by_scope.values_mut().any(|list| {
            let index = S::position(list, id);
            index.map(|index| S::retitle(list, index, title, now)).is_some()
        })
    }

    fn add_turn(&mut self, id: &str, question: &str, clock: &mut Clock) -> bool {
        let now = clock.tick();
        self.by_scope.values_mut().any(|list| {
            let index = S::position(list, id);
            index.map(|index| S::add_turn(list, index, question, now)).is_some()
        })
    }

    fn delete(&mut self, id: &str) -> bool {
        self.by_scope.values_mut().any(|list| {
            let index = S::position(list, id);
            index.and_then(|index| list.remove(index)).is_some()
        })
    }

    fn delete_range(&mut self, scope: &str, range: Range<usize>) {
        if let Some(list) = self.by_scope.get_mut(scope) {
            list.drain(range.start.min(list.len())..range.end.min(list.len()));
        }
    }
}
