//! The headers that say who sends a request and which encodings it accepts, and what becomes of a
//! body in another encoding. The snapshot `walk/requests` has all headers.

use chat_sessions::http::HttpExt;
use chat_sessions::retry::RetryPolicy;
use chat_sessions::{ChatSessions, Error, ErrorKind, LlamaCloud, Session};
use chat_sessions_sandbox::{Fault, LLAMA_CLOUD_KEY, Provider, Sandbox};

use crate::support::snapshot;

fn llama_cloud(sandbox: &Sandbox) -> ChatSessions {
    let builder = LlamaCloud::builder().api_key(LLAMA_CLOUD_KEY).base_url(sandbox.url());
    ChatSessions::new(builder.retry(RetryPolicy::none()).build().unwrap())
}

async fn list(sandbox: &Sandbox) -> Result<Vec<Session>, Error> {
    let page = llama_cloud(sandbox).list_sessions().send().await?;
    Ok(page.sessions)
}

#[tokio::test]
async fn a_program_can_send_its_own_user_agent() {
    let sandbox = Sandbox::start().await.unwrap();
    let builder = LlamaCloud::builder().api_key(LLAMA_CLOUD_KEY).base_url(sandbox.url());
    let source = builder
        .configure_http(|client| client.user_agent("my-program/1.0"))
        .build()
        .unwrap();
    ChatSessions::new(source).list_sessions().send().await.unwrap();
    assert_eq!(sandbox.requests()[0].header("user-agent"), Some("my-program/1.0"));
}

/// A page with one session, as bytes.
const PAGE: &str = r#"{"items":[{"session_id":"ses-1","generated_title":"A title"}]}"#;

#[tokio::test]
async fn a_byte_order_mark_of_utf_8_is_ignored() {
    let sandbox = Sandbox::start().await.unwrap();
    let marked = format!("\u{feff}{PAGE}");
    sandbox.next(Provider::LlamaCloud, Fault::raw(200, "application/json", marked));
    let sessions = list(&sandbox).await.unwrap();
    assert_eq!(sessions[0].title.as_deref(), Some("A title"));
}

#[tokio::test]
async fn a_body_that_is_not_utf_8_text_is_named() {
    let sandbox = Sandbox::start().await.unwrap();
    let utf_16: Vec<u8> = format!("\u{feff}{PAGE}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let mut text = String::new();
    for (case, fault) in [
        (
            "gzip without a header",
            Fault::raw_bytes(200, "application/json", b"\x1f\x8b\x08\0\0\0\0\0".to_vec()),
        ),
        (
            "zstd without a header",
            Fault::raw_bytes(200, "application/json", b"\x28\xb5\x2f\xfd\x04\0".to_vec()),
        ),
        ("UTF-16", Fault::raw_bytes(200, "application/json", utf_16)),
        (
            "an announced encoding",
            Fault::ordinary().with_header("content-encoding", "zstd"),
        ),
        (
            "a broken encoding",
            Fault::ordinary().with_header("content-encoding", "gzip"),
        ),
        (
            "a web page with a mark",
            Fault::raw(200, "text/html", "\u{feff}<html>Sign in</html>"),
        ),
        ("nothing but a mark", Fault::raw(200, "application/json", "\u{feff}")),
    ] {
        sandbox.next(Provider::LlamaCloud, fault);
        let error = list(&sandbox).await.unwrap_err();
        assert!(!error.is_temporary(), "{error}");
        text.push_str(&format!(
            "{case}: {}\n    {error}. {}\n",
            error.kind(),
            error.hint().unwrap_or_default()
        ));
    }
    snapshot::assert("request_headers", "bodies", &text);
}

#[tokio::test]
async fn the_status_of_a_refusal_counts_whatever_its_encoding() {
    let sandbox = Sandbox::start().await.unwrap();
    for (status, kind) in [
        (503, ErrorKind::Server),
        (429, ErrorKind::RateLimited),
        (401, ErrorKind::Auth),
    ] {
        for fault in [
            Fault::status(status).with_header("content-encoding", "br"),
            Fault::raw_bytes(status, "application/json", b"\x1f\x8b\x08\0".to_vec()),
        ] {
            sandbox.next(Provider::LlamaCloud, fault);
            let error = list(&sandbox).await.unwrap_err();
            assert_eq!((error.kind(), error.status()), (kind, Some(status)), "{error}");
        }
    }
}
