//! Every session of the sandbox, read by the facade over real sockets, equals what the sandbox holds.

use chat_sessions::model::SessionAddress;
use chat_sessions::retry::{Pacing, RetryPolicy};
use chat_sessions::{ChatSessions, ErrorKind, LlamaCloud, MemoriesAi, SessionId};
use chat_sessions_sandbox::{Fault, LLAMA_CLOUD_KEY, MEMORIES_AI_KEY, OTHER_PROJECT_ID, Provider, Sandbox};
use serde_json::Value;

use super::expected;
use crate::support::snapshot;

/// A client of every scope of the sandbox, without rate limits and with short waits.
fn client(sandbox: &Sandbox) -> ChatSessions {
    let policy = RetryPolicy::default().max_attempts(10).budget(10_000);
    let memories = MemoriesAi::builder()
        .api_key(MEMORIES_AI_KEY)
        .base_url(sandbox.url())
        .pacing(Pacing::none())
        .retry(policy)
        .random(|| 0.0)
        .build()
        .unwrap();
    let llama = LlamaCloud::builder()
        .api_key(LLAMA_CLOUD_KEY)
        .base_url(sandbox.url())
        .retry(policy)
        .random(|| 0.0)
        .build()
        .unwrap();
    ChatSessions::builder()
        .source(memories.with_scope("demo-team"))
        .source(memories.with_scope("Demo-Team"))
        .source(memories)
        .source(llama.with_scope(OTHER_PROJECT_ID))
        .source(llama)
        .build()
        .unwrap()
}

fn provider_of(address: &SessionAddress) -> Provider {
    match address.id.provider().as_str() {
        "memories-ai" => Provider::MemoriesAi,
        _ => Provider::LlamaCloud,
    }
}

/// Reads every session and compares it with what the sandbox holds. Returns how many there are.
async fn compare_all(sandbox: &Sandbox) -> usize {
    let client = client(sandbox);
    let mut list = client.list_sessions().by_item();
    let mut sessions = Vec::new();
    while let Some(session) = list.next().await {
        sessions.push(session.unwrap());
    }
    let mut transcripts = client.transcripts(sessions.clone()).keep_raw(true).by_item();
    for session in &sessions {
        let transcript = transcripts
            .next()
            .await
            .unwrap()
            .unwrap_or_else(|error| panic!("{session:?}: {error}"));
        let address = SessionAddress::from(session);
        let (provider, scope) = (
            provider_of(&address),
            address.scope.as_ref().map(|scope| scope.as_str()),
        );
        let held = sandbox.conversation(provider, scope, session.id.as_str()).unwrap();
        let (raw, expected): (Value, Value) = match provider {
            Provider::MemoriesAi => (
                body(&transcript.raw)["data"]["messages"].take(),
                expected::memories_ai(&held),
            ),
            Provider::LlamaCloud => (body(&transcript.raw)["events"].take(), expected::llama_cloud(&held)),
            _ => unreachable!("there are two"),
        };
        assert!(raw == held, "{address}: the response is not what the sandbox holds");
        // As JSON values, whose members are sorted by name.
        let found = serde_json::to_value(&transcript.messages).unwrap().to_string();
        if let Some((at, found, expected)) = first_difference(&found, &expected.to_string()) {
            panic!(
                "{address}, at byte {at}
found    {found}
expected {expected}"
            );
        }
        assert_eq!(
            (&transcript.session.id, &transcript.session.title),
            (&session.id, &session.title)
        );
        assert_eq!(transcript.session.scope, session.scope);
        assert_eq!(transcript.session.time(), session.time());
    }
    assert!(transcripts.next().await.is_none());
    sessions.len()
}

/// Where two texts differ first, and the texts around that place.
fn first_difference<'a>(found: &'a str, expected: &'a str) -> Option<(usize, &'a str, &'a str)> {
    let same = found.bytes().zip(expected.bytes()).take_while(|(a, b)| a == b).count();
    if found.len() == expected.len() && same == found.len() {
        return None;
    }
    let around = |text: &'a str| {
        let inside = |place: usize| {
            (0..=place.min(text.len()))
                .rev()
                .find(|place| text.is_char_boundary(*place))
        };
        &text[inside(same.saturating_sub(200)).unwrap_or_default()..inside(same + 200).unwrap_or_default()]
    };
    Some((same, around(found), around(expected)))
}

