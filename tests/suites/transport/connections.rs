//! How many connections a walk opens: one for consecutive pages, and with HTTP/2 one for concurrent
//! pages too.

use std::fs;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Query;
use axum::routing::get;
use chat_sessions::http::{HttpExt, reqwest};
use chat_sessions::retry::Pacing;
use chat_sessions::{ChatSessions, MemoriesAi};
use chat_sessions_sandbox::{MEMORIES_AI_KEY, Sandbox};
use serde::Deserialize;

use crate::support::tls::TlsProxy;

const PAGES: u64 = 9;

#[derive(Deserialize)]
struct PageQuery {
    page: u64,
}

/// Serves a page with one session, of a list with nine sessions.
async fn page(Query(PageQuery { page }): Query<PageQuery>) -> String {
    let id = 588_888_888_888_888_888 - page;
    let sessions = if page <= PAGES {
        format!(r#"{{"sessionId":"{id}","title":"Who wrote this?"}}"#)
    } else {
        String::new()
    };
    format!(
        r#"{{"code":"0000","msg":"success","success":true,"failed":false,"data":{{"current_page":{page},"page_size":1,"total_count":"{PAGES}","sessions":[{sessions}]}}}}"#
    )
}

/// Starts a server for HTTP/1.1 and HTTP/2.
async fn server() -> SocketAddr {
    let router = Router::new().route("/serve/api/v1/list_sessions", get(page));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async { axum::serve(listener, router).await });
    address
}

/// Lists all sessions, and returns their number and the HTTP versions of the responses.
async fn list_all(tls: &TlsProxy, read_ahead: u32) -> (usize, Vec<String>) {
    let root = reqwest::Certificate::from_pem(&fs::read(&tls.root).unwrap()).unwrap();
    let source = MemoriesAi::builder()
        .api_key(MEMORIES_AI_KEY)
        .base_url(tls.url("localhost"))
        .pacing(Pacing::none())
        .configure_http(|client| client.tls_certs_only([root]))
        .build()
        .unwrap();
    let versions = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&versions);
    let list = ChatSessions::new(source).list_sessions().read_ahead(read_ahead);
    let mut list = list
        .on_exchange(move |exchange| {
            let version = exchange.response.as_ref().map(|response| response.version.clone());
            seen.lock().unwrap().extend(version);
        })
        .by_item();
    let mut sessions = 0;
    while let Some(session) = list.next().await {
        session.unwrap();
        sessions += 1;
    }
    let mut versions = versions.lock().unwrap().clone();
    versions.sort();
    versions.dedup();
    (sessions, versions)
}

/// Repeated, because a second handshake is a race: without `provider/connection_reuse.rs`, one walk
/// in six makes one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn consecutive_pages_share_a_connection() {
    let sandbox = Sandbox::builder().memories_ai_sessions(90).start().await.unwrap();
    let tls = TlsProxy::start(sandbox.addr(), &["localhost"]).await;
    for walks in 1..=20 {
        let (sessions, versions) = list_all(&tls, 0).await;
        assert_eq!((sessions, versions), (90, vec!["HTTP/1.1".to_owned()]));
        assert_eq!((sandbox.requests().len(), tls.handshakes()), (5 * walks, walks));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_pages_share_a_connection_if_the_server_offers_http_2() {
    let backend = server().await;
    let tls = TlsProxy::start_with_protocols(&["h2", "http/1.1"], backend, &["localhost"]).await;
    let (sessions, versions) = list_all(&tls, 8).await;
    assert_eq!((sessions, versions), (PAGES as usize, vec!["HTTP/2.0".to_owned()]));
    assert_eq!(tls.handshakes(), 1);

    let http_1 = TlsProxy::start_with_protocols(&["http/1.1"], backend, &["localhost"]).await;
    let (sessions, versions) = list_all(&http_1, 8).await;
    assert_eq!((sessions, versions), (PAGES as usize, vec!["HTTP/1.1".to_owned()]));
    assert!(http_1.handshakes() > 1, "with HTTP/1.1, each needs its own connection");
}
