//! Whether a list is complete: a table of every way in which sessions can be missing, and of what
//! looks like one and is none, in every order.

use chat_sessions::list::{ListEnd, ListSessions, OnBadItem, SourceReport, Unfinished, WalkReport};
use chat_sessions::model::SessionTime;
use chat_sessions::source::{Capabilities, NextPage, Rejected, SourcePage};
use chat_sessions::testing::FakeSource;
use chat_sessions::{ChatSessions, Error, ErrorKind, Order, Provider, Timestamp};

const ORDERS: [Order; 3] = [Order::Arrival, Order::Source, Order::Newest];

fn second(number: u64) -> Timestamp {
    Timestamp::from_unix_millis(i64::try_from(number).unwrap() * 1000).unwrap()
}

/// A list of five sessions in numbered pages of two, whose ids are their creation times.
fn numbered() -> FakeSource {
    let capabilities = Capabilities::none()
        .keeps_places()
        .new_at_front()
        .truthful_totals()
        .descending_ids();
    let source = FakeSource::numbered(2).in_scope("numbered").claiming(capabilities);
    let sessions = (1..=5_u64).rev().map(|number| {
        let mut session = source.session(number.to_string());
        session.created_at = Some(SessionTime::derived_from_id(second(number)));
        session
    });
    let sessions: Vec<_> = sessions.collect();
    source.sessions(sessions)
}

/// A list of three sessions in pages of two with tokens.
fn tokens() -> FakeSource {
    FakeSource::tokens(2).in_scope("tokens").ids(["c", "b", "a"])
}

fn failure(kind: ErrorKind) -> Error {
    Error::new(kind, Provider::new("fake"))
}

fn bad_item() -> Rejected {
    Rejected::new(1, "/1", "it is bad", "{}")
}

/// What a case does to the two lists and to the request.
type Setup = fn(&FakeSource, &FakeSource, ListSessions) -> ListSessions;

/// The expected report.
struct Expected {
    complete: bool,
    lost: bool,
    /// Why each list is unfinished.
    unfinished: [Option<Unfinished>; 2],
}

const WHOLE: Expected = Expected {
    complete: true,
    lost: false,
    unfinished: [None, None],
};

fn cut(unfinished: Unfinished) -> Expected {
    Expected {
        complete: false,
        lost: false,
        unfinished: [Some(unfinished); 2],
    }
}

fn lost(numbered: Option<Unfinished>, tokens: Option<Unfinished>) -> Expected {
    Expected {
        complete: false,
        lost: true,
        unfinished: [numbered, tokens],
    }
}

