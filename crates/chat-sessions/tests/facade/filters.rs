//! What restricts a list: filters, a limit of its result, and a deadline.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chat_sessions::list::{ListEnd, ListSessions, Unfinished};
use chat_sessions::model::SessionTime;
use chat_sessions::source::Capabilities;
use chat_sessions::testing::FakeSource;
use chat_sessions::{ChatSessions, Error, ErrorKind, Order, Provider, Session, Timestamp};

use crate::lists::{client, items};

const ORDERS: [Order; 3] = [Order::Arrival, Order::Source, Order::Newest];

fn second(number: u64) -> Timestamp {
    Timestamp::from_unix_millis(i64::try_from(number).unwrap() * 1000).unwrap()
}

/// Sessions whose ids are their creation times in seconds, newest first, in pages of two.
fn timed(source: FakeSource, seconds: impl IntoIterator<Item = u64>) -> FakeSource {
    let sessions = seconds.into_iter().map(|number| {
        let mut session = source.session(number.to_string());
        session.created_at = Some(SessionTime::derived_from_id(second(number)));
        session
    });
    let sessions: Vec<_> = sessions.collect();
    source.sessions(sessions)
}

/// A list whose ids descend, one with tokens, and one without times.
fn three() -> ChatSessions {
    let descending = Capabilities::none()
        .keeps_places()
        .new_at_front()
        .truthful_totals()
        .descending_ids();
    client([
        timed(FakeSource::numbered(2).claiming(descending), [19, 16, 13, 10, 7, 4, 1]),
        timed(FakeSource::tokens(2), [18, 15, 12, 9, 6, 3]),
        FakeSource::tokens(2).ids(["c", "b", "a"]),
    ])
}

fn id(session: &Session) -> String {
    session.id.as_str().to_owned()
}

async fn ids_by_page(list: ListSessions) -> Vec<String> {
    let mut pages = list.by_page();
    let mut ids = Vec::new();
    while let Some(page) = pages.next().await {
        ids.extend(page.unwrap().sessions.iter().map(id));
    }
    ids
}

/// The filters of the tests, and what they mean.
type Filter = (fn(ListSessions) -> ListSessions, fn(u64) -> bool, bool);

const FILTERS: [Filter; 5] = [
    (|list| list.since(second(9)), |at| at >= 9, false),
    (|list| list.until(second(12)), |at| at < 12, false),
    (
        |list| list.since(second(7)).until(second(15)),
        |at| (7..15).contains(&at),
        false,
    ),
    (
        |list| list.filter(|session| session.id.as_str() != "13"),
        |at| at != 13,
        true,
    ),
    (
        |list| {
            list.filter(|session| session.id.as_str() != "13")
                .filter(|session| session.id.as_str() != "3")
                .since(second(2))
        },
        |at| at != 13 && at != 3 && at >= 2,
        false,
    ),
];

fn expected(all: &[String], (_, passes, without_time): Filter) -> Vec<String> {
    let passes = |id: &&String| id.parse().map_or(without_time, passes);
    all.iter().filter(passes).cloned().collect()
}

#[tokio::test]
async fn a_filtered_list_is_the_list_without_the_others() {
    for order in ORDERS {
        let list = || three().list_sessions().order(order);
        let all = items(list()).await;
        assert_eq!(all.len(), 16);
        for filter in FILTERS {
            let mut expected = expected(&all, filter);
            let (mut by_item, mut by_page) = (items(filter.0(list())).await, ids_by_page(filter.0(list())).await);
            // Which of two sources arrives first depends on how many pages each of them needs.
            if order == Order::Arrival {
                for ids in [&mut expected, &mut by_item, &mut by_page] {
                    ids.sort();
                }
            }
            assert_eq!(by_item, expected, "{order}");
            assert_eq!(by_page, expected, "{order}, by page");
        }
    }
}

#[tokio::test]
async fn a_limit_counts_what_passes_and_a_cursor_resumes_after_it() {
    for order in [Order::Source, Order::Newest] {
        let client = three();
        let list = || client.list_sessions().order(order);
        let all = items(list()).await;
        for filter in FILTERS {
            let expected = expected(&all, filter);
            for limit in 0..=expected.len() {
                let mut first = filter.0(list()).limit(limit as u64).by_item();
                let mut ids = Vec::new();
                while let Some(session) = first.next().await {
                    ids.push(id(&session.unwrap()));
                }
                assert_eq!(ids, expected[..limit], "{order}, {limit}");
                let rest = filter.0(list()).resume(first.cursor());
                assert_eq!(items(rest).await, expected[limit..], "{order}, after {limit}");
            }
        }
    }
}

#[tokio::test]
async fn the_report_counts_what_a_filter_withholds() {
    let client = three();
    let mut list = client.list_sessions().order(Order::Source).since(second(13)).by_item();
    while let Some(session) = list.next().await {
        session.unwrap();
    }
    let report = list.report();
    let of_sources: Vec<_> = report
        .sources
        .iter()
        .map(|source| {
            (
                source.sessions,
                source.filtered,
                source.without_time,
                source.newest_filtered,
                source.end,
            )
        })
        .collect();
    assert_eq!(
        of_sources,
        [
            (4, 1, 0, Some(second(10)), Some(ListEnd::OldEnough)),
            (6, 4, 0, Some(second(12)), Some(ListEnd::NoToken)),
            (3, 3, 3, None, Some(ListEnd::NoToken)),
        ]
    );
    assert!(report.is_complete(), "nothing that was wanted is missing: {report:?}");
}

