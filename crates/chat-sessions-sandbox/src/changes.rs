//! Changes of the lists that happen at chosen requests, as if somebody else used the account during a walk.
//!
//! It is responsible for their names, their form in JSON and the list of those to come. It decides nothing about when a
//! request counts as answered.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::{Provider, model::Model};

/// When a change happens, by the requests to one provider, counted from 1 from the moment at which it is asked for.
///
/// In JSON it is a field beside the change: `"before": 2`, `"after": 2`, `"before_page": 2`, `"after_page": 2`.
///
/// Every request counts, whatever its answer is. A request is counted when it arrives: with several in progress, the
/// second is the one that came second, even when it is answered last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum When {
    /// After the request has come and before its list is read, so that its answer shows the change. 0 means 1.
    Before(u64),
    /// After the list of this request was read and before anybody can see the answer, so that the next list that is read
    /// shows the change and this one does not. 0 means 1.
    After(u64),
    /// Like [`Before`](Self::Before), for the first request to come that asks for this page; what that means for
    /// LlamaCloud, [`Fault::on_pages`](crate::Fault::on_pages) says.
    BeforePage(u64),
    /// Like [`After`](Self::After), for the first request to come that asks for this page: the only sure way to name a
    /// request of a client that asks for several pages at once.
    AfterPage(u64),
}

/// Something that happens to a provider's sessions.
///
/// Where a scope is asked for, `None` means the provider's default one. What is meant for a session that does not exist
/// does nothing.
///
/// In JSON, its name stands before its fields: `{"insert": {"title": "New"}}`, `{"delete_newest": {"count": 3}}`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Change {
    /// Creates a session, which the provider then lists first.
    Insert {
        /// Where.
        scope: Option<String>,
        /// Its title; for LlamaCloud the first message, of which the title is the beginning.
        title: String,
    },
    /// Gives a session another title. A Memories.ai session keeps its place, a LlamaCloud session moves to the front.
    Retitle {
        /// Which.
        id: String,
        /// The new title.
        title: String,
    },
    /// Retitles whichever session stands at a place of the list then.
    RetitleAt {
        /// Where.
        scope: Option<String>,
        /// The place, counted from 0.
        index: usize,
        /// The new title.
        title: String,
    },
    /// Deletes a session.
    Delete {
        /// Which.
        id: String,
    },
    /// Deletes whichever session stands at a place of the list then.
    DeleteAt {
        /// Where.
        scope: Option<String>,
        /// The place, counted from 0.
        index: usize,
    },
    /// Deletes the first sessions of the list.
    DeleteNewest {
        /// Where.
        scope: Option<String>,
        /// How many.
        count: usize,
    },
    /// Deletes the last sessions of the list.
    DeleteOldest {
        /// Where.
        scope: Option<String>,
        /// How many.
        count: usize,
    },
}

impl Change {
    /// A session created in the default scope.
    #[must_use]
    pub fn insert(title: impl Into<String>) -> Self {
        let title = title.into();
        Self::Insert { scope: None, title }
    }

    /// Another title for the session with this id.
    #[must_use]
    pub fn retitle(id: impl Into<String>, title: impl Into<String>) -> Self {
        Self::Retitle {
            id: id.into(),
            title: title.into(),
        }
    }

    /// The session with this id deleted.
    #[must_use]
    pub fn delete(id: impl Into<String>) -> Self {
        Self::Delete { id: id.into() }
    }

    /// The first sessions of the default scope deleted.
    #[must_use]
    pub fn delete_newest(count: usize) -> Self {
        Self::DeleteNewest { scope: None, count }
    }

    /// The last sessions of the default scope deleted.
    #[must_use]
    pub fn delete_oldest(count: usize) -> Self {
        Self::DeleteOldest { scope: None, count }
    }

