//! Walks that resume at a cursor, and lists that repeat themselves or cannot be walked.

use chat_sessions::error::Remedy;
use chat_sessions::list::Guarantee;
use chat_sessions::model::SessionTime;
use chat_sessions::source::{Capabilities, NextPage, SourcePage};
use chat_sessions::testing::FakeSource;
use chat_sessions::{ChatSessions, Cursor, ErrorKind, Order, Provider};

use crate::lists::{client, items};

fn pages_of<T: AsRef<str>>(source: &FakeSource, ids: &[T], total: u64) -> SourcePage {
    let sessions = ids.iter().map(|id| source.session(id.as_ref())).collect();
    let mut page = SourcePage::new(sessions, NextPage::ByNumber);
    page.total = Some(total);
    page.page_size = Some(2);
    page
}

#[tokio::test]
async fn a_resumed_walk_reports_what_was_seen_before_and_counts_its_own() {
    for taken in 0..5 {
        for source in [
            FakeSource::numbered(2).ids(["5", "4", "3", "2", "1"]),
            FakeSource::tokens(2).ids(["5", "4", "3", "2", "1"]),
        ] {
            let client = client([source]);
            let mut stream = client.list_sessions().by_item();
            for _ in 0..taken {
                stream.next().await.unwrap().unwrap();
            }
            let mut stream = client.list_sessions().resume(stream.cursor()).by_item();
            assert_eq!(stream.report().sources[0].before_cursor, taken);
            while stream.next().await.is_some() {}
            let report = stream.report().sources.remove(0);
            assert_eq!((report.before_cursor, report.sessions), (taken, 5 - taken));
            assert_eq!(
                report.duplicates, 0,
                "what was delivered before is not counted as repeated"
            );
        }
    }
}

#[tokio::test]
async fn repeated_sessions_are_counted_but_not_those_before_a_cursor() {
    let source = FakeSource::numbered(2);
    for (request, ids, total) in [
        (1, ["4", "3"], 4),
        (2, ["3", "2"], 5),
        (3, ["3", "2"], 5),
        (4, ["2", "1"], 6),
    ] {
        source.answer(request, pages_of(&source, &ids, total));
    }
    let client = client([source]);
    let mut stream = client.list_sessions().by_item();
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(stream.next().await.unwrap().unwrap().id.as_str().to_owned());
    }
    let report = stream.report().sources.remove(0);
    assert_eq!(
        (&ids[..], report.duplicates),
        (&["4", "3", "2"].map(String::from)[..], 1)
    );
}

/// A page that was fetched for a merge, but not delivered, is fetched again as if it had never been
/// seen.
#[tokio::test]
async fn an_undelivered_page_is_resumed_as_unseen() {
    let source = |name: &str, days: [u8; 4]| {
        let source = FakeSource::tokens(2).in_scope(name.to_owned());
        let sessions = days.map(|day| {
            let mut session = source.session(format!("{name}{day}"));
            session.updated_at = Some(SessionTime::parse(format!("2026-01-{day:02}T00:00:00Z")).unwrap());
            session
        });
        source.sessions(sessions)
    };
    let (a, b) = (source("a", [19, 17, 15, 13]), source("b", [18, 16, 14, 12]));
    let client = ChatSessions::builder().source(a).source(b).build().unwrap();
    let list = || client.list_sessions().order(Order::Newest);
    let whole = items(list()).await;
    assert_eq!(whole, ["a19", "b18", "a17", "b16", "a15", "b14", "a13", "b12"]);
    // Stops anywhere, resumes, and stops again before anything of the page at the cursor is
    // delivered.
    for stop in 0..=8 {
        let mut stream = list().by_item();
        for _ in 0..stop {
            stream.next().await.unwrap().unwrap();
        }
        let mut again = list().resume(stream.cursor()).by_item();
        let further = again.next().await.is_some();
        let stop = stop + usize::from(further);
        let mut last = list().resume(again.cursor()).by_item();
        let mut delivered = Vec::new();
        while let Some(session) = last.next().await {
            delivered.push(session.unwrap().id.as_str().to_owned());
        }
        assert_eq!(delivered, whole[stop..], "stopped after {stop}");
        for source in last.report().sources {
            assert_eq!(source.guarantee, Guarantee::Exact, "stopped after {stop}");
            assert_eq!(source.duplicates, 0, "stopped after {stop}");
        }
    }
}

