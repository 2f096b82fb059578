//! Whatever hangs in a request, the page fails after its time: a connection that is not accepted, a TLS
//! handshake without an answer, headers or a body that never come, or come byte by byte.
//!
//! Each server hangs until the client gives up. The time for one request is much longer than the time
//! for the page, so that only the latter can end it, and its message shows that it did.

use std::net::SocketAddr;
use std::time::Duration;

use chat_sessions::list::Unfinished;
use chat_sessions::retry::{GaveUp, RetryPolicy};
use chat_sessions::{ChatSessions, ErrorKind, LlamaCloud, MemoriesAi, Order};
use chat_sessions_sandbox::{LLAMA_CLOUD_KEY, MEMORIES_AI_KEY, Provider, Sandbox};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use crate::support::clients::both;

/// How a server hangs.
#[derive(Clone, Copy, Debug)]
enum Hang {
    /// The connection is not accepted: the queue of the socket is full.
    Connect,
    /// The connection is accepted, and nothing is sent, not even in a TLS handshake.
    Silence,
    /// The headers come byte by byte.
    Headers,
    /// One informational response follows another.
    Informational,
    /// The headers come, and no body.
    Body,
    /// The body comes byte by byte.
    Drip,
    /// So does a body in chunks.
    Chunks,
}

const HEADERS: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";

/// Starts a server that hangs. It ends with the runtime of the test.
async fn server(hang: Hang) -> SocketAddr {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    if matches!(hang, Hang::Connect) {
        fill(listener, address).await;
    } else {
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(serve(connection, hang));
            }
        });
    }
    address
}

/// Fills the queue of a socket that accepts nothing, so that further connections wait.
async fn fill(listener: TcpListener, address: SocketAddr) {
    let mut waiting = Vec::new();
    let connect = || tokio::time::timeout(Duration::from_millis(300), TcpStream::connect(address));
    while let Ok(connected) = connect().await {
        waiting.push(connected.unwrap());
        assert!(waiting.len() < 100, "the queue of the socket is never full");
    }
    tokio::spawn(async move {
        std::future::pending::<()>().await;
        drop((listener, waiting));
    });
}

async fn serve(mut connection: TcpStream, hang: Hang) {
    let mut request = [0; 4096];
    // A TLS handshake does not end like a request, so this does not look at it.
    let _ = connection.read(&mut request).await;
    let piece = match hang {
        Hang::Connect | Hang::Silence => "",
        Hang::Headers => "HTTP/1.1 200 OK\r\nx-slow: ",
        Hang::Informational => "",
        Hang::Body | Hang::Drip => "content-length: 1000000\r\n\r\n",
        Hang::Chunks => "transfer-encoding: chunked\r\n\r\n",
    };
    let start = match hang {
        Hang::Body | Hang::Drip | Hang::Chunks => format!("{HEADERS}{piece}"),
        _ => piece.to_owned(),
    };
    let _ = connection.write_all(start.as_bytes()).await;
    let again: &[u8] = match hang {
        Hang::Connect | Hang::Silence | Hang::Body => b"",
        Hang::Headers => b"a",
        Hang::Informational => b"HTTP/1.1 103 Early Hints\r\n\r\n",
        Hang::Drip => b" ",
        Hang::Chunks => b"1\r\n \r\n",
    };
    // Until the client closes the connection.
    while connection.write_all(again).await.is_ok() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn client(provider: Provider, url: String) -> ChatSessions {
    let policy = RetryPolicy::default().timeout(Duration::from_secs(1));
    let patience = Duration::from_secs(600);
    match provider {
        Provider::MemoriesAi => {
            let builder = MemoriesAi::builder()
                .api_key(MEMORIES_AI_KEY)
                .base_url(url)
                .retry(policy);
            let source = builder.attempt_timeout(patience).connect_timeout(patience).build();
            ChatSessions::new(source.unwrap())
        }
        Provider::LlamaCloud => {
            let builder = LlamaCloud::builder()
                .api_key(LLAMA_CLOUD_KEY)
                .base_url(url)
                .retry(policy);
            let source = builder.attempt_timeout(patience).connect_timeout(patience).build();
            ChatSessions::new(source.unwrap())
        }
        other => panic!("{other} has no client here"),
    }
}

#[tokio::test]
async fn the_time_for_a_page_ends_whatever_hangs() {
    let mut cases = tokio::task::JoinSet::new();
    for provider in [Provider::MemoriesAi, Provider::LlamaCloud] {
        for (scheme, hang) in [
            #[cfg(target_os = "linux")]
            ("http", Hang::Connect),
            ("http", Hang::Silence),
            ("https", Hang::Silence),
            ("http", Hang::Headers),
            ("http", Hang::Informational),
            ("http", Hang::Body),
            ("http", Hang::Drip),
            ("http", Hang::Chunks),
        ] {
            cases.spawn(async move {
                let url = format!("{scheme}://{}", server(hang).await);
                let error = client(provider, url).list_sessions().send().await.unwrap_err();
                let case = format!("{provider}, {scheme}, {hang:?}: {error:?}");
                assert_eq!(
                    (error.kind(), error.gave_up(), error.attempts()),
                    (ErrorKind::Timeout, Some(GaveUp::Time), 1),
                    "{case}"
                );
                assert_eq!(error.message(), "the page did not arrive within 1 s", "{case}");
                assert!(error.is_temporary(), "{case}");
            });
        }
    }
    while let Some(done) = cases.join_next().await {
        done.unwrap();
    }
}

/// One provider that hangs does not keep the sessions of the other, and a consumer can have them before
/// its time is over.
#[tokio::test]
async fn the_sessions_of_the_other_provider_are_delivered() {
    let sandbox = Sandbox::builder()
        .memories_ai_sessions(9)
        .llama_cloud_sessions(7)
        .start()
        .await
        .unwrap();
    let held = chat_sessions_sandbox::Fault::ordinary().with_hold();
    sandbox.always(Provider::MemoriesAi, held);
    let client = both(&sandbox);
    for order in [Order::Newest, Order::Source, Order::Arrival] {
        let policy = RetryPolicy::default().timeout(Duration::from_secs(1));
        let mut sessions = client.list_sessions().order(order).retry(policy).by_item();
        let (mut delivered, mut error) = (0, None);
        while let Some(session) = sessions.next().await {
            match session {
                Ok(_) => delivered += 1,
                Err(failure) => error = Some(failure),
            }
        }
        assert_eq!((delivered, error.unwrap().kind()), (7, ErrorKind::Timeout), "{order:?}");
        let report = sessions.report();
        let unfinished: Vec<_> = report.sources.iter().map(|source| source.unfinished).collect();
        assert_eq!(unfinished, [Some(Unfinished::Failed), None], "{order:?}");
        assert!(!report.is_complete() && report.has_losses(), "{order:?}");
    }
}
