//! What the sandbox holds: the sessions of both providers, scope by scope, each list in the order in which it is answered.
//!
//! It is responsible for keeping that order through every change and for cutting pages out of it. It knows neither JSON
//! nor HTTP, and it never asks the machine what time it is.

use std::collections::BTreeMap;

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
    /// By `unique_id`, each list newest first, which is descending by id.
    pub(crate) videos: BTreeMap<String, Vec<VideoSession>>,
    /// By project, each list last updated first.
    pub(crate) documents: BTreeMap<String, Vec<DocumentSession>>,
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

    /// The page of a Memories.ai list, counted from 1, and the length of the whole list.
    pub(crate) fn video_page(&self, unique_id: &str, page: u64, page_size: usize) -> (&[VideoSession], usize) {
        let list = self.videos.get(unique_id).map_or(&[][..], Vec::as_slice);
        let start = usize::try_from(page.saturating_sub(1))
            .unwrap_or(usize::MAX)
            .saturating_mul(page_size);
        let start = start.min(list.len());
        (
            &list[start..list.len().min(start.saturating_add(page_size))],
            list.len(),
        )
    }

    /// The sessions of a LlamaCloud list after a place, and whether there are more; nothing for an unknown project.
    pub(crate) fn document_page(
        &self,
        project: &str,
        after: Option<&Place>,
        page_size: usize,
    ) -> Option<(&[DocumentSession], bool)> {
        let list = self.documents.get(project)?;
        let start = after.map_or(0, |place| {
            list.partition_point(|session| {
                (session.updated_micros, session.id.as_str()) >= (place.updated_micros, place.session_id.as_str())
            })
        });
        let end = list.len().min(start.saturating_add(page_size));
        Some((&list[start..end], end < list.len()))
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
                list.insert(
                    0,
                    VideoSession {
                        id,
                        title: title.to_owned(),
                    },
                );
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
                self.documents.entry(scope.to_owned()).or_default().insert(0, session);
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
                let found = self.videos.values_mut().flatten().find(|session| session.id == id);
                found.map(|session| title.clone_into(&mut session.title)).is_some()
            }
            Provider::LlamaCloud => self.documents.values_mut().any(|list| {
                let Some(index) = list.iter().position(|session| session.id == id) else {
                    return false;
                };
                let mut session = list.remove(index);
                session.title = Some(titles::generated(title));
                session.updated_micros = now;
                list.insert(0, session);
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
                    .any(|list| remove_first(list, |session| session.id == id))
            }
            Provider::LlamaCloud => self
                .documents
                .values_mut()
                .any(|list| remove_first(list, |session| session.id == id)),
        }
    }
}

/// Removes the first element that `wanted` accepts and says whether there was one.
fn remove_first<T>(list: &mut Vec<T>, wanted: impl Fn(&T) -> bool) -> bool {
    list.iter().position(wanted).map(|index| list.remove(index)).is_some()
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
