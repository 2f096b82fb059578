//! Proxies and certificates: which are used, and what an error says about the host, the proxy and the
//! certificate. Every failure happens on real sockets.

use std::fmt::Write as _;
use std::io::{self, Read, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;

use chat_sessions_sandbox::Sandbox;
use tokio::runtime::Runtime;

use crate::support::{LLAMA_KEY, PROXY_VARIABLES, Ran, program, run};
use crate::tls::TlsProxy;

/// A host that does not exist. Its name is never looked up, because a proxy would do that.
const HOST: &str = "https://nobody.invalid";

/// Lists `base_url` with these variables, and without any other proxy.
fn list(base_url: &str, variables: &[(&str, &str)]) -> Ran {
    let mut command = program();
    for name in PROXY_VARIABLES {
        command.env_remove(name);
    }
    command
        .args(["list", "--attempts", "1", "-o", "tsv"])
        .env("LLAMA_CLOUD_API_KEY", LLAMA_KEY)
        .env("LLAMA_CLOUD_BASE_URL", base_url)
        .envs(variables.iter().copied());
    run(&mut command)
}

/// Starts a server for one connection, which reads something, sends `response` and closes. The
/// returned function waits for it and returns what it has read.
fn server(listen: Ipv4Addr, response: &'static str) -> (u16, impl FnOnce() -> String) {
    let listener = TcpListener::bind((listen, 0)).expect("a free port");
    let port = listener.local_addr().expect("it is bound").port();
    let reader = thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("the program connects");
        let mut bytes = [0; 1024];
        let length = stream.read(&mut bytes).expect("it sends something");
        let _ = stream.write_all(response.as_bytes());
        // Closing a connection with unread bytes resets it, and the program may be sending.
        let _ = stream.shutdown(Shutdown::Write);
        let _ = io::copy(&mut stream, &mut io::sink());
        String::from_utf8_lossy(&bytes[..length]).into_owned()
    });
    (port, move || reader.join().expect("the server is reached"))
}

const FORBIDDEN: &str = "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n";

#[test]
fn a_proxy_is_used_however_it_is_written() {
    for (name, write) in [
        ("HTTPS_PROXY", "http://127.0.0.1:[port]"),
        ("HTTPS_PROXY", "http://127.0.0.1:[port]\r"),
        ("HTTPS_PROXY", "127.0.0.1:[port]"),
        ("https_proxy", "HTTP://127.0.0.1:[port]/"),
        ("https_proxy", " http://127.0.0.1:[port]\r\n"),
        ("ALL_PROXY", "http://127.0.0.1:[port]"),
        ("all_proxy", "\u{feff}http://127.0.0.1:[port]"),
    ] {
        let (port, sent) = server(Ipv4Addr::LOCALHOST, FORBIDDEN);
        let value = write.replace("[port]", &port.to_string());
        // An empty variable counts as not set.
        let ran = list(HOST, &[("HTTPS_PROXY", ""), (name, &value)]);
        assert_eq!((ran.code, ran.stdout.as_str()), (6, ""), "{}", ran.stderr);
        let sent = sent();
        assert!(
            sent.starts_with("CONNECT nobody.invalid:443 HTTP/1.1\r\n"),
            "{name}={write:?}: {sent}"
        );
        assert!(sent.contains("user-agent: chat-sessions/"), "{sent}");
        assert!(!sent.to_lowercase().contains("authorization"), "{sent}");
    }
}

#[test]
fn a_password_for_a_proxy_is_sent_to_it_and_never_printed() {
    for around in ["", "\r"] {
        let (port, sent) = server(Ipv4Addr::LOCALHOST, FORBIDDEN);
        let proxy = format!("http://me:planted%40x@127.0.0.1:{port}{around}");
        let ran = list(HOST, &[("HTTPS_PROXY", &proxy)]);
        assert_eq!(ran.code, 6, "{}", ran.stderr);
        // me:planted@x
        assert!(sent().contains("Basic bWU6cGxhbnRlZEB4\r\n"));
    }
}