    /// The same in another scope. A change that names a session by its id needs none and stays as it is.
    #[must_use]
    pub fn in_scope(mut self, name: impl Into<String>) -> Self {
        match &mut self {
            Self::Insert { scope, .. }
            | Self::RetitleAt { scope, .. }
            | Self::DeleteAt { scope, .. }
            | Self::DeleteNewest { scope, .. }
            | Self::DeleteOldest { scope, .. } => *scope = Some(name.into()),
            Self::Retitle { .. } | Self::Delete { .. } => {}
        }
        self
    }

    /// Makes the change. Whether there was something to change is of no interest to a script that runs later.
    pub(crate) fn apply(&self, model: &mut Model, provider: Provider) {
        let scope = |scope: &Option<String>| provider.scope(scope.as_deref()).to_owned();
        match self {
            Self::Insert { scope: to, title } => drop(model.insert(provider, &scope(to), title)),
            Self::Retitle { id, title } => {
                model.retitle(provider, id, title);
            }
            Self::RetitleAt {
                scope: of,
                index,
                title,
            } => {
                if let Some(id) = model.id_at(provider, &scope(of), *index) {
                    model.retitle(provider, &id, title);
                }
            }
            Self::Delete { id } => {
                model.delete(provider, id);
            }
            Self::DeleteAt { scope: of, index } => {
                model.delete_range(provider, &scope(of), *index..index.saturating_add(1));
            }
            Self::DeleteNewest { scope: of, count } => model.delete_range(provider, &scope(of), 0..*count),
            Self::DeleteOldest { scope: of, count } => {
                let scope = scope(of);
                let length = model.count(provider, &scope);
                model.delete_range(provider, &scope, length.saturating_sub(*count)..length);
            }
        }
    }
}

/// On which side of the reading of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Side {
    Before,
    After,
}

/// The changes to come.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    /// The requests so far; other than the record of requests it never starts anew, so that forgetting those moves no
    /// change.
    arrived: BTreeMap<Provider, u64>,
    waiting: BTreeMap<(Provider, u64, Side), Vec<Change>>,
    /// Those that wait for a page; when a request for it comes, they wait for that request.
    waiting_for_page: BTreeMap<(Provider, u64, Side), Vec<Change>>,
}

impl Schedule {
    /// Counts a request for this page that has just come, and gives its number.
    pub(crate) fn arrive(&mut self, provider: Provider, page: u64) -> u64 {
        let arrived = self.arrived.entry(provider).or_default();
        *arrived += 1;
        for side in [Side::Before, Side::After] {
            if let Some(changes) = self.waiting_for_page.remove(&(provider, page, side)) {
                self.waiting
                    .entry((provider, *arrived, side))
                    .or_default()
                    .extend(changes);
            }
        }
        *arrived
    }

    /// Adds a change, after those that are already there for the same moment.
    pub(crate) fn add(&mut self, provider: Provider, when: When, change: Change) {
        let arrived = self.arrived.get(&provider).copied().unwrap_or_default();
        let number = |ahead: u64| arrived.saturating_add(ahead.max(1));
        let (waiting, place) = match when {
            When::Before(ahead) => (&mut self.waiting, (provider, number(ahead), Side::Before)),
            When::After(ahead) => (&mut self.waiting, (provider, number(ahead), Side::After)),
            When::BeforePage(page) => (&mut self.waiting_for_page, (provider, page, Side::Before)),
            When::AfterPage(page) => (&mut self.waiting_for_page, (provider, page, Side::After)),
        };
        waiting.entry(place).or_default().push(change);
    }

    /// The changes for one moment, which are then no longer to come.
    pub(crate) fn take(&mut self, provider: Provider, number: u64, side: Side) -> Vec<Change> {
        self.waiting.remove(&(provider, number, side)).unwrap_or_default()
    }

    /// How many changes are to come.
    pub(crate) fn pending(&self, provider: Provider) -> usize {
        let waiting = self.waiting.iter().chain(&self.waiting_for_page);
        let of_provider = waiting.filter(|((known, ..), _)| *known == provider);
        of_provider.map(|(_, changes)| changes.len()).sum()
    }

    /// Forgets the changes to come.
    pub(crate) fn clear(&mut self) {
        self.waiting.clear();
        self.waiting_for_page.clear();
    }
}
