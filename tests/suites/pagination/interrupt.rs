//! A walk over both providers can stop at any point and resume from its printed cursor without
//! losing or repeating a session.

use std::collections::HashSet;

use chat_sessions::list::ListSessions;
use chat_sessions::{Cursor, Error, ErrorKind, Order};
use chat_sessions_sandbox::{Fault, PageSizeRule, Provider, Sandbox};

use crate::support::case_sample::sample;
use crate::support::clients::both;

const MEMORIES_AI_SESSIONS: usize = 45;
const LLAMA_CLOUD_SESSIONS: usize = 37;
const ALL: usize = MEMORIES_AI_SESSIONS + LLAMA_CLOUD_SESSIONS;
const ORDERS: [Order; 3] = [Order::Source, Order::Newest, Order::Arrival];

async fn sandbox() -> Sandbox {
    Sandbox::builder()
        .memories_ai_sessions(MEMORIES_AI_SESSIONS)
        .memories_ai_page_size(10)
        .llama_cloud_sessions(LLAMA_CLOUD_SESSIONS)
        .llama_cloud_page_size(10)
        .llama_cloud_page_size_rule(PageSizeRule::CoerceAbove(10))
        .start()
        .await
        .unwrap()
}

/// Prints a cursor and parses it again.
fn reparsed(cursor: &Cursor) -> Cursor {
    cursor.to_string().parse().unwrap()
}

/// The result of a walk, with the cursors before its first step and after each step.
struct Walked {
    ids: Vec<String>,
    /// The cursors, each with the number of sessions delivered before it.
    cursors: Vec<(usize, Cursor)>,
    error: Option<Error>,
}

async fn items(list: ListSessions) -> Walked {
    let mut stream = list.by_item();
    let (mut ids, mut error) = (Vec::new(), None);
    let mut cursors = vec![(0, stream.cursor())];
    while let Some(next) = stream.next().await {
        assert!(error.is_none(), "nothing follows an error");
        match next {
            Ok(session) => ids.push(session.id.to_string()),
            Err(failure) => error = Some(failure),
        }
        cursors.push((ids.len(), stream.cursor()));
    }
    // The end has a cursor too.
    cursors.push((ids.len(), stream.cursor()));
    Walked { ids, cursors, error }
}

async fn pages(list: ListSessions) -> Walked {
    let mut stream = list.by_page();
    let (mut ids, mut error) = (Vec::new(), None);
    let mut cursors = vec![(0, stream.cursor())];
    while let Some(next) = stream.next().await {
        assert!(error.is_none(), "nothing follows an error");
        match next {
            Ok(page) => {
                ids.extend(page.sessions.iter().map(|session| session.id.to_string()));
                assert_eq!(page.next.is_none(), stream.cursor().is_end());
                if let Some(next) = page.next {
                    assert_eq!(next, stream.cursor(), "page and stream have the same cursor");
                }
            }
            Err(failure) => error = Some(failure),
        }
        cursors.push((ids.len(), stream.cursor()));
    }
    cursors.push((ids.len(), stream.cursor()));
    Walked { ids, cursors, error }
}

/// Asserts that the sessions before and after an interruption are the whole list, in its order.
fn assert_whole(order: Order, before: &[String], after: &[String], whole: &[String], case: &str) {
    let joined: Vec<&String> = before.iter().chain(after).collect();
    let once: HashSet<&&String> = joined.iter().collect();
    assert_eq!(once.len(), joined.len(), "{case}: no session is repeated");
    if order != Order::Arrival {
        assert_eq!(joined, whole.iter().collect::<Vec<_>>(), "{case}");
        return;
    }
    for source in ["memories-ai:", "llama-cloud:"] {
        let joined: Vec<_> = joined.iter().copied().filter(|id| id.starts_with(source)).collect();
        let whole: Vec<_> = whole.iter().filter(|id| id.starts_with(source)).collect();
        assert_eq!(joined, whole, "{case}: {source}");
    }
}

#[tokio::test]
async fn a_walk_interrupted_after_any_item_resumes_from_the_printed_cursor() {
    let sandbox = sandbox().await;
    let client = both(&sandbox);
    for order in ORDERS {
        for read_ahead in [0, 1, 4] {
            let list = || client.list_sessions().order(order).read_ahead(read_ahead);
            let whole = items(list()).await;
            assert!(whole.error.is_none());
            assert_eq!((whole.ids.len(), whole.cursors.len()), (ALL, ALL + 2));
            for (delivered, cursor) in sample(6, &whole.cursors) {
                let rest = items(list().resume(reparsed(cursor))).await;
                let case = format!("{order:?}, read-ahead {read_ahead}, after {delivered}");
                assert!(rest.error.is_none(), "{case}: {:?}", rest.error);
                assert_whole(order, &whole.ids[..*delivered], &rest.ids, &whole.ids, &case);
            }
            let (_, end) = whole.cursors.last().unwrap();
            assert!(end.is_end());
        }
    }
}

/// The walk stops after every item, so every cursor except the first comes from a resumed walk.
#[tokio::test]
async fn a_walk_interrupted_after_every_item_resumes_every_time() {
    let sandbox = sandbox().await;
    let client = both(&sandbox);
    for order in ORDERS {
        let whole = items(client.list_sessions().order(order)).await.ids;
        let mut cursor = client.list_sessions().order(order).by_item().cursor();
        let mut listed = Vec::new();
        loop {
            let mut stream = client.list_sessions().order(order).resume(reparsed(&cursor)).by_item();
            let Some(next) = stream.next().await else { break };
            listed.push(next.unwrap().id.to_string());
            cursor = stream.cursor();
            assert!(listed.len() <= ALL, "{order:?}");
        }
        assert_whole(order, &[], &listed, &whole, &format!("{order:?}"));
    }
}

