//! Checks of a list that changes, between two walks and during one.

use std::collections::HashSet;

use crate::pagination::Guarantee;
use crate::testing::conformance::harness::{Harness, READ_AHEAD, display_ids, sessions, sessions_are};
use crate::testing::conformance::report::Conformance;
use crate::testing::conformance::test_list::TestList;
use crate::testing::conformance::unchanged_list::totals;

const PLACE: &str = "A session keeps its place when its title changes";
const FRONT: &str = "A new session is the first of the list";
const NO_DUPLICATES: &str = "If the list changes during a walk, the walk ends and delivers no session twice";
const EXACT: &str = "If the list changes during a walk, every session that exists throughout is delivered exactly once";

pub(super) async fn check(harness: &Harness, test_list: &dyn TestList, found: &mut Conformance) {
    let size = test_list.ids().len();
    place(harness, test_list, found).await;
    front(harness, test_list, found).await;
    walks(harness, test_list, size, found).await;
    restore_size(test_list, size);
    totals(harness, test_list, found).await;
}

async fn place(harness: &Harness, test_list: &dyn TestList, found: &mut Conformance) {
    if !harness.capabilities.keeps_places {
        found.skips(PLACE, "the source does not claim `keeps_places`");
        return;
    }
    let before = harness.items(harness.list(0)).await.ids;
    // If it moves, the last session has the longest way to go.
    if !before.last().is_some_and(|last| test_list.retitle(last)) {
        found.skips(PLACE, "the test list cannot change a title");
        return;
    }
    found.checks(PLACE);
    let after = harness.items(harness.list(0)).await;
    found.expect(after.is(&before), || {
        format!(
            "After the title of its last session changed, the list {}; before, it returned {}.",
            after.describe(),
            display_ids(&before)
        )
    });
}

async fn front(harness: &Harness, test_list: &dyn TestList, found: &mut Conformance) {
    if !harness.capabilities.new_at_front {
        found.skips(FRONT, "the source does not claim `new_at_front`");
        return;
    }
    let Some(id) = test_list.insert() else {
        found.skips(FRONT, "the test list cannot create a session");
        return;
    };
    found.checks(FRONT);
    let walked = harness.items(harness.list(0)).await;
    found.expect(walked.ids.first() == Some(&id), || {
        format!("After {id} was created, the list {}.", walked.describe())
    });
}

/// A change during a walk. It receives the ids delivered so far, and returns false if the test list
/// does not support it.
struct Change {
    name: &'static str,
    make: fn(&dyn TestList, &[String]) -> bool,
}

const CHANGES: [Change; 6] = [
    Change {
        name: "a session is created",
        make: |test_list, _| test_list.insert().is_some(),
    },
    Change {
        name: "the first delivered session is deleted",
        make: |test_list, delivered| first_held(test_list, delivered).is_some_and(|id| test_list.delete(&id)),
    },
    Change {
        name: "the last delivered session is deleted",
        make: |test_list, delivered| delivered.last().is_some_and(|id| test_list.delete(id)),
    },
    Change {
        name: "the last session of the list is deleted",
        make: |test_list, _| test_list.ids().last().is_some_and(|id| test_list.delete(id)),
    },
    Change {
        name: "a session is created and the last session of the list is deleted",
        make: |test_list, _| {
            test_list.insert().is_some() && test_list.ids().last().is_some_and(|id| test_list.delete(id))
        },
    },
    Change {
        name: "the title of the last session of the list changes",
        make: |test_list, _| test_list.ids().last().is_some_and(|id| test_list.retitle(id)),
    },
];

fn first_held(test_list: &dyn TestList, delivered: &[String]) -> Option<String> {
    let held: HashSet<String> = test_list.ids().into_iter().collect();
    delivered.iter().find(|id| held.contains(*id)).cloned()
}

/// When the change happens, counted in delivered sessions.
enum Moment {
    /// Once, after this many sessions.
    Behind(usize),
    /// After every page of the original list.
    EveryPage,
}

