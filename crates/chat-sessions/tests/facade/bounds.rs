//! Where a walk stops although the list continues: after a number of pages, and at sessions older
//! than a given time.

use chat_sessions::list::{ListEnd, ListSessions};
use chat_sessions::model::SessionTime;
use chat_sessions::source::Capabilities;
use chat_sessions::testing::FakeSource;
use chat_sessions::{ChatSessions, Cursor, Error, ErrorKind, Order, Provider, Session, Timestamp};

fn newest_first() -> Capabilities {
    Capabilities::none()
        .keeps_places()
        .new_at_front()
        .truthful_totals()
        .descending_ids()
}

fn second(number: u64) -> Timestamp {
    Timestamp::from_unix_millis(i64::try_from(number).unwrap() * 1000).unwrap()
}

/// Sessions whose ids are their creation times in seconds.
fn of_seconds(source: &FakeSource, seconds: impl IntoIterator<Item = u64>) -> Vec<Session> {
    let session = |number: u64| {
        let mut session = source.session(number.to_string());
        session.created_at = Some(SessionTime::derived_from_id(second(number)));
        session
    };
    seconds.into_iter().map(session).collect()
}

/// A list of numbered pages with 10 sessions each.
fn timed(name: &'static str, seconds: impl IntoIterator<Item = u64>) -> FakeSource {
    let source = FakeSource::numbered(10)
        .of_provider(Provider::new(name))
        .claiming(newest_first());
    let sessions = of_seconds(&source, seconds);
    source.sessions(sessions)
}

fn client(sources: &[&FakeSource]) -> ChatSessions {
    let mut builder = ChatSessions::builder();
    for source in sources {
        builder = builder.source((*source).clone());
    }
    builder.build().unwrap()
}

/// Returns the delivered ids, the cursor after them, and how each source's list ended.
async fn walked(list: ListSessions) -> (Vec<String>, Cursor, Vec<Option<ListEnd>>) {
    let mut stream = list.by_item();
    let mut ids = Vec::new();
    while let Some(session) = stream.next().await {
        ids.push(session.unwrap().id.to_string());
    }
    let ends = stream.report().sources.iter().map(|source| source.end).collect();
    (ids, stream.cursor(), ends)
}

#[tokio::test(flavor = "current_thread")]
async fn no_session_that_is_new_enough_is_lost_and_no_later_page_is_requested() {
    for bound in [0, 1, 2, 55, 91, 92, 100, 101] {
        for order in [Order::Newest, Order::Source, Order::Arrival] {
            let source = timed("fake", (1..=100).rev());
            let list = client(&[&source])
                .list_sessions()
                .order(order)
                .stop_before(second(bound));
            let (ids, cursor, ends) = walked(list).await;
            let wanted: Vec<String> = (bound.max(1)..=100)
                .rev()
                .map(|number| format!("fake:{number}"))
                .collect();
            assert_eq!(ids[..wanted.len()], wanted, "{order:?} back to {bound}");
            assert!(ids.len() < wanted.len() + 11, "{order:?} back to {bound}");
            let pages = wanted.len() / 10 + 1;
            assert_eq!(source.requests().len(), pages.min(if bound > 1 { 10 } else { 11 }));
            assert_eq!(
                ends[0] == Some(ListEnd::OldEnough),
                bound > 1,
                "{order:?} back to {bound}"
            );

            // The cursor continues with the older sessions.
            let (rest, _, _) = walked(client(&[&source]).list_sessions().resume(cursor)).await;
            assert_eq!([ids, rest].concat().len(), 100, "{order:?} back to {bound}");
        }
    }
}

#[tokio::test(flavor = "current_thread")]
async fn a_list_whose_order_is_unknown_or_broken_is_read_to_its_end() {
    let ascending = timed("fake", [90, 80, 70, 71, 60, 50, 40, 30, 20, 10, 9, 8, 100]);
    let unknown = timed("fake", (1..=100).rev()).claiming(newest_first_but(|capabilities| {
        capabilities.descending_ids = false;
    }));
    let anywhere = timed("fake", (1..=100).rev()).claiming(newest_first_but(|capabilities| {
        capabilities.new_at_front = false;
    }));
    let given = timed("fake", (1..=100).rev());
    given.change(|sessions| {
        for session in sessions {
            session.created_at = Some(SessionTime::parse("1970-01-01T00:00:01Z".to_owned()).unwrap());
        }
    });
    let timeless = timed("fake", (1..=100).rev());
    timeless.change(|sessions| sessions.iter_mut().for_each(|session| session.created_at = None));
    for (case, source) in [
        ("ids that do not descend", ascending),
        ("no claim about ids", unknown),
        ("no claim about new sessions", anywhere),
        ("times that differ from those of the ids", given),
        ("no times", timeless),
    ] {
        let all = source.held().len();
        let list = client(&[&source]).list_sessions().stop_before(second(1000));
        let (ids, _, ends) = walked(list).await;
        assert_eq!(ids.len(), all, "{case}");
        assert_ne!(ends, [Some(ListEnd::OldEnough)], "{case}");
    }
}

