//! Every fixture with its outcome: decoded by the raw client, and normalised by the facade, or the
//! error.
//!
//! The bodies are sent over a real socket, because the status and the content type matter too.

use chat_sessions::ChatSessions;
use chat_sessions::list::SessionPage;
use chat_sessions_sandbox::{Fault, LLAMA_CLOUD_KEY, MEMORIES_AI_KEY, Provider, Sandbox};
use serde::Serialize;
use serde_json::{Value, json};

use crate::support::clients::{llama_cloud, memories_ai};
use crate::support::fixture::Fixture;
use crate::support::snapshot;

#[tokio::test]
async fn each_memories_ai_body_has_the_outcome_of_its_snapshot() {
    let sandbox = Sandbox::start().await.unwrap();
    let raw = memories_ai_client::Client::new_with_client(
        &sandbox.url(),
        plain_http(),
        memories_ai_client::wire(MEMORIES_AI_KEY).unwrap(),
    );
    let client = ChatSessions::new(memories_ai(&sandbox));
    let decode = async || decoded(raw.list_sessions(None, "default").await);
    compare_all("memories-ai", &sandbox, Provider::MemoriesAi, &client, decode).await;
}

#[tokio::test]
async fn each_llama_cloud_body_has_the_outcome_of_its_snapshot() {
    let sandbox = Sandbox::start().await.unwrap();
    let raw = llama_cloud_client::Client::new_with_client(
        &sandbox.url(),
        plain_http(),
        llama_cloud_client::wire(LLAMA_CLOUD_KEY).unwrap(),
    );
    let client = ChatSessions::new(llama_cloud(&sandbox));
    let decode = async || decoded(raw.list_chat_sessions(Default::default()).await);
    compare_all("llama-cloud", &sandbox, Provider::LlamaCloud, &client, decode).await;
}

/// Sends every fixture of a provider to its raw client and to the facade, with and without raw
/// items, and compares the outcomes with the snapshots.
async fn compare_all(
    folder: &str,
    sandbox: &Sandbox,
    provider: Provider,
    client: &ChatSessions,
    decode: impl AsyncFn() -> String,
) {
    let mut different = Vec::new();
    for fixture in Fixture::all(folder) {
        sandbox.next(provider, fixture.response());
        let decoded = decode().await;
        sandbox.next(provider, fixture.response());
        let normalised = normalised(client, false).await;
        sandbox.next(provider, fixture.response());
        assert_eq!(
            self::normalised(client, true).await,
            normalised,
            "{}, with raw items",
            fixture.name
        );
        different.extend(compare(&fixture, &decoded, &normalised));
    }
    assert!(different.is_empty(), "{different:#?}");
}

#[tokio::test]
async fn a_raw_item_is_the_item_as_it_was_sent() {
    let sandbox = Sandbox::start().await.unwrap();
    let body = r#"{"items": [ {"session_id" : "ses-1",  "big": 12345678901234567890123, "big": 1.10} ]}"#;
    sandbox.next(Provider::LlamaCloud, Fault::raw(200, "application/json", body));
    let page = ChatSessions::new(llama_cloud(&sandbox))
        .list_sessions()
        .keep_raw(true)
        .send()
        .await
        .unwrap();
    let kept = page.sessions[0].raw.as_deref().unwrap();
    assert_eq!(
        kept,
        r#"{"session_id" : "ses-1",  "big": 12345678901234567890123, "big": 1.10}"#
    );
}

fn plain_http() -> reqwest::Client {
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

/// Compares the outcome with its snapshot. Returns the fixture's name if they differ, so that one run
/// reports all differences.
fn compare(fixture: &Fixture, decoded: &str, normalised: &str) -> Option<String> {
    let text = format!("decoded by the raw client:\n{decoded}\n\nnormalised by the facade:\n{normalised}");
    let compared = std::panic::catch_unwind(|| snapshot::assert("fixtures", &fixture.name, &text));
    compared.err().map(|_| fixture.name.clone())
}

/// Describes what the raw client decoded. Its errors print whole bodies and headers, so only their
/// kind is described.
fn decoded<T: Serialize, E>(
    outcome: Result<progenitor_client::ResponseValue<T>, progenitor_client::Error<E>>,
) -> String {
    use progenitor_client::Error;
    match outcome {
        Ok(value) => serde_json::to_string_pretty(&*value).unwrap(),
        Err(Error::InvalidResponsePayload(_, error)) => format!("not decodable: {error}"),
        Err(Error::UnexpectedResponse(response)) => format!("unexpected status: {}", response.status()),
        Err(Error::CommunicationError(_)) => "no response".to_owned(),
        Err(_) => "another error".to_owned(),
    }
}

/// Describes what the facade returned: the page, the rejected items, and the error instead of the
/// page or after it.
///
/// Raw items are omitted, so that the description is the same with and without `keep_raw`.
async fn normalised(client: &ChatSessions, keep_raw: bool) -> String {
    // A prefetched page would consume the response of the next fixture.
    let list = client.list_sessions().keep_raw(keep_raw).read_ahead(0);
    let mut pages = list.by_page();
    match pages.next().await.unwrap() {
        Ok(mut page) => {
            for session in &mut page.sessions {
                assert_eq!(session.raw.take().is_some(), keep_raw);
            }
            assert!(page.rejected.iter().all(|rejected| !rejected.raw.is_empty()));
            let described = describe(&page);
            let mut text = serde_json::to_string_pretty(&described).unwrap();
            // A page that has only bad items is followed by an error, without a further request.
            if page.sessions.is_empty() && !page.rejected.is_empty() {
                let error = pages.next().await.unwrap().unwrap_err();
                text.push_str(&format!("\n\nthen: {error}\n{error:#?}"));
            }
            text
        }
        Err(error) => format!("{error}\n{error:#?}"),
    }
}

fn describe(page: &SessionPage) -> Value {
    json!({
        "sessions": page.sessions,
        "rejected": page.rejected.iter().map(|rejected| format!("{}: {}", rejected.pointer, rejected.reason)).collect::<Vec<_>>(),
        "total": page.total,
        "has_more": page.next.is_some(),
    })
}
