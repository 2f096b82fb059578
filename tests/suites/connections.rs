//! How many connections a walk opens: one where pages follow each other, and one under HTTP/2 also where they travel side by
//! side.

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

use crate::tls::Terminator;

const PAGES: u64 = 9;

#[derive(Deserialize)]
struct Asked {
    page: u64,
}

/// A page of one session, of a list that has nine.
async fn page(Query(Asked { page }): Query<Asked>) -> String {
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

/// A server that speaks both versions of HTTP.
async fn server() -> SocketAddr {
    let router = Router::new().route("/serve/api/v1/list_sessions", get(page));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async { axum::serve(listener, router).await });
    address
}

/// Lists everything, and gives how many sessions came, over which version of HTTP.
async fn listed(tls: &Terminator, read_ahead: u32) -> (usize, Vec<String>) {
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
            let version = exchange.response.as_ref().map(|answer| answer.version.clone());
            seen.lock().unwrap().extend(version);
        })
        .by_item();
    let mut came = 0;
    while let Some(session) = list.next().await {
        session.unwrap();
        came += 1;
    }
    let mut versions = versions.lock().unwrap().clone();
    versions.sort();
    versions.dedup();
    (came, versions)
}

/// Repeated, because a second handshake is a race: without what `provider/connection_reuse.rs` does, one walk in six makes one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_that_follow_each_other_share_a_connection() {
    let sandbox = Sandbox::builder().memories_ai_sessions(90).start().await.unwrap();
    let tls = Terminator::start(sandbox.addr(), &["localhost"]).await;
    for walks in 1..=20 {
        let (came, versions) = listed(&tls, 0).await;
        assert_eq!((came, versions), (90, vec!["HTTP/1.1".to_owned()]));
        assert_eq!((sandbox.requests().len(), tls.handshakes()), (5 * walks, walks));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_side_by_side_share_a_connection_where_the_server_offers_http_2() {
    let behind = server().await;
    let tls = Terminator::speaking(&["h2", "http/1.1"], behind, &["localhost"]).await;
    let (came, versions) = listed(&tls, 8).await;
    assert_eq!((came, versions), (PAGES as usize, vec!["HTTP/2.0".to_owned()]));
    assert_eq!(tls.handshakes(), 1);

    let old = Terminator::speaking(&["http/1.1"], behind, &["localhost"]).await;
    let (came, versions) = listed(&old, 8).await;
    assert_eq!((came, versions), (PAGES as usize, vec!["HTTP/1.1".to_owned()]));
    assert!(old.handshakes() > 1, "without it, each needs a connection of its own");
}