fn newest_first_but(change: impl FnOnce(&mut Capabilities)) -> Capabilities {
    let mut capabilities = newest_first();
    change(&mut capabilities);
    capabilities
}

#[tokio::test(flavor = "current_thread")]
async fn one_list_that_is_old_enough_does_not_end_the_others() {
    let ordered = timed("ordered", (1..=100).rev());
    let mixed = FakeSource::tokens(10).of_provider(Provider::new("mixed"));
    let sessions = of_seconds(&mixed, (1..=50).chain(60..=90));
    let mixed = mixed.sessions(sessions);
    for order in [Order::Newest, Order::Source, Order::Arrival] {
        let before = ordered.requests().len();
        let list = client(&[&ordered, &mixed])
            .list_sessions()
            .order(order)
            .stop_before(second(85));
        let (ids, _, ends) = walked(list).await;
        assert_eq!(ids.iter().filter(|id| id.starts_with("mixed")).count(), 81, "{order:?}");
        assert_eq!(
            ids.iter().filter(|id| id.starts_with("ordered")).count(),
            20,
            "{order:?}"
        );
        assert_eq!(ends, [Some(ListEnd::OldEnough), Some(ListEnd::NoToken)], "{order:?}");
        assert_eq!(ordered.requests().len() - before, 2, "{order:?}");
    }
}

#[tokio::test(flavor = "current_thread")]
async fn max_pages_limits_the_requests_and_the_cursor_resumes_with_the_rest_in_the_same_order() {
    let sources = || (timed("one", (1..=55).rev()), timed("two", (20..=70).rev()));
    for order in [Order::Newest, Order::Source, Order::Arrival] {
        for ahead in [0, 3] {
            let (one, two) = sources();
            let (whole, _, _) = walked(client(&[&one, &two]).list_sessions().order(order)).await;
            for most in 1..=7 {
                let case = format!("{order:?}, {most} pages, {ahead} ahead");
                let (one, two) = sources();
                let list = || client(&[&one, &two]).list_sessions().order(order).read_ahead(ahead);
                let (ids, cursor, _) = walked(list().max_pages(most)).await;
                for source in [&one, &two] {
                    assert!(source.requests().len() as u64 <= most, "{case}");
                }
                assert!(!ids.is_empty(), "{case}");
                let (rest, _, _) = walked(list().resume(cursor)).await;
                let joined = [ids, rest].concat();
                if order == Order::Arrival {
                    let sorted = |mut ids: Vec<String>| {
                        ids.sort();
                        ids
                    };
                    assert_eq!(sorted(joined), sorted(whole.clone()), "{case}");
                } else {
                    assert_eq!(joined, whole, "{case}");
                }
            }
        }
    }
}

#[tokio::test(flavor = "current_thread")]
async fn max_pages_also_limits_by_page() {
    for order in [Order::Newest, Order::Source, Order::Arrival] {
        let source = timed("fake", (1..=55).rev());
        let mut pages = client(&[&source]).list_sessions().order(order).max_pages(2).by_page();
        let mut sessions = 0;
        while let Some(page) = pages.next().await {
            sessions += page.unwrap().sessions.len();
        }
        assert_eq!((sessions, source.requests().len()), (20, 2), "{order:?}");
        let rest = client(&[&source]).list_sessions().resume(pages.cursor());
        assert_eq!(walked(rest).await.0.len(), 35, "{order:?}");
    }
}

#[tokio::test(flavor = "current_thread")]
async fn a_stopped_stream_returns_the_held_back_error_with_its_cursor() {
    let (one, two) = (timed("one", (1..=55).rev()), timed("two", (20..=70).rev()));
    one.fail(
        1,
        Error::new(ErrorKind::Server, Provider::new("one")).with_temporary(false),
    );
    let mut stream = client(&[&one, &two]).list_sessions().order(Order::Newest).by_item();
    let mut ids = Vec::new();
    for _ in 0..15 {
        ids.push(stream.next().await.unwrap().unwrap().id.to_string());
    }
    let error = stream.stop().unwrap();
    assert_eq!(
        (error.kind(), error.cursor()),
        (ErrorKind::Server, Some(&stream.cursor()))
    );
    assert!(stream.stop().is_none() && stream.next().await.is_none());
    assert!(stream.has_more() && stream.report().sources[1].sessions == 20);
    let (rest, _, _) = walked(client(&[&one, &two]).list_sessions().resume(stream.cursor())).await;
    assert_eq!(ids.len() + rest.len(), 55 + 51);
    assert_eq!(two.requests().len(), 2 + 5, "nothing was requested after the stop");

    let mut refused = client(&[&one]).list_sessions().page_size(0).by_item();
    assert_eq!(
        refused.stop().map(|error| error.kind()),
        Some(ErrorKind::InvalidRequest)
    );
}
