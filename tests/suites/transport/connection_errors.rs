//! What an error says about a server that cannot be reached: which host, what is wrong, and what to
//! do. Every failure happens on real sockets, because the texts of the HTTP and TLS libraries decide
//! what is wrong.
//!
//! Proxies of the environment are tested with the program, which has an environment of its own.

use std::fmt::Write as _;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use chat_sessions::http::{HttpExt, reqwest};
use chat_sessions::retry::RetryPolicy;
use chat_sessions::{ChatSessions, Error, LlamaCloud};
use chat_sessions_sandbox::{LLAMA_CLOUD_KEY, Sandbox};
use rcgen::{BasicConstraints, CertificateParams, IsCa, date_time_ymd};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::support::snapshot;
use crate::support::tls::TlsProxy;

/// What a server does after it has read something.
#[derive(Clone, Copy)]
enum Then {
    Send(&'static str),
    Close,
    Reset,
    Nothing,
}

/// Starts a server that does this with every connection.
async fn server(then: Then) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut kept = Vec::new();
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut bytes = [0; 4096];
            let _ = socket.read(&mut bytes).await;
            match then {
                Then::Send(text) => {
                    let _ = socket.write_all(text.as_bytes()).await;
                    close(socket).await;
                }
                Then::Close => close(socket).await,
                Then::Reset => socket.set_zero_linger().unwrap(),
                Then::Nothing => kept.push(socket),
            }
        }
    });
    address
}

/// Closes a connection without a reset, which unread bytes would cause.
async fn close(mut socket: TcpStream) {
    let _ = socket.shutdown().await;
    let _ = tokio::io::copy(&mut socket, &mut tokio::io::sink()).await;
}

/// Returns the error of the first request.
async fn error_of(
    base_url: &str,
    change: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + 'static,
) -> Error {
    let source = LlamaCloud::builder()
        .api_key(LLAMA_CLOUD_KEY)
        .base_url(base_url)
        .retry(RetryPolicy::none())
        .configure_http(change)
        .build()
        .unwrap();
    ChatSessions::new(source).list_sessions().send().await.unwrap_err()
}

/// Trusts this authority only.
fn trust(root: &Path) -> impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + 'static {
    let root = reqwest::Certificate::from_pem(&fs::read(root).unwrap()).unwrap();
    |client| client.tls_certs_only([root])
}

/// Compares errors with their snapshot, without ports and numbers of the system.
fn assert_snapshot(name: &str, errors: &[(&str, Error)]) {
    let mut text = String::new();
    for (case, error) in errors {
        let temporary = if error.is_temporary() { ", temporary" } else { "" };
        let hint = error.hint().unwrap_or_default();
        writeln!(text, "{case}\n    {}{temporary}\n    {error}. {hint}\n", error.kind()).unwrap();
    }
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"(127\.0\.0\.1|localhost):\d+", "$1:[port]");
    settings.add_filter(r"\(os error \d+\)", "(os error [number])");
    settings.bind(|| snapshot::assert("connection_errors", name, &text));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_error_about_a_certificate_says_what_is_wrong_with_it() {
    type Change = fn(&mut CertificateParams);
    let sandbox = Sandbox::start().await.unwrap();
    let cases: [(&str, &[&str], bool, Change); 6] = [
        ("an unknown authority", &["localhost"], false, |_| {}),
        ("another host", &["a.example", "192.0.2.1"], true, |_| {}),
        ("one other host", &["a.example"], true, |_| {}),
        ("expired", &["localhost"], true, |params| {
            params.not_before = date_time_ymd(2001, 1, 1);
            params.not_after = date_time_ymd(2002, 1, 1);
        }),
        ("not yet valid", &["localhost"], true, |params| {
            params.not_before = date_time_ymd(2601, 1, 1);
            params.not_after = date_time_ymd(2602, 1, 1);
        }),
        ("the certificate of an authority", &["localhost"], true, |params| {
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        }),
    ];
    let mut errors = Vec::new();
    for (case, names, is_trusted, change) in cases {
        let tls = TlsProxy::start_with(&[], sandbox.addr(), names, change).await;
        let url = tls.url("localhost");
        errors.push((
            case,
            if is_trusted {
                error_of(&url, trust(&tls.root)).await
            } else {
                error_of(&url, |client| client).await
            },
        ));
    }
    assert!(sandbox.requests().is_empty(), "no request is sent to such a server");
    assert_snapshot("certificates", &errors);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_error_about_a_connection_names_the_host_and_the_step_that_failed() {
    let sandbox = Sandbox::start().await.unwrap();
    let tls = TlsProxy::start(sandbox.addr(), &["localhost"]).await;
    let mut errors = Vec::new();
    for (case, scheme, then) in [
        (
            "TLS to a plain port",
            "https",
            Then::Send("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n"),
        ),
        ("closed during the TLS handshake", "https", Then::Close),
        ("reset during the TLS handshake", "https", Then::Reset),
        ("closed before the response", "http", Then::Close),
        ("reset before the response", "http", Then::Reset),
        (
            "another protocol than HTTP",
            "http",
            Then::Send("SSH-2.0-OpenSSH_9.6\r\n"),
        ),
        (
            "a server that expects TLS",
            "http",
            Then::Send(
                "HTTP/1.1 400 Bad Request\r\ncontent-length: 97\r\n\r\n\
                 <html><body><center>The plain HTTP request was sent to HTTPS port</center>nginx</body></html>\r\n\r\n",
            ),
        ),
        (
            "a proxy that wants a password",
            "http",
            Then::Send("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n"),
        ),
    ] {
        let address = server(then).await;
        errors.push((case, error_of(&format!("{scheme}://{address}"), |client| client).await));
    }
    errors.push((
        "plain HTTP to a TLS port",
        error_of(&tls.url("127.0.0.1").replace("https", "http"), |client| client).await,
    ));
    errors.push(("a refused port", error_of("http://127.0.0.1:9", |client| client).await));
    errors.push((
        "no TLS handshake in time",
        error_of(&format!("https://{}", server(Then::Nothing).await), |client| {
            client.connect_timeout(Duration::from_millis(100))
        })
        .await,
    ));
    errors.push((
        "no response in time",
        error_of(&format!("http://{}", server(Then::Nothing).await), |client| {
            client.timeout(Duration::from_millis(100))
        })
        .await,
    ));
    assert_snapshot("connections", &errors);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_error_about_a_proxy_that_code_chose_does_not_name_another() {
    let mut errors = Vec::new();
    for (case, then) in [
        (
            "credentials missing",
            Then::Send("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"),
        ),
        ("a refusal", Then::Send("HTTP/1.1 403 Forbidden\r\n\r\n")),
        ("closed", Then::Close),
    ] {
        let proxy = reqwest::Proxy::all(format!("http://{}", server(then).await)).unwrap();
        let error = error_of("https://nobody.invalid", |client| client.proxy(proxy)).await;
        errors.push((case, error));
    }
    assert_snapshot("proxies_in_code", &errors);
}
