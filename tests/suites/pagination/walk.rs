//! The walk over real sockets: which sessions it lists, in which order, which requests it sends, and how it handles faults.

use std::collections::HashSet;
use std::time::Duration;

use chat_sessions::list::{ListEnd, ListSessions, OnBadItem};
use chat_sessions::retry::{Pacing, RetryPolicy};
use chat_sessions::{ChatSessions, Error, ErrorKind, LlamaCloud, MemoriesAi, Order, Session};
use chat_sessions_sandbox::{Fault, LLAMA_CLOUD_KEY, MEMORIES_AI_KEY, OTHER_PROJECT_ID, Provider, Sandbox};

use crate::support::clients::{both, llama_cloud, memories_ai};
use crate::support::snapshot;

/// Returns the ids of all sessions in the default scopes, Memories.ai first, as the facade prints them.
fn held(sandbox: &Sandbox) -> Vec<String> {
    [Provider::MemoriesAi, Provider::LlamaCloud]
        .into_iter()
        .flat_map(|provider| {
            sandbox
                .session_ids(provider, None)
                .into_iter()
                .map(move |id| format!("{provider}:{id}"))
        })
        .collect()
}

fn ids(sessions: &[Session]) -> Vec<String> {
    sessions.iter().map(|session| session.id.to_string()).collect()
}

/// Reads a list item by item to the end, and returns its sessions and errors.
async fn walk(list: ListSessions) -> (Vec<Session>, Vec<Error>) {
    let mut stream = list.by_item();
    let (mut sessions, mut errors) = (Vec::new(), Vec::new());
    while let Some(next) = stream.next().await {
        match next {
            Ok(session) => sessions.push(session),
            Err(error) => errors.push(error),
        }
    }
    assert!(stream.next().await.is_none(), "nothing follows the end");
    (sessions, errors)
}

/// Reads a list page by page to the end, and returns its sessions and errors.
async fn walk_pages(list: ListSessions) -> (Vec<Session>, Vec<Error>) {
    let mut stream = list.by_page();
    let (mut sessions, mut errors) = (Vec::new(), Vec::new());
    while let Some(next) = stream.next().await {
        match next {
            Ok(page) => sessions.extend(page),
            Err(error) => errors.push(error),
        }
    }
    assert!(stream.next().await.is_none(), "nothing follows the end");
    (sessions, errors)
}