/// `0.0.0.0` is this machine too, but not the address of loopback.
#[cfg(target_os = "linux")]
#[test]
fn an_asterisk_in_no_proxy_holds_for_addresses() {
    for (name, value) in [
        ("NO_PROXY", "*"),
        ("no_proxy", "a.example, *\r"),
        ("NO_PROXY", "0.0.0.0/8"),
        ("NO_PROXY", "0.*"),
    ] {
        let (port, sent) = server(Ipv4Addr::UNSPECIFIED, "");
        let proxy = ("HTTPS_PROXY", "http://127.0.0.1:9");
        let ran = list(&format!("https://0.0.0.0:{port}"), &[proxy, (name, value)]);
        assert_eq!(ran.code, 6, "{}", ran.stderr);
        assert!(!ran.stderr.contains("127.0.0.1:9"), "{}", ran.stderr);
        // The first byte of a TLS handshake: the program connected to the host and not to the proxy.
        assert_eq!(sent().as_bytes().first(), Some(&0x16), "{name}={value}");
    }
}

#[test]
fn a_socks_proxy_is_an_error_only_where_it_would_be_used() {
    let socks = ("all_proxy", "socks5://127.0.0.1:1080");
    let ran = list(HOST, &[socks]);
    assert_eq!(ran.code, 8, "{}", ran.stderr);
    assert!(ran.stderr.contains("all_proxy: is a SOCKS proxy"), "{}", ran.stderr);

    let (port, sent) = server(Ipv4Addr::LOCALHOST, FORBIDDEN);
    let proxy = format!("http://127.0.0.1:{port}");
    assert_eq!(list(HOST, &[socks, ("https_proxy", &proxy)]).code, 6);
    assert!(sent().starts_with("CONNECT "));
}

/// Adds a run to the text of a snapshot.
fn add(text: &mut String, case: &str, ran: &Ran) {
    assert_eq!(ran.stdout, "", "{case}");
    writeln!(text, "# {case}: exit code {}\n{}", ran.code, ran.stderr).expect("a string grows");
}

fn assert_snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"(127\.0\.0\.1|localhost):\d+", "$1:[port]");
    settings.add_filter(r"\(os error \d+\)", "(os error [number])");
    // What the two TLS libraries say differently.
    settings.add_filter("tls handshake eof|unexpected EOF", "[end of file]");
    settings.add_filter(r"another host(: [a-z.]+)?\. Check", "another host[: its names]. Check");
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn an_error_names_the_proxy_without_its_password() {
    let required = "HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n";
    let mut text = String::new();
    for (case, proxy, response) in [
        ("a refusal", "http://me:planted@127.0.0.1:[port]", FORBIDDEN),
        ("credentials missing", "http://127.0.0.1:[port]", required),
        ("credentials rejected", "http://me:planted@127.0.0.1:[port]", required),
        ("closed", "http://127.0.0.1:[port]", ""),
        (
            "no proxy but something else",
            "http://127.0.0.1:[port]",
            "SSH-2.0-OpenSSH_9.6\r\n",
        ),
        ("TLS to a plain proxy", "https://127.0.0.1:[port]", FORBIDDEN),
        (
            "a host without TLS behind it",
            "http://127.0.0.1:[port]",
            "HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 400 Bad Request\r\n\r\n",
        ),
    ] {
        let (port, sent) = server(Ipv4Addr::LOCALHOST, response);
        let proxy = proxy.replace("[port]", &port.to_string());
        let ran = list(HOST, &[("HTTPS_PROXY", &proxy)]);
        sent();
        add(&mut text, case, &ran);
    }
    for (case, variable) in [("a refused port", "HTTPS_PROXY"), ("a refused port", "all_proxy")] {
        add(
            &mut text,
            case,
            &list(HOST, &[(variable, "http://me:planted@127.0.0.1:9")]),
        );
    }
    assert_snapshot("proxy_errors", &text);
}

/// A sandbox behind a server with TLS and an authority of its own.
struct TlsSandbox {
    runtime: Runtime,
    sandbox: Sandbox,
}

