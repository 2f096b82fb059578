//! The walk over real sockets: what the facade lists, in which order, what it asks for, and what becomes of faults on the
//! way.

use std::collections::HashSet;
use std::time::Duration;

use chat_sessions::list::{ListEnd, ListSessions, OnBadItem};
use chat_sessions::retry::{Pacing, RetryPolicy};
use chat_sessions::{ChatSessions, Error, ErrorKind, LlamaCloud, MemoriesAi, Order, Session};
use chat_sessions_sandbox::{Fault, LLAMA_CLOUD_KEY, MEMORIES_AI_KEY, OTHER_PROJECT_ID, Provider, Sandbox};

use crate::snapshot;

fn memories_ai(sandbox: &Sandbox) -> MemoriesAi {
    MemoriesAi::builder()
        .pacing(Pacing::none())
        .retry(RetryPolicy::none())
        .api_key(MEMORIES_AI_KEY)
        .base_url(sandbox.url())
        .build()
        .unwrap()
}

fn llama_cloud(sandbox: &Sandbox) -> LlamaCloud {
    LlamaCloud::builder()
        .pacing(Pacing::none())
        .retry(RetryPolicy::none())
        .api_key(LLAMA_CLOUD_KEY)
        .base_url(sandbox.url())
        .build()
        .unwrap()
}

fn both(sandbox: &Sandbox) -> ChatSessions {
    ChatSessions::builder()
        .source(memories_ai(sandbox))
        .source(llama_cloud(sandbox))
        .build()
        .unwrap()
}

/// The ids that the sandbox holds in the default scopes, Memories.ai first, as the facade prints them.
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

/// Walks item by item to the end, and gives what came and the errors among it.
async fn walk(list: ListSessions) -> (Vec<Session>, Vec<Error>) {
    let mut stream = list.by_item();
    let (mut sessions, mut errors) = (Vec::new(), Vec::new());
    while let Some(next) = stream.next().await {
        match next {
            Ok(session) => sessions.push(session),
            Err(error) => errors.push(error),
        }
    }
    assert!(stream.next().await.is_none(), "after the end comes nothing");
    (sessions, errors)
}

/// Walks page by page to the end, and gives what came and the errors among it.
async fn walk_pages(list: ListSessions) -> (Vec<Session>, Vec<Error>) {
    let mut stream = list.by_page();
    let (mut sessions, mut errors) = (Vec::new(), Vec::new());
    while let Some(next) = stream.next().await {
        match next {
            Ok(page) => sessions.extend(page),
            Err(error) => errors.push(error),
        }
    }
    assert!(stream.next().await.is_none(), "after the end comes nothing");
    (sessions, errors)
}

#[tokio::test]
async fn every_session_comes_once_in_every_order_and_by_every_end() {
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
            assert_eq!(
                by_page, by_item,
                "{order:?}: pages hold what items show, in the same order"
            );
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
            Order::Source => assert_eq!(by_item, held, "one source after the other, each in its own order"),
            Order::Newest => {
                let times: Vec<_> = items.iter().map(|session| session.time().unwrap().at).collect();
                assert!(times.is_sorted_by(|newer, older| newer >= older));
            }
            _ => {
                for prefix in ["memories-ai:", "llama-cloud:"] {
                    let of_source = |ids: &[String]| -> Vec<String> {
                        ids.iter().filter(|id| id.starts_with(prefix)).cloned().collect()
                    };
                    assert_eq!(of_source(&by_item), of_source(&held), "the order within a source stays");
                }
            }
        }
    }
}

#[tokio::test]
async fn the_requests_are_those_that_the_documents_ask_for() {
    let sandbox = Sandbox::start().await.unwrap();
    let (_, errors) = walk(
        memories_ai_and_scoped_llama_cloud(&sandbox)
            .list_sessions()
            .order(Order::Source)
            .page_size(20),
    )
    .await;
    assert!(errors.is_empty(), "{errors:?}");

    let told: Vec<String> = sandbox
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
    snapshot::assert("walk", "requests", &told.join("\n\n"));
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
async fn nothing_is_asked_for_before_the_first_poll() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = both(&sandbox);
    let streams = (client.list_sessions().by_item(), client.list_sessions().by_page());
    tokio::time::sleep(Duration::from_millis(20)).await;
    drop(streams);
    assert_eq!(sandbox.requests().len(), 0);
}

