//! A key that a function of the program returns, and that is replaced when the provider refuses it.

use std::error::Error as _;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chat_sessions::retry::RetryPolicy;
use chat_sessions::{ChatSessions, ErrorKind, LlamaCloud, MemoriesAi};
use chat_sessions_sandbox::{Fault, LLAMA_CLOUD_KEY, MEMORIES_AI_KEY, Provider as Served, Sandbox};

/// Counts the calls of a function that returns keys.
#[derive(Clone, Default)]
struct Calls(Arc<AtomicUsize>);

impl Calls {
    fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }

    /// Returns each key once, and then the last one again and again.
    fn keys(
        &self,
        keys: &'static [&'static str],
    ) -> impl Fn() -> std::future::Ready<io::Result<&'static str>> + Send + Sync + 'static {
        let calls = self.clone();
        move || {
            let call = calls.0.fetch_add(1, Ordering::SeqCst);
            std::future::ready(Ok(keys[call.min(keys.len() - 1)]))
        }
    }
}

fn memories_ai(sandbox: &Sandbox) -> chat_sessions::provider::MemoriesAiBuilder {
    let source = MemoriesAi::builder().base_url(sandbox.url()).random(|| 0.0);
    source.pacing(chat_sessions::retry::Pacing::none())
}

fn llama_cloud(sandbox: &Sandbox) -> chat_sessions::provider::LlamaCloudBuilder {
    LlamaCloud::builder().base_url(sandbox.url()).random(|| 0.0)
}

#[tokio::test]
async fn a_refused_key_is_replaced_once() {
    let sandbox = Sandbox::start().await.unwrap();
    let (memories, llama) = (Calls::default(), Calls::default());
    let client = ChatSessions::builder()
        .source(
            memories_ai(&sandbox)
                .api_key("sk-expired")
                .api_key_provider(memories.keys(&[MEMORIES_AI_KEY]))
                .build()
                .unwrap(),
        )
        .source(
            llama_cloud(&sandbox)
                .api_key("llx-expired")
                .api_key_provider(llama.keys(&[LLAMA_CLOUD_KEY]))
                .build()
                .unwrap(),
        )
        .build()
        .unwrap();
    let mut list = client.list_sessions().limit(60).by_item();
    while let Some(session) = list.next().await {
        session.unwrap();
    }
    let retries: Vec<_> = list.report().sources.iter().map(|source| source.retries).collect();
    assert_eq!(retries, [1, 1]);
    assert_eq!((memories.count(), llama.count()), (1, 1));
}

#[tokio::test]
async fn without_another_key_the_function_is_called_before_the_first_request() {
    let sandbox = Sandbox::start().await.unwrap();
    let calls = Calls::default();
    let source = llama_cloud(&sandbox).api_key_provider(calls.keys(&[LLAMA_CLOUD_KEY]));
    let client = ChatSessions::new(source.build().unwrap());
    assert_eq!(calls.count(), 0);
    for _ in 0..2 {
        assert!(!client.list_sessions().send().await.unwrap().sessions.is_empty());
    }
    assert_eq!(calls.count(), 1);
}

#[tokio::test]
async fn parallel_requests_share_one_call() {
    let sandbox = Sandbox::start().await.unwrap();
    let calls = Calls::default();
    let source = llama_cloud(&sandbox)
        .api_key("llx-expired")
        .api_key_provider(calls.keys(&[LLAMA_CLOUD_KEY]))
        .build()
        .unwrap();
    let listing = ChatSessions::new(llama_cloud(&sandbox).api_key(LLAMA_CLOUD_KEY).build().unwrap());
    let ids: Vec<_> = listing.list_sessions().limit(8).send().await.unwrap().sessions;
    let ids = ids.iter().map(|session| session.id.clone());
    let mut transcripts = ChatSessions::new(source).transcripts(ids).by_item();
    let mut count = 0;
    while let Some(transcript) = transcripts.next().await {
        transcript.unwrap();
        count += 1;
    }
    assert_eq!((count, calls.count()), (8, 1));
}

#[tokio::test]
async fn the_refusal_is_final_if_there_is_no_better_key() {
    let sandbox = Sandbox::start().await.unwrap();
    for (keys, expected) in [
        // The same key again, and other keys that are refused too.
        (&["llx-expired"] as &[_], 1),
        (&["llx-other", "llx-third", "llx-fourth"], 1),
    ] {
        let calls = Calls::default();
        let source = llama_cloud(&sandbox)
            .api_key("llx-expired")
            .api_key_provider(calls.keys(keys))
            .build()
            .unwrap();
        let error = ChatSessions::new(source).list_sessions().send().await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (ErrorKind::Auth, Some(401)));
        assert!(!error.is_temporary());
        assert_eq!(calls.count(), expected, "{keys:?}");
    }
}

