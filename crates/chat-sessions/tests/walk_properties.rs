//! Property tests: no session is lost and none is delivered twice. The oracle does not know how the
//! walk works.
//!
//! The oracle keeps three facts: which sessions exist since the first response, which of them were
//! deleted since, and which were delivered. Lists, page sizes, limits, read-ahead, the moments of
//! changes and the duration of each response are random. Tokio's clock is paused, so that responses
//! arrive out of order and no time passes.
//!
//! `PROPTEST_CASES=2000000 cargo test --release -p chat-sessions --test walk_properties` runs millions.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chat_sessions::list::{Doubt, Guarantee};
use chat_sessions::source::{BoxFuture, Capabilities, PageRequest, SessionSource, SourcePage};
use chat_sessions::testing::FakeSource;
use chat_sessions::{ChatSessions, Cursor, Provider, Result, Session, SessionId};
use proptest::prelude::*;

/// A change of the list before a response.
#[derive(Clone, Copy, Debug)]
enum Change {
    InsertAtFront,
    InsertAt(usize),
    Delete(usize),
    MoveToFront(usize),
}

#[derive(Clone, Debug)]
struct Scenario {
    sessions: usize,
    page_size: usize,
    read_ahead: u32,
    limit: Option<u64>,
    stop_after: Option<usize>,
    /// Changes of the list between the interruption and the resumption.
    between: Vec<Change>,
    /// Changes and the number of the request that each precedes; the first response shows the
    /// original list.
    changes: Vec<(usize, Change)>,
    delays: Vec<u64>,
}

fn scenarios(change: impl Strategy<Value = Change> + Clone + 'static) -> impl Strategy<Value = Scenario> {
    (
        0_usize..24,
        1_usize..6,
        prop_oneof![Just(0_u32), Just(1), Just(4), 0_u32..7],
        proptest::option::weighted(0.3, 0_u64..30),
        proptest::option::weighted(0.5, 0_usize..30),
        proptest::collection::vec(change.clone(), 0..4),
        proptest::collection::vec((2_usize..16, change), 0..10),
        proptest::collection::vec(0_u64..8, 0..24),
    )
        .prop_map(
            |(sessions, page_size, read_ahead, limit, stop_after, between, changes, delays)| Scenario {
                sessions,
                page_size,
                read_ahead,
                limit,
                stop_after,
                between,
                changes,
                delays,
            },
        )
}

fn ordinary_changes() -> impl Strategy<Value = Change> + Clone {
    prop_oneof![Just(Change::InsertAtFront), (0_usize..24).prop_map(Change::Delete),]
}

/// The state that the oracle shares with the scripted changes.
#[derive(Default)]
struct Facts {
    deleted: HashSet<u64>,
    newest: u64,
}

/// The result of a walk.
#[derive(Debug)]
struct Outcome {
    delivered: Vec<u64>,
    guarantee: Guarantee,
    /// The guarantee of the walk before it was interrupted, if it was.
    before: Option<Guarantee>,
    there_throughout: HashSet<u64>,
    complete: bool,
}

fn play(scenario: &Scenario, source: FakeSource, wrap: impl Fn(FakeSource) -> Wrapped) -> Outcome {
    let facts = Arc::new(Mutex::new(Facts {
        deleted: HashSet::new(),
        newest: scenario.sessions as u64,
    }));
    let source = source.ids((1..=scenario.sessions as u64).rev().map(|id| id.to_string()));
    for (request, change) in &scenario.changes {
        let (facts, change, handle) = (Arc::clone(&facts), *change, source.clone());
        source.change_at(*request, move |list| {
            // The handle only creates sessions; the caller of this closure holds the lock of the
            // list.
            apply(change, list, &mut facts.lock().unwrap(), |id| {
                handle.session(id.to_string())
            });
        });
    }
    for (index, delay) in scenario.delays.iter().enumerate() {
        source.delay(index + 1, Duration::from_millis(*delay));
    }
    let handle = source.clone();
    let between = || {
        handle.change(|list| {
            for change in &scenario.between {
                let session = |id: u64| Session::new(SessionId::new(Provider::new("fake"), id.to_string()));
                apply(*change, list, &mut facts.lock().unwrap(), session);
            }
        });
    };
    let client = ChatSessions::new(wrap(source));

    thread_local! {
        static RUNTIME: tokio::runtime::Runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
    }
    let (delivered, guarantee, before, complete) =
        RUNTIME.with(|runtime| runtime.block_on(walk(scenario, &client, between)));
    let facts = facts.lock().unwrap();
    Outcome {
        delivered,
        guarantee,
        before,
        there_throughout: (1..=scenario.sessions as u64)
            .filter(|id| !facts.deleted.contains(id))
            .collect(),
        complete,
    }
}