#[tokio::test]
async fn a_walk_interrupted_after_any_page_resumes_from_the_printed_cursor() {
    let sandbox = sandbox().await;
    let client = both(&sandbox);
    for order in ORDERS {
        for read_ahead in [0, 1, 4] {
            for page_size in [None, Some(7)] {
                let list = || {
                    let list = client.list_sessions().order(order).read_ahead(read_ahead);
                    page_size.map_or(list.clone(), |size| list.page_size(size))
                };
                let whole = pages(list()).await;
                assert_eq!(whole.ids.len(), ALL);
                for (delivered, cursor) in sample(6, &whole.cursors) {
                    let case = format!("{order:?}, read-ahead {read_ahead}, {page_size:?} a page, after {delivered}");
                    let (before, resumed) = (&whole.ids[..*delivered], reparsed(cursor));
                    let by_page = pages(list().resume(resumed.clone())).await;
                    assert_whole(order, before, &by_page.ids, &whole.ids, &case);
                    let by_item = items(list().resume(resumed)).await;
                    assert_whole(order, before, &by_item.ids, &whole.ids, &case);
                }
            }
        }
    }
}

#[tokio::test]
async fn single_pages_continue_from_the_printed_cursor_of_the_page_before() {
    let sandbox = sandbox().await;
    let client = both(&sandbox);
    for order in ORDERS {
        let whole = items(client.list_sessions().order(order)).await.ids;
        for page_size in [1, 7, 50] {
            let mut list = client.list_sessions().order(order).page_size(page_size);
            let (mut listed, mut sizes) = (Vec::new(), Vec::new());
            loop {
                let page = list.send().await.unwrap();
                sizes.push(page.sessions.len());
                listed.extend(page.sessions.iter().map(|session| session.id.to_string()));
                assert!(page.failures.is_empty() && sizes.len() <= ALL + 1);
                let Some(next) = page.next else { break };
                list = client
                    .list_sessions()
                    .order(order)
                    .page_size(page_size)
                    .resume(reparsed(&next));
            }
            let case = format!("{order:?}, pages of {page_size}");
            assert_whole(order, &[], &listed, &whole, &case);
            let size = page_size as usize;
            let full = sizes.iter().take_while(|sent| **sent == size).count();
            assert!(full >= ALL / size, "{case}: only the last page may be short: {sizes:?}");
        }
    }
}

/// The pages of a source that fail: the first, one in the middle, and the last.
fn failing_pages(provider: Provider) -> [u64; 3] {
    match provider {
        Provider::MemoriesAi => [1, 3, 5],
        _ => [1, 2, 4],
    }
}

#[tokio::test]
async fn the_error_of_a_failed_source_comes_last_and_its_cursor_resumes_exactly_there() {
    let sandbox = sandbox().await;
    let client = both(&sandbox);
    for order in ORDERS {
        let whole = items(client.list_sessions().order(order)).await.ids;
        for failing in [Provider::MemoriesAi, Provider::LlamaCloud] {
            for page in failing_pages(failing) {
                for by_page in [false, true] {
                    for read_ahead in [0, 4] {
                        let case =
                            format!("{order:?}, {failing} page {page}, by page: {by_page}, read-ahead {read_ahead}");
                        let list = || client.list_sessions().order(order).read_ahead(read_ahead);
                        sandbox.always(failing, Fault::status(503).on_pages(page..));
                        let walked = if by_page {
                            pages(list()).await
                        } else {
                            items(list()).await
                        };
                        sandbox.clear_faults();

                        let error = walked.error.as_ref().unwrap_or_else(|| panic!("{case}: no error"));
                        assert_eq!(error.kind(), ErrorKind::Server, "{case}");
                        assert_eq!(error.provider().unwrap().as_str(), failing.to_string(), "{case}");
                        let healthy = |id: &&String| !id.starts_with(&failing.to_string());
                        let (delivered, expected) = (
                            walked.ids.iter().filter(healthy).count(),
                            whole.iter().filter(healthy).count(),
                        );
                        assert_eq!(
                            delivered, expected,
                            "{case}: all sessions of the other source are delivered"
                        );
                        let before_the_failure = (page as usize - 1) * 10;
                        assert_eq!(
                            walked.ids.len() - delivered,
                            before_the_failure,
                            "{case}: so are the pages before the failure"
                        );

                        let cursor = reparsed(error.cursor().unwrap());
                        assert_eq!(
                            &cursor,
                            &walked.cursors.last().unwrap().1,
                            "{case}: error and stream have the same cursor"
                        );
                        let rest = if by_page {
                            pages(list().resume(cursor)).await
                        } else {
                            items(list().resume(cursor)).await
                        };
                        assert!(rest.error.is_none(), "{case}: {:?}", rest.error);
                        let expected: Vec<&String> = whole
                            .iter()
                            .filter(|id| !healthy(id))
                            .skip(before_the_failure)
                            .collect();
                        assert_eq!(
                            rest.ids.iter().collect::<Vec<_>>(),
                            expected,
                            "{case}: the resumed walk delivers exactly the rest"
                        );
                    }
                }
            }
        }
    }
}