fn body(raw: &Option<impl AsRef<[u8]>>) -> Value {
    serde_json::from_slice(raw.as_ref().unwrap().as_ref()).unwrap()
}

#[tokio::test]
async fn every_session_of_the_sandbox_is_read_as_it_is() {
    let sandbox = Sandbox::start().await.unwrap();
    assert_eq!(compare_all(&sandbox).await, 137 + 23 + 5 + 112 + 31);
}

#[tokio::test]
async fn with_faults_every_session_is_read_as_it_is() {
    let sandbox = Sandbox::start().await.unwrap();
    let faults = || {
        vec![
            Fault::status(503),
            Fault::status(429),
            Fault::reset_before_headers(),
            Fault::reset_after(300),
            Fault::cut_body(200),
        ]
    };
    sandbox.chance(Provider::MemoriesAi, 0.05, faults(), 7);
    sandbox.chance(Provider::LlamaCloud, 0.05, faults(), 8);
    assert_eq!(compare_all(&sandbox).await, 137 + 23 + 5 + 112 + 31);
    assert!(sandbox.request_count(Provider::MemoriesAi) > 137 + 23 + 5 + 9 + 5);
}

#[tokio::test]
async fn a_session_without_its_messages_is_that_of_the_list() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = client(&sandbox);
    let page = client.list_sessions().page_size(20).send().await.unwrap();
    for session in &page.sessions {
        let outcome = client.session(session).send().await;
        if session.id.provider().as_str() == "memories-ai" {
            assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Unsupported);
        } else {
            assert_eq!(outcome.unwrap(), *session);
        }
    }
}

#[tokio::test]
async fn an_unknown_session_is_not_found() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = client(&sandbox);
    let mut shown = String::new();
    for address in [
        "memories-ai/default:601308802842759168",
        "memories-ai/demo-team:1",
        "memories-ai/Demo-Team:not a number",
        "llama-cloud/00000000-0000-0000-0000-000000000000:ses-1",
    ] {
        let address: SessionAddress = address.parse().unwrap();
        let error = client.transcript(&address).send().await.unwrap_err();
        let hint = error.hint().unwrap_or_default();
        shown.push_str(&format!("{:?}: {error}. {hint}\n", error.kind()));
    }
    let llama = ChatSessions::new(crate::support::clients::llama_cloud(&sandbox));
    for id in ["ses-nobody", "a/b?c#d", "%2e%2e", "", ".", "..", "..\\projects", "a\nb"] {
        let id = SessionId::new(chat_sessions::Provider::LLAMA_CLOUD, id);
        let error = llama.transcript(&id).send().await.unwrap_err();
        let hint = error.hint().unwrap_or_default();
        shown.push_str(&format!("{:?}: {error}. {hint}\n", error.kind()));
    }
    snapshot::assert("transcripts", "unknown-sessions", &shown);
}

#[tokio::test]
async fn the_scopes_are_those_of_the_sandbox() {
    let sandbox = Sandbox::start().await.unwrap();
    let list = client(&sandbox).scopes().send().await.unwrap();
    let mut found: Vec<String> = list
        .scopes
        .iter()
        .map(|info| format!("{}/{}", info.provider, info.scope))
        .collect();
    let of = |provider, name: &str| {
        let scopes = sandbox.scopes(provider).into_iter();
        scopes.map(|scope| format!("{name}/{scope}")).collect::<Vec<_>>()
    };
    let mut expected = of(Provider::MemoriesAi, "memories-ai");
    expected.extend(of(Provider::LlamaCloud, "llama-cloud"));
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
    assert!(list.failures.is_empty());

    // One account that fails does not lose the others.
    sandbox.next(Provider::MemoriesAi, Fault::status(401));
    let list = client(&sandbox).scopes().send().await.unwrap();
    assert_eq!(
        (list.scopes.len(), list.failures.len()),
        (of(Provider::LlamaCloud, "").len(), 1)
    );
}
