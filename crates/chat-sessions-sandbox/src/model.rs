//! What the sandbox holds: the sessions of both providers, scope by scope, each list in the order in which it is answered.
//!
//! It is responsible for keeping that order through every change, however long a list is. It knows neither JSON nor HTTP,
//! and it never asks the machine what time it is.

use std::{
    collections::{BTreeMap, VecDeque},
    ops::Range,
};

use crate::{
    Provider,
    clock::{REFERENCE_MICROS, snowflake},
    rng::SplitMix64,
    titles,
    token::Place,
};

/// A chat about videos, as Memories.ai keeps it.
#[derive(Clone, Debug)]
pub(crate) struct VideoSession {
    pub(crate) id: u64,
    pub(crate) title: String,
}

/// A chat about documents, as LlamaCloud keeps it.
#[derive(Clone, Debug)]
pub(crate) struct DocumentSession {
    pub(crate) id: String,
    pub(crate) updated_micros: i64,
    pub(crate) title: Option<String>,
    pub(crate) index_ids: Option<Vec<String>>,
    pub(crate) run: Option<Run>,
    /// Whether the link to the session lets others ask (`query`) or only read (`read_only`).
    pub(crate) read_only: bool,
}

/// The most recent run of a LlamaCloud session.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) duration_ms: f64,
    pub(crate) error: Option<&'static str>,
    pub(crate) export_config_ids: Option<Vec<String>>,
    pub(crate) tokens: Option<(u64, u64)>,
    pub(crate) turns: u64,
}

/// A session that the sandbox holds, as far as both providers have the same to say about it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct HeldSession {
    /// The provider's own id: decimal digits for Memories.ai, `ses-…` for LlamaCloud.
    pub id: String,
    /// The title, or nothing when a LlamaCloud session has none yet.
    pub title: Option<String>,
}

/// All sessions of both providers.
#[derive(Debug)]
pub(crate) struct Model {
    pub(crate) rng: SplitMix64,
    /// The sandbox's own time: it stands still, and every change moves it on.
    now_micros: i64,
    /// By `unique_id`, each list newest first, which is descending by id. A ring takes a new session at its front in
    /// constant time, however long it is.
    pub(crate) videos: BTreeMap<String, VecDeque<VideoSession>>,
    /// By project, each list last updated first.
    pub(crate) documents: BTreeMap<String, VecDeque<DocumentSession>>,
}

impl Model {
    /// A model without sessions.
    pub(crate) fn empty(rng: SplitMix64) -> Self {
        Self {
            rng,
            now_micros: REFERENCE_MICROS,
            videos: BTreeMap::new(),
            documents: BTreeMap::new(),
        }
    }

    /// Moves the sandbox's time on by some seconds, so that what changes now is newer than everything before.
    fn tick(&mut self) -> i64 {
        self.now_micros += self.rng.between(1_000_000, 90_000_000) as i64;
        self.now_micros
    }

    /// The place of the first session after `place` in a list.
    pub(crate) fn index_after(list: &VecDeque<DocumentSession>, place: &Place) -> usize {
        list.partition_point(|session| {
            (session.updated_micros, session.id.as_str()) >= (place.updated_micros, place.session_id.as_str())
        })
    }

    /// The sessions of one scope in the provider's order; empty for a scope that does not exist.
    pub(crate) fn held(&self, provider: Provider, scope: &str) -> Vec<HeldSession> {
        match provider {
            Provider::MemoriesAi => self.videos.get(scope).into_iter().flatten().map(held_video).collect(),
            Provider::LlamaCloud => self
                .documents
                .get(scope)
                .into_iter()
                .flatten()
                .map(held_document)
                .collect(),
        }
    }

    /// The scopes of a provider, in alphabetical order.
    pub(crate) fn scopes(&self, provider: Provider) -> Vec<String> {
        match provider {
            Provider::MemoriesAi => self.videos.keys().cloned().collect(),
            Provider::LlamaCloud => self.documents.keys().cloned().collect(),
        }
    }

