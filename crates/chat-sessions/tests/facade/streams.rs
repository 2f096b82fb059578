//! The three ways to read a list: how they end, what they report on the way, and how they order
//! several sources.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use chat_sessions::list::{ListEnd, ListSessions, OnBadItem, PageStream};
use chat_sessions::model::SessionTime;
use chat_sessions::source::{NextPage, Rejected, SourcePage};
use chat_sessions::testing::FakeSource;
use chat_sessions::{Error, ErrorKind, Order, Provider, Session, SessionId, SessionStream};
use futures_core::Stream;
use futures_core::stream::FusedStream;

use crate::lists::{client, items};

const ORDERS: [Order; 3] = [Order::Arrival, Order::Source, Order::Newest];

fn broken() -> Error {
    Error::new(ErrorKind::Server, Provider::new("fake"))
}

/// A list whose sessions have these days of January as their times; 0 means no time.
fn dated(page_size: usize, days: &[(&str, u8)]) -> FakeSource {
    let source = FakeSource::numbered(page_size);
    let sessions: Vec<Session> = days
        .iter()
        .map(|(id, day)| {
            let mut session = source.session(*id);
            let text = format!("2026-01-{day:02}T00:00:00Z");
            session.updated_at = (*day > 0).then(|| SessionTime::parse(text).unwrap());
            session
        })
        .collect();
    source.sessions(sessions)
}

/// Returns the ids page by page.
async fn pages(list: ListSessions) -> Vec<Vec<String>> {
    let mut stream = list.by_page();
    let mut pages = Vec::new();
    while let Some(page) = stream.next().await {
        pages.push(
            page.unwrap()
                .into_iter()
                .map(|session| session.id.as_str().to_owned())
                .collect(),
        );
    }
    pages
}

async fn polled<S: Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
    poll_fn(|cx| Pin::new(&mut *stream).poll_next(cx)).await
}

#[tokio::test]
async fn streams_are_over_after_their_end_and_after_their_error() {
    let good = || FakeSource::numbered(2).ids(["3", "2", "1"]);
    let failing = || {
        let source = good();
        source.fail(2, broken());
        source
    };
    for order in ORDERS {
        for (source, sessions, pages, fails) in [(good(), 3, 2, false), (failing(), 2, 1, true)] {
            let list = || client([source.clone()]).list_sessions().order(order).page_size(2);
            let mut stream: SessionStream = list().by_item();
            for _ in 0..sessions {
                assert!(!stream.is_terminated());
                assert!(polled(&mut stream).await.unwrap().is_ok());
            }
            if fails {
                assert!(!stream.is_terminated());
                assert_eq!(
                    polled(&mut stream).await.unwrap().unwrap_err().kind(),
                    ErrorKind::Server
                );
                assert!(stream.is_terminated(), "an error is the last");
                source.fail(4, broken());
            }
            assert!(polled(&mut stream).await.is_none());
            assert!(stream.is_terminated());
            assert!(stream.next().await.is_none(), "and stays so");

            let mut stream: PageStream = list().by_page();
            for _ in 0..pages {
                assert!(!stream.is_terminated());
                assert!(polled(&mut stream).await.unwrap().is_ok());
            }
            if fails {
                assert!(!stream.is_terminated(), "{order:?}: there is an error to come");
                assert_eq!(
                    polled(&mut stream).await.unwrap().unwrap_err().kind(),
                    ErrorKind::Server
                );
                assert!(stream.is_terminated());
            }
            assert!(polled(&mut stream).await.is_none());
            assert!(stream.is_terminated());
            assert!(stream.next().await.is_none());
        }
    }
}

