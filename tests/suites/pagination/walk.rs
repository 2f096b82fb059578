//! The walk over real sockets: which sessions it lists, in which order, and which requests it
//! sends.

use std::collections::HashSet;
use std::time::Duration;

use chat_sessions::list::ListEnd;
use chat_sessions::retry::{Pacing, RetryPolicy};
use chat_sessions::{ChatSessions, ErrorKind, LlamaCloud, Order, Session};
use chat_sessions_sandbox::{Fault, LLAMA_CLOUD_KEY, OTHER_PROJECT_ID, Provider, Sandbox};

use crate::support::clients::{both, llama_cloud, memories_ai};
use crate::support::lists::{all_ids, ids, read_items, read_pages};
use crate::support::snapshot;

#[tokio::test]
async fn every_session_is_listed_once_in_every_order_by_item_by_page_and_by_send() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = both(&sandbox);
    let all_ids = all_ids(&sandbox);
    let set: HashSet<&String> = all_ids.iter().collect();
    assert_eq!(set.len(), all_ids.len());

    for order in [Order::Arrival, Order::Source, Order::Newest] {
        let (items, errors) = read_items(client.list_sessions().order(order)).await;
        assert!(errors.is_empty(), "{errors:?}");
        let by_item = ids(&items);
        assert_eq!(by_item.len(), all_ids.len(), "{order:?}");
        assert_eq!(by_item.iter().collect::<HashSet<_>>(), set, "{order:?}");

        let (pages, errors) = read_pages(client.list_sessions().order(order)).await;
        assert!(errors.is_empty(), "{errors:?}");
        let by_page = ids(&pages);
        if order == Order::Arrival {
            assert_eq!(by_page.iter().collect::<HashSet<_>>(), set);
            assert_eq!(by_page.len(), all_ids.len());
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
            Order::Source => assert_eq!(by_item, all_ids, "sources follow each other, each in its own order"),
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
                        of_source(&all_ids),
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
    let (_, errors) = read_items(
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
                    "user-agent" => format!("  {name}: {}", value.replace(env!("CARGO_PKG_VERSION"), "[version]")),
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
    let (sessions, errors) = read_items(client.list_sessions()).await;
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
    let all_ids = all_ids(&sandbox);
    for (limit, memories_pages, llama_pages) in [
        (1, 1, 0),
        (19, 1, 0),
        (20, 1, 0),
        (21, 2, 0),
        (40, 2, 0),
        // The last of the seven pages is short and the total is reached, so no eighth page is
        // requested.
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
                read_pages(list).await
            } else {
                read_items(list).await
            };
            assert!(errors.is_empty(), "{errors:?}");
            let expected = usize::try_from(limit).unwrap().min(all_ids.len());
            assert_eq!(ids(&sessions), all_ids[..expected], "limit {limit}");
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
    let (sessions, _) = read_items(both(&sandbox).list_sessions().limit(0)).await;
    assert!(sessions.is_empty());
    assert_eq!(sandbox.requests().len(), 0);
}

#[tokio::test]
async fn a_merged_page_has_a_cursor_if_more_sessions_follow() {
    let sandbox = Sandbox::start().await.unwrap();
    let (all, _) = read_items(both(&sandbox).list_sessions().order(Order::Newest)).await;
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
    let (sessions, errors) = read_items(client.list_sessions()).await;
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
    let (sessions, _) = read_items(ChatSessions::new(memories_ai(&sandbox)).list_sessions()).await;
    assert_eq!(
        (sessions.len(), sandbox.requests().len()),
        (7, 1),
        "7 of \"7\" needs no second request"
    );
}

#[tokio::test]
async fn an_invalid_request_is_refused_before_it_is_sent() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = both(&sandbox);
    let sent = client.list_sessions().page_size(0).send().await.unwrap_err();
    let (_, items) = read_items(client.list_sessions().page_size(0)).await;
    let (_, pages) = read_pages(client.list_sessions().page_size(0)).await;
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
    let all_ids: HashSet<String> = all_ids(&sandbox).into_iter().collect();
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
    assert!(all_ids.is_subset(&once), "no session from before the walk is missing");
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
