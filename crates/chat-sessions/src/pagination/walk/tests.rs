//! Tests the walk over scripted pages: well-behaved lists, lists with wrong totals, and lists that
//! change during the walk.

use super::{MAX_TURN_BACKS, Walk};
use crate::pagination::cursor::ResumePoint;
use crate::pagination::fingerprint::{IdMark, fingerprint};
use crate::pagination::guarantee::{Doubt, Guarantee, ListEnd};
use crate::pagination::recent_ids::REMEMBERED_IDS;
use crate::pagination::step::{MAX_PAGES, MAX_PAGES_WITHOUT_NEW, NextStep, PageSummary, StepOutcome, WalkFailure};
use crate::pagination::token_loop::TokenLoop;
use crate::source::{Capabilities, NextPage, Position};

/// One page of a script: its ids and its claimed total.
type Scripted<'a> = (&'a [u64], Option<u64>);

fn trusted() -> Capabilities {
    Capabilities::none().keeps_places().new_at_front().truthful_totals()
}

fn marks(ids: &[u64]) -> Vec<IdMark> {
    ids.iter()
        .map(|id| IdMark {
            fingerprint: fingerprint(&id.to_string()),
            number: Some(*id),
        })
        .collect()
}

fn step(walk: Walk, ids: &[u64], next: &NextPage, total: Option<u64>, page_size: u64) -> (Walk, StepOutcome) {
    walk.step(&PageSummary {
        marks: &marks(ids),
        rejected: 0,
        next,
        total,
        page_size: Some(page_size),
        absent: false,
    })
}

fn delivered(ids: &[u64], outcome: &StepOutcome) -> Vec<u64> {
    let new = ids
        .iter()
        .enumerate()
        .filter(|(point, _)| !outcome.duplicates.contains(point));
    new.map(|(_, id)| *id).collect()
}

fn number(position: &Position) -> u64 {
    match position {
        Position::Start => 1,
        Position::Page(number) => *number,
        Position::Token(_) => panic!("a numbered list has no tokens"),
    }
}

