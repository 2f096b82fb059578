//! The requests of the raw clients on the wire, byte for byte: method, path, query parameters and
//! headers.

use std::num::NonZeroU64;

use chat_sessions_wire::ReceiveError;
use httpmock::MockServer;
use llama_cloud_client::mock::MockServerExt as _;
use llama_cloud_client::types::ListChatSessionsParams;
use memories_ai_client::mock::MockServerExt as _;
use progenitor_client::ClientInfo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::support::snapshot;

const SESSIONS: &str = include_str!("../../fixtures/memories-ai/documented-example.json");
const CHATS: &str = include_str!("../../fixtures/llama-cloud/documented-example.json");

fn http() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

fn memories_ai(base: &str) -> memories_ai_client::Client {
    memories_ai_client::Client::new_with_client(base, http(), memories_ai_client::wire("sk-test-key").unwrap())
}

fn llama_cloud(base: &str) -> llama_cloud_client::Client {
    llama_cloud_client::Client::new_with_client(base, http(), llama_cloud_client::wire("llx-test-key").unwrap())
}

/// Responds to one request on loopback with a JSON body, and returns the request without the port.
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
        let response = format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        socket.write_all(response.as_bytes()).await.unwrap();
        String::from_utf8(request).unwrap()
    });
    send(format!("http://{address}")).await;
    let request = server.await.unwrap();
    request.replace(&address.to_string(), "[address]").replace("\r\n", "\n")
}

#[tokio::test]
async fn the_memories_ai_request_matches_its_snapshot() {
    let request = captured(SESSIONS, async |base: String| {
        let page = memories_ai(&base)
            .list_sessions(NonZeroU64::new(2), "team a/ü")
            .await
            .unwrap()
            .into_inner();
        assert_eq!(page.data.unwrap().sessions.unwrap().len(), 12);
    });
    snapshot::assert("raw_wire", "memories-ai-request", &request.await);
}

#[tokio::test]
async fn the_llama_cloud_request_matches_its_snapshot() {
    let request = captured(CHATS, async |base: String| {
        let client = llama_cloud(&base);
        let params = ListChatSessionsParams {
            organization_id: Some("org"),
            page_size: Some(50),
            page_token: Some("a+b/c=="),
            project_id: Some("prj"),
        };
        let page = client.list_chat_sessions(params).await;
        assert_eq!(page.unwrap().into_inner().items.unwrap().len(), 1);
    });
    snapshot::assert("raw_wire", "llama-cloud-request", &request.await);
}

/// A request that is built and received in two steps is the same as that of the method for both, and
/// the response is what was sent, whatever its status.
#[tokio::test]
async fn a_request_can_be_built_alone_and_received_without_decoding() {
    let direct = captured(CHATS, async |base: String| {
        let params = ListChatSessionsParams::default();
        llama_cloud(&base).list_chat_sessions(params).await.unwrap();
    });
    let in_steps = captured(CHATS, async |base: String| {
        let client = llama_cloud(&base);
        let request = client.list_chat_sessions_request(ListChatSessionsParams::default());
        let received = client.inner().receive(&http(), request.unwrap()).await.unwrap();
        assert_eq!((received.status, &received.body[..]), (200, CHATS.as_bytes()));
    });
    assert_eq!(direct.await, in_steps.await);

    let server = MockServer::start_async().await;
    let refusal = |status: u16, body: &'static str| {
        move |when: httpmock::When, then: httpmock::Then| {
            when.query_param("page", status.to_string());
            then.status(status).body(body);
        }
    };
    server.mock(refusal(404, "{"));
    server.mock(refusal(200, "{}{}"));
    let memories = memories_ai(&server.base_url());
    for (status, body) in [(404, "{"), (200, "{}{}")] {
        let request = memories
            .list_sessions_request(NonZeroU64::new(status), "default")
            .unwrap();
        let received = memories.inner().receive(&http(), request).await.unwrap();
        assert_eq!(
            (u64::from(received.status), &received.body[..]),
            (status, body.as_bytes())
        );
    }
    // What must not be decoded is an error with the response.
    let small = memories.inner().clone().max_body(3);
    let request = memories.list_sessions_request(NonZeroU64::new(200), "default").unwrap();
    let error = small.receive(&http(), request).await.unwrap_err();
    assert!(
        matches!(&error, ReceiveError::Body { received, .. } if received.status == 200),
        "{error:?}"
    );
    // Without a response, there is only the error of the HTTP client.
    let nowhere = memories_ai("http://127.0.0.1:9");
    let request = nowhere.list_sessions_request(None, "default").unwrap();
    let error = nowhere.inner().receive(&http(), request).await.unwrap_err();
    assert!(
        matches!(error, ReceiveError::Transport { received: None, .. }),
        "{error:?}"
    );
}