#[tokio::test]
async fn every_session_is_listed_once_in_every_order_by_item_by_page_and_by_send() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = both(&sandbox);
    let held = held(&sandbox);
    let set: HashSet<&String> = held.iter().collect();
    assert_eq!(set.len(), held.len());

    for order in [Order::Arrival, Order::Source, Order::Newest] {
        let (items, errors) = walk(client.list_sessions().order(order)).await;
        assert!(errors.is_empty(), "{errors:?}");
        let by_item = ids(&items);
        assert_eq!(by_item.len(), held.len(), "{order:?}");
        assert_eq!(by_item.iter().collect::<HashSet<_>>(), set, "{order:?}");

        let (pages, errors) = walk_pages(client.list_sessions().order(order)).await;
        assert!(errors.is_empty(), "{errors:?}");
        let by_page = ids(&pages);
        if order == Order::Arrival {
            assert_eq!(by_page.iter().collect::<HashSet<_>>(), set);
            assert_eq!(by_page.len(), held.len());
        } else {
            assert_eq!(by_page, by_item, "{order:?}: items and pages have the same order");
        }

        let sent = client
            .list_sessions()
            .order(order)
            .page_size(1000)
            .send()
            .await
            .unwrap();
        assert_eq!(ids(&sent.sessions).iter().collect::<HashSet<_>>(), set, "{order:?}");
        assert_eq!(sent.next, None);

        match order {
            Order::Source => assert_eq!(by_item, held, "sources follow each other, each in its own order"),
            Order::Newest => {
                let times: Vec<_> = items.iter().map(|session| session.time().unwrap().at).collect();
                assert!(times.is_sorted_by(|newer, older| newer >= older));
            }
            _ => {
                for prefix in ["memories-ai:", "llama-cloud:"] {
                    let of_source = |ids: &[String]| -> Vec<String> {
                        ids.iter().filter(|id| id.starts_with(prefix)).cloned().collect()
                    };
                    assert_eq!(
                        of_source(&by_item),
                        of_source(&held),
                        "the order within a source is kept"
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn the_requests_match_their_snapshot() {
    let sandbox = Sandbox::start().await.unwrap();
    let (_, errors) = walk(
        memories_ai_and_scoped_llama_cloud(&sandbox)
            .list_sessions()
            .order(Order::Source)
            .page_size(20),
    )
    .await;
    assert!(errors.is_empty(), "{errors:?}");

    let requests: Vec<String> = sandbox
        .requests()
        .iter()
        .filter(|request| request.number <= 2 || request.provider == Some(Provider::LlamaCloud))
        .map(|request| {
            let query: Vec<String> = request
                .query
                .iter()
                .map(|(name, value)| match name.as_str() {
                    "page_token" => "page_token=[token]".to_owned(),
                    _ => format!("{name}={value}"),
                })
                .collect();
            let headers: Vec<String> = request
                .headers
                .iter()
                .map(|(name, value)| match name.as_str() {
                    "host" => "  host: [address]".to_owned(),
                    _ => format!("  {name}: {value}"),
                })
                .collect();
            format!(
                "{} {}?{}\n{}",
                request.method,
                request.path,
                query.join("&"),
                headers.join("\n")
            )
        })
        .collect();
    snapshot::assert("walk", "requests", &requests.join("\n\n"));
}

fn memories_ai_and_scoped_llama_cloud(sandbox: &Sandbox) -> ChatSessions {
    let llama_cloud = LlamaCloud::builder()
        .pacing(Pacing::none())
        .retry(RetryPolicy::none())
        .api_key(LLAMA_CLOUD_KEY)
        .base_url(format!("{}/api/v1/", sandbox.url()))
        .organization_id(chat_sessions_sandbox::ORGANIZATION_ID)
        .scope(OTHER_PROJECT_ID)
        .build()
        .unwrap();
    ChatSessions::builder()
        .source(memories_ai(sandbox))
        .source(llama_cloud)
        .build()
        .unwrap()
}

#[tokio::test]
async fn scopes_are_kept_apart_and_named_on_every_session() {
    let sandbox = Sandbox::start().await.unwrap();
    let source = memories_ai(&sandbox);
    let client = ChatSessions::builder()
        .source(source.with_scope("demo-team"))
        .source(source.with_scope("Demo-Team"))
        .source(llama_cloud(&sandbox).with_scope(OTHER_PROJECT_ID))
        .build()
        .unwrap();
    let (sessions, errors) = walk(client.list_sessions()).await;
    assert!(errors.is_empty(), "{errors:?}");
    for (provider, scope) in [
        (Provider::MemoriesAi, "demo-team"),
        (Provider::MemoriesAi, "Demo-Team"),
        (Provider::LlamaCloud, OTHER_PROJECT_ID),
    ] {
        let listed: Vec<String> = sessions
            .iter()
            .filter(|session| session.scope.as_ref().is_some_and(|of| of.as_str() == scope))
            .map(|session| session.id.as_str().to_owned())
            .collect();
        assert_eq!(listed, sandbox.session_ids(provider, Some(scope)), "{scope}");
    }

    let error = ChatSessions::builder()
        .source(source.clone())
        .source(source.with_scope("default"))
        .build()
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config, "{error}");
}

#[tokio::test]
async fn no_request_is_sent_before_the_first_poll() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = both(&sandbox);
    let streams = (client.list_sessions().by_item(), client.list_sessions().by_page());
    tokio::time::sleep(Duration::from_millis(20)).await;
    drop(streams);
    assert_eq!(sandbox.requests().len(), 0);
}

#[tokio::test]
async fn a_limit_is_met_exactly_without_a_further_page() {
    let sandbox = Sandbox::start().await.unwrap();
    let held = held(&sandbox);
    for (limit, memories_pages, llama_pages) in [
        (1, 1, 0),
        (19, 1, 0),
        (20, 1, 0),
        (21, 2, 0),
        (40, 2, 0),
        // The last of the seven pages is short and the total is reached, so no eighth page is requested.
        (137, 7, 0),
        (138, 7, 1),
        (157, 7, 1),
        (158, 7, 2),
        (249, 7, 6),
        (1000, 7, 6),
    ] {
        for pages in [false, true] {
            sandbox.forget_requests();
            let list = both(&sandbox)
                .list_sessions()
                .order(Order::Source)
                .limit(limit)
                .page_size(20);
            let (sessions, errors) = if pages {
                walk_pages(list).await
            } else {
                walk(list).await
            };
            assert!(errors.is_empty(), "{errors:?}");
            let expected = usize::try_from(limit).unwrap().min(held.len());
            assert_eq!(ids(&sessions), held[..expected], "limit {limit}");
            let requested = |provider| {
                sandbox
                    .requests()
                    .iter()
                    .filter(|request| request.provider == Some(provider))
                    .count()
            };
            assert_eq!(
                requested(Provider::MemoriesAi),
                memories_pages,
                "limit {limit}, by page: {pages}"
            );
            assert_eq!(
                requested(Provider::LlamaCloud),
                llama_pages,
                "limit {limit}, by page: {pages}"
            );
        }
    }

    sandbox.forget_requests();
    let (sessions, _) = walk(both(&sandbox).list_sessions().limit(0)).await;
    assert!(sessions.is_empty());
    assert_eq!(sandbox.requests().len(), 0);
}

#[tokio::test]
async fn a_merged_page_has_a_cursor_if_more_sessions_follow() {
    let sandbox = Sandbox::start().await.unwrap();
    let (all, _) = walk(both(&sandbox).list_sessions().order(Order::Newest)).await;
    let page = both(&sandbox)
        .list_sessions()
        .order(Order::Newest)
        .page_size(7)
        .send()
        .await
        .unwrap();
    assert_eq!(ids(&page.sessions), ids(&all[..7]));
    assert!(page.next.is_some() && page.failures.is_empty());
}

#[tokio::test]
async fn a_failed_source_does_not_lose_the_others_and_its_error_comes_last() {
    for order in [Order::Arrival, Order::Source, Order::Newest] {
        let sandbox = Sandbox::start().await.unwrap();
        let memories_ids = sandbox.session_ids(Provider::MemoriesAi, None);
        sandbox.next(Provider::LlamaCloud, Fault::ordinary());
        sandbox.next(Provider::LlamaCloud, Fault::status(503));

        let (sessions, errors) = walk(both(&sandbox).list_sessions().order(order).page_size(20)).await;
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
        let (sessions, errors) = walk_pages(both(&sandbox).list_sessions().order(order)).await;
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
        let (sessions, errors) = walk(both(&sandbox).list_sessions().order(order)).await;
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
        let (sessions, errors) = walk(both(&sandbox).list_sessions().order(order).fail_fast(true)).await;
        assert_eq!(errors.len(), 1, "{order:?}");
        assert_eq!(errors[0].kind(), ErrorKind::Permission);
        assert!(sessions.is_empty(), "{order:?}");

        sandbox.next(Provider::MemoriesAi, Fault::status(403));
        let (sessions, errors) = walk_pages(both(&sandbox).list_sessions().order(order).fail_fast(true)).await;
        assert_eq!((sessions.len(), errors.len()), (0, 1), "{order:?}");

        sandbox.next(Provider::MemoriesAi, Fault::status(403));
        let sent = both(&sandbox).list_sessions().order(order).fail_fast(true).send().await;
        assert!(sent.is_err(), "{order:?}");
    }
}

#[tokio::test]
async fn the_walk_continues_after_an_empty_page_with_a_token() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = ChatSessions::new(llama_cloud(&sandbox));
    let page = |token: &str, id: &str| {
        let items = if id.is_empty() {
            String::new()
        } else {
            format!(r#"{{"session_id":"{id}"}}"#)
        };
        let token = if token.is_empty() {
            String::new()
        } else {
            format!(r#","next_page_token":"{token}""#)
        };
        Fault::raw(200, "application/json", format!(r#"{{"items":[{items}]{token}}}"#))
    };
    for response in [page("a", "ses-1"), page("b", ""), page("c", ""), page("", "ses-2")] {
        sandbox.next(Provider::LlamaCloud, response);
    }
    let mut stream = client.list_sessions().by_item();
    let mut listed = Vec::new();
    while let Some(session) = stream.next().await {
        listed.push(session.unwrap().id.to_string());
    }
    assert_eq!(listed, ["llama-cloud:ses-1", "llama-cloud:ses-2"]);
    let report = &stream.report().sources[0];
    assert_eq!((report.pages, report.end), (4, Some(ListEnd::NoToken)));

    for response in [page("a", "ses-1"), page("b", "ses-2"), page("a", "ses-3")] {
        sandbox.next(Provider::LlamaCloud, response);
    }
    let (sessions, errors) = walk(client.list_sessions()).await;
    assert_eq!(sessions.len(), 3, "sessions before the repeated token are kept");
    assert_eq!(errors[0].kind(), ErrorKind::Walk, "{}", errors[0]);
}

#[tokio::test]
async fn the_documented_example_ends_although_its_total_is_too_high() {
    let sandbox = Sandbox::builder().memories_ai_sessions(0).start().await.unwrap();
    let body = include_str!("../../fixtures/memories-ai/documented-example.json");
    sandbox.next(Provider::MemoriesAi, Fault::raw(200, "application/json", body));
    let mut stream = ChatSessions::new(memories_ai(&sandbox)).list_sessions().by_item();
    let mut count = 0;
    while let Some(session) = stream.next().await {
        session.unwrap();
        count += 1;
    }
    let report = &stream.report().sources[0];
    assert_eq!(count, 12);
    assert_eq!(report.end, Some(ListEnd::EmptyPage));

    sandbox.forget_requests();
    let body = include_str!("../../fixtures/memories-ai/live-capture.json");
    sandbox.next(Provider::MemoriesAi, Fault::raw(200, "application/json", body));
    let (sessions, _) = walk(ChatSessions::new(memories_ai(&sandbox)).list_sessions()).await;
    assert_eq!(
        (sessions.len(), sandbox.requests().len()),
        (7, 1),
        "7 of \"7\" needs no second request"
    );
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
    assert_eq!(listed.len(), 2);
    let report = stream.report().sources[0].clone();
    assert_eq!(report.rejected, 4);
    assert_eq!(report.first_rejected.unwrap().pointer, "/data/sessions/1/sessionId");

    sandbox.next(Provider::MemoriesAi, Fault::raw(200, "application/json", body));
    let page = client.list_sessions().send().await.unwrap();
    assert_eq!((page.sessions.len(), page.rejected.len()), (2, 4));

    sandbox.next(Provider::MemoriesAi, Fault::raw(200, "application/json", body));
    let (sessions, errors) = walk(client.list_sessions().on_bad_item(OnBadItem::Fail)).await;
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

#[tokio::test]
async fn an_invalid_request_is_refused_before_it_is_sent() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = both(&sandbox);
    let sent = client.list_sessions().page_size(0).send().await.unwrap_err();
    let (_, items) = walk(client.list_sessions().page_size(0)).await;
    let (_, pages) = walk_pages(client.list_sessions().page_size(0)).await;
    for error in [&sent, &items[0], &pages[0]] {
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
    }
    let without_scope = ChatSessions::new(memories_ai(&sandbox).with_scope(""));
    let error = without_scope.list_sessions().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
    let without_scope = ChatSessions::new(llama_cloud(&sandbox).with_scope(""));
    let error = without_scope.list_sessions().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
    assert_eq!(sandbox.requests().len(), 0);
}

#[tokio::test]
async fn sessions_inserted_during_a_walk_cause_no_duplicates() {
    let sandbox = Sandbox::start().await.unwrap();
    let held: HashSet<String> = held(&sandbox).into_iter().collect();
    let mut stream = both(&sandbox).list_sessions().order(Order::Source).by_item();
    let mut listed = Vec::new();
    while let Some(session) = stream.next().await {
        listed.push(session.unwrap().id.to_string());
        if listed.len() % 15 == 0 {
            let _ = sandbox.insert(Provider::MemoriesAi, None, "a newcomer");
        }
    }
    let once: HashSet<String> = listed.iter().cloned().collect();
    assert_eq!(once.len(), listed.len(), "no session is repeated");
    assert!(held.is_subset(&once), "no session from before the walk is missing");
    assert!(
        stream.report().sources[0].duplicates > 0,
        "the pages did repeat sessions"
    );
}

#[test]
fn a_session_matches_its_schema_and_round_trips_through_json() {
    let schema = schemars::schema_for!(Session);
    snapshot::assert(
        "walk",
        "session-schema",
        &serde_json::to_string_pretty(&schema).unwrap(),
    );

    for body in [
        include_str!("../../snapshots/fixtures/llama-cloud/shared-access.snap"),
        include_str!("../../snapshots/fixtures/memories-ai/created-time-forms.snap"),
    ] {
        let page = body.split("normalised by the facade:\n").nth(1).unwrap();
        let page: serde_json::Value = serde_json::from_str(page).unwrap();
        for json in page["sessions"].as_array().unwrap() {
            let session: Session = serde_json::from_value(json.clone()).unwrap();
            assert_eq!(&serde_json::to_value(&session).unwrap(), json);
            assert!(jsonschema::is_valid(schema.as_value(), json), "{json}");
        }
    }
}