#[tokio::test]
async fn pages_arrive_in_turn_or_source_by_source_or_merged() {
    let sources = || {
        [
            dated(2, &[("a5", 9), ("a4", 8), ("a3", 7), ("a2", 3), ("a1", 2)]),
            dated(2, &[("b3", 6), ("b2", 5), ("b1", 4)]),
            dated(2, &[("c1", 1)]),
        ]
    };
    let list = |order| client(sources()).list_sessions().order(order).read_ahead(0);
    assert_eq!(
        pages(list(Order::Source)).await,
        [
            vec!["a5", "a4"],
            vec!["a3", "a2"],
            vec!["a1"],
            vec!["b3", "b2"],
            vec!["b1"],
            vec!["c1"]
        ]
    );
    let mut arrived = pages(list(Order::Arrival)).await;
    assert_eq!(arrived.len(), 6);
    arrived.sort();
    let mut first_pages = pages(list(Order::Arrival)).await;
    first_pages.truncate(3);
    first_pages.sort();
    assert_eq!(
        first_pages,
        [vec!["a5", "a4"], vec!["b3", "b2"], vec!["c1"]],
        "each has its turn"
    );
    assert_eq!(
        pages(list(Order::Newest).page_size(4)).await,
        [vec!["a5", "a4", "a3", "b3"], vec!["b2", "b1", "a2", "a1"], vec!["c1"]]
    );
}

