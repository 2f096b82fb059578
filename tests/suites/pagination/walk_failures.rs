//! A walk keeps what it has read when a source, a page or an item fails, and each failure has the
//! right error.

use std::time::Duration;

use chat_sessions::list::OnBadItem;
use chat_sessions::retry::{Pacing, RetryPolicy};
use chat_sessions::{ChatSessions, Error, ErrorKind, LlamaCloud, MemoriesAi, Order};
use chat_sessions_sandbox::{Fault, LLAMA_CLOUD_KEY, MEMORIES_AI_KEY, Provider, Sandbox};

use crate::support::clients::{both, memories_ai};
use crate::support::lists::{read_items, read_pages};

#[tokio::test]
async fn a_failed_source_does_not_lose_the_others_and_its_error_comes_last() {
    for order in [Order::Arrival, Order::Source, Order::Newest] {
        let sandbox = Sandbox::start().await.unwrap();
        let memories_ids = sandbox.session_ids(Provider::MemoriesAi, None);
        sandbox.next(Provider::LlamaCloud, Fault::ordinary());
        sandbox.next(Provider::LlamaCloud, Fault::status(503));

        let (sessions, errors) = read_items(both(&sandbox).list_sessions().order(order).page_size(20)).await;
        assert_eq!(
            sessions.len(),
            memories_ids.len() + 20,
            "{order:?}: the page before the failure is kept"
        );
        assert_eq!(errors.len(), 1, "{order:?}");
        assert_eq!(errors[0].kind(), ErrorKind::Server);
        assert_eq!(errors[0].provider(), Some(&chat_sessions::Provider::LLAMA_CLOUD));
        assert!(errors[0].others().is_empty());

        sandbox.next(Provider::LlamaCloud, Fault::status(503));
        let (sessions, errors) = read_pages(both(&sandbox).list_sessions().order(order)).await;
        assert_eq!(sessions.len(), memories_ids.len(), "{order:?}");
        assert_eq!(errors.len(), 1, "{order:?}");

        sandbox.next(Provider::LlamaCloud, Fault::status(401));
        // Holds the other source back until the error has arrived, even on a busy machine.
        if order != Order::Source {
            sandbox.always(Provider::MemoriesAi, Fault::ordinary().with_hold());
        }
        let control = sandbox.control();
        let list = both(&sandbox).list_sessions().order(order);
        let list = list.on_exchange(move |exchange| {
            if exchange.provider == chat_sessions::Provider::LLAMA_CLOUD {
                control.clear_faults();
            }
        });
        let page = list.send().await.unwrap();
        sandbox.clear_faults();
        assert_eq!(page.sessions.len(), 50, "{order:?}");
        let kinds: Vec<ErrorKind> = page.failures.iter().map(Error::kind).collect();
        if order == Order::Source {
            assert_eq!(
                kinds,
                [],
                "the first source fills the page, so the second gets no request"
            );
        } else {
            assert_eq!(kinds, [ErrorKind::Auth], "{order:?}");
        }
    }
}

#[tokio::test]
async fn when_every_source_fails_the_first_error_contains_the_others() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.always(Provider::MemoriesAi, Fault::status(500));
    sandbox.always(Provider::LlamaCloud, Fault::status(401));
    for order in [Order::Arrival, Order::Source, Order::Newest] {
        let (sessions, errors) = read_items(both(&sandbox).list_sessions().order(order)).await;
        assert!(sessions.is_empty());
        assert_eq!(errors.len(), 1);
        assert_eq!(
            errors[0].kind(),
            ErrorKind::Server,
            "{order:?}: the error of the first source"
        );
        assert_eq!(errors[0].others().len(), 1);
        assert_eq!(errors[0].others()[0].kind(), ErrorKind::Auth);

        let error = both(&sandbox).list_sessions().order(order).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Server);
    }
}

#[tokio::test]
async fn fail_fast_ends_the_walk_at_the_first_error() {
    let sandbox = Sandbox::start().await.unwrap();
    // The healthy source never responds, so waiting for it would time out.
    sandbox.always(Provider::LlamaCloud, Fault::ordinary().with_hold());
    for order in [Order::Arrival, Order::Source, Order::Newest] {
        sandbox.next(Provider::MemoriesAi, Fault::status(403));
        let (sessions, errors) = read_items(both(&sandbox).list_sessions().order(order).fail_fast(true)).await;
        assert_eq!(errors.len(), 1, "{order:?}");
        assert_eq!(errors[0].kind(), ErrorKind::Permission);
        assert!(sessions.is_empty(), "{order:?}");

        sandbox.next(Provider::MemoriesAi, Fault::status(403));
        let (sessions, errors) = read_pages(both(&sandbox).list_sessions().order(order).fail_fast(true)).await;
        assert_eq!((sessions.len(), errors.len()), (0, 1), "{order:?}");

        sandbox.next(Provider::MemoriesAi, Fault::status(403));
        let sent = both(&sandbox).list_sessions().order(order).fail_fast(true).send().await;
        assert!(sent.is_err(), "{order:?}");
    }
}

