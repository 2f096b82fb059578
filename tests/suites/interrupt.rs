//! A walk over both providers that is interrupted anywhere and goes on from the printed cursor.

use std::collections::HashSet;

use chat_sessions::list::ListSessions;
use chat_sessions::retry::{Pacing, RetryPolicy};
use chat_sessions::{ChatSessions, Cursor, Error, ErrorKind, LlamaCloud, MemoriesAi, Order};
use chat_sessions_sandbox::{Fault, LLAMA_CLOUD_KEY, MEMORIES_AI_KEY, PageSizeRule, Provider, Sandbox};

use crate::cases::sample;

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

fn both(sandbox: &Sandbox) -> ChatSessions {
    let memories_ai = MemoriesAi::builder()
        .pacing(Pacing::none())
        .retry(RetryPolicy::none())
        .api_key(MEMORIES_AI_KEY)
        .base_url(sandbox.url());
    let llama_cloud = LlamaCloud::builder()
        .pacing(Pacing::none())
        .retry(RetryPolicy::none())
        .api_key(LLAMA_CLOUD_KEY)
        .base_url(sandbox.url());
    ChatSessions::builder()
        .source(memories_ai.build().unwrap())
        .source(llama_cloud.build().unwrap())
        .build()
        .unwrap()
}

/// A cursor as it comes back from wherever it was printed to.
fn printed(cursor: &Cursor) -> Cursor {
    cursor.to_string().parse().unwrap()
}

/// What a walk gave, with its cursor before the first step and after each.
struct Walked {
    ids: Vec<String>,
    /// How many sessions had come at each cursor.
    cursors: Vec<(usize, Cursor)>,
    error: Option<Error>,
}

async fn items(list: ListSessions) -> Walked {
    let mut stream = list.by_item();
    let (mut ids, mut error) = (Vec::new(), None);
    let mut cursors = vec![(0, stream.cursor())];
    while let Some(next) = stream.next().await {
        assert!(error.is_none(), "after an error comes nothing");
        match next {
            Ok(session) => ids.push(session.id.to_string()),
            Err(failure) => error = Some(failure),
        }
        cursors.push((ids.len(), stream.cursor()));
    }
    // At the end, too, there is a place.
    cursors.push((ids.len(), stream.cursor()));
    Walked { ids, cursors, error }
}

async fn pages(list: ListSessions) -> Walked {
    let mut stream = list.by_page();
    let (mut ids, mut error) = (Vec::new(), None);
    let mut cursors = vec![(0, stream.cursor())];
    while let Some(next) = stream.next().await {
        assert!(error.is_none(), "after an error comes nothing");
        match next {
            Ok(page) => {
                ids.extend(page.sessions.iter().map(|session| session.id.to_string()));
                assert_eq!(page.next.is_none(), stream.cursor().is_end());
                if let Some(next) = page.next {
                    assert_eq!(next, stream.cursor(), "both say where the page ends");
                }
            }
            Err(failure) => error = Some(failure),
        }
        cursors.push((ids.len(), stream.cursor()));
    }
    cursors.push((ids.len(), stream.cursor()));
    Walked { ids, cursors, error }
}

