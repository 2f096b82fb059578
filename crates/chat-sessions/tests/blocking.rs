//! Lists and transcripts as iterators: outside a runtime, on any thread, and an error inside one.

#![cfg(feature = "blocking")]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use chat_sessions::retry::Pacing;
use chat_sessions::{ChatSessions, ErrorKind, LlamaCloud, MemoriesAi};
use chat_sessions_sandbox::{LLAMA_CLOUD_KEY, MEMORIES_AI_KEY, Sandbox};
use tokio::runtime::{Builder, Runtime};

/// A sandbox on threads of its own, and a client for it.
fn sandbox() -> (Runtime, Sandbox, ChatSessions) {
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let sandbox = runtime.block_on(Sandbox::start()).unwrap();
    let memories = MemoriesAi::builder()
        .api_key(MEMORIES_AI_KEY)
        .base_url(sandbox.url())
        .pacing(Pacing::none());
    let llama = LlamaCloud::builder().api_key(LLAMA_CLOUD_KEY).base_url(sandbox.url());
    let client = ChatSessions::builder()
        .source(memories.build().unwrap())
        .source(llama.build().unwrap());
    (runtime, sandbox, client.build().unwrap())
}

#[test]
fn an_iterator_lists_what_the_stream_lists_on_any_thread() {
    let (runtime, _sandbox, client) = sandbox();
    let expected = runtime.block_on(async {
        let mut stream = client.list_sessions().by_item();
        let mut ids = Vec::new();
        while let Some(session) = stream.next().await {
            ids.push(session.unwrap().id);
        }
        ids
    });
    let mut sessions = client.list_sessions().read_ahead(4).blocking().unwrap();
    let first = sessions.next().unwrap().unwrap().id;
    let rest = std::thread::spawn(move || {
        let rest: Vec<_> = sessions.by_ref().map(|session| session.unwrap().id).collect();
        assert!(sessions.report().is_complete());
        rest
    });
    let mut found = rest.join().unwrap();
    found.push(first);
    found.sort();
    let mut expected = expected;
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn a_blocking_list_resumes_and_its_transcripts_are_read() {
    let (_runtime, _sandbox, client) = sandbox();
    let mut sessions = client.list_sessions().limit(6).blocking().unwrap();
    let two: Vec<_> = sessions.by_ref().take(2).map(|session| session.unwrap()).collect();
    let cursor = sessions.cursor();
    drop(sessions);
    let third = client
        .list_sessions()
        .resume(cursor)
        .blocking()
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    assert!(two.iter().all(|session| session.id != third.id));

    let transcripts = client.transcripts(two.clone()).blocking().unwrap();
    let ids: Vec<_> = transcripts.map(|transcript| transcript.unwrap().session.id).collect();
    assert_eq!(ids, [two[0].id.clone(), two[1].id.clone()]);
    assert_eq!(
        client.transcript(&two[0]).send_blocking().unwrap().session.id,
        two[0].id
    );
    assert!(!client.list_sessions().send_blocking().unwrap().sessions.is_empty());
    assert!(!client.scopes().send_blocking().unwrap().scopes.is_empty());
}

#[test]
fn inside_a_runtime_a_blocking_call_is_an_error() {
    let (runtime, _sandbox, client) = sandbox();
    let mut sessions = client.list_sessions().blocking().unwrap();
    let mut transcripts = client
        .transcripts_of(client.list_sessions().by_item())
        .blocking()
        .unwrap();
    let unused = client.list_sessions().blocking().unwrap();
    runtime.block_on(async {
        let errors = [
            client.list_sessions().send_blocking().unwrap_err(),
            client.list_sessions().blocking().unwrap_err(),
            sessions.next().unwrap().unwrap_err(),
            transcripts.next().unwrap().unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.kind(), ErrorKind::Config, "{error}");
            assert!(error.hint().unwrap().contains("asynchronous"), "{error}");
        }
        assert!(sessions.next().is_none() && transcripts.next().is_none());
        // Dropping them here does not panic.
        drop((sessions, transcripts, unused));
    });
}