#[tokio::test]
async fn numbered_pages_keep_their_size_after_a_cursor_and_others_need_not() {
    for (source, size) in [
        (FakeSource::numbered(2).ids(["5", "4", "3", "2", "1"]), 2),
        (FakeSource::tokens(2).ids(["5", "4", "3", "2", "1"]), 3),
    ] {
        let client = client([source.clone()]);
        let mut stream = client.list_sessions().page_size(2).read_ahead(0).by_page();
        stream.next().await.unwrap().unwrap();
        let list = client.list_sessions().page_size(3).resume(stream.cursor());
        assert_eq!(items(list).await, ["3", "2", "1"]);
        assert_eq!(source.requests()[1].page_size, Some(size));
    }
    // If the page size has no effect, the cursor does not keep it.
    let without = Capabilities::none().keeps_places().new_at_front().truthful_totals();
    let source = FakeSource::numbered(2).claiming(without).ids(["5", "4", "3", "2", "1"]);
    let client = client([source.clone()]);
    let mut stream = client.list_sessions().page_size(2).by_page();
    stream.next().await.unwrap().unwrap();
    let list = client.list_sessions().page_size(3).resume(stream.cursor());
    assert_eq!(items(list).await, ["3", "2", "1"]);
    assert_eq!(source.requests()[1].page_size, Some(3));
}

#[tokio::test]
async fn each_walk_failure_has_a_remedy() {
    let token =
        |source: &FakeSource, id: &str| SourcePage::new(vec![source.session(id)], NextPage::Token("again".to_owned()));
    let repeats = FakeSource::tokens(2);
    repeats.answer(1, token(&repeats, "2"));
    repeats.answer(2, token(&repeats, "1"));

    let absent = FakeSource::numbered(2);
    let mut page = SourcePage::new(Vec::new(), NextPage::ByNumber);
    page.absent = true;
    absent.answer(1, page);

    let restless = FakeSource::numbered(2);
    restless.answer(1, pages_of(&restless, &["9", "8"], 100_000));
    restless.answer(2, pages_of(&restless, &["7", "6"], 9));

    let rows = [
        (
            repeats,
            2,
            ErrorKind::Walk,
            "the list returned the same page token twice",
            Remedy::KeepDelivered,
        ),
        (
            absent,
            0,
            ErrorKind::Protocol,
            "the response reports success but has no list of sessions",
            Remedy::UpdateSpec,
        ),
        (
            restless,
            2,
            ErrorKind::Walk,
            "the list changes faster than it can be read",
            Remedy::ResumeLater,
        ),
    ];
    for (source, sessions, kind, message, remedy) in rows {
        let mut stream = client([source]).list_sessions().by_item();
        for _ in 0..sessions {
            stream.next().await.unwrap().unwrap();
        }
        let error = stream.next().await.unwrap().unwrap_err();
        assert_eq!(
            (error.kind(), error.message(), error.remedy()),
            (kind, message, Some(&remedy))
        );
        assert_eq!(error.scope().unwrap().as_str(), "0");
    }
}

#[tokio::test]
async fn a_cursor_resumes_only_a_list_that_is_bound_to_the_same_text() {
    let source = FakeSource::numbered(2).ids(["5", "4", "3", "2", "1"]);
    let client = client([source.clone()]);
    let list = |text: Option<&str>| {
        let list = client.list_sessions();
        match text {
            Some(text) => list.bind_cursor(text),
            None => list,
        }
    };
    let texts = [None, Some(""), Some("title: a"), Some("title: b")];
    for (own, other) in texts.into_iter().flat_map(|own| texts.map(|other| (own, other))) {
        for order in [Order::Arrival, Order::Newest] {
            let mut pages = list(own).page_size(2).order(order).by_page();
            pages.next().await.unwrap().unwrap();
            let mut items = list(own).order(order).by_item();
            items.next().await.unwrap().unwrap();
            items.next().await.unwrap().unwrap();
            let sent = list(own).page_size(2).order(order).send().await.unwrap();
            for cursor in [pages.cursor(), items.cursor(), sent.next.unwrap()] {
                let printed = cursor.to_string().parse().unwrap();
                let rest = list(other).order(order).resume(printed);
                let requests = source.requests().len();
                let mut rest = rest.by_item();
                let next = rest.next().await.unwrap();
                if own == other {
                    assert_eq!(next.unwrap().id.as_str(), "3", "{own:?}");
                    continue;
                }
                let error = next.unwrap_err();
                let why = match (own, other) {
                    (None, _) => "that list has no filter",
                    (_, None) => "that list has a filter",
                    _ => "that list has another filter",
                };
                assert_eq!(error.message(), format!("the cursor belongs to another list: {why}"));
                assert_eq!(
                    (error.kind(), error.remedy()),
                    (ErrorKind::Cursor, Some(&Remedy::MatchFilter))
                );
                assert_eq!(source.requests().len(), requests, "it is refused before any request");
                let start = list(other).order(order).by_item().cursor();
                assert_eq!(rest.cursor(), start, "a refused list is still at its own start");
            }
        }
    }
}