#[tokio::test]
async fn a_filter_sees_each_session_once() {
    for order in ORDERS {
        let calls = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&calls);
        let list = three().list_sessions().order(order).filter(move |session| {
            counted.fetch_add(1, Ordering::Relaxed);
            session.id.as_str().len() == 2
        });
        assert_eq!(items(list).await.len(), 7);
        assert_eq!(calls.load(Ordering::Relaxed), 16, "{order}");
    }
}

#[tokio::test]
async fn a_page_has_as_many_sessions_as_its_size_or_else_the_limit() {
    let source = || timed(FakeSource::tokens(10), (1..=130).rev());
    let client = client([source()]);
    for (list, expected) in [
        (client.list_sessions(), 50),
        (client.list_sessions().limit(100), 100),
        (client.list_sessions().limit(1000), 130),
        (client.list_sessions().page_size(20).limit(100), 20),
        (client.list_sessions().page_size(60), 60),
    ] {
        let page = list.send().await.unwrap();
        assert_eq!(page.sessions.len(), expected);
        assert_eq!(page.next.is_none(), expected == 130);
        assert_eq!(page.report.is_complete(), expected == 130);
        assert!(page.report.sources[0].sessions >= expected as u64);
    }
}

#[tokio::test]
async fn every_page_carries_the_report_up_to_it() {
    for order in ORDERS {
        let client = three();
        let mut pages = client.list_sessions().order(order).page_size(2).by_page();
        while let Some(page) = pages.next().await {
            let page = page.unwrap();
            assert_eq!(page.report, pages.report(), "{order}");
        }
        assert!(pages.report().is_complete());
    }
}

#[tokio::test]
async fn a_list_can_be_collected() {
    let client = three();
    let list = client.list_sessions().order(Order::Newest);
    let sessions = list.clone().by_item().try_collect().await.unwrap();
    assert_eq!(sessions.iter().map(id).collect::<Vec<_>>(), items(list).await);
}

#[tokio::test]
async fn the_error_of_a_collected_list_resumes_where_it_started() {
    let source = FakeSource::tokens(2).ids(["d", "c", "b", "a"]);
    source.fail(2, Error::new(ErrorKind::Auth, Provider::new("fake")));
    let client = client([source]);
    let error = client.list_sessions().by_item().try_collect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    let again = client.list_sessions().resume(error.cursor().unwrap().clone());
    assert_eq!(items(again).await, ["d", "c", "b", "a"]);
}

#[tokio::test(start_paused = true)]
async fn at_the_deadline_what_has_arrived_is_delivered_before_the_error() {
    for order in ORDERS {
        let fast = timed(FakeSource::numbered(2), [9, 8]);
        let slow = timed(FakeSource::numbered(2), [7, 6, 5, 4]);
        slow.delay(2, Duration::from_secs(3600));
        let client = client([slow, fast]);
        let list = || client.list_sessions().order(order);

        let start = tokio::time::Instant::now();
        let mut stream = list().deadline(Duration::from_secs(30)).by_item();
        let mut ids = Vec::new();
        let error = loop {
            match stream.next().await.unwrap() {
                Ok(session) => ids.push(id(&session)),
                Err(error) => break error,
            }
        };
        assert_eq!(start.elapsed(), Duration::from_secs(30), "{order}");
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert_eq!(error.message(), "the list did not end within 30 s");
        assert!(error.is_temporary());
        assert!(stream.next().await.is_none());
        let report = stream.report();
        assert_eq!(report.sources[0].unfinished, Some(Unfinished::Deadline), "{order}");
        assert!(!report.is_complete());

        let rest = items(list().resume(error.cursor().unwrap().clone())).await;
        ids.extend(rest);
        ids.sort();
        assert_eq!(ids, ["4", "5", "6", "7", "8", "9"], "{order}");
    }
}

#[tokio::test(start_paused = true)]
async fn pages_end_at_the_deadline_too() {
    let slow = FakeSource::tokens(2).ids(["d", "c", "b", "a"]);
    slow.delay(2, Duration::from_secs(3600));
    let client = client([slow]);
    let mut pages = client.list_sessions().deadline(Duration::from_secs(1)).by_page();
    assert_eq!(pages.next().await.unwrap().unwrap().sessions.len(), 2);
    let error = pages.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(pages.next().await.is_none());
    let rest = client.list_sessions().resume(error.cursor().unwrap().clone());
    assert_eq!(items(rest).await, ["b", "a"]);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_has_ended_meets_no_deadline() {
    let client = three();
    for list in [client.list_sessions(), client.list_sessions().limit(3)] {
        let mut stream = list.deadline(Duration::from_secs(30)).by_item();
        while let Some(session) = stream.next().await {
            session.unwrap();
            // The consumer takes its time with what has arrived.
            if stream.report().sources.iter().all(|source| source.end.is_some()) {
                tokio::time::advance(Duration::from_secs(60)).await;
            }
        }
    }
    let mut stream = client.list_sessions().deadline(Duration::MAX).by_item();
    assert!(stream.next().await.unwrap().is_ok());
}