#[tokio::test]
async fn bad_items_are_skipped_and_counted_or_end_the_walk_if_configured() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = ChatSessions::new(memories_ai(&sandbox));
    let body = include_str!("../../fixtures/memories-ai/one-bad-item.json");

    sandbox.next(Provider::MemoriesAi, Fault::raw(200, "application/json", body));
    let mut stream = client.list_sessions().by_item();
    let mut listed = Vec::new();
    while let Some(session) = stream.next().await {
        listed.push(session.unwrap());
    }
    assert_eq!(listed.len(), 3);
    let report = stream.report().sources[0].clone();
    assert_eq!(report.rejected, 3);
    assert_eq!(report.first_rejected.unwrap().pointer, "/data/sessions/1");

    sandbox.next(Provider::MemoriesAi, Fault::raw(200, "application/json", body));
    let page = client.list_sessions().send().await.unwrap();
    assert_eq!((page.sessions.len(), page.rejected.len()), (3, 3));

    sandbox.next(Provider::MemoriesAi, Fault::raw(200, "application/json", body));
    let (sessions, errors) = read_items(client.list_sessions().on_bad_item(OnBadItem::Fail)).await;
    assert_eq!(sessions.len(), 1, "sessions before the bad item are delivered");
    assert_eq!(errors[0].kind(), ErrorKind::Protocol, "{}", errors[0]);
}

#[tokio::test]
async fn each_failure_is_an_error_of_the_right_kind() {
    let sandbox = Sandbox::start().await.unwrap();
    for provider in [Provider::MemoriesAi, Provider::LlamaCloud] {
        let client = |timeout: Duration| match provider {
            Provider::MemoriesAi => ChatSessions::new(
                MemoriesAi::builder()
                    .pacing(Pacing::none())
                    .retry(RetryPolicy::none())
                    .api_key(MEMORIES_AI_KEY)
                    .base_url(sandbox.url())
                    .attempt_timeout(timeout)
                    .build()
                    .unwrap(),
            ),
            _ => ChatSessions::new(
                LlamaCloud::builder()
                    .pacing(Pacing::none())
                    .retry(RetryPolicy::none())
                    .api_key(LLAMA_CLOUD_KEY)
                    .base_url(sandbox.url())
                    .attempt_timeout(timeout)
                    .build()
                    .unwrap(),
            ),
        };
        let patient = client(Duration::from_secs(30));

        for after in [0, 1, 50, 200] {
            sandbox.next(provider, Fault::cut_body(after));
            let error = patient.list_sessions().send().await.unwrap_err();
            assert_eq!(
                error.kind(),
                ErrorKind::Connect,
                "{provider}, cut after {after}: {error}"
            );
            assert_eq!(error.status(), Some(200));
            assert!(error.is_temporary());
        }

        sandbox.next(provider, Fault::ordinary().with_hold());
        let error = client(Duration::from_millis(100))
            .list_sessions()
            .send()
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout, "{provider}: {error}");
        assert!(error.is_temporary());

        sandbox.forget_requests();
        sandbox.next(provider, Fault::redirect(302, format!("{}/api/v1/chat", sandbox.url())));
        let error = patient.list_sessions().send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Protocol, "{provider}: {error}");
        assert_eq!(sandbox.requests().len(), 1, "a redirect is not followed");

        let large = " ".repeat(chat_sessions_wire::MAX_BODY + 1);
        sandbox.next(provider, Fault::raw(200, "application/json", large));
        let error = patient.list_sessions().send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Protocol, "{provider}: {error}");
        assert!(error.message().contains("32 MiB"), "{error}");

        sandbox.next(provider, Fault::status(429).with_header("retry-after", "1.5"));
        let error = patient.list_sessions().send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::RateLimited, "{provider}: {error}");
        assert_eq!(error.retry_after(), Some(Duration::from_millis(1500)));

        sandbox.next(provider, Fault::status(500).with_header("x-request-id", "req-7"));
        let error = patient.list_sessions().send().await.unwrap_err();
        assert_eq!(error.request_id(), Some("req-7"), "{provider}: {error}");
    }

    let unreachable = LlamaCloud::builder()
        .pacing(Pacing::none())
        .retry(RetryPolicy::none())
        .api_key("llx-example")
        .base_url("127.0.0.1:9")
        .build()
        .unwrap();
    let error = ChatSessions::new(unreachable).list_sessions().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
}