#[tokio::test]
async fn a_limit_gives_that_many_and_asks_for_no_page_more() {
    let sandbox = Sandbox::start().await.unwrap();
    let held = held(&sandbox);
    for (limit, memories_pages, llama_pages) in [
        (1, 1, 0),
        (19, 1, 0),
        (20, 1, 0),
        (21, 2, 0),
        (40, 2, 0),
        // The last of the seven pages is short and the total is reached, so that no eighth is asked for.
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
            let asked = |provider| {
                sandbox
                    .requests()
                    .iter()
                    .filter(|request| request.provider == Some(provider))
                    .count()
            };
            assert_eq!(
                asked(Provider::MemoriesAi),
                memories_pages,
                "limit {limit}, by page: {pages}"
            );
            assert_eq!(
                asked(Provider::LlamaCloud),
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
async fn one_page_merged_over_the_sources_says_whether_there_is_more() {
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
async fn a_failing_source_costs_the_others_nothing_and_its_error_comes_last() {
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
        // The refusal comes before the other has filled the page, however busy this machine is.
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
                "the first source filled the page, so that the second was not asked"
            );
        } else {
            assert_eq!(kinds, [ErrorKind::Auth], "{order:?}");
        }
    }
}

#[tokio::test]
async fn when_every_source_fails_the_first_one_speaks_and_names_the_others() {
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
            "{order:?}: the first in the order of the sources"
        );
        assert_eq!(errors[0].others().len(), 1);
        assert_eq!(errors[0].others()[0].kind(), ErrorKind::Auth);

        let error = both(&sandbox).list_sessions().order(order).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Server);
    }
}

#[tokio::test]
async fn failing_fast_ends_at_the_first_error() {
    let sandbox = Sandbox::start().await.unwrap();
    // The healthy source does not answer, so that waiting for it would show.
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
async fn an_empty_page_with_a_token_goes_on() {
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
    for answer in [page("a", "ses-1"), page("b", ""), page("c", ""), page("", "ses-2")] {
        sandbox.next(Provider::LlamaCloud, answer);
    }
    let mut stream = client.list_sessions().by_item();
    let mut listed = Vec::new();
    while let Some(session) = stream.next().await {
        listed.push(session.unwrap().id.to_string());
    }
    assert_eq!(listed, ["llama-cloud:ses-1", "llama-cloud:ses-2"]);
    let report = &stream.report().sources[0];
    assert_eq!((report.pages, report.end), (4, Some(ListEnd::NoToken)));

    for answer in [page("a", "ses-1"), page("b", "ses-2"), page("a", "ses-3")] {
        sandbox.next(Provider::LlamaCloud, answer);
    }
    let (sessions, errors) = walk(client.list_sessions()).await;
    assert_eq!(sessions.len(), 3, "what came before the repeated token is kept");
    assert_eq!(errors[0].kind(), ErrorKind::Walk, "{}", errors[0]);
}

#[tokio::test]
async fn the_documented_example_ends_although_its_total_claims_more() {
    let sandbox = Sandbox::builder().memories_ai_sessions(0).start().await.unwrap();
    let body = include_str!("../fixtures/memories-ai/documented-example.json");
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
    let body = include_str!("../fixtures/memories-ai/live-capture.json");
    sandbox.next(Provider::MemoriesAi, Fault::raw(200, "application/json", body));
    let (sessions, _) = walk(ChatSessions::new(memories_ai(&sandbox)).list_sessions()).await;
    assert_eq!(
        (sessions.len(), sandbox.requests().len()),
        (7, 1),
        "7 of \"7\" needs no second request"
    );
}

#[tokio::test]
async fn bad_items_are_skipped_and_counted_or_end_the_walk_when_asked() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = ChatSessions::new(memories_ai(&sandbox));
    let body = include_str!("../fixtures/memories-ai/one-bad-item.json");

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
    assert_eq!(sessions.len(), 1, "what stands before the bad item is delivered");
    assert_eq!(errors[0].kind(), ErrorKind::Protocol, "{}", errors[0]);
}

#[tokio::test]
async fn what_breaks_on_the_way_is_an_error_of_the_right_kind() {
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

    let nobody = LlamaCloud::builder()
        .pacing(Pacing::none())
        .retry(RetryPolicy::none())
        .api_key("llx-example")
        .base_url("127.0.0.1:9")
        .build()
        .unwrap();
    let error = ChatSessions::new(nobody).list_sessions().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
}

#[tokio::test]
async fn a_wrong_request_is_refused_before_anything_is_sent() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = both(&sandbox);
    let sent = client.list_sessions().page_size(0).send().await.unwrap_err();
    let (_, items) = walk(client.list_sessions().page_size(0)).await;
    let (_, pages) = walk_pages(client.list_sessions().page_size(0)).await;
    for error in [&sent, &items[0], &pages[0]] {
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
    }
    let nameless = ChatSessions::new(memories_ai(&sandbox).with_scope(""));
    let error = nameless.list_sessions().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
    let nameless = ChatSessions::new(llama_cloud(&sandbox).with_scope(""));
    let error = nameless.list_sessions().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
    assert_eq!(sandbox.requests().len(), 0);
}

#[tokio::test]
async fn what_is_inserted_on_the_way_makes_nothing_come_twice() {
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
    assert_eq!(once.len(), listed.len(), "each comes once");
    assert!(held.is_subset(&once), "and those that were there all come");
    assert!(
        stream.report().sources[0].duplicates > 0,
        "although the pages did repeat some"
    );
}

#[test]
fn a_session_keeps_its_schema_and_survives_its_own_json() {
    let schema = schemars::schema_for!(Session);
    snapshot::assert(
        "walk",
        "session-schema",
        &serde_json::to_string_pretty(&schema).unwrap(),
    );

    for body in [
        include_str!("../snapshots/fixtures/llama-cloud/shared-access.snap"),
        include_str!("../snapshots/fixtures/memories-ai/created-time-forms.snap"),
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
