//! Every fixture about one session, and every list of scopes, normalised by the facade.
//!
//! `decoding/raw_transcripts.rs` shows what the raw clients read from the same files.

use chat_sessions::{ChatSessions, Error, SessionAddress, SessionId};
use chat_sessions_sandbox::{Provider, Sandbox};
use serde::Serialize;

use crate::support::clients::{llama_cloud, memories_ai};
use crate::support::fixture::Fixture;
use crate::support::snapshot;

/// The address of the session that a response is about.
fn address(client: &ChatSessions, fixture: &Fixture) -> SessionAddress {
    // Some bodies are not JSON that can be read.
    let id = ["\"session_id\":", "\"sessionId\":"].into_iter().find_map(|name| {
        let (_, after) = fixture.body.split_once(name)?;
        after.trim_start().strip_prefix('"')?.split('"').next()
    });
    let source = &client.sources()[0];
    let mut address = SessionAddress::new(SessionId::new(source.provider(), id.unwrap_or("ses-1")));
    address.scope = source.scope();
    address
}

fn described<T: Serialize>(outcome: Result<T, Error>) -> String {
    match outcome {
        Ok(value) => serde_json::to_string_pretty(&value).unwrap(),
        Err(error) => format!("{error}\n{error:#?}"),
    }
}

/// Reads every fixture of a folder, and compares the outcomes with the snapshots.
async fn compare_all(folder: &str, provider: Provider, sandbox: &Sandbox, read: impl AsyncFn(&Fixture) -> String) {
    let mut different = Vec::new();
    for fixture in Fixture::all(folder) {
        sandbox.next(provider, fixture.response());
        let text = read(&fixture).await;
        assert_eq!(
            sandbox.pending_faults(provider),
            0,
            "{}: no request was sent",
            fixture.name
        );
        let compared = std::panic::catch_unwind(|| snapshot::assert("normalised", &fixture.name, &text));
        different.extend(compared.err().map(|_| fixture.name.clone()));
    }
    assert!(different.is_empty(), "{different:#?}");
}

#[tokio::test]
async fn each_memories_ai_session_has_the_outcome_of_its_snapshot() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = ChatSessions::new(memories_ai(&sandbox));
    compare_all(
        "transcripts/memories-ai",
        Provider::MemoriesAi,
        &sandbox,
        async |fixture| described(client.transcript(address(&client, fixture)).send().await),
    )
    .await;
    compare_all("scopes/memories-ai", Provider::MemoriesAi, &sandbox, async |_| {
        described(client.scopes().send().await.map(|list| list.scopes))
    })
    .await;
}

#[tokio::test]
async fn each_llama_cloud_session_has_the_outcome_of_its_snapshot() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = ChatSessions::new(llama_cloud(&sandbox));
    compare_all(
        "transcripts/llama-cloud",
        Provider::LlamaCloud,
        &sandbox,
        async |fixture| described(client.transcript(address(&client, fixture)).send().await),
    )
    .await;
    compare_all(
        "summaries/llama-cloud",
        Provider::LlamaCloud,
        &sandbox,
        async |fixture| described(client.session(address(&client, fixture)).send().await),
    )
    .await;
    compare_all("scopes/llama-cloud", Provider::LlamaCloud, &sandbox, async |_| {
        described(client.scopes().send().await.map(|list| list.scopes))
    })
    .await;
}
