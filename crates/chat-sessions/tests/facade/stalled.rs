//! A source that does not respond: the others are delivered, and a consumer that stops waiting gets
//! everything that has arrived. The clock is paused, so that no time passes but that of the waits.

use std::time::Duration;

use chat_sessions::list::{ListSessions, Unfinished};
use chat_sessions::model::SessionTime;
use chat_sessions::retry::{GaveUp, RetryPolicy};
use chat_sessions::testing::FakeSource;
use chat_sessions::{ChatSessions, ErrorKind, Order, Session, SessionStream, Timestamp};
use proptest::prelude::*;
use tokio::time::{Instant, timeout};

const ORDERS: [Order; 3] = [Order::Arrival, Order::Source, Order::Newest];
/// Longer than anything waits here.
const STALL: Duration = Duration::from_secs(24 * 60 * 60);

/// A source whose sessions have these times in seconds, newest first.
fn list_of(scope: usize, page_size: usize, mut seconds: Vec<u16>) -> FakeSource {
    seconds.sort_unstable_by(|one, other| other.cmp(one));
    let source = match scope % 2 {
        0 => FakeSource::numbered(page_size),
        _ => FakeSource::tokens(page_size),
    };
    let source = source.in_scope(scope.to_string());
    let sessions = seconds.into_iter().enumerate().map(|(index, second)| {
        let mut session = source.session(format!("{scope}-{index}"));
        let time = Timestamp::from_unix_millis(i64::from(second) * 1000).unwrap();
        session.updated_at = Some(SessionTime::parse(time.to_string()).unwrap());
        session
    });
    let sessions: Vec<_> = sessions.collect();
    source.sessions(sessions)
}

fn client(sources: &[FakeSource]) -> ChatSessions {
    let builder = ChatSessions::builder();
    let builder = sources
        .iter()
        .fold(builder, |builder, source| builder.source(source.clone()));
    builder.build().unwrap()
}

fn id(session: &Session) -> String {
    session.id.as_str().to_owned()
}

