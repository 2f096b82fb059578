//! Changes to the session lists, as if somebody else used the account at the same time.

use serde::Deserialize;

use crate::data::{clock::Clock, session_lists::SessionStore};

/// A change to a provider's sessions.
///
/// A `scope` of `None` means the provider's default scope. A change to a session that does not
/// exist does nothing.
///
/// In JSON, the name comes before the fields: `{"insert": {"title": "New"}}`,
/// `{"delete_newest": {"count": 3}}`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Change {
    /// Creates a session at the front of the list.
    Insert {
        /// The scope.
        scope: Option<String>,
        /// The title. For LlamaCloud, this is the first message, and the title is its beginning.
        title: String,
    },
    /// Changes the title of a session. A Memories.ai session keeps its position; a LlamaCloud
    /// session moves to the front.
    Retitle {
        /// The session.
        id: String,
        /// The new title.
        title: String,
    },
    /// Changes the title of the session that is at a position of the list when the change happens.
    RetitleAt {
        /// The scope.
        scope: Option<String>,
        /// The position, counted from 0.
        index: usize,
        /// The new title.
        title: String,
    },
    /// Adds a turn to the conversation of a session: a question and its answer. A Memories.ai
    /// session keeps its position; a LlamaCloud session moves to the front.
    Continue {
        /// The session.
        id: String,
        /// The question.
        question: String,
    },
    /// Adds a turn to the session that is at a position of the list when the change happens.
    ContinueAt {
        /// The scope.
        scope: Option<String>,
        /// The position, counted from 0.
        index: usize,
        /// The question.
        question: String,
    },
    /// Deletes a session.
    Delete {
        /// The session.
        id: String,
    },
    /// Deletes the session that is at a position of the list when the change happens.
    DeleteAt {
        /// The scope.
        scope: Option<String>,
        /// The position, counted from 0.
        index: usize,
    },
    /// Deletes the first sessions of the list.
    DeleteNewest {
        /// The scope.
        scope: Option<String>,
        /// How many sessions.
        count: usize,
    },
    /// Deletes the last sessions of the list.
    DeleteOldest {
        /// The scope.
        scope: Option<String>,
        /// How many sessions.
        count: usize,
    },
}

impl Change {
    /// Creates a session in the default scope.
    #[must_use]
    pub fn insert(title: impl Into<String>) -> Self {
        let title = title.into();
        Self::Insert { scope: None, title }
    }

    /// Changes the title of the session with this id.
    #[must_use]
    pub fn retitle(id: impl Into<String>, title: impl Into<String>) -> Self {
        Self::Retitle {
            id: id.into(),
            title: title.into(),
        }
    }

    /// Adds a turn to the session with this id: this question and its answer.
    #[must_use]
    pub fn continue_with(id: impl Into<String>, question: impl Into<String>) -> Self {
        Self::Continue {
            id: id.into(),
            question: question.into(),
        }
    }

    /// Deletes the session with this id.
    #[must_use]
    pub fn delete(id: impl Into<String>) -> Self {
        Self::Delete { id: id.into() }
    }

    /// Deletes the first sessions of the default scope.
    #[must_use]
    pub fn delete_newest(count: usize) -> Self {
        Self::DeleteNewest { scope: None, count }
    }

    /// Deletes the last sessions of the default scope.
    #[must_use]
    pub fn delete_oldest(count: usize) -> Self {
        Self::DeleteOldest { scope: None, count }
    }

    /// Moves the change to another scope. A change to a session with a given id is not affected.
    #[must_use]
    pub fn in_scope(mut self, name: impl Into<String>) -> Self {
        match &mut self {
            Self::Insert { scope, .. }
            | Self::RetitleAt { scope, .. }
            | Self::ContinueAt { scope, .. }
            | Self::DeleteAt { scope, .. }
            | Self::DeleteNewest { scope, .. }
            | Self::DeleteOldest { scope, .. } => *scope = Some(name.into()),
            Self::Retitle { .. } | Self::Continue { .. } | Self::Delete { .. } => {}
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
            Self::Continue { id, question } => {
                sessions.add_turn(id, question, clock);
            }
            Self::ContinueAt { scope, index, question } => {
                if let Some(id) = sessions.id_at(&or_default(scope), *index) {
                    sessions.add_turn(&id, question, clock);
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