#[rustfmt::skip]
fn cases() -> Vec<(&'static str, Setup, Expected)> {
    use Unfinished::{Failed, Limit, MaxPages};
    vec![
        ("the whole list", |_, _, list| list, WHOLE),
        ("a limit that all sessions fill", |_, _, list| list.limit(8), WHOLE),
        ("a limit beyond the end", |_, _, list| list.limit(9), WHOLE),
        ("a limit", |_, _, list| list.limit(3), cut(Limit)),
        ("a limit of nothing", |_, _, list| list.limit(0), cut(Limit)),
        ("as many pages as there are", |_, _, list| list.max_pages(3), WHOLE),
        ("too few pages", |_, _, list| list.max_pages(1), cut(MaxPages)),
        ("a session that is sent twice", |numbered, _, list| {
            let sessions = ["5", "4"].map(|id| numbered.session(id)).into();
            let mut page = SourcePage::new(sessions, NextPage::ByNumber);
            (page.total, page.page_size) = (Some(5), Some(2));
            numbered.answer(2, page);
            list
        }, WHOLE),
        ("sessions that are older than requested", |_, _, list| list.stop_before(second(3)), WHOLE),
        ("a skipped item", |_, tokens, list| {
            let mut page = SourcePage::new(vec![tokens.session("c")], NextPage::End);
            page.rejected = vec![bad_item()];
            tokens.answer(1, page);
            list
        }, lost(None, None)),
        ("a skipped item, and a limit", |numbered, _, list| {
            let mut page = SourcePage::new(vec![numbered.session("5")], NextPage::ByNumber);
            page.rejected = vec![bad_item()];
            (page.total, page.page_size) = (Some(5), Some(2));
            numbered.answer(1, page);
            list.limit(1)
        }, lost(Some(Limit), Some(Limit))),
        ("only bad items", |_, tokens, list| {
            let mut page = SourcePage::new(Vec::new(), NextPage::End);
            page.rejected = vec![bad_item()];
            tokens.answer(1, page);
            list
        }, lost(None, Some(Failed))),
        ("a bad item that may not be skipped", |_, tokens, list| {
            let mut page = SourcePage::new(vec![tokens.session("c")], NextPage::End);
            page.rejected = vec![bad_item()];
            tokens.answer(1, page);
            list.on_bad_item(OnBadItem::Fail)
        }, lost(None, Some(Failed))),
        ("a failure at the start", |numbered, _, list| {
            numbered.fail(1, failure(ErrorKind::Auth));
            list
        }, lost(Some(Failed), None)),
        ("a failure in the middle", |_, tokens, list| {
            tokens.fail(2, failure(ErrorKind::Server));
            list
        }, lost(None, Some(Failed))),
        ("two failures", |numbered, tokens, list| {
            numbered.fail(3, failure(ErrorKind::Timeout));
            tokens.fail(1, failure(ErrorKind::Connect));
            list
        }, lost(Some(Failed), Some(Failed))),
        ("a failure before the limit on pages", |numbered, _, list| {
            numbered.fail(1, failure(ErrorKind::Auth));
            list.max_pages(1)
        }, lost(Some(Failed), Some(MaxPages))),
        ("a token that repeats", |_, tokens, list| {
            for request in [1, 2] {
                let next = NextPage::Token("again".to_owned());
                tokens.answer(request, SourcePage::new(vec![tokens.session(request.to_string())], next));
            }
            list
        }, lost(None, Some(Failed))),
        ("a response without a list", |numbered, _, list| {
            let mut page = SourcePage::new(Vec::new(), NextPage::ByNumber);
            page.absent = true;
            numbered.answer(1, page);
            list
        }, lost(Some(Failed), None)),
        ("a total that is not reached", |numbered, _, list| {
            for request in 1..=5 {
                let sessions = if request == 1 { vec![numbered.session("5")] } else { Vec::new() };
                let mut page = SourcePage::new(sessions, NextPage::ByNumber);
                (page.total, page.page_size) = (Some(7), Some(2));
                numbered.answer(request, page);
            }
            list
        }, lost(None, None)),
    ]
}

/// Reads a list to its end, by session or by page, and returns the report, the error and whether
/// there may be more.
async fn read(list: ListSessions, by_page: bool) -> (WalkReport, Option<Error>) {
    let mut error = None;
    if by_page {
        let mut pages = list.by_page();
        while let Some(page) = pages.next().await {
            error = page.err();
        }
        return (pages.report(), error);
    }
    let mut sessions = list.by_item();
    while let Some(session) = sessions.next().await {
        error = session.err();
    }
    (sessions.report(), error)
}

fn lists() -> (FakeSource, FakeSource, ChatSessions) {
    let (numbered, tokens) = (numbered(), tokens());
    let builder = ChatSessions::builder().source(numbered.clone()).source(tokens.clone());
    (numbered, tokens, builder.build().unwrap())
}