#[tokio::test]
async fn a_key_that_was_accepted_may_be_replaced_again() {
    let sandbox = Sandbox::start().await.unwrap();
    let calls = Calls::default();
    let source = llama_cloud(&sandbox).api_key_provider(calls.keys(&[LLAMA_CLOUD_KEY, "llx-other", LLAMA_CLOUD_KEY]));
    let client = ChatSessions::new(source.build().unwrap());
    client.list_sessions().send().await.unwrap();
    let refusal = || Fault::raw(401, "application/json", r#"{"detail": "Expired"}"#);
    sandbox.next(Served::LlamaCloud, refusal());
    let error = client.list_sessions().send().await.unwrap_err();
    assert_eq!(error.attempts(), 2, "the second key was refused too: {error}");
    assert_eq!(calls.count(), 2);
}

#[tokio::test]
async fn a_function_that_fails_is_named_and_leads_to_its_error() {
    let sandbox = Sandbox::start().await.unwrap();
    let fail = || {
        std::future::ready(Err::<&str, _>(io::Error::new(
            io::ErrorKind::NotFound,
            "the vault is sealed",
        )))
    };
    for (key, message) in [
        (None, "api_key_provider failed: the vault is sealed"),
        (
            Some("llx-expired"),
            "Invalid authentication token, and there is no other key: api_key_provider failed: the vault is sealed",
        ),
    ] {
        let mut source = llama_cloud(&sandbox).api_key_provider(fail);
        if let Some(key) = key {
            source = source.api_key(key);
        }
        let client = ChatSessions::new(source.build().unwrap());
        let error = client.list_sessions().send().await.unwrap_err();
        assert_eq!((error.kind(), error.message()), (ErrorKind::Auth, message));
        assert_eq!(error.attempts(), u32::from(key.is_some()));
        let mut cause = error.source();
        while let Some(below) = cause.and_then(|cause| cause.source()) {
            cause = Some(below);
        }
        assert_eq!(cause.unwrap().to_string(), "the vault is sealed");
    }
}

#[tokio::test]
async fn a_key_that_cannot_be_one_is_refused_before_it_is_sent() {
    let sandbox = Sandbox::start().await.unwrap();
    let calls = Calls::default();
    let source = llama_cloud(&sandbox).api_key_provider(calls.keys(&["Bearer llx-4711"]));
    let client = ChatSessions::new(source.build().unwrap());
    let error = client.list_sessions().send().await.unwrap_err();
    assert_eq!(error.attempts(), 0);
    assert!(
        error.message().contains("api_key_provider: the key starts with"),
        "{error}"
    );
    assert!(!error.message().contains("4711"), "{error}");
    assert!(sandbox.requests().is_empty());
}

#[tokio::test]
async fn no_error_repeats_the_new_key_or_the_old_one() {
    let sandbox = Sandbox::start().await.unwrap();
    let calls = Calls::default();
    let source = llama_cloud(&sandbox)
        .api_key("llx-expired-4711")
        .api_key_provider(calls.keys(&[LLAMA_CLOUD_KEY]))
        .retry(RetryPolicy::default().max_attempts(2));
    let client = ChatSessions::new(source.build().unwrap());
    let echo =
        |status: u16, key: &str| Fault::raw(status, "application/json", format!(r#"{{"detail": "{key} is wrong"}}"#));
    sandbox.next(Served::LlamaCloud, echo(401, "llx-expired-4711"));
    sandbox.next(Served::LlamaCloud, echo(400, LLAMA_CLOUD_KEY));
    let retried = Arc::new(std::sync::Mutex::new(String::new()));
    let seen = Arc::clone(&retried);
    let list = client
        .list_sessions()
        .on_retry(move |retry| *seen.lock().unwrap() = format!("{:?}", retry.error));
    let error = list.send().await.unwrap_err();
    assert_eq!(error.status(), Some(400));
    let texts = format!("{error:?} {}", retried.lock().unwrap());
    assert!(texts.contains("[redacted] is wrong"), "{texts}");
    assert!(
        !texts.contains("llx-expired-4711") && !texts.contains(LLAMA_CLOUD_KEY),
        "{texts}"
    );
}
