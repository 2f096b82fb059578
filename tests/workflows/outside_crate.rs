//! A crate outside the workspace depends on the facade by its path, with default features, like any
//! user's crate. It lists over plain loopback, and over TLS from a server whose certificate it was
//! told to trust.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use chat_sessions_sandbox::{LLAMA_CLOUD_KEY, MEMORIES_AI_KEY, Provider, Sandbox};

use crate::tls::TlsProxy;

/// The program, built once for all tests of this file, in a build directory that is kept between
/// runs.
static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("outside");
    // Uses the workspace's versions, so that cargo neither resolves nor downloads anything.
    fs::copy(root.join("Cargo.lock"), root.join("tests/outside/Cargo.lock")).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["build", "--offline", "--manifest-path", "tests/outside/Cargo.toml"])
        .current_dir(&root)
        .env("CARGO_TARGET_DIR", &target)
        .env("CARGO_PROFILE_DEV_DEBUG", "false")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    target
        .join("debug")
        .join(format!("outside{}", std::env::consts::EXE_SUFFIX))
});

/// The names in the certificate of this machine.
const LOOPBACK: [&str; 2] = ["localhost", "127.0.0.1"];

/// Runs the program and checks that it prints no key.
async fn outside(url: String, root: Option<PathBuf>) -> Output {
    let run = move || {
        Command::new(&*PROGRAM)
            .arg(url)
            .args(root)
            .env("MEMORIES_AI_API_KEY", MEMORIES_AI_KEY)
            .env("LLAMA_CLOUD_API_KEY", LLAMA_CLOUD_KEY)
            // A request on loopback that used a proxy would fail, because nothing listens at this
            // port.
            .envs(["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"].map(|name| (name, "http://127.0.0.1:9")))
            .output()
            .unwrap()
    };
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    for printed in [&output.stdout, &output.stderr] {
        let printed = String::from_utf8_lossy(printed);
        assert!(
            !printed.contains(MEMORIES_AI_KEY) && !printed.contains(LLAMA_CLOUD_KEY),
            "{printed}"
        );
    }
    output
}

fn ids(output: &Output) -> Vec<String> {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut ids: Vec<String> = String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(ToOwned::to_owned)
        .collect();
    ids.sort();
    ids
}

fn held(sandbox: &Sandbox) -> Vec<String> {
    let ids = |provider| {
        let ids = sandbox.session_ids(provider, None).into_iter();
        ids.map(move |id| format!("{provider}:{id}"))
    };
    let mut all: Vec<String> = ids(Provider::MemoriesAi).chain(ids(Provider::LlamaCloud)).collect();
    all.sort();
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crate_outside_the_workspace_lists_over_loopback() {
    let sandbox = Sandbox::start().await.unwrap();
    let output = outside(sandbox.url(), None).await;
    assert_eq!(ids(&output), held(&sandbox));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_speaks_tls_to_a_server_whose_certificate_it_trusts() {
    let sandbox = Sandbox::start().await.unwrap();
    let tls = TlsProxy::start(sandbox.addr(), &LOOPBACK).await;
    for host in LOOPBACK {
        let output = outside(tls.url(host), Some(tls.root.clone())).await;
        assert_eq!(ids(&output), held(&sandbox), "{host}");
    }
    assert!(tls.handshakes() > 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_untrusted_certificate_ends_in_a_connect_error_and_no_request() {
    let sandbox = Sandbox::start().await.unwrap();
    let tls = TlsProxy::start(sandbox.addr(), &LOOPBACK).await;
    let stranger = TlsProxy::start(sandbox.addr(), &LOOPBACK).await;
    let output = outside(tls.url("localhost"), Some(stranger.root.clone())).await;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.starts_with("connect: ") && said.contains("certificate"), "{said}");
    assert!(output.stdout.is_empty());

    // Without a given certificate, it uses the platform's, which does not know the sandbox's
    // authority either.
    let output = outside(tls.url("localhost"), None).await;
    assert!(!output.status.success() && output.stdout.is_empty());

    assert_eq!(tls.handshakes(), 0, "no connection was trusted");
    assert!(sandbox.requests().is_empty(), "no request was sent");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_for_another_name_is_not_trusted_either() {
    let sandbox = Sandbox::start().await.unwrap();
    let tls = TlsProxy::start(sandbox.addr(), &["elsewhere.example"]).await;
    let output = outside(tls.url("localhost"), Some(tls.root.clone())).await;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.starts_with("connect: ") && said.contains("certificate"), "{said}");
    assert_eq!(tls.handshakes(), 0, "no connection was trusted");
    assert!(sandbox.requests().is_empty(), "no request was sent");
}
