//! Corner cases of the walk, found by searching for ways to lose a session, each with the list that
//! shows it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chat_sessions::list::{Doubt, Guarantee};
use chat_sessions::source::{
    BoxFuture, Capabilities, NextPage, PageRequest, Position, Rejected, SessionSource, SourcePage,
};
use chat_sessions::testing::FakeSource;
use chat_sessions::{ChatSessions, Error, ErrorKind, Order, Provider, Result, Session, SessionId, SessionStream};

/// A list of numbered pages that a function creates.
struct Scripted {
    capabilities: Capabilities,
    page: Box<dyn Fn(u64) -> SourcePage + Send + Sync>,
}

impl fmt::Debug for Scripted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scripted")
    }
}

impl SessionSource for Scripted {
    fn provider(&self) -> Provider {
        Provider::new("scripted")
    }

    fn capabilities(&self) -> Capabilities {
        self.capabilities
    }

    fn page(&self, request: PageRequest) -> BoxFuture<'_, Result<SourcePage>> {
        let number = match request.position {
            Position::Page(number) => number,
            _ => 1,
        };
        let page = (self.page)(number);
        Box::pin(async { Ok(page) })
    }
}

fn exact() -> Capabilities {
    Capabilities::none().keeps_places().new_at_front().truthful_totals()
}

fn scripted(capabilities: Capabilities, page: impl Fn(u64) -> SourcePage + Send + Sync + 'static) -> ChatSessions {
    ChatSessions::new(Scripted {
        capabilities,
        page: Box::new(page),
    })
}

fn page(ids: impl IntoIterator<Item = u64>, total: u64, size: u64) -> SourcePage {
    let sessions = ids
        .into_iter()
        .map(|id| Session::new(SessionId::new(Provider::new("scripted"), id.to_string())));
    let mut page = SourcePage::new(sessions.collect(), NextPage::ByNumber);
    page.total = Some(total);
    page.page_size = Some(size);
    page
}

async fn take(stream: &mut SessionStream, count: usize) -> Vec<u64> {
    let mut ids = Vec::new();
    while ids.len() < count {
        match stream.next().await {
            Some(session) => ids.push(session.unwrap().id.as_str().parse().unwrap()),
            None => break,
        }
    }
    ids
}

fn guarantee(stream: &SessionStream) -> Guarantee {
    stream.report().sources[0].guarantee
}

#[tokio::test]
async fn the_cursor_of_a_changing_list_skips_nothing() {
    let gone = Arc::new(AtomicU64::new(0));
    let now = Arc::clone(&gone);
    let client = scripted(exact().descending_ids(), move |number| {
        let total = 200_000 - now.load(Ordering::Relaxed);
        let first = total.saturating_sub((number - 1) * 1000);
        page(
            (first.saturating_sub(999)..=first).rev().filter(|id| *id > 0),
            total,
            1000,
        )
    });
    let mut stream = client.list_sessions().by_item();
    assert_eq!(take(&mut stream, 100_000).await.last(), Some(&100_001));
    gone.store(70_000, Ordering::Relaxed);
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Walk);
    let cursor = error.cursor().unwrap().clone();
    let rest = take(&mut client.list_sessions().resume(cursor).by_item(), usize::MAX).await;
    assert_eq!((rest.first(), rest.len()), (Some(&100_000), 100_000));
}

#[tokio::test]
async fn pages_shorter_than_claimed_are_walked_to_the_end_from_any_cursor() {
    let client = scripted(exact().descending_ids(), |number| {
        page((1..=100).rev().skip((number as usize - 1) * 10).take(10), 100, 20)
    });
    for stop in 0..=100 {
        let mut stream = client.list_sessions().by_item();
        let first = take(&mut stream, stop).await;
        let mut resumed = client
            .list_sessions()
            .resume(stream.cursor().to_string().parse().unwrap())
            .by_item();
        let rest = take(&mut resumed, usize::MAX).await;
        assert_eq!(first.len() + rest.len(), 100, "stopped after {stop}");
    }
}

#[tokio::test]
async fn an_order_that_breaks_between_two_pages_loses_nothing() {
    let client = scripted(exact().descending_ids(), |number| match number {
        1 => page([9, 7], 4, 2),
        2 => page([8, 5], 4, 2),
        _ => page([], 4, 2),
    });
    let mut stream = client.list_sessions().by_item();
    assert_eq!(take(&mut stream, 99).await, [9, 7, 8, 5]);
    assert_eq!(guarantee(&stream), Guarantee::BestEffort(Doubt::OrderBroken));
}

#[tokio::test]
async fn a_page_out_of_order_is_resumed_after_the_last_session() {
    let client = scripted(exact().descending_ids(), |number| match number {
        1 => page([9, 7, 8, 6], 4, 5),
        _ => page([], 4, 5),
    });
    for stop in 0..=4 {
        let mut stream = client.list_sessions().by_item();
        let mut all = take(&mut stream, stop).await;
        all.extend(take(&mut client.list_sessions().resume(stream.cursor()).by_item(), 99).await);
        assert_eq!(all, [9, 7, 8, 6], "stopped after {stop}");
    }
}

