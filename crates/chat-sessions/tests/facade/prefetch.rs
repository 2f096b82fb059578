//! Which pages are requested ahead of the consumer, and what becomes of requests that nobody waits
//! for.

use std::future::{pending, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use chat_sessions::source::{BoxFuture, Capabilities, PageRequest, Position, SessionSource, SourcePage};
use chat_sessions::testing::FakeSource;
use chat_sessions::{ChatSessions, Error, ErrorKind, Order, Provider};
use futures_core::Stream;

use crate::lists::{client, items};

#[tokio::test]
async fn pages_are_prefetched_as_far_as_allowed_and_useful() {
    let ids = || (1..=20).rev().map(|id| id.to_string());
    let pages_asked = |source: &FakeSource| -> Vec<u64> {
        let number = |position: &Position| match position {
            Position::Page(number) => *number,
            _ => 1,
        };
        source
            .requests()
            .iter()
            .map(|request| number(&request.position))
            .collect()
    };
    // Five pages of four: read-ahead, limit, and the pages requested once the first session
    // arrived.
    let rows: [(u32, Option<u64>, &[u64]); 7] = [
        (0, None, &[1]),
        (1, None, &[1, 2]),
        (3, None, &[1, 2, 3, 4]),
        (9, None, &[1, 2, 3, 4, 5]),
        (9, Some(4), &[1]),
        (9, Some(5), &[1, 2]),
        (9, Some(12), &[1, 2, 3]),
    ];
    for (read_ahead, limit, asked) in rows {
        let source = FakeSource::numbered(4).ids(ids());
        let list = client([source.clone()]).list_sessions().read_ahead(read_ahead);
        let list = limit.map_or(list.clone(), |limit| list.limit(limit));
        let mut stream = list.by_item();
        stream.next().await.unwrap().unwrap();
        tokio::task::yield_now().await;
        assert_eq!(pages_asked(&source), asked, "{read_ahead} ahead, limit {limit:?}");
    }
    // With tokens, only one page can be prefetched, which is the default.
    let rows: [(Option<u32>, Option<u64>, usize); 5] = [
        (None, None, 2),
        (Some(0), None, 1),
        (Some(9), None, 2),
        (None, Some(4), 1),
        (None, Some(5), 2),
    ];
    for (read_ahead, limit, asked) in rows {
        let source = FakeSource::tokens(4).ids(ids());
        let list = client([source.clone()]).list_sessions();
        let list = read_ahead.map_or(list.clone(), |pages| list.read_ahead(pages));
        let list = limit.map_or(list.clone(), |limit| list.limit(limit));
        let mut stream = list.by_item();
        stream.next().await.unwrap().unwrap();
        tokio::task::yield_now().await;
        assert_eq!(source.requests().len(), asked, "{read_ahead:?} ahead, limit {limit:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_was_polled_before_the_response_is_still_pending() {
    let source = FakeSource::numbered(2).ids(["1"]);
    source.delay_every(Duration::from_millis(5));
    for order in [Order::Arrival, Order::Source, Order::Newest] {
        let mut stream = client([source.clone()]).list_sessions().order(order).by_item();
        let mut pages = client([source.clone()]).list_sessions().order(order).by_page();
        poll_fn(|cx| {
            assert!(Pin::new(&mut stream).poll_next(cx).is_pending());
            assert!(Pin::new(&mut pages).poll_next(cx).is_pending());
            Poll::Ready(())
        })
        .await;
        assert!(stream.next().await.unwrap().is_ok());
        assert_eq!(pages.next().await.unwrap().unwrap().sessions.len(), 1);
    }
}

/// A source that never responds. Every pending request holds a clone of the mark.
#[derive(Debug)]
struct Silent {
    provider: &'static str,
    mark: Arc<()>,
}

impl SessionSource for Silent {
    fn provider(&self) -> Provider {
        Provider::new(self.provider)
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::none()
    }

    fn page(&self, _: PageRequest) -> BoxFuture<'_, Result<SourcePage, Error>> {
        let mark = Arc::clone(&self.mark);
        Box::pin(async move {
            pending::<()>().await;
            drop(mark);
            Err(Error::new(ErrorKind::Server, Provider::new("fake")))
        })
    }
}

#[tokio::test]
async fn a_stream_that_is_dropped_or_stopped_cancels_its_requests() {
    for stop in [false, true] {
        assert_cancels(stop).await;
    }
}

async fn assert_cancels(stop: bool) {
    let mark = Arc::new(());
    let source = |provider| Silent {
        provider,
        mark: Arc::clone(&mark),
    };
    let builder = ChatSessions::builder().source(source("one")).source(source("other"));
    let client = builder.build().unwrap();
    let at_rest = Arc::strong_count(&mark);
    let mut stream = client.list_sessions().by_item();
    poll_fn(|cx| {
        assert!(Pin::new(&mut stream).poll_next(cx).is_pending());
        Poll::Ready(())
    })
    .await;
    tokio::task::yield_now().await;
    assert_eq!(Arc::strong_count(&mark), at_rest + 2, "two requests are pending");
    if stop {
        assert!(stream.stop().is_none(), "nothing has failed");
        assert!(stream.next().await.is_none());
        tokio::task::yield_now().await;
        assert_eq!(Arc::strong_count(&mark), at_rest, "the stream itself is still held");
    }
    drop(stream);
    tokio::task::yield_now().await;
    assert_eq!(Arc::strong_count(&mark), at_rest);
}

#[tokio::test(start_paused = true)]
async fn sources_take_turns_page_by_page_despite_prefetching() {
    let ids = |list: char| (0..6).rev().map(move |id| format!("{list}{id}"));
    for (size, came) in [
        (1, "a5 b5 a4 b4 a3 b3 a2 b2 a1 b1 a0 b0"),
        (2, "a5 a4 b5 b4 a3 a2 b3 b2 a1 a0 b1 b0"),
        (3, "a5 a4 a3 b5 b4 b3 a2 a1 a0 b2 b1 b0"),
    ] {
        let sources = ['a', 'b'].map(|list| FakeSource::tokens(size).ids(ids(list)));
        let mut stream = client(sources).list_sessions().order(Order::Arrival).by_item();
        let mut delivered = Vec::new();
        while let Some(session) = stream.next().await {
            delivered.push(session.unwrap().id.as_str().to_owned());
            // The next page has arrived when the session after this one is taken.
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert_eq!(delivered.join(" "), came, "pages of {size}");
    }
}

#[tokio::test]
async fn prefetch_requests_are_sent_before_a_page_is_delivered() {
    let ids = || (0..12).rev().map(|id| id.to_string());
    // The number of pages requested when each of the first four sessions arrived. The first session
    // waits for its own page only; the fourth is the first of its page. If other pages are pending,
    // the next one need not be.
    for (source, ahead, asked) in [
        (FakeSource::tokens(3).ids(ids()), None, [1, 2, 2, 3]),
        (FakeSource::tokens(3).ids(ids()), Some(0), [1, 1, 1, 2]),
        (FakeSource::numbered(3).ids(ids()), Some(2), [1, 3, 3, 3]),
        (FakeSource::numbered(3).ids(ids()), None, [1, 1, 1, 2]),
    ] {
        for by_page in [false, true] {
            let source = source.clone().in_scope(format!("{by_page}"));
            let before = source.requests().len();
            let list = client([source.clone()]).list_sessions();
            let list = match ahead {
                Some(pages) => list.read_ahead(pages),
                None => list,
            };
            // The consumer works on the only thread and never waits.
            if by_page {
                let mut pages = list.by_page();
                let page = pages.next().await.unwrap().unwrap();
                assert_eq!(page.sessions.len(), 3);
                assert_eq!(source.requests().len() - before, asked[1], "{ahead:?}, by page");
                let rest = pages.cursor();
                drop(pages);
                assert_eq!(
                    items(client([source.clone()]).list_sessions().resume(rest)).await.len(),
                    9
                );
            } else {
                let mut stream = list.by_item();
                let mut asked_after = Vec::new();
                for _ in 0..4 {
                    stream.next().await.unwrap().unwrap();
                    asked_after.push(source.requests().len() - before);
                }
                assert_eq!(asked_after, asked, "{ahead:?}, by item");
            }
        }
    }
}