async fn walks(harness: &Harness, test_list: &dyn TestList, size: usize, found: &mut Conformance) {
    found.checks(NO_DUPLICATES);
    let exact = harness.guarantee(0) == Guarantee::Exact;
    if exact {
        found.checks(EXACT);
    } else {
        found.skips(EXACT, "the claimed capabilities do not guarantee it");
    }
    for change in &CHANGES {
        let mut possible = true;
        for read_ahead in READ_AHEAD {
            let ends = page_ends(harness).await;
            let moments = ends
                .iter()
                .map(|end| Moment::Behind(*end))
                .chain([Moment::Behind(1), Moment::EveryPage]);
            for moment in moments {
                restore_size(test_list, size);
                // A list that cannot be refilled must not be emptied, or the later walks check
                // nothing.
                if test_list.ids().len() <= size / 2 {
                    break;
                }
                possible &= walk(harness, test_list, change, &moment, &ends, read_ahead, found).await;
            }
        }
        if !possible {
            let sentence = format!(
                "If {} during a walk, the walk ends and delivers no session twice",
                change.name
            );
            found.skips(&sentence, "the test list does not support the change");
        }
    }
}

/// Inserts or deletes sessions until the list is as long as at first, as far as the test list can.
/// Without this, every walk would be longer than the one before.
fn restore_size(test_list: &dyn TestList, size: usize) {
    while test_list.ids().len() < size && test_list.insert().is_some() {}
    for id in test_list.ids().iter().skip(size) {
        test_list.delete(id);
    }
}

/// Returns the number of sessions delivered at the end of each page but the last.
async fn page_ends(harness: &Harness) -> Vec<usize> {
    let mut stream = harness.list(0).by_page();
    let (mut ends, mut end) = (Vec::new(), 0);
    while let Some(Ok(page)) = stream.next().await {
        end += page.sessions.len();
        ends.push(end);
    }
    ends.pop();
    ends.dedup();
    ends
}

/// Walks once while the change happens, and returns whether it was possible.
async fn walk(
    harness: &Harness,
    test_list: &dyn TestList,
    change: &Change,
    moment: &Moment,
    ends: &[usize],
    read_ahead: u32,
    found: &mut Conformance,
) -> bool {
    let before = test_list.ids();
    let mut possible = true;
    let walked = harness
        .walk_items(harness.list(read_ahead), |delivered, _| {
            let due = match moment {
                Moment::Behind(count) => delivered.len() == *count,
                Moment::EveryPage => ends.contains(&delivered.len()),
            };
            if due {
                possible &= (change.make)(test_list, delivered);
            }
        })
        .await;
    if !possible {
        return false;
    }
    let when = match moment {
        Moment::Behind(count) => format!("If {} after {}", change.name, sessions(*count)),
        Moment::EveryPage => format!("If {} after every page", change.name),
    };
    let when = format!("{when}, with `read_ahead({read_ahead})`");

    if let Some(error) = &walked.error {
        found.violations.push(format!("{when}, the walk fails: {error}"));
        return true;
    }
    let once: HashSet<&String> = walked.ids.iter().collect();
    found.expect(once.len() == walked.ids.len(), || {
        format!(
            "{when}, {} delivered twice.",
            sessions_are((walked.ids.len() - once.len()) as u64)
        )
    });
    let after: HashSet<String> = test_list.ids().into_iter().collect();
    let promised = harness.guarantee(read_ahead);
    if promised == Guarantee::Exact {
        let lost: Vec<String> = before
            .into_iter()
            .filter(|id| after.contains(id) && !once.contains(id))
            .collect();
        found.expect(lost.is_empty(), || {
            format!("{when}, the walk loses {}.", display_ids(&lost))
        });
    }
    let given = walked.report.guarantee;
    found.expect(given == promised, || {
        format!("{when}, the guarantee is {given:?}; the claims imply {promised:?}.")
    });
    true
}