#[tokio::test]
async fn the_cursor_of_an_error_is_bound_too() {
    let source = FakeSource::numbered(2).ids(["5", "4", "3", "2", "1"]);
    source.fail(2, chat_sessions::Error::local(ErrorKind::Server));
    let client = client([source]);
    let list = || client.list_sessions().retry(chat_sessions::retry::RetryPolicy::none());
    let mut stream = list().bind_cursor("a").by_item();
    let error = loop {
        if let Err(error) = stream.next().await.unwrap() {
            break error;
        }
    };
    let cursor = error.cursor().unwrap().clone();
    assert_eq!(
        items(list().bind_cursor("a").resume(cursor.clone())).await,
        ["3", "2", "1"]
    );
    let refused = list().bind_cursor("b").resume(cursor).by_item().next().await;
    assert_eq!(refused.unwrap().unwrap_err().kind(), ErrorKind::Cursor);
}

#[tokio::test]
async fn a_cursor_resumes_its_own_sources_and_is_refused_without_them() {
    let named = |name: &'static str, scope: &str| {
        FakeSource::numbered(2)
            .of_provider(Provider::new(name))
            .in_scope(scope.to_owned())
    };
    let of = |sources: Vec<FakeSource>| {
        let mut builder = ChatSessions::builder();
        for source in sources {
            builder = builder.source(source);
        }
        builder.build().unwrap()
    };
    let unscoped = || FakeSource::numbered(2).of_provider(Provider::new("a"));
    let (first, second) = (|| named("a", "x"), || named("b", "x"));
    let cursor = of(vec![first()]).list_sessions().by_item().cursor();
    let both = of(vec![first(), second()]).list_sessions().by_item().cursor();
    let none = "none of its sources is in this list";
    let rows: [(Vec<FakeSource>, &Cursor, &str); 6] = [
        (vec![second()], &cursor, none),
        (vec![named("a", "y")], &cursor, none),
        (vec![unscoped()], &cursor, none),
        (
            vec![named("a", "y"), second()],
            &both,
            "one of its sources is not in this list",
        ),
        (vec![first()], &both, "one of its sources is not in this list"),
        (
            vec![second()],
            &of(vec![first(), named("a", "y"), second()])
                .list_sessions()
                .by_item()
                .cursor(),
            "2 of its sources are not in this list",
        ),
    ];
    for (sources, cursor, why) in rows {
        let error = of(sources)
            .list_sessions()
            .resume(cursor.clone())
            .send()
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cursor);
        assert_eq!(error.message(), format!("the cursor belongs to another list: {why}"));
    }
    let turned = of(vec![second(), first()]).list_sessions().resume(both).send().await;
    assert!(turned.is_ok(), "the order of the sources does not matter");

    // One source resumes in its middle, one has ended, and one that was added starts.
    let three = || [first().ids(["a3", "a2", "a1"]), second().ids(["b2", "b1"])];
    let mut stream = of(three().into()).list_sessions().order(Order::Source).by_item();
    for id in ["a3", "a2"] {
        assert_eq!(stream.next().await.unwrap().unwrap().id.as_str(), id);
    }
    let added = named("a", "y").ids(["c2", "c1"]);
    let [a, b] = three();
    let resumed = of(vec![added, a, b])
        .list_sessions()
        .resume(stream.cursor())
        .order(Order::Source);
    let ids: Vec<String> = resumed
        .send()
        .await
        .unwrap()
        .sessions
        .into_iter()
        .map(|session| session.id.as_str().to_owned())
        .collect();
    assert_eq!(ids, ["c2", "c1", "a1", "b2", "b1"]);
    let [a, _] = three();
    let mut ended = of(vec![a]).list_sessions().by_item();
    while ended.next().await.is_some() {}
    let [a, b] = three();
    let resumed = of(vec![a, b])
        .list_sessions()
        .resume(ended.cursor())
        .send()
        .await
        .unwrap();
    assert_eq!(resumed.sessions.len(), 2, "the list that ended stays ended");
}