async fn walk(
    scenario: &Scenario,
    client: &ChatSessions,
    between: impl Fn(),
) -> (Vec<u64>, Guarantee, Option<Guarantee>, bool) {
    let list = || client.list_sessions().read_ahead(scenario.read_ahead);
    let limited = |limit: Option<u64>| match limit {
        Some(limit) => list().limit(limit),
        None => list(),
    };
    let mut delivered: Vec<u64> = Vec::new();
    let mut stream = limited(scenario.limit).by_item();
    let mut before = None;
    let mut stop_after = scenario.stop_after;
    loop {
        if stop_after.is_some_and(|stop| delivered.len() >= stop) {
            stop_after = None;
            before = Some(stream.report().sources[0].guarantee);
            let printed = stream.cursor().to_string();
            drop(stream);
            between();
            let cursor: Cursor = printed.parse().unwrap();
            let left = scenario.limit.map(|limit| limit - delivered.len() as u64);
            stream = limited(left).resume(cursor).by_item();
        }
        match stream.next().await {
            Some(session) => delivered.push(session.unwrap().id.as_str().parse().unwrap()),
            None => break,
        }
    }
    let complete = scenario.limit.is_none_or(|limit| (delivered.len() as u64) < limit);
    (delivered, stream.report().sources[0].guarantee, before, complete)
}

fn apply(change: Change, list: &mut Vec<Session>, facts: &mut Facts, session: impl Fn(u64) -> Session) {
    match change {
        Change::InsertAtFront => {
            facts.newest += 1;
            list.insert(0, session(facts.newest));
        }
        Change::InsertAt(index) => {
            facts.newest += 1;
            list.insert(index.min(list.len()), session(facts.newest));
        }
        Change::Delete(index) if !list.is_empty() => {
            let gone = list.remove(index % list.len());
            facts.deleted.insert(gone.id.as_str().parse().unwrap());
        }
        Change::MoveToFront(index) if !list.is_empty() => {
            let moved = list.remove(index % list.len());
            list.insert(0, moved);
        }
        Change::Delete(_) | Change::MoveToFront(_) => {}
    }
}

/// Checks what holds for every walk of a list that keeps its promises.
fn check_exact(outcome: &Outcome) -> std::result::Result<(), TestCaseError> {
    check_once(outcome)?;
    let there: Vec<&u64> = outcome
        .delivered
        .iter()
        .filter(|id| outcome.there_throughout.contains(id))
        .collect();
    prop_assert!(
        there.is_sorted_by(|newer, older| newer > older),
        "the order of the list is kept: {:?}",
        outcome.delivered
    );
    let last = there.last().copied().copied().unwrap_or(u64::MAX);
    let missing: Vec<&u64> = outcome
        .there_throughout
        .iter()
        .filter(|id| outcome.complete || **id > last)
        .filter(|id| !outcome.delivered.contains(id))
        .collect();
    prop_assert!(
        missing.is_empty(),
        "{missing:?} were never delivered: {:?}",
        outcome.delivered
    );
    Ok(())
}

/// Checks that no session is missing, even if sessions may be delivered twice.
fn check_covered(outcome: &Outcome) -> std::result::Result<(), TestCaseError> {
    let missing = outcome
        .there_throughout
        .iter()
        .find(|id| outcome.complete && !outcome.delivered.contains(id));
    prop_assert_eq!(missing, None, "of {:?}", outcome.delivered);
    Ok(())
}