#[tokio::test]
async fn a_list_is_complete_unless_something_is_missing() {
    for (case, setup, expected) in cases() {
        for order in ORDERS {
            for by_page in [false, true] {
                let (numbered, tokens, client) = lists();
                let list = setup(&numbered, &tokens, client.list_sessions().order(order));
                let (report, error) = read(list, by_page).await;
                let case = format!("{case}, {order:?}, by page: {by_page}: {report:#?}");
                assert_eq!(report.is_complete(), expected.complete, "{case}");
                assert_eq!(report.has_losses(), expected.lost, "{case}");
                let unfinished: Vec<_> = report.sources.iter().map(|source| source.unfinished).collect();
                assert_eq!(unfinished, expected.unfinished, "{case}");
                let has_failed = unfinished.contains(&Some(Unfinished::Failed));
                assert_eq!(has_failed, error.is_some(), "{case}");
            }
        }
    }
}

#[tokio::test]
async fn the_report_counts_the_sessions_that_were_never_sent() {
    let (_, setup, _) = cases().pop().unwrap();
    let (numbered, tokens, client) = lists();
    let (report, _) = read(setup(&numbered, &tokens, client.list_sessions()), false).await;
    let counts = |source: &SourceReport| (source.claimed_total, source.sessions, source.never_sent);
    let counts: Vec<_> = report.sources.iter().map(counts).collect();
    assert_eq!(counts, [(Some(7), 1, 6), (None, 3, 0)]);
    assert_eq!(report.sources[0].end, Some(ListEnd::EmptyPage));
}

#[tokio::test]
async fn a_list_is_incomplete_until_its_last_session_is_taken() {
    for order in ORDERS {
        let (_, _, client) = lists();
        let mut sessions = client.list_sessions().order(order).by_item();
        assert!(!sessions.report().is_complete(), "{order:?}: nothing was requested");
        for taken in 1..=8 {
            assert!(!sessions.report().is_complete(), "{order:?}, {taken}");
            sessions.next().await.unwrap().unwrap();
        }
        assert!(sessions.next().await.is_none());
        assert!(sessions.report().is_complete(), "{order:?}");

        let mut pages = client.list_sessions().order(order).page_size(2).by_page();
        let mut taken = 0;
        while taken < 8 {
            assert!(!pages.report().is_complete(), "{order:?}, {taken}");
            taken += pages.next().await.unwrap().unwrap().sessions.len();
        }
        assert!(pages.next().await.is_none());
        assert!(pages.report().is_complete(), "{order:?}");
    }
}

#[tokio::test]
async fn a_resumed_list_is_complete_if_its_rest_is() {
    for order in ORDERS {
        for taken in 0..=8 {
            let (_, _, client) = lists();
            let mut sessions = client.list_sessions().order(order).by_item();
            for _ in 0..taken {
                sessions.next().await.unwrap().unwrap();
            }
            let rest = client.list_sessions().order(order).resume(sessions.cursor());
            let (report, error) = read(rest, false).await;
            assert!(error.is_none());
            assert!(report.is_complete(), "{order:?}, after {taken}: {report:#?}");
        }
    }
}

#[tokio::test]
async fn a_stream_that_ends_early_says_so() {
    for order in ORDERS {
        // Stopped by its consumer.
        let (_, _, client) = lists();
        let mut sessions = client.list_sessions().order(order).by_item();
        sessions.next().await.unwrap().unwrap();
        assert!(sessions.stop().is_none());
        let report = sessions.report();
        assert!(!report.is_complete() && !report.has_losses(), "{order:?}: {report:#?}");
        assert_eq!(report.sources[0].unfinished, Some(Unfinished::NotRead), "{order:?}");

        // Ended by the first failure.
        let (numbered, _, client) = lists();
        numbered.fail(1, failure(ErrorKind::Server));
        let list = client.list_sessions().order(order).fail_fast(true);
        let (report, error) = read(list, false).await;
        assert!(error.is_some() && report.has_losses() && !report.is_complete());
        assert!(
            report.sources.iter().all(|source| source.unfinished.is_some()),
            "{order:?}: {report:#?}"
        );

        // Invalid, so that it has no sources.
        let (report, error) = read(client.list_sessions().order(order).page_size(0), false).await;
        assert!(error.is_some() && report.sources.is_empty() && !report.is_complete());
    }
}
