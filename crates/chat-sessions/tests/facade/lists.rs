//! Clients of fake sources, and the ids of a whole list.

use chat_sessions::ChatSessions;
use chat_sessions::list::ListSessions;
use chat_sessions::testing::FakeSource;

/// Returns a client whose sources have their position as their scope.
pub(crate) fn client(sources: impl IntoIterator<Item = FakeSource>) -> ChatSessions {
    let mut builder = ChatSessions::builder();
    for (index, source) in sources.into_iter().enumerate() {
        builder = builder.source(source.in_scope(format!("{index}")));
    }
    builder.build().unwrap()
}

/// Returns the ids of all sessions.
pub(crate) async fn items(list: ListSessions) -> Vec<String> {
    let mut stream = list.by_item();
    let mut ids = Vec::new();
    while let Some(session) = stream.next().await {
        ids.push(session.unwrap().id.as_str().to_owned());
    }
    ids
}