fn check_once(outcome: &Outcome) -> std::result::Result<(), TestCaseError> {
    let once: HashSet<&u64> = outcome.delivered.iter().collect();
    prop_assert_eq!(
        once.len(),
        outcome.delivered.len(),
        "no session is delivered twice: {:?}",
        outcome.delivered
    );
    Ok(())
}

/// A source that can claim and report something false about its list.
#[derive(Debug)]
struct Wrapped {
    inner: FakeSource,
    /// Replaces every reported total.
    total: fn(u64) -> Option<u64>,
    /// Replaces every reported page size.
    page_size: fn(u64) -> Option<u64>,
}

fn truthful(inner: FakeSource) -> Wrapped {
    Wrapped {
        inner,
        total: Some,
        page_size: Some,
    }
}

impl SessionSource for Wrapped {
    fn provider(&self) -> Provider {
        self.inner.provider()
    }

    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    fn page(&self, request: PageRequest) -> BoxFuture<'_, Result<SourcePage>> {
        Box::pin(async move {
            let mut page = self.inner.page(request).await?;
            page.total = page.total.and_then(self.total);
            page.page_size = page.page_size.and_then(self.page_size);
            Ok(page)
        })
    }
}

fn claims() -> Capabilities {
    Capabilities::none().keeps_places().new_at_front().truthful_totals()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(
        std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(1_000)
    ))]

    /// A list like Memories.ai's, with any read-ahead, interrupted anywhere.
    #[test]
    fn numbered_pages_with_descending_ids_are_exact(scenario in scenarios(ordinary_changes())) {
        let source = FakeSource::numbered(scenario.page_size).claiming(claims().descending_ids());
        let outcome = play(&scenario, source, truthful);
        prop_assert_eq!(outcome.guarantee, Guarantee::Exact);
        prop_assert!(outcome.before.is_none_or(|before| before == Guarantee::Exact));
        check_exact(&outcome)?;
    }

    #[test]
    fn numbered_pages_without_such_ids_are_exact_page_by_page(scenario in scenarios(ordinary_changes())) {
        let source = FakeSource::numbered(scenario.page_size).claiming(claims());
        let outcome = play(&scenario, source, truthful);
        match outcome.guarantee {
            Guarantee::Exact if outcome.before.is_none_or(|before| before == Guarantee::Exact) => check_exact(&outcome)?,
            Guarantee::BestEffort(Doubt::Resumed | Doubt::ResumedElsewhere) if scenario.read_ahead == 0 => {
                prop_assert!(scenario.stop_after.is_some());
                check_covered(&outcome)?;
            }
            _ => {
                prop_assert!(scenario.read_ahead > 0, "{:?}", outcome.guarantee);
                if outcome.before.is_none() {
                    check_once(&outcome)?;
                }
            }
        }
    }

    #[test]
    fn tokens_that_stand_for_places_are_exact(scenario in scenarios(ordinary_changes())) {
        let capabilities = Capabilities::none().keeps_places().new_at_front();
        let source = FakeSource::tokens(scenario.page_size).claiming(capabilities);
        let outcome = play(&scenario, source, truthful);
        match outcome.guarantee {
            Guarantee::Exact => check_exact(&outcome)?,
            // The session before the cursor was deleted, so that its page was read again:
            // duplicates are better than lost sessions.
            doubt => {
                prop_assert_eq!(doubt, Guarantee::BestEffort(Doubt::ResumedElsewhere));
                check_covered(&outcome)?;
            }
        }
    }

    /// Pages that are shorter or longer than reported, or report no size; the list itself does not
    /// change.
    #[test]
    fn a_wrong_page_size_loses_nothing(
        scenario in scenarios(ordinary_changes()),
        claimed in prop_oneof![
            Just((|_| None) as fn(u64) -> Option<u64>),
            Just((|size| Some(size * 3)) as fn(u64) -> Option<u64>),
            Just((|size| Some(size.div_ceil(2))) as fn(u64) -> Option<u64>),
        ],
        descending: bool,
    ) {
        let mut scenario = scenario;
        scenario.changes.clear();
        scenario.between.clear();
        let claims = if descending { claims().descending_ids() } else { claims() };
        let source = FakeSource::numbered(scenario.page_size).claiming(claims);
        let outcome = play(&scenario, source, |inner| Wrapped { page_size: claimed, ..truthful(inner) });
        check_exact(&outcome)?;
    }

    #[test]
    fn a_list_whose_sessions_move_ends_and_says_so(
        scenario in scenarios(prop_oneof![
            Just(Change::InsertAtFront),
            (0_usize..24).prop_map(Change::Delete),
            (0_usize..24).prop_map(Change::MoveToFront),
        ]),
        by_token: bool,
    ) {
        let mut scenario = scenario;
        scenario.stop_after = None;
        let source = if by_token { FakeSource::tokens(scenario.page_size) } else { FakeSource::numbered(scenario.page_size) };
        let outcome = play(&scenario, source.claiming(Capabilities::none().new_at_front().truthful_totals()), truthful);
        prop_assert_eq!(outcome.guarantee, Guarantee::BestEffort(Doubt::PlacesChange));
        check_once(&outcome)?;
    }

    #[test]
    fn a_list_that_grows_anywhere_ends_and_says_so(
        scenario in scenarios(prop_oneof![
            (0_usize..24).prop_map(Change::InsertAt),
            (0_usize..24).prop_map(Change::Delete),
        ]),
    ) {
        let mut scenario = scenario;
        scenario.stop_after = None;
        let source = FakeSource::numbered(scenario.page_size);
        let outcome = play(&scenario, source.claiming(Capabilities::none().keeps_places().truthful_totals()), truthful);
        prop_assert_eq!(outcome.guarantee, Guarantee::BestEffort(Doubt::NewAnywhere));
        check_once(&outcome)?;
    }

    #[test]
    fn a_list_without_a_total_to_rely_on_ends_and_says_so(
        scenario in scenarios(ordinary_changes()),
        lie in prop_oneof![
            Just((|_| None) as fn(u64) -> Option<u64>),
            Just((|total| Some(total + 7)) as fn(u64) -> Option<u64>),
            Just((|total| Some(total / 2)) as fn(u64) -> Option<u64>),
            Just((|_| Some(0)) as fn(u64) -> Option<u64>),
        ],
    ) {
        let mut scenario = scenario;
        scenario.stop_after = None;
        let source = FakeSource::numbered(scenario.page_size);
        let source = source.claiming(Capabilities::none().keeps_places().new_at_front());
        let outcome = play(&scenario, source, |inner| Wrapped { total: lie, ..truthful(inner) });
        if scenario.limit != Some(0) {
            prop_assert_eq!(outcome.guarantee, Guarantee::BestEffort(Doubt::NoTruthfulTotal));
        }
        check_once(&outcome)?;
    }
}

/// The counterexample from the issue: page 3 is read, then 6 is created and 1 deleted, then page 2
/// is read. The total stays 5, and 2 moves from the end of page 2 to the start of page 3, after
/// page 3 was read too early.
#[test]
fn a_response_that_was_fetched_too_early_is_requested_again() {
    let scenario = Scenario {
        sessions: 5,
        page_size: 2,
        read_ahead: 4,
        limit: None,
        stop_after: None,
        between: Vec::new(),
        changes: vec![(2, Change::InsertAtFront), (2, Change::Delete(5))],
        delays: vec![0, 5, 1],
    };
    let source = FakeSource::numbered(2).claiming(claims().descending_ids());
    let handle = source.clone();
    let outcome = play(&scenario, source, truthful);
    assert_eq!(outcome.delivered, [5, 4, 3, 2]);
    assert_eq!(outcome.guarantee, Guarantee::Exact);
    let asked: Vec<String> = handle
        .requests()
        .iter()
        .map(|request| format!("{:?}", request.position))
        .collect();
    assert_eq!(asked, ["Start", "Page(2)", "Page(3)", "Page(3)"], "page 3 twice");
}