#[tokio::test]
async fn sessions_repeated_after_a_cursor_are_not_guaranteed() {
    let ids = |count: u64| (1..=count).rev().map(|id| id.to_string());

    let source = FakeSource::numbered(2).claiming(exact()).ids(ids(4));
    let client = ChatSessions::new(source.clone());
    let mut stream = client.list_sessions().by_item();
    take(&mut stream, 2).await;
    let newer: Vec<Session> = [7, 6, 5]
        .iter()
        .map(|id: &u64| source.session(id.to_string()))
        .collect();
    source.change(|list| {
        list.splice(0..0, newer);
    });
    let mut resumed = client.list_sessions().resume(stream.cursor()).by_item();
    let rest = take(&mut resumed, 99).await;
    assert!(rest.ends_with(&[2, 1]), "{rest:?}");
    assert_eq!(guarantee(&resumed), Guarantee::BestEffort(Doubt::Resumed));

    let source = FakeSource::numbered(2).claiming(exact()).ids(ids(10));
    let client = ChatSessions::new(source.clone());
    let mut stream = client.list_sessions().by_item();
    take(&mut stream, 4).await;
    source.change(|list| list.retain(|session| !["5", "4", "3"].contains(&session.id.as_str())));
    let mut resumed = client.list_sessions().resume(stream.cursor()).by_item();
    let rest = take(&mut resumed, 99).await;
    assert!(rest.ends_with(&[6, 2, 1]), "{rest:?}");
    assert_eq!(guarantee(&resumed), Guarantee::BestEffort(Doubt::Resumed));
}

fn two(first: FakeSource, second: FakeSource) -> ChatSessions {
    ChatSessions::builder()
        .source(first.in_scope("a"))
        .source(second.in_scope("b"))
        .build()
        .unwrap()
}

#[tokio::test]
async fn fail_fast_has_a_cursor_before_the_undelivered_sessions() {
    let second = FakeSource::numbered(2).ids(["6", "5"]);
    second.fail(1, Error::new(ErrorKind::Server, Provider::new("fake")));
    let client = two(FakeSource::numbered(2).ids(["3", "2", "1"]), second);
    let list = || client.list_sessions().order(Order::Source);
    let error = list().fail_fast(true).send().await.unwrap_err();
    let page = list().resume(error.cursor().unwrap().clone()).send().await.unwrap();
    assert_eq!(page.sessions.len(), 5);
}

#[tokio::test]
async fn a_limit_that_waiting_sessions_fill_requests_no_further_page() {
    for order in [Order::Arrival, Order::Source, Order::Newest] {
        for limit in 1..=8 {
            let first = FakeSource::numbered(2).ids(["4", "3", "2", "1"]);
            let second = FakeSource::tokens(2).ids(["8", "7", "6", "5"]);
            let client = two(first.clone(), second.clone());
            let mut stream = client.list_sessions().order(order).limit(limit).by_item();
            assert_eq!(take(&mut stream, 99).await.len() as u64, limit);
            for source in [&first, &second] {
                let most = limit.div_ceil(2).min(if order == Order::Arrival {
                    limit.div_ceil(4) + 1
                } else {
                    9
                });
                let asked = source.requests().len() as u64;
                assert!(asked <= most, "{order:?}, limit {limit}: {asked} requests");
            }
        }
    }
}

#[tokio::test]
async fn merged_pages_have_the_skipped_items() {
    let source = FakeSource::numbered(5);
    let mut page = SourcePage::new(vec![source.session("2")], NextPage::ByNumber);
    page.rejected = vec![Rejected::new(1, "/1", "it is bad", "{}")];
    page.total = Some(2);
    page.page_size = Some(5);
    source.answer(1, page);
    let mut pages = ChatSessions::new(source).list_sessions().order(Order::Newest).by_page();
    assert_eq!(pages.next().await.unwrap().unwrap().rejected.len(), 1);
}

#[tokio::test]
async fn an_invalid_request_fails_in_every_method_and_keeps_its_cursor() {
    let client = ChatSessions::new(FakeSource::numbered(2).ids(["1"]));
    for order in [Order::Arrival, Order::Source, Order::Newest] {
        let list = || client.list_sessions().order(order).page_size(0);
        let mut items = list().by_item();
        let mut pages = list().by_page();
        assert_eq!(
            items.next().await.unwrap().unwrap_err().kind(),
            ErrorKind::InvalidRequest
        );
        assert_eq!(
            pages.next().await.unwrap().unwrap_err().kind(),
            ErrorKind::InvalidRequest
        );
        assert_eq!(list().send().await.unwrap_err().kind(), ErrorKind::InvalidRequest);
        for cursor in [items.cursor(), pages.cursor()] {
            let page = client.list_sessions().resume(cursor).send().await.unwrap();
            assert_eq!(page.sessions.len(), 1);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_is_fetched_while_sessions_of_another_source_are_taken() {
    let slow = FakeSource::numbered(2).ids(["2", "1"]);
    slow.delay_every(std::time::Duration::from_millis(100));
    let client = two(slow.clone(), FakeSource::numbered(2).ids(["4", "3"]));
    let mut stream = client.list_sessions().by_item();
    assert_eq!(take(&mut stream, 1).await, [4]);
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    let before = tokio::time::Instant::now();
    assert_eq!(take(&mut stream, 3).await, [3, 2, 1]);
    assert_eq!(before.elapsed().as_millis(), 0, "the response had arrived meanwhile");
}