impl TlsSandbox {
    fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime starts");
        let start = Sandbox::builder().llama_cloud_key(LLAMA_KEY).start();
        let sandbox = runtime.block_on(start).expect("the sandbox starts");
        Self { runtime, sandbox }
    }

    /// Presents a certificate for this name.
    fn with_name(&self, name: &str) -> TlsProxy {
        self.runtime.block_on(TlsProxy::start(self.sandbox.addr(), &[name]))
    }
}

/// A proxy that connects every client to this server, whatever host it asks for.
fn tunnel_to(server: SocketAddr) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let port = listener.local_addr().expect("it is bound").port();
    thread::spawn(move || {
        for client in listener.incoming() {
            let mut client = client.expect("a connection");
            let mut request = [0; 1024];
            let _ = client.read(&mut request);
            let _ = client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n");
            let upstream = TcpStream::connect(server).expect("the server runs");
            let (mut from, mut to) = (clone(&client), clone(&upstream));
            thread::spawn(move || copy(&mut from, &mut to));
            let (mut from, mut to) = (upstream, client);
            thread::spawn(move || copy(&mut from, &mut to));
        }
    });
    port
}

fn clone(stream: &TcpStream) -> TcpStream {
    stream.try_clone().expect("a second handle")
}

fn copy(from: &mut TcpStream, to: &mut TcpStream) {
    let _ = io::copy(from, to);
    let _ = to.shutdown(Shutdown::Write);
}

#[test]
fn an_error_about_a_certificate_says_what_to_do_at_a_shell() {
    let server = TlsSandbox::start();
    let (good, other) = (server.with_name("localhost"), server.with_name("a.example"));
    let root = |tls: &TlsProxy| tls.root.display().to_string();
    let proxy = format!("http://127.0.0.1:{}", tunnel_to(good.addr()));

    let mut text = String::new();
    add(&mut text, "an unknown authority", &list(&good.url("localhost"), &[]));
    add(
        &mut text,
        "another authority than that of SSL_CERT_FILE",
        &list(&good.url("localhost"), &[("SSL_CERT_FILE", &root(&other))]),
    );
    add(
        &mut text,
        "another host",
        &list(&other.url("localhost"), &[("SSL_CERT_FILE", &root(&other))]),
    );
    add(
        &mut text,
        "an unknown authority behind a proxy",
        &list(HOST, &[("HTTPS_PROXY", &proxy)]),
    );
    add(
        &mut text,
        "another host behind a proxy",
        &list(HOST, &[("HTTPS_PROXY", &proxy), ("SSL_CERT_FILE", &root(&good))]),
    );
    assert!(server.sandbox.requests().is_empty(), "a request was sent");
    assert_snapshot("certificate_errors", &text);
}

#[cfg(unix)]
#[test]
fn certificates_of_the_environment_are_trusted() {
    let server = TlsSandbox::start();
    let tls = server.with_name("localhost");
    let file = tls.root.display().to_string();
    let folder = tls.root.parent().expect("it is in a folder").display().to_string();
    for variable in [
        ("SSL_CERT_FILE", file.clone()),
        ("SSL_CERT_FILE", format!("{file}\r")),
        ("SSL_CERT_FILE", format!(" {file}\r\n")),
        ("SSL_CERT_DIR", folder.clone()),
        ("SSL_CERT_DIR", format!("/no/such/folder:{folder}\r")),
    ] {
        let (name, value) = &variable;
        let ran = list(&tls.url("localhost"), &[(name, value)]);
        let rows = ran.stdout.lines().count();
        assert_eq!((ran.code, rows), (0, 50), "{variable:?}: {}", ran.stderr);
    }
}

#[test]
fn a_proxy_does_not_change_which_certificates_are_trusted() {
    let server = TlsSandbox::start();
    let tls = server.with_name("nobody.invalid");
    let file = tls.root.display().to_string();
    for around in ["", "\r"] {
        let proxy = format!("http://127.0.0.1:{}{around}", tunnel_to(tls.addr()));
        let ran = list(HOST, &[("HTTPS_PROXY", &proxy), ("SSL_CERT_FILE", &file)]);
        assert_eq!((ran.code, ran.stdout.lines().count()), (0, 50), "{}", ran.stderr);
    }
}