#[tokio::test(start_paused = true)]
async fn a_source_that_stalls_fails_after_the_time_for_a_page_and_the_others_are_delivered() {
    for order in ORDERS {
        for (stalled_at, of_stalled) in [(1, 0), (2, 2), (3, 4)] {
            let slow = list_of(0, 2, vec![9, 8, 3, 2, 1]);
            let fast = list_of(1, 2, vec![7, 6, 5]);
            slow.delay(stalled_at, STALL);
            let client = client(&[slow.clone(), fast]);
            let policy = RetryPolicy::default().timeout(Duration::from_secs(30));
            let list = || client.list_sessions().order(order).retry(policy);
            let start = Instant::now();
            let mut stream = list().by_item();
            let (mut ids, mut error) = (Vec::new(), None);
            while let Some(next) = stream.next().await {
                match next {
                    Ok(session) => ids.push(id(&session)),
                    Err(failure) => error = Some(failure),
                }
            }
            let case = format!("{order:?}, page {stalled_at}");
            assert_eq!(
                start.elapsed().as_secs(),
                30,
                "{case}: the first attempt is limited too"
            );
            assert_eq!(ids.len(), of_stalled + 3, "{case}");
            let error = error.unwrap();
            assert_eq!(
                (error.kind(), error.attempts(), error.gave_up()),
                (ErrorKind::Timeout, 1, Some(GaveUp::Time)),
                "{case}"
            );
            assert_eq!(error.message(), "the page did not arrive within 30 s");
            assert_eq!(error.scope().unwrap().as_str(), "0");
            let unfinished: Vec<_> = stream.report().sources.iter().map(|source| source.unfinished).collect();
            assert_eq!(unfinished, [Some(Unfinished::Failed), None], "{case}");

            let cursor = error.cursor().unwrap().clone();
            let mut rest = list().resume(cursor).by_item();
            while let Some(session) = rest.next().await {
                ids.push(id(&session.unwrap()));
            }
            ids.sort();
            assert_eq!(ids, ["0-0", "0-1", "0-2", "0-3", "0-4", "1-0", "1-1", "1-2"], "{case}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_merge_returns_what_it_holds_back_if_it_is_asked() {
    let slow = list_of(0, 2, vec![90, 80]);
    let fast = list_of(1, 2, vec![70, 60, 50]);
    let other = list_of(3, 2, vec![65, 55]);
    slow.delay(1, STALL);
    let client = client(&[slow, fast, other]);
    let mut stream = client.list_sessions().order(Order::Newest).by_item();
    assert!(timeout(Duration::from_secs(5), stream.next()).await.is_err());
    let unfinished = |stream: &SessionStream| -> Vec<_> {
        let report = stream.report();
        report.sources.iter().map(|source| source.unfinished).collect()
    };
    let not_read = Some(Unfinished::NotRead);
    assert_eq!(unfinished(&stream), [Some(Unfinished::NoResponse), not_read, not_read]);
    let arrived: Vec<String> = std::iter::from_fn(|| stream.next_arrived())
        .map(|session| id(&session))
        .collect();
    assert_eq!(arrived, ["1-0", "3-0", "1-1", "3-1"], "newest first");
    assert!(stream.stop().is_none(), "nothing has failed");
    assert!(stream.next_arrived().is_none() && stream.next().await.is_none());
    assert_eq!(stream.report().sources[0].unfinished, Some(Unfinished::NoResponse));
    assert_eq!(stream.report().sources[2].unfinished, None, "its list has ended");
    assert_eq!(stream.report().out_of_order, 0);
    assert!(!stream.report().is_complete() && !stream.report().has_losses());
}

#[tokio::test(start_paused = true)]
async fn a_page_of_which_nothing_was_taken_does_not_move_the_cursor() {
    for order in [Order::Newest, Order::Source] {
        let sources = [list_of(0, 2, vec![3, 2, 1]), list_of(1, 2, vec![6, 5, 4])];
        sources[0].delay(1, STALL);
        let client = client(&sources);
        let mut stream = client.list_sessions().order(order).page_size(2).by_item();
        let start = stream.cursor();
        assert!(timeout(Duration::from_secs(5), stream.next()).await.is_err());
        assert_eq!(stream.cursor(), start, "{order:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_without_held_back_sessions_has_none_to_return() {
    let source = list_of(0, 2, vec![3, 2, 1]);
    let client = client(&[source]);
    let mut stream = client.list_sessions().by_item();
    assert!(stream.next_arrived().is_none(), "nothing was requested");
    stream.next().await.unwrap().unwrap();
    assert_eq!(stream.next_arrived().as_ref().map(id).as_deref(), Some("0-1"));
    assert!(stream.next_arrived().is_none(), "the next page was not requested");
    assert_eq!(
        id(&stream.next().await.unwrap().unwrap()),
        "0-2",
        "the stream continues"
    );
    assert!(stream.next().await.is_none() && stream.next_arrived().is_none());

    let mut limited = client.list_sessions().limit(1).by_item();
    limited.next().await.unwrap().unwrap();
    assert!(limited.next_arrived().is_none(), "the limit is reached");
    let mut refused = client.list_sessions().page_size(0).by_item();
    assert!(refused.next_arrived().is_none());
    assert!(refused.next().await.unwrap().is_err(), "its error is still there");
}

/// The sources of a random case: the times of their sessions, and the request that stalls, if any.
fn sources() -> impl Strategy<Value = Vec<(Vec<u16>, Option<usize>)>> {
    let source = (prop::collection::vec(0..40_u16, 0..12), prop::option::of(1..5_usize));
    prop::collection::vec(source, 1..4)
}

/// Reads a list until nothing arrives any more, takes what is held back, and returns all of it.
async fn read_what_arrives(list: ListSessions) -> (Vec<Session>, SessionStream) {
    let mut stream = list.by_item();
    let mut found = Vec::new();
    while let Ok(Some(session)) = timeout(Duration::from_secs(1), stream.next()).await {
        found.push(session.unwrap());
    }
    found.extend(std::iter::from_fn(|| stream.next_arrived()));
    assert!(stream.stop().is_none());
    (found, stream)
}

/// Whatever stalls, whatever the order and the limit: what has arrived and what a resumed list
/// returns is the whole list, each session once, and each source in its order.
#[test]
fn what_has_arrived_and_the_rest_are_the_whole_list() {
    let case = (sources(), 0..3_usize, 1..5_usize, prop::option::of(1..20_u64), 0..3_u32);
    proptest!(ProptestConfig::with_cases(600), |((lists, order, page_size, limit, ahead) in case)| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        let result: Result<(), TestCaseError> = runtime.block_on(async {
            let mut sources = Vec::new();
            for (index, (seconds, stalled)) in lists.iter().enumerate() {
                let source = list_of(index, page_size, seconds.clone());
                if let Some(request) = stalled {
                    source.delay(*request, STALL);
                }
                sources.push(source);
            }
            let client = client(&sources);
            let order = ORDERS[order];
            let list = client.list_sessions().order(order).read_ahead(ahead);
            let limited = limit.map_or(list.clone(), |limit| list.clone().limit(limit));
            let (found, stream) = read_what_arrives(limited).await;
            let all: usize = lists.iter().map(|(seconds, _)| seconds.len()).sum();
            prop_assert!(limit.is_none_or(|limit| found.len() as u64 <= limit));
            prop_assert_eq!(stream.report().is_complete(), !stream.has_more());
            prop_assert!(stream.has_more() || found.len() == all);
            if order == Order::Newest && limit.is_none() {
                // Every session of a page that was received is there.
                let received: u64 = stream.report().sources.iter().map(|source| source.sessions).sum();
                prop_assert_eq!(found.len() as u64, received);
            }

            let cursor = stream.cursor().to_string().parse().unwrap();
            drop(stream);
            // A stalled request is a request of a number that comes only once.
            let (rest, stream) = read_to_the_end(list.resume(cursor)).await;
            prop_assert!(stream.report().is_complete());
            let joined: Vec<String> = found.iter().chain(&rest).map(id).collect();
            for (index, (seconds, _)) in lists.iter().enumerate() {
                let of_source: Vec<&String> =
                    joined.iter().filter(|id| id.starts_with(&format!("{index}-"))).collect();
                let expected: Vec<String> = (0..seconds.len()).map(|place| format!("{index}-{place}")).collect();
                prop_assert_eq!(of_source, expected.iter().collect::<Vec<_>>());
            }
            prop_assert_eq!(joined.len(), all);
            Ok(())
        });
        result?;
    });
}

/// Reads a list to its end, however long it stalls.
async fn read_to_the_end(list: ListSessions) -> (Vec<Session>, SessionStream) {
    let mut stream = list.retry(RetryPolicy::default().timeout(2 * STALL)).by_item();
    let mut found = Vec::new();
    while let Some(session) = stream.next().await {
        found.push(session.unwrap());
    }
    (found, stream)
}