    /// Creates a session at the front of a list, making the scope when it does not exist, and gives its id.
    pub(crate) fn insert(&mut self, provider: Provider, scope: &str, title: &str) -> String {
        let now = self.tick();
        match provider {
            Provider::MemoriesAi => {
                let id = snowflake(now, self.rng.bits());
                let list = self.videos.entry(scope.to_owned()).or_default();
                list.push_front(VideoSession {
                    id,
                    title: title.to_owned(),
                });
                id.to_string()
            }
            Provider::LlamaCloud => {
                let id = format!("ses-{}", self.rng.word(12));
                let session = DocumentSession {
                    id: id.clone(),
                    updated_micros: now,
                    title: Some(titles::generated(title)),
                    index_ids: None,
                    run: None,
                    read_only: false,
                };
                self.documents.entry(scope.to_owned()).or_default().push_front(session);
                id
            }
        }
    }

    /// Gives a session another title and says whether there is such a session.
    ///
    /// A Memories.ai session keeps its place, because the list is ordered by creation. A LlamaCloud session was thereby
    /// updated and moves to the front.
    pub(crate) fn retitle(&mut self, provider: Provider, id: &str, title: &str) -> bool {
        let now = self.tick();
        match provider {
            Provider::MemoriesAi => {
                let Ok(id) = id.parse::<u64>() else { return false };
                let mut found = self.videos.values_mut().filter_map(|list| {
                    let index = video_index(list, id)?;
                    list.get_mut(index)
                });
                found
                    .next()
                    .map(|session| title.clone_into(&mut session.title))
                    .is_some()
            }
            Provider::LlamaCloud => self.documents.values_mut().any(|list| {
                let index = list.iter().position(|session| session.id == id);
                let Some(mut session) = index.and_then(|index| list.remove(index)) else {
                    return false;
                };
                session.title = Some(titles::generated(title));
                session.updated_micros = now;
                list.push_front(session);
                true
            }),
        }
    }

    /// Removes a session and says whether there was one.
    pub(crate) fn delete(&mut self, provider: Provider, id: &str) -> bool {
        match provider {
            Provider::MemoriesAi => {
                let Ok(id) = id.parse::<u64>() else { return false };
                self.videos
                    .values_mut()
                    .any(|list| video_index(list, id).and_then(|index| list.remove(index)).is_some())
            }
            Provider::LlamaCloud => self.documents.values_mut().any(|list| {
                let index = list.iter().position(|session| session.id == id);
                index.and_then(|index| list.remove(index)).is_some()
            }),
        }
    }

    /// Removes the sessions of one scope that stand at these places of the list, counted from 0.
    pub(crate) fn delete_range(&mut self, provider: Provider, scope: &str, range: Range<usize>) {
        let within = |length: usize| range.start.min(length)..range.end.min(length);
        match provider {
            Provider::MemoriesAi => {
                if let Some(list) = self.videos.get_mut(scope) {
                    list.drain(within(list.len()));
                }
            }
            Provider::LlamaCloud => {
                if let Some(list) = self.documents.get_mut(scope) {
                    list.drain(within(list.len()));
                }
            }
        }
    }

    /// The id of the session at one place of a list, counted from 0.
    pub(crate) fn id_at(&self, provider: Provider, scope: &str, index: usize) -> Option<String> {
        match provider {
            Provider::MemoriesAi => Some(self.videos.get(scope)?.get(index)?.id.to_string()),
            Provider::LlamaCloud => Some(self.documents.get(scope)?.get(index)?.id.clone()),
        }
    }

    /// How many sessions a scope holds.
    pub(crate) fn count(&self, provider: Provider, scope: &str) -> usize {
        match provider {
            Provider::MemoriesAi => self.videos.get(scope).map_or(0, VecDeque::len),
            Provider::LlamaCloud => self.documents.get(scope).map_or(0, VecDeque::len),
        }
    }
}

/// The place of a Memories.ai session in its list, found by halving, since the list falls by id.
fn video_index(list: &VecDeque<VideoSession>, id: u64) -> Option<usize> {
    list.binary_search_by(|session| id.cmp(&session.id)).ok()
}

fn held_video(session: &VideoSession) -> HeldSession {
    HeldSession {
        id: session.id.to_string(),
        title: Some(session.title.clone()),
    }
}

fn held_document(session: &DocumentSession) -> HeldSession {
    HeldSession {
        id: session.id.clone(),
        title: session.title.clone(),
    }
}
