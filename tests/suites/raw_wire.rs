//! What the raw clients put on the wire: method, path, every query parameter by name, headers, and nothing else.

use httpmock::MockServer;
use llama_cloud_client::mock::MockServerExt as _;
use memories_ai_client::mock::MockServerExt as _;
use std::num::NonZeroU64;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const SESSIONS: &str = include_str!("../fixtures/memories-ai/documented-example.json");
const CHATS: &str = include_str!("../fixtures/llama-cloud/documented-example.json");

fn http() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

fn memories_ai(base: &str) -> memories_ai_client::Client {
    memories_ai_client::Client::new_with_client(base, http(), memories_ai_client::wire("sk-canary").unwrap())
}

fn llama_cloud(base: &str) -> llama_cloud_client::Client {
    llama_cloud_client::Client::new_with_client(base, http(), llama_cloud_client::wire("llx-canary").unwrap())
}

/// Answers one request on loopback with a JSON body and gives the request, byte for byte, the port left out.
async fn captured(body: &'static str, send: impl AsyncFnOnce(String)) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            let mut chunk = [0; 1024];
            let read = socket.read(&mut chunk).await.unwrap();
            assert!(read > 0, "the request broke off");
            request.extend_from_slice(&chunk[..read]);
        }
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close";
        let answer = format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        socket.write_all(answer.as_bytes()).await.unwrap();
        String::from_utf8(request).unwrap()
    });
    send(format!("http://{address}")).await;
    let request = server.await.unwrap();
    request.replace(&address.to_string(), "[address]").replace("\r\n", "\n")
}

fn snapshot(name: &str, request: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots/raw_wire");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, request));
}

#[tokio::test]
async fn the_memories_ai_request_is_what_the_document_asks_for() {
    let request = captured(SESSIONS, async |base: String| {
        let page = memories_ai(&base)
            .list_sessions(NonZeroU64::new(2), "team a/ü")
            .await
            .unwrap()
            .into_inner();
        assert_eq!(page.data.unwrap().sessions.unwrap().len(), 12);
    });
    snapshot("memories-ai-request", &request.await);
}

#[tokio::test]
async fn the_llama_cloud_request_is_what_the_document_asks_for() {
    let request = captured(CHATS, async |base: String| {
        let client = llama_cloud(&base);
        let page = client
            .list_chat_sessions(Some("org"), Some(50), Some("a+b/c=="), Some("prj"))
            .await;
        assert_eq!(page.unwrap().into_inner().items.unwrap().len(), 1);
    });
    snapshot("llama-cloud-request", &request.await);
}

#[tokio::test]
async fn what_is_not_asked_for_is_not_sent() {
    let request = captured(SESSIONS, async |base: String| {
        memories_ai(&base).list_sessions(None, "default").await.unwrap();
    });
    assert!(
        request
            .await
            .starts_with("GET /serve/api/v1/list_sessions?unique_id=default HTTP/1.1\n")
    );
    let request = captured(CHATS, async |base: String| {
        llama_cloud(&base)
            .list_chat_sessions(None, None, None, None)
            .await
            .unwrap();
    });
    assert!(request.await.starts_with("GET /api/v1/chat HTTP/1.1\n"));
}

#[tokio::test]
async fn the_typed_helpers_of_both_crates_agree_with_the_clients() {
    let server = MockServer::start_async().await;
    let sessions: memories_ai_client::types::ListSessionsResponse = serde_json::from_str(SESSIONS).unwrap();
    let memories = server.list_sessions(|when, then| {
        let when = when.page(NonZeroU64::new(3)).unique_id("default");
        when.into_inner()
            .header("authorization", "sk-canary")
            .header_missing("api-version");
        then.ok(&sessions);
    });
    let chats: llama_cloud_client::types::ChatSessionList = serde_json::from_str(CHATS).unwrap();
    let llama = server.list_chat_sessions(|when, then| {
        let when = when.organization_id(None).page_size(10).page_token("t").project_id("p");
        when.into_inner()
            .header("authorization", "Bearer llx-canary")
            .header_missing("api-version");
        then.ok(&chats);
    });

    let answer = memories_ai(&server.base_url())
        .list_sessions(NonZeroU64::new(3), "default")
        .await
        .unwrap();
    assert_eq!(answer.into_inner(), sessions);
    let client = llama_cloud(&server.base_url());
    let answer = client
        .list_chat_sessions(None, Some(10), Some("t"), Some("p"))
        .await
        .unwrap();
    assert_eq!(answer.into_inner(), chats);
    memories.assert_async().await;
    llama.assert_async().await;
}

#[test]
fn no_key_is_in_what_debug_shows() {
    let shown = format!("{:?} {:#?}", memories_ai("http://[::1]"), llama_cloud("http://[::1]"));
    assert!(!shown.contains("canary"), "{shown}");
}

#[test]
fn the_documents_own_examples_lose_nothing() {
    let before: serde_json::Value = serde_json::from_str(SESSIONS).unwrap();
    let typed: memories_ai_client::types::ListSessionsResponse = serde_json::from_str(SESSIONS).unwrap();
    assert_eq!(serde_json::to_value(typed).unwrap(), before);
    let mut before: serde_json::Value = serde_json::from_str(CHATS).unwrap();
    // The document calls it a number, which is a float in Rust, and prints it without a fraction.
    before["items"][0]["job_metadata"]["duration_ms"] = serde_json::json!(0.0);
    let typed: llama_cloud_client::types::ChatSessionList = serde_json::from_str(CHATS).unwrap();
    assert_eq!(serde_json::to_value(typed).unwrap(), before);
}

#[test]
fn both_spellings_of_the_table_and_unknown_fields_are_kept() {
    let text = r#"{"session_id":"1","title":null,"shared":{"a":[1]}}"#;
    let session: memories_ai_client::types::Session = serde_json::from_str(text).unwrap();
    assert_eq!(session.session_id, None);
    assert_eq!(session.extra["session_id"], "1");
    assert_eq!(session.extra["shared"], serde_json::json!({"a": [1]}));
}
