//! Changes to the session lists, as if somebody else used the account at the same time.

use serde::Deserialize;

use crate::data::{clock::Clock, session_lists::SessionStore};

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

    /// Makes the change. A change to a session or position that does not exist does nothing.
    pub(crate) fn apply(&self, sessions: &mut dyn SessionStore, default_scope: &str, clock: &mut Clock) {
        let or_default = |scope: &Option<String>| scope.clone().unwrap_or_else(|| default_scope.to_owned());
        match self {
            Self::Insert { scope, title } => drop(sessions.insert(&or_default(scope), title, clock)),
            Self::Retitle { id, title } => {
                sessions.retitle(id, title, clock);
            }
            Self::RetitleAt { scope, index, title } => {
                if let Some(id) = sessions.id_at(&or_default(scope), *index) {
                    sessions.retitle(&id, title, clock);
                }
            }
            Self::Delete { id } => {
                sessions.delete(id);
            }
            Self::DeleteAt { scope, index } => {
                sessions.delete_range(&or_default(scope), *index..index.saturating_add(1));
            }
            Self::DeleteNewest { scope, count } => sessions.delete_range(&or_default(scope), 0..*count),
            Self::DeleteOldest { scope, count } => {
                let scope = or_default(scope);
                let length = sessions.count(&scope);
                sessions.delete_range(&scope, length.saturating_sub(*count)..length);
            }
        }
    }
}