/// Says that what came before an interruption and what came after make the whole list, as its order demands.
fn assert_whole(order: Order, before: &[String], after: &[String], whole: &[String], case: &str) {
    let joined: Vec<&String> = before.iter().chain(after).collect();
    let once: HashSet<&&String> = joined.iter().collect();
    assert_eq!(once.len(), joined.len(), "{case}: none comes twice");
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
async fn a_walk_interrupted_after_any_item_goes_on_from_the_printed_cursor() {
    let sandbox = sandbox().await;
    let client = both(&sandbox);
    for order in ORDERS {
        for read_ahead in [0, 1, 4] {
            let list = || client.list_sessions().order(order).read_ahead(read_ahead);
            let whole = items(list()).await;
            assert!(whole.error.is_none());
            assert_eq!((whole.ids.len(), whole.cursors.len()), (ALL, ALL + 2));
            for (delivered, cursor) in sample(3, &whole.cursors) {
                let rest = items(list().resume(printed(cursor))).await;
                let case = format!("{order:?}, {read_ahead} ahead, after {delivered}");
                assert!(rest.error.is_none(), "{case}: {:?}", rest.error);
                assert_whole(order, &whole.ids[..*delivered], &rest.ids, &whole.ids, &case);
            }
            let (_, end) = whole.cursors.last().unwrap();
            assert!(end.is_end());
        }
    }
}

/// Stops again after every item, so that every cursor but the first comes from a walk that was itself taken up.
#[tokio::test]
async fn a_walk_interrupted_after_every_item_goes_on_every_time() {
    let sandbox = sandbox().await;
    let client = both(&sandbox);
    for order in ORDERS {
        let whole = items(client.list_sessions().order(order)).await.ids;
        let mut cursor = client.list_sessions().order(order).by_item().cursor();
        let mut listed = Vec::new();
        loop {
            let mut stream = client.list_sessions().order(order).resume(printed(&cursor)).by_item();
            let Some(next) = stream.next().await else { break };
            listed.push(next.unwrap().id.to_string());
            cursor = stream.cursor();
            assert!(listed.len() <= ALL, "{order:?}");
        }
        assert_whole(order, &[], &listed, &whole, &format!("{order:?}"));
    }
}

#[tokio::test]
async fn a_walk_interrupted_after_any_page_goes_on_from_the_printed_cursor() {
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
                for (delivered, cursor) in sample(3, &whole.cursors) {
                    let case = format!("{order:?}, {read_ahead} ahead, {page_size:?} a page, after {delivered}");
                    let (before, resumed) = (&whole.ids[..*delivered], printed(cursor));
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
async fn sent_pages_follow_one_another_through_their_printed_cursors() {
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
                    .resume(printed(&next));
            }
            let case = format!("{order:?}, pages of {page_size}");
            assert_whole(order, &[], &listed, &whole, &case);
            let size = page_size as usize;
            let full = sizes.iter().take_while(|sent| **sent == size).count();
            assert!(full >= ALL / size, "{case}: only the last page may be short: {sizes:?}");
        }
    }
}

/// The requests of one source that fail: the first, one in the middle, the last.
fn failing_pages(provider: Provider) -> [u64; 3] {
    match provider {
        Provider::MemoriesAi => [1, 3, 5],
        _ => [1, 2, 4],
    }
}

#[tokio::test]
async fn a_failing_source_comes_last_and_its_cursor_gives_exactly_the_rest() {
    let sandbox = sandbox().await;
    let client = both(&sandbox);
    for order in ORDERS {
        let whole = items(client.list_sessions().order(order)).await.ids;
        for failing in [Provider::MemoriesAi, Provider::LlamaCloud] {
            for page in failing_pages(failing) {
                for by_page in [false, true] {
                    for read_ahead in [0, 4] {
                        let case = format!("{order:?}, {failing} page {page}, by page: {by_page}, {read_ahead} ahead");
                        let list = || client.list_sessions().order(order).read_ahead(read_ahead);
                        sandbox.always(failing, Fault::status(503).on_pages(page..));
                        let cut = if by_page {
                            pages(list()).await
                        } else {
                            items(list()).await
                        };
                        sandbox.clear_faults();

                        let error = cut
                            .error
                            .as_ref()
                            .unwrap_or_else(|| panic!("{case}: there is no error"));
                        assert_eq!(error.kind(), ErrorKind::Server, "{case}");
                        assert_eq!(error.provider().unwrap().as_str(), failing.to_string(), "{case}");
                        let healthy = |id: &&String| !id.starts_with(&failing.to_string());
                        let (came, there_are) = (
                            cut.ids.iter().filter(healthy).count(),
                            whole.iter().filter(healthy).count(),
                        );
                        assert_eq!(came, there_are, "{case}: all sessions of the other come first");
                        let before_the_failure = (page as usize - 1) * 10;
                        assert_eq!(cut.ids.len() - came, before_the_failure, "{case}: and what came before");

                        let cursor = printed(error.cursor().unwrap());
                        assert_eq!(
                            &cursor,
                            &cut.cursors.last().unwrap().1,
                            "{case}: the stream says the same"
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
                            "{case}: exactly the rest"
                        );
                    }
                }
            }
        }
    }
}
