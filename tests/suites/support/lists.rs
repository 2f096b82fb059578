//! Whole lists: the sessions that a sandbox has, and those that a client reads.

use chat_sessions::list::ListSessions;
use chat_sessions::{Error, Session};
use chat_sessions_sandbox::{Provider, Sandbox};

/// Returns the ids of all sessions in the default scopes, Memories.ai first, as the facade prints
/// them.
pub(crate) fn all_ids(sandbox: &Sandbox) -> Vec<String> {
    [Provider::MemoriesAi, Provider::LlamaCloud]
        .into_iter()
        .flat_map(|provider| {
            sandbox
                .session_ids(provider, None)
                .into_iter()
                .map(move |id| format!("{provider}:{id}"))
        })
        .collect()
}

/// Returns the ids of sessions as the facade prints them.
pub(crate) fn ids(sessions: &[Session]) -> Vec<String> {
    sessions.iter().map(|session| session.id.to_string()).collect()
}

/// Reads a list item by item to the end, and returns its sessions and errors.
pub(crate) async fn read_items(list: ListSessions) -> (Vec<Session>, Vec<Error>) {
    let mut stream = list.by_item();
    let (mut sessions, mut errors) = (Vec::new(), Vec::new());
    while let Some(next) = stream.next().await {
        match next {
            Ok(session) => sessions.push(session),
            Err(error) => errors.push(error),
        }
    }
    assert!(stream.next().await.is_none(), "nothing follows the end");
    (sessions, errors)
}

/// Reads a list page by page to the end, and returns its sessions and errors.
pub(crate) async fn read_pages(list: ListSessions) -> (Vec<Session>, Vec<Error>) {
    let mut stream = list.by_page();
    let (mut sessions, mut errors) = (Vec::new(), Vec::new());
    while let Some(next) = stream.next().await {
        match next {
            Ok(page) => sessions.extend(page),
            Err(error) => errors.push(error),
        }
    }
    assert!(stream.next().await.is_none(), "nothing follows the end");
    (sessions, errors)
}