/// Walks over numbered pages of five. Returns the delivered ids, the requested pages, and how the
/// walk ended.
fn numbered_from(mut walk: Walk, pages: &[Scripted<'_>]) -> (Vec<u64>, Vec<u64>, NextStep, Guarantee) {
    let (mut all, mut requested) = (Vec::new(), Vec::new());
    loop {
        // The script is a sequence of responses, whatever page is requested; empty pages follow it.
        let (ids, total) = pages.get(requested.len()).copied().unwrap_or((&[], None));
        requested.push(number(walk.position()));
        let outcome: StepOutcome;
        (walk, outcome) = step(walk, ids, &NextPage::ByNumber, total, 5);
        all.extend(delivered(ids, &outcome));
        if outcome.next_step != NextStep::Fetch {
            return (all, requested, outcome.next_step, walk.guarantee());
        }
    }
}

fn numbered(pages: &[Scripted<'_>]) -> (Vec<u64>, Vec<u64>, NextStep) {
    let (all, requested, action, _) = numbered_from(Walk::start(Capabilities::none(), false), pages);
    (all, requested, action)
}

#[test]
fn a_numbered_list_ends_where_two_signs_agree() {
    let seven: &[Scripted<'_>] = &[(&[7, 6, 5, 4, 3], Some(7)), (&[2, 1], Some(7))];
    assert_eq!(
        numbered(seven),
        (vec![7, 6, 5, 4, 3, 2, 1], vec![1, 2], NextStep::End(ListEnd::ShortPage)),
        "a short page and a reached total"
    );

    let live: &[Scripted<'_>] = &[(&[3, 2, 1], Some(3))];
    assert_eq!(
        numbered(live).1,
        [1],
        "the live capture of 7 of \"7\" needs no further request"
    );

    let full: &[Scripted<'_>] = &[(&[5, 4, 3, 2, 1], Some(5)), (&[], Some(5))];
    assert_eq!(
        numbered(full),
        (vec![5, 4, 3, 2, 1], vec![1, 2], NextStep::End(ListEnd::EmptyPage)),
        "a full last page looks like any other, so one more is requested"
    );
}

#[test]
fn a_total_that_claims_more_is_given_three_more_chances() {
    let documented: &[Scripted<'_>] = &[(&[4, 3, 2], Some(18))];
    let walk = Walk::start(trusted(), false);
    let (all, requested, action, guarantee) = numbered_from(walk, documented);
    assert_eq!(
        (all, requested),
        (vec![4, 3, 2], vec![1, 2, 3, 4, 5]),
        "pages 2 to 5 are all empty"
    );
    assert_eq!(action, NextStep::End(ListEnd::EmptyPage));
    assert_eq!(
        guarantee,
        Guarantee::BestEffort(Doubt::TotalMissing),
        "empty pages have no total here"
    );

    let lying: &[Scripted<'_>] = &[
        (&[4, 3, 2], Some(18)),
        (&[], Some(18)),
        (&[], Some(18)),
        (&[], Some(18)),
        (&[], Some(18)),
    ];
    let (_, requested, _, guarantee) = numbered_from(Walk::start(trusted(), false), lying);
    assert_eq!(requested.len(), 5);
    assert_eq!(guarantee, Guarantee::BestEffort(Doubt::TotalDiffers));

    for (capabilities, never_sent) in [(trusted(), 15), (Capabilities::none(), 0)] {
        let mut walk = Walk::start(capabilities, false);
        for (ids, total) in lying {
            assert_eq!(walk.never_sent(), 0, "the list has not ended");
            (walk, _) = step(walk, ids, &NextPage::ByNumber, *total, 5);
        }
        assert_eq!(walk.never_sent(), never_sent, "only a truthful total is believed");
    }

    let late: &[Scripted<'_>] = &[(&[4, 3, 2], Some(4)), (&[], Some(4)), (&[], Some(4)), (&[1], Some(4))];
    assert_eq!(
        numbered(late),
        (vec![4, 3, 2, 1], vec![1, 2, 3, 4], NextStep::End(ListEnd::ShortPage))
    );
}

#[test]
fn a_short_page_alone_is_not_the_end() {
    let short: &[Scripted<'_>] = &[(&[9, 8], Some(4)), (&[7, 6], Some(4))];
    let (all, _, action, guarantee) = numbered_from(Walk::start(trusted(), false), short);
    assert_eq!((all, action), (vec![9, 8, 7, 6], NextStep::End(ListEnd::ShortPage)));
    assert_eq!(guarantee, Guarantee::BestEffort(Doubt::ShortPages));

    let middle: &[Scripted<'_>] = &[(&[9, 8], Some(7)), (&[7, 6, 5, 4, 3], Some(7)), (&[], Some(7))];
    let (all, _, _, guarantee) = numbered_from(Walk::start(trusted(), false), middle);
    assert_eq!(all, [9, 8, 7, 6, 5, 4, 3]);
    assert_eq!(guarantee, Guarantee::BestEffort(Doubt::ShortPages));

    let silent: &[Scripted<'_>] = &[(&[9, 8], None), (&[7], None)];
    assert_eq!(
        numbered(silent),
        (vec![9, 8, 7], vec![1, 2, 3], NextStep::End(ListEnd::EmptyPage)),
        "without a total only an empty page ends the list"
    );
}

#[test]
fn a_last_page_that_sticks_ends_the_list_once_all_were_seen() {
    let five: Scripted<'_> = (&[5, 4, 3, 2, 1], Some(5));
    assert_eq!(
        numbered(&[five, five, five]),
        (vec![5, 4, 3, 2, 1], vec![1, 2], NextStep::End(ListEnd::RepeatedPage))
    );

    let lying = vec![(&[5_u64, 4, 3, 2, 1][..], Some(5000)); 200];
    let (all, requested, action) = numbered(&lying);
    assert_eq!((all.len(), requested.len()), (5, MAX_PAGES_WITHOUT_NEW as usize + 1));
    assert_eq!(action, NextStep::Fail(WalkFailure::NothingNew));

    // Going back in between does not evade the limit: it only adds the discarded page and the one
    // before it.
    let mut restless = lying;
    for page in &mut restless[50..] {
        page.1 = Some(4999);
    }
    let (_, requested, action) = numbered(&restless);
    assert_eq!(requested[48..54], [49, 50, 51, 50, 51, 52]);
    assert_eq!(
        (requested.len(), action),
        (
            MAX_PAGES_WITHOUT_NEW as usize + 3,
            NextStep::Fail(WalkFailure::NothingNew)
        )
    );
}

#[test]
fn what_shifts_onto_the_next_page_comes_once_and_asks_for_nothing_more() {
    let shifted: &[Scripted<'_>] = &[
        (&[9, 8, 7, 6, 5], Some(9)),
        (&[5, 4, 3, 2, 1], Some(10)),
        (&[], Some(10)),
    ];
    let (all, requested, action, guarantee) = numbered_from(Walk::start(trusted(), false), shifted);
    assert_eq!((all, requested), (vec![9, 8, 7, 6, 5, 4, 3, 2, 1], vec![1, 2, 3]));
    assert_eq!(
        (action, guarantee),
        (NextStep::End(ListEnd::EmptyPage), Guarantee::Exact)
    );
}

#[test]
fn a_fallen_total_makes_the_walk_go_back_as_far_as_sessions_can_have_slid() {
    // Of 12 sessions, 11 and 10 are deleted, so 7 and 6 slide onto page 1: page 2 is discarded and
    // page 1 is requested again.
    let slid: &[Scripted<'_>] = &[
        (&[12, 11, 10, 9, 8], Some(12)),
        (&[5, 4, 3, 2, 1], Some(10)),
        (&[12, 9, 8, 7, 6], Some(10)),
        (&[5, 4, 3, 2, 1], Some(10)),
        (&[], Some(10)),
    ];
    for capabilities in [trusted(), trusted().descending_ids()] {
        let (all, requested, _, guarantee) = numbered_from(Walk::start(capabilities, false), slid);
        assert_eq!(
            all,
            [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1],
            "in order, and none missing"
        );
        assert_eq!(requested, [1, 2, 1, 2, 3]);
        assert_eq!(guarantee, Guarantee::Exact);
    }

    // If the total falls by six with pages of five, the walk goes back two pages.
    let far: &[Scripted<'_>] = &[
        (&[30, 29, 28, 27, 26], Some(30)),
        (&[25, 24, 23, 22, 21], Some(30)),
        (&[20, 19, 18, 17, 16], Some(30)),
        (&[9, 8, 7, 6, 5], Some(24)),
    ];
    assert_eq!(numbered(far).1[..5], [1, 2, 3, 4, 2]);
}

#[test]
fn a_list_that_never_rests_is_a_fault_and_not_a_hang() {
    let pages: Vec<Scripted<'_>> = std::iter::once((&[30_u64, 29, 28, 27, 26][..], Some(3000)))
        .chain((0..5000).map(|turn| match turn % 2 {
            0 => (&[25_u64, 24, 23, 22, 21][..], Some(2000)),
            _ => (&[30_u64, 29, 28, 27, 26][..], Some(3000)),
        }))
        .collect();
    let (_, requested, action) = numbered(&pages);
    assert_eq!(action, NextStep::Fail(WalkFailure::ListChanged));
    assert!(requested.len() <= 3 * MAX_TURN_BACKS as usize, "{}", requested.len());

    let beyond: &[Scripted<'_>] = &[(&[5, 4, 3, 2, 1], Some(100_000)), (&[9, 8, 7, 6], Some(9))];
    assert_eq!(
        numbered(beyond).2,
        NextStep::Fail(WalkFailure::ListChanged),
        "further than the window reaches"
    );
}

#[test]
fn ids_that_descend_keep_out_what_was_delivered_beyond_any_window() {
    let point = ResumePoint {
        position: Position::Page(2),
        after: marks(&[8]).first().copied(),
        within_page: false,
        seen: 5,
        total: Some(9),
        page_size: Some(5),
        requested_size: None,
        step: 5,
        all_pages_full: true,
        tokens: TokenLoop::default(),
    };
    let walk = Walk::resume(trusted().descending_ids(), false, point);
    // Two sessions were created in the meantime, so the delivered ones are on page 2 now.
    let (all, _, _, guarantee) = numbered_from(walk, &[(&[10, 9, 8, 7, 6], Some(11)), (&[5], Some(11))]);
    assert_eq!((all, guarantee), (vec![7, 6, 5], Guarantee::Exact));

    let broken: &[Scripted<'_>] = &[(&[9, 8, 7, 6, 5], Some(8)), (&[10, 4, 3], Some(8))];
    let (all, _, _, guarantee) = numbered_from(Walk::start(trusted().descending_ids(), false), broken);
    assert_eq!(all, [9, 8, 7, 6, 5, 4, 3], "10 was created at the front and moved here");
    assert_eq!(guarantee, Guarantee::Exact);

    let disorder: &[Scripted<'_>] = &[(&[9, 8, 7, 6, 5], Some(8)), (&[3, 10, 4], Some(8))];
    let (all, _, _, guarantee) = numbered_from(Walk::start(trusted().descending_ids(), false), disorder);
    assert_eq!(all, [9, 8, 7, 6, 5, 3, 10, 4], "the window takes over");
    assert_eq!(guarantee, Guarantee::BestEffort(Doubt::OrderBroken));

    let twice: &[Scripted<'_>] = &[(&[9, 8, 8], Some(2))];
    let (all, _, _, guarantee) = numbered_from(Walk::start(trusted().descending_ids(), false), twice);
    assert_eq!(all, [9, 8], "ids with a duplicate on a page do not descend either");
    assert_eq!(guarantee, Guarantee::BestEffort(Doubt::OrderBroken));
}

#[test]
fn answers_to_later_pages_are_kept_only_while_nothing_moves() {
    let walk = Walk::start(trusted().descending_ids(), true);
    let (walk, first) = step(walk, &[20, 19, 18, 17, 16], &NextPage::ByNumber, Some(20), 5);
    assert!(!first.prefetched_pages_valid, "nothing was known before the first page");
    let (walk, still) = step(walk, &[15, 14, 13, 12, 11], &NextPage::ByNumber, Some(20), 5);
    assert!(still.prefetched_pages_valid);
    let (walk, repeated) = step(walk, &[11, 10, 9, 8, 7], &NextPage::ByNumber, Some(20), 5);
    assert!(
        !repeated.prefetched_pages_valid,
        "a duplicate shows that a session was created"
    );
    let (walk, risen) = step(walk, &[6, 5, 4, 3, 2], &NextPage::ByNumber, Some(21), 5);
    assert!(!risen.prefetched_pages_valid, "and so does the total");
    let (_, newer) = step(walk, &[22, 1], &NextPage::ByNumber, Some(21), 5);
    assert!(
        !newer.prefetched_pages_valid,
        "and a session newer than what was delivered"
    );

    let (walk, _) = step(Walk::start(trusted(), true), &[1], &NextPage::ByNumber, Some(1), 5);
    assert_eq!(
        walk.guarantee(),
        Guarantee::BestEffort(Doubt::ReadAhead),
        "if ids have no order"
    );
}

#[test]
fn a_missing_list_is_the_end_only_when_all_were_seen() {
    let absent = |walk: Walk, total| {
        let page = PageSummary {
            marks: &[],
            rejected: 0,
            next: &NextPage::ByNumber,
            total,
            page_size: None,
            absent: true,
        };
        walk.step(&page).1.next_step
    };
    let start = || Walk::start(Capabilities::none(), false);
    let after_first_page = |total| step(start(), &[5, 4, 3, 2, 1], &NextPage::ByNumber, total, 5).0;
    assert_eq!(absent(start(), None), NextStep::Fail(WalkFailure::NoList));
    assert_eq!(absent(start(), Some(0)), NextStep::Fail(WalkFailure::NoList));
    assert_eq!(absent(after_first_page(Some(5)), None), NextStep::End(ListEnd::NoList));
    assert_eq!(
        absent(after_first_page(Some(6)), None),
        NextStep::Fail(WalkFailure::NoList)
    );
    assert_eq!(
        absent(after_first_page(None), None),
        NextStep::Fail(WalkFailure::NoList)
    );
}

/// Walks over pages that each have the token of the next one.
fn by_token(pages: &[(&[u64], &str)]) -> (Vec<u64>, NextStep) {
    let mut walk = Walk::start(Capabilities::none(), false);
    let mut all = Vec::new();
    for (ids, token) in pages {
        let outcome: StepOutcome;
        (walk, outcome) = step(walk, ids, &NextPage::Token((*token).to_owned()), None, 5);
        all.extend(delivered(ids, &outcome));
        if outcome.next_step != NextStep::Fetch {
            return (all, outcome.next_step);
        }
        assert_eq!(*walk.position(), Position::Token((*token).to_owned()));
    }
    (all, NextStep::Fetch)
}

#[test]
fn a_list_of_tokens_ends_without_one_and_nowhere_else() {
    assert_eq!(
        by_token(&[(&[1], "a"), (&[], "b"), (&[], "c"), (&[2], "")]),
        (vec![1, 2], NextStep::End(ListEnd::NoToken)),
        "empty pages with a token continue the list"
    );
}

#[test]
fn a_token_that_comes_again_is_a_fault_at_any_distance() {
    assert_eq!(
        by_token(&[(&[1], "a"), (&[2], "a")]).1,
        NextStep::Fail(WalkFailure::RepeatedToken)
    );
    assert_eq!(
        by_token(&[(&[1], "a"), (&[2], "b"), (&[3], "c"), (&[4], "a")]),
        (vec![1, 2, 3, 4], NextStep::Fail(WalkFailure::RepeatedToken)),
        "the sessions before it are delivered"
    );

    // A loop that is longer than the number of remembered tokens, and in which every page has new
    // sessions.
    let tokens: Vec<String> = (0..5000).map(|number| format!("t{number}")).collect();
    let ids: Vec<[u64; 1]> = (0..40_000).map(|id| [id]).collect();
    let pages: Vec<(&[u64], &str)> = ids
        .iter()
        .zip(tokens.iter().cycle())
        .map(|(id, token)| (&id[..], token.as_str()))
        .collect();
    let (all, action) = by_token(&pages);
    assert_eq!(action, NextStep::Fail(WalkFailure::RepeatedToken));
    assert!(all.len() < 30_000, "{}", all.len());
}

#[test]
fn a_list_that_never_moves_on_is_a_fault() {
    let tokens: Vec<String> = (0..300).map(|number| format!("t{number}")).collect();
    let pages: Vec<(&[u64], &str)> = tokens.iter().map(|token| (&[][..], token.as_str())).collect();
    assert_eq!(by_token(&pages).1, NextStep::Fail(WalkFailure::NothingNew));
}

#[test]
fn a_walk_is_taken_up_behind_the_last_session_or_at_its_page_when_that_is_gone() {
    let point = |within_page| ResumePoint {
        position: Position::Token("t".to_owned()),
        after: marks(&[3]).first().copied(),
        within_page,
        seen: 3,
        total: None,
        page_size: None,
        requested_size: None,
        step: 0,
        all_pages_full: true,
        tokens: TokenLoop::default(),
    };
    let resumed = |within_page, ids: &[u64]| {
        let walk = Walk::resume(
            Capabilities::none().keeps_places().new_at_front(),
            false,
            point(within_page),
        );
        let (walk, outcome) = step(walk, ids, &NextPage::End, None, 5);
        (delivered(ids, &outcome), walk.guarantee())
    };
    assert_eq!(resumed(true, &[5, 4, 3, 2, 1]), (vec![2, 1], Guarantee::Exact));
    assert_eq!(
        resumed(true, &[5, 4, 2, 1]),
        (vec![5, 4, 2, 1], Guarantee::BestEffort(Doubt::ResumedElsewhere)),
        "a duplicate is better than a loss"
    );
    assert_eq!(
        resumed(false, &[2, 1]),
        (vec![2, 1], Guarantee::Exact),
        "it was on the previous page"
    );
}

#[test]
fn a_place_within_a_page_is_what_was_known_before_it() {
    let after = marks(&[6]).first().copied();
    let (walk, _) = step(
        Walk::start(trusted(), false),
        &[9, 8, 7],
        &NextPage::ByNumber,
        Some(6),
        3,
    );
    let (walk, _) = step(walk, &[6, 5], &NextPage::ByNumber, Some(6), 3);
    let behind = walk.resume_point(after);
    assert_eq!(
        (&behind.position, behind.seen, behind.all_pages_full),
        (&Position::Page(3), 5, false)
    );
    let within = walk.resume_point_within(&Position::Page(2), after, true, 1);
    assert_eq!(
        (&within.position, within.seen, within.all_pages_full),
        (&Position::Page(2), 4, true)
    );
    assert_eq!((within.total, within.page_size, within.step), (Some(6), Some(3), 3));
    assert!(within.within_page && !behind.within_page);

    let token = |name: &str| NextPage::Token(name.to_owned());
    let (walk, _) = step(Walk::start(trusted(), false), &[9], &token("a"), None, 3);
    let before = walk.resume_point(None).tokens;
    let (walk, _) = step(walk, &[8], &token("b"), None, 3);
    let within = walk.resume_point_within(&Position::Token("a".to_owned()), None, false, 1);
    assert_eq!(within.tokens, before, "b was not followed yet");
    assert_ne!(walk.resume_point(None).tokens, before);
}

#[test]
fn a_list_has_a_million_pages_at_most() {
    let budget = |pages, next: &NextPage| {
        let mut walk = Walk::start(trusted(), false);
        walk.pages = pages;
        step(walk, &[1], next, None, 1).1
    };
    let more = NextPage::Token("more".to_owned());
    assert_eq!(budget(MAX_PAGES - 2, &more).next_step, NextStep::Fetch);
    let last = budget(MAX_PAGES - 1, &more);
    assert_eq!(
        (last.next_step, last.duplicates),
        (NextStep::Fail(WalkFailure::PageBudget), vec![]),
        "its sessions are delivered"
    );
    assert_eq!(
        budget(MAX_PAGES - 1, &NextPage::End).next_step,
        NextStep::End(ListEnd::NoToken)
    );
    let (walk, _) = step(Walk::start(trusted(), false), &[1], &more, None, 1);
    assert_eq!(walk.pages, 1);
}

#[test]
fn a_walk_that_is_taken_up_does_not_count_again_what_it_goes_back_over() {
    let point = ResumePoint {
        position: Position::Page(3),
        after: marks(&[7]).first().copied(),
        within_page: false,
        seen: 10,
        total: Some(15),
        page_size: Some(5),
        requested_size: None,
        step: 5,
        all_pages_full: true,
        tokens: TokenLoop::default(),
    };
    let page = |walk: Walk, ids: &[u64], rejected| {
        walk.step(&PageSummary {
            marks: &marks(ids),
            rejected,
            next: &NextPage::ByNumber,
            total: Some(14),
            page_size: Some(5),
            absent: false,
        })
    };
    let walk = Walk::resume(trusted().descending_ids(), false, point);
    assert_eq!(walk.seen(), 10);
    // One session was deleted, so 6 slid onto page 2, which had a bad item.
    let (walk, back) = page(walk, &[5, 4, 3, 2, 1], 0);
    assert!(back.discarded && back.next_step == NextStep::Fetch && *walk.position() == Position::Page(2));
    let (walk, again) = page(walk, &[9, 8, 7, 6], 1);
    assert_eq!((again.duplicates, walk.seen()), (vec![0, 1, 2], 11));
    assert_eq!(*walk.position(), Position::Page(3));
}

#[test]
fn the_bounds_of_a_restless_list_are_what_they_are_said_to_be() {
    // Every page but the first has a total that has fallen by one, and nothing new.
    let turns = |turns: u32| {
        let (mut walk, _) = step(
            Walk::start(trusted(), false),
            &[9, 8],
            &NextPage::ByNumber,
            Some(900),
            2,
        );
        let (mut action, mut total) = (NextStep::Fetch, 900);
        for _ in 0..turns {
            let outcome: StepOutcome;
            walk.position = Position::Page(2);
            total -= 1;
            (walk, outcome) = step(walk, &[7, 6], &NextPage::ByNumber, Some(total), 2);
            action = outcome.next_step;
        }
        (action, walk.position)
    };
    assert_eq!(turns(MAX_TURN_BACKS), (NextStep::Fetch, Position::Page(1)));
    assert_eq!(turns(MAX_TURN_BACKS + 1).0, NextStep::Fail(WalkFailure::ListChanged));

    // As long as there are new sessions in between, the walk continues.
    let (mut walk, _) = step(
        Walk::start(trusted(), false),
        &[9, 8],
        &NextPage::ByNumber,
        Some(900),
        2,
    );
    for turn in 1..=u64::from(MAX_TURN_BACKS) + 1 {
        let (outcome, new): (StepOutcome, StepOutcome);
        (walk, outcome) = step(walk, &[7, 6], &NextPage::ByNumber, Some(900 - turn), 2);
        assert!(outcome.discarded && outcome.next_step == NextStep::Fetch);
        (walk, new) = step(walk, &[9, 1000 + turn], &NextPage::ByNumber, Some(900 - turn), 2);
        assert_eq!(new.duplicates, [0]);
    }

    let recent_ids = REMEMBERED_IDS as u64;
    for (fall, action) in [
        (recent_ids, NextStep::Fetch),
        (recent_ids + 1, NextStep::Fail(WalkFailure::ListChanged)),
    ] {
        let (walk, _) = step(
            Walk::start(trusted(), false),
            &[9, 8],
            &NextPage::ByNumber,
            Some(recent_ids + 3),
            2,
        );
        let (_, outcome) = step(walk, &[7, 6], &NextPage::ByNumber, Some(recent_ids + 3 - fall), 2);
        assert_eq!(outcome.next_step, action);
    }
}

#[test]
fn pages_that_show_more_than_the_total_claims_are_walked_to_an_empty_one() {
    let low: &[Scripted<'_>] = &[
        (&[15, 14, 13, 12, 11], Some(5)),
        (&[10, 9, 8, 7, 6], Some(5)),
        (&[5, 4, 3, 2, 1], Some(5)),
        (&[], Some(5)),
    ];
    let (all, requested, action, guarantee) = numbered_from(Walk::start(trusted(), false), low);
    assert_eq!(
        (all.len(), requested, action),
        (15, vec![1, 2, 3, 4], NextStep::End(ListEnd::EmptyPage))
    );
    assert_eq!(guarantee, Guarantee::BestEffort(Doubt::TotalDiffers));

    // Long pages are not mistaken for repeats either.
    let ids: Vec<u64> = (1..=300).rev().collect();
    let mut walk = Walk::start(trusted(), false);
    for page in ids.chunks(100) {
        let outcome: StepOutcome;
        (walk, outcome) = step(walk, page, &NextPage::ByNumber, Some(100), 100);
        assert_eq!(
            (delivered(page, &outcome), outcome.next_step),
            (page.to_vec(), NextStep::Fetch)
        );
    }
}

#[test]
fn what_the_list_does_wrong_is_told_in_words() {
    let doubts = [
        Doubt::PlacesChange,
        Doubt::NewAnywhere,
        Doubt::NoTruthfulTotal,
        Doubt::TotalMissing,
        Doubt::TotalDiffers,
        Doubt::ShortPages,
        Doubt::OrderBroken,
        Doubt::ReadAhead,
        Doubt::ItemsSkipped,
        Doubt::Resumed,
        Doubt::ResumedElsewhere,
    ];
    let faults = [
        WalkFailure::RepeatedToken,
        WalkFailure::NothingNew,
        WalkFailure::PageBudget,
        WalkFailure::ListChanged,
        WalkFailure::NoList,
    ];
    let messages = doubts
        .iter()
        .map(Doubt::to_string)
        .chain(faults.iter().map(WalkFailure::to_string));
    let messages: std::collections::HashSet<String> = messages.collect();
    assert_eq!(messages.len(), doubts.len() + faults.len(), "each in its own");
    assert!(messages.iter().all(|words| words.contains(' ')));
}

#[test]
fn an_item_that_is_skipped_counts_once_and_fills_its_place() {
    let page = |walk: Walk, ids: &[u64], rejected, total| {
        walk.step(&PageSummary {
            marks: &marks(ids),
            rejected,
            next: &NextPage::ByNumber,
            total: Some(total),
            page_size: Some(5),
            absent: false,
        })
    };
    let (walk, first) = page(Walk::start(trusted(), false), &[9, 8, 7, 6], 1, 10);
    assert_eq!((first.next_step, walk.seen()), (NextStep::Fetch, 5));
    assert_eq!(walk.guarantee(), Guarantee::BestEffort(Doubt::ItemsSkipped));
    assert!(walk.resume_point(None).all_pages_full, "the page was full");
    // One session of the first page was deleted. The session that slid onto it is fetched, and the
    // bad items are not counted again.
    let (walk, back) = page(walk, &[4, 3, 2, 1], 0, 9);
    assert!(back.discarded && *walk.position() == Position::Page(1));
    let (walk, again) = page(walk, &[9, 8, 7, 5], 1, 9);
    assert_eq!((again.duplicates, walk.seen()), (vec![0, 1, 2], 6));
    let (walk, last) = page(walk, &[4, 3, 2, 1], 0, 9);
    assert_eq!((last.next_step, walk.seen()), (NextStep::End(ListEnd::ShortPage), 10));
}

#[test]
fn a_total_that_is_less_than_one_page_shows_is_doubted_at_once() {
    for (total, expected) in [(4, Guarantee::BestEffort(Doubt::TotalDiffers)), (5, Guarantee::Exact)] {
        let walk = Walk::start(trusted(), false);
        let (walk, _) = step(walk, &[5, 4, 3, 2, 1], &NextPage::ByNumber, Some(total), 5);
        assert_eq!(walk.guarantee(), expected, "five of {total}");
    }
}

proptest::proptest! {
    #[test]
    fn a_mark_holds_the_fingerprint_and_the_number_of_an_id(id in r"[0-9]{0,22}|[+-]?[0-9]{1,3}|[0-9a-f-]{0,36}|\PC{0,8}") {
        let all_digits = id.bytes().all(|byte| byte.is_ascii_digit());
        let number = if all_digits { id.parse().ok() } else { None };
        proptest::prop_assert_eq!(IdMark::of(&id), IdMark { fingerprint: fingerprint(&id), number });
    }
}