#[tokio::test]
async fn omitted_parameters_are_not_sent() {
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
            .list_chat_sessions(ListChatSessionsParams::default())
            .await
            .unwrap();
    });
    assert!(request.await.starts_with("GET /api/v1/chat HTTP/1.1\n"));
}

#[tokio::test]
async fn the_typed_mock_helpers_match_the_clients() {
    let server = MockServer::start_async().await;
    let sessions: memories_ai_client::types::ListSessionsResponse = serde_json::from_str(SESSIONS).unwrap();
    let memories = server.list_sessions(|when, then| {
        let when = when.page(NonZeroU64::new(3)).unique_id("default");
        when.into_inner()
            .header("authorization", "sk-test-key")
            .header_missing("api-version");
        then.ok(&sessions);
    });
    let chats: llama_cloud_client::types::ChatSessionList = serde_json::from_str(CHATS).unwrap();
    let llama = server.list_chat_sessions(|when, then| {
        let when = when.organization_id(None).page_size(10).page_token("t").project_id("p");
        when.into_inner()
            .header("authorization", "Bearer llx-test-key")
            .header_missing("api-version");
        then.ok(&chats);
    });

    let response = memories_ai(&server.base_url())
        .list_sessions(NonZeroU64::new(3), "default")
        .await
        .unwrap();
    assert_eq!(response.into_inner(), sessions);
    let client = llama_cloud(&server.base_url());
    let params = ListChatSessionsParams {
        page_size: Some(10),
        page_token: Some("t"),
        project_id: Some("p"),
        ..Default::default()
    };
    let response = client.list_chat_sessions(params).await.unwrap();
    assert_eq!(response.into_inner(), chats);
    memories.assert_async().await;
    llama.assert_async().await;
}

#[test]
fn debug_output_contains_no_key() {
    let output = format!("{:?} {:#?}", memories_ai("http://[::1]"), llama_cloud("http://[::1]"));
    assert!(!output.contains("test-key"), "{output}");
}

#[test]
fn the_documented_examples_round_trip_without_loss() {
    let before: serde_json::Value = serde_json::from_str(SESSIONS).unwrap();
    let typed: memories_ai_client::types::ListSessionsResponse = serde_json::from_str(SESSIONS).unwrap();
    assert_eq!(serde_json::to_value(typed).unwrap(), before);
    let mut before: serde_json::Value = serde_json::from_str(CHATS).unwrap();
    // The document defines a number, which is a float in Rust, but its example has no fraction.
    before["items"][0]["job_metadata"]["duration_ms"] = serde_json::json!(0.0);
    let typed: llama_cloud_client::types::ChatSessionList = serde_json::from_str(CHATS).unwrap();
    assert_eq!(serde_json::to_value(typed).unwrap(), before);
}

#[test]
fn the_spelling_of_the_field_table_and_unknown_fields_are_kept() {
    let text = r#"{"session_id":"1","title":null,"shared":{"a":[1]}}"#;
    let session: memories_ai_client::types::Session = serde_json::from_str(text).unwrap();
    assert_eq!(session.session_id, None);
    assert_eq!(session.extra["session_id"], "1");
    assert_eq!(session.extra["shared"], serde_json::json!({"a": [1]}));
}