#[tokio::test(start_paused = true)]
async fn a_source_that_is_always_ready_does_not_keep_the_others_from_their_turn() {
    let sources = [
        FakeSource::numbered(1).ids(["a3", "a2", "a1"]),
        FakeSource::numbered(1).ids(["b3", "b2", "b1"]),
    ];
    let mut stream = client(sources).list_sessions().read_ahead(2).by_page();
    let mut came = Vec::new();
    while let Some(page) = stream.next().await {
        came.extend(page.unwrap().sessions.into_iter().map(|session| session.id));
        // All prefetched pages have arrived when the next page is taken.
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let came: Vec<&str> = came.iter().map(SessionId::as_str).collect();
    assert_eq!(came, ["a3", "b3", "a2", "b2", "a1", "b1"]);
}

#[tokio::test]
async fn items_arrive_page_by_page_in_turn() {
    let sources = [
        FakeSource::numbered(2).ids(["a5", "a4", "a3", "a2", "a1"]),
        FakeSource::numbered(2).ids(["b3", "b2", "b1"]),
    ];
    let came = items(client(sources).list_sessions()).await;
    assert_eq!(came, ["a5", "a4", "b3", "b2", "a3", "a2", "b1", "a1"]);
}

#[tokio::test]
async fn a_merge_orders_equal_times_by_source_and_missing_times_last() {
    let sources = [
        dated(2, &[("a2", 5), ("a1", 0)]),
        dated(2, &[("b2", 5), ("b1", 1)]),
        dated(2, &[("c2", 7), ("c1", 0)]),
    ];
    let came = items(client(sources).list_sessions().order(Order::Newest)).await;
    assert_eq!(came, ["c2", "a2", "b2", "b1", "a1", "c1"]);
}

#[tokio::test]
async fn a_merge_counts_the_sessions_that_are_out_of_order() {
    let days: &[(&[u8], u64)] = &[
        (&[5, 4, 3], 0),
        (&[5, 5, 0], 0),
        (&[5, 6, 3], 1),
        (&[1, 2, 3], 2),
        (&[0, 1, 0], 1),
        (&[5, 2, 4], 1),
    ];
    for (days, out_of_order) in days {
        let names = ["3", "2", "1"];
        let sessions: Vec<(&str, u8)> = names.into_iter().zip(days.iter().copied()).collect();
        let mut stream = client([dated(2, &sessions)])
            .list_sessions()
            .order(Order::Newest)
            .by_item();
        while let Some(session) = stream.next().await {
            session.unwrap();
        }
        assert_eq!(stream.report().out_of_order, *out_of_order, "{days:?}");

        let mut stream = client([dated(2, &sessions)]).list_sessions().by_item();
        while let Some(session) = stream.next().await {
            session.unwrap();
        }
        assert_eq!(stream.report().out_of_order, 0, "only a merge has an order");
    }
}

#[tokio::test]
async fn the_report_has_pages_and_sessions_and_the_end() {
    for order in ORDERS {
        let list = || {
            client([FakeSource::numbered(2).ids(["3", "2", "1"])])
                .list_sessions()
                .order(order)
        };
        let mut stream = list().by_item();
        assert_eq!(stream.report().sources[0].pages, 0, "nothing was requested yet");
        assert_eq!(stream.report().sources[0].end, None);
        while stream.next().await.is_some() {}
        let mut pages = list().by_page();
        while pages.next().await.is_some() {}
        for report in [stream.report(), pages.report()] {
            let [source] = &report.sources[..] else {
                panic!("one source has one report")
            };
            assert_eq!(source.scope.as_ref().unwrap().as_str(), "0");
            assert_eq!(
                (source.pages, source.sessions, source.duplicates),
                (2, 3, 0),
                "{order:?}"
            );
            assert_eq!((source.before_cursor, source.claimed_total), (0, Some(3)));
            assert_eq!(source.end, Some(ListEnd::ShortPage));
        }
    }
}

#[tokio::test]
async fn a_limit_cuts_pages_and_leaves_a_cursor_after_them() {
    let ids = ["5", "4", "3", "2", "1"];
    for order in ORDERS {
        for limit in 0..=6_u64 {
            let source = FakeSource::numbered(2).ids(ids);
            let client = client([source.clone()]);
            let list = || client.list_sessions().order(order).page_size(2);
            let mut stream = list().limit(limit).by_page();
            let mut came = Vec::new();
            let mut next = None;
            while let Some(page) = stream.next().await {
                let page = page.unwrap();
                assert!((1..=2).contains(&page.sessions.len()));
                next = Some(page.next.clone());
                came.extend(page.into_iter().map(|session| session.id.as_str().to_owned()));
            }
            let expected = ids.len().min(limit as usize);
            assert_eq!(came, ids[..expected], "{order:?}, limit {limit}");
            assert_eq!(
                source.requests().len(),
                expected.div_ceil(2),
                "{order:?}, limit {limit}"
            );
            if limit > 0 {
                assert_eq!(
                    next.unwrap().is_some(),
                    expected < ids.len(),
                    "{order:?}, limit {limit}"
                );
            }
            let rest = items(list().resume(stream.cursor())).await;
            assert_eq!(rest, ids[expected..], "{order:?}, limit {limit}");
        }
    }
}

#[tokio::test]
async fn a_limit_that_waiting_sessions_fill_requests_no_further_page() {
    let sources = [
        FakeSource::numbered(2).ids(["a4", "a3", "a2", "a1"]),
        FakeSource::numbered(2).ids(["b4", "b3", "b2", "b1"]),
    ];
    let mut stream = client(sources.clone()).list_sessions().limit(4).by_item();
    while let Some(session) = stream.next().await {
        session.unwrap();
        tokio::task::yield_now().await;
    }
    for source in sources {
        assert_eq!(source.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_page_has_its_provider_and_its_rejected_items() {
    let source = FakeSource::numbered(2).ids(["4", "3", "2", "1"]);
    let mut sent = SourcePage::new(vec![source.session("4")], NextPage::ByNumber);
    sent.rejected = vec![Rejected::new(1, "/1", "it is bad", "{}")];
    sent.total = Some(4);
    sent.page_size = Some(2);
    sent.request_id = Some("req-1".to_owned());
    sent.body = "[as sent]".into();
    source.answer(1, sent);
    let mut stream = client([source]).list_sessions().by_page();
    let page = stream.next().await.unwrap().unwrap();
    assert_eq!(page.request_id.as_deref(), Some("req-1"));
    assert_eq!(page.provider, Some(Provider::new("fake")));
    assert_eq!(page.scope.as_ref().unwrap().as_str(), "0");
    assert_eq!((page.total, page.body()), (Some(4), &b"[as sent]"[..]));
    assert_eq!(page.rejected[0].reason, "it is bad");
    assert_eq!(page.next.unwrap(), stream.cursor());
}

#[tokio::test]
async fn has_more_distinguishes_a_limit_and_an_error_from_the_end() {
    let source = || FakeSource::numbered(2).ids(["3", "2", "1"]);
    let mut rows = vec![
        (source(), 0, true),
        (source(), 2, true),
        (source(), 3, false),
        (source(), 9, false),
    ];
    let failing = source();
    failing.fail(2, broken());
    rows.push((failing, 9, true));
    for (source, limit, more) in rows {
        let mut stream = client([source]).list_sessions().limit(limit).by_item();
        assert!(stream.has_more(), "unknown before the first poll");
        while stream.next().await.is_some() {}
        assert_eq!(stream.has_more(), more, "limit {limit}");
        assert_eq!(stream.cursor().is_end(), !more);
    }
    let refused = client([source()]).list_sessions().page_size(0).by_item();
    assert!(refused.has_more());
}

#[tokio::test(start_paused = true)]
async fn pages_wait_for_a_slow_source_only_as_long_as_no_other_has_one() {
    let slow = FakeSource::numbered(2).ids(["a3", "a2", "a1"]);
    slow.delay_every(Duration::from_millis(100));
    let fast = FakeSource::numbered(2).ids(["b3", "b2", "b1"]);
    let sources = || client([slow.clone(), fast.clone()]).list_sessions();
    let arrived = pages(sources()).await;
    assert_eq!(arrived, [vec!["b3", "b2"], vec!["b1"], vec!["a3", "a2"], vec!["a1"]]);
    let in_turn = pages(sources().order(Order::Source)).await;
    assert_eq!(in_turn, [vec!["a3", "a2"], vec!["a1"], vec!["b3", "b2"], vec!["b1"]]);
    let merged = pages(sources().order(Order::Newest).page_size(3)).await;
    assert_eq!(merged, [vec!["a3", "a2", "a1"], vec!["b3", "b2", "b1"]]);
}

#[tokio::test(start_paused = true)]
async fn fail_fast_returns_a_failure_at_once() {
    for (order, delay) in [
        (Order::Arrival, 60),
        (Order::Newest, 60),
        (Order::Arrival, 0),
        (Order::Newest, 0),
    ] {
        let other = FakeSource::numbered(2).ids(["1"]);
        other.delay_every(Duration::from_secs(delay));
        let failing = FakeSource::numbered(2);
        failing.fail(1, broken());
        let client = client([other, failing]);
        let list = || client.list_sessions().order(order).fail_fast(true);
        let before = tokio::time::Instant::now();
        let mut stream = list().by_item();
        assert_eq!(stream.next().await.unwrap().unwrap_err().kind(), ErrorKind::Server);
        assert!(stream.next().await.is_none());
        assert_eq!(
            before.elapsed().as_secs(),
            0,
            "{order:?}: it does not wait for the other"
        );
    }
}

#[tokio::test]
async fn a_page_with_only_bad_items_is_an_error_with_every_policy() {
    for policy in [OnBadItem::Skip, OnBadItem::Fail] {
        let source = FakeSource::numbered(2).ids(["4", "3", "2", "1"]);
        let mut bad = SourcePage::new(Vec::new(), NextPage::ByNumber);
        bad.rejected = vec![
            Rejected::new(0, "/0", "it is bad", "{}"),
            Rejected::new(1, "/1", "too", "{}"),
        ];
        bad.total = Some(4);
        source.answer(2, bad);
        let mut stream = client([source.clone()]).list_sessions().on_bad_item(policy).by_item();
        let mut came = 0;
        let error = loop {
            match stream.next().await.unwrap() {
                Ok(_) => came += 1,
                Err(error) => break error,
            }
        };
        assert_eq!((came, error.kind()), (2, ErrorKind::Protocol));
        assert_eq!(
            error.message(),
            "an item of the page cannot be decoded: it is bad, at /0"
        );
        assert_eq!(stream.report().sources[0].end, None);
        assert!(stream.next().await.is_none());
        let rest = items(client([source]).list_sessions().resume(error.cursor().unwrap().clone())).await;
        assert_eq!(rest, ["2", "1"]);
    }
}

/// With `Fail`, everything before the bad item is delivered, and nothing after it is skipped.
#[tokio::test]
async fn with_fail_a_bad_item_stops_the_walk_before_it() {
    let source = FakeSource::numbered(4).ids(["4", "3", "2", "1"]);
    let mut bad = SourcePage::new(["4", "3", "1"].map(|id| source.session(id)).into(), NextPage::ByNumber);
    bad.rejected = vec![Rejected::new(2, "/2", "it is bad", "{}")];
    bad.total = Some(4);
    bad.page_size = Some(4);
    source.answer(1, bad);
    let mut stream = client([source.clone()])
        .list_sessions()
        .on_bad_item(OnBadItem::Fail)
        .by_item();
    assert_eq!(stream.next().await.unwrap().unwrap().id.as_str(), "4");
    assert_eq!(stream.next().await.unwrap().unwrap().id.as_str(), "3");
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
    let rest = items(client([source]).list_sessions().resume(error.cursor().unwrap().clone())).await;
    assert_eq!(rest, ["2", "1"]);
}
