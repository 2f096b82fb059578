//! A rate limit applies to an account: all its scopes wait, and other accounts do not.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use chat_sessions::retry::Pacing;
use chat_sessions::{ChatSessions, MemoriesAi};
use chat_sessions_sandbox::{Fault, MEMORIES_AI_KEY, Provider, Sandbox};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rate_limit_delays_every_walk_of_the_account_and_no_other() {
    let sandbox = Sandbox::builder()
        .memories_ai_sessions(40)
        .memories_ai_page_size(10)
        .start()
        .await
        .unwrap();
    let source = || {
        let builder = MemoriesAi::builder().api_key(MEMORIES_AI_KEY).base_url(sandbox.url());
        builder.pacing(Pacing::none()).build().unwrap()
    };
    let (limited, other_account) = (source(), source());
    let sibling = ChatSessions::new(limited.with_scope("another"));
    let limited = ChatSessions::new(limited);
    sandbox.next(Provider::MemoriesAi, Fault::status(429).with_header("retry-after", "3"));
    let (notify, notified) = tokio::sync::oneshot::channel();
    let notify = Mutex::new(Some(notify));
    let list = limited.list_sessions().limit(1).on_retry(move |_| {
        let notify = notify.lock().unwrap().take().expect("there is one retry");
        notify.send(()).expect("the test waits for it");
    });
    let begun = Instant::now();
    let first = tokio::spawn(async move { list.send().await.map(|_| Instant::now()) });
    notified.await.unwrap();
    let second = tokio::spawn(async move { sibling.list_sessions().limit(1).send().await.map(|_| Instant::now()) });

    // Another account is not delayed: its response arrives while both of the others wait.
    ChatSessions::new(other_account)
        .list_sessions()
        .limit(1)
        .send()
        .await
        .unwrap();
    assert_eq!(
        sandbox.request_count(Provider::MemoriesAi),
        2,
        "one request of the limited account, and this one"
    );
    for delayed in [first, second] {
        assert!(delayed.await.unwrap().unwrap() >= begun + Duration::from_secs(3));
    }
}
