//! Checks of a list that does not change.

use crate::error::ErrorKind;
use crate::pagination::Cursor;
use crate::testing::conformance::harness::{Harness, READ_AHEAD, counted, display_ids, sessions, sessions_are};
use crate::testing::conformance::report::Conformance;
use crate::testing::conformance::test_list::TestList;

const ONCE: &str = "`by_item`, `by_page` and `send` deliver each session once, in the order of the list";
const PAGE_SIZE: &str = "A requested page size has an effect exactly if the source claims it";
const TOTALS: &str = "Every page has the true total";
const DESCENDING: &str = "Ids are numbers in descending order";
const GUARANTEE: &str = "The guarantee of a walk follows from the claims, with every read-ahead";
const RESUME: &str = "A walk resumes after every session and every page, from the printed cursor";
const ANOTHER: &str = "A cursor of another list is refused before any request";
const LIMIT: &str = "A limit requests no more pages than necessary";

pub(super) async fn check(harness: &Harness, test_list: &dyn TestList, found: &mut Conformance) {
    let pages = once(harness, test_list, found).await;
    let listed: Vec<String> = pages.concat();
    page_size(harness, found).await;
    totals(harness, test_list, found).await;
    descending(harness, &listed, found);
    guarantee(harness, &listed, found).await;
    resume(harness, &listed, found).await;
    resume_pages(harness, &pages, found).await;
    another(harness, found).await;
    limits(harness, &pages, found).await;
}

/// Checks the list against its known content, and returns it page by page for the other checks.
async fn once(harness: &Harness, test_list: &dyn TestList, found: &mut Conformance) -> Vec<Vec<String>> {
    found.checks(ONCE);
    let truth = test_list.ids();
    let walked = harness.items(harness.list(0)).await;
    found.expect(walked.is(&truth), || {
        format!(
            "By item, the list {}; it has {}.",
            walked.describe(),
            display_ids(&truth)
        )
    });
    found.expect(walked.report.duplicates == 0, || {
        format!(
            "{} repeated in a list that does not change.",
            sessions_are(walked.report.duplicates)
        )
    });
    if let Some(first) = &walked.report.first_rejected {
        found.violations.push(format!(
            "{} cannot be decoded, the first at {}: {}.",
            counted(walked.report.rejected, "item"),
            first.pointer,
            first.reason
        ));
    }

    let mut pages = Vec::new();
    let mut stream = harness.list(0).by_page();
    while let Some(page) = stream.next().await {
        match page {
            Ok(page) => {
                let provider = harness.source.provider();
                let foreign = page.sessions.iter().find(|session| *session.id.provider() != provider);
                if let Some(session) = foreign {
                    found
                        .violations
                        .push(format!("The session {} is not named after {provider}.", session.id));
                }
                pages.push(
                    page.sessions
                        .iter()
                        .map(|session| session.id.as_str().to_owned())
                        .collect(),
                );
            }
            Err(error) => found.violations.push(format!("By page, the list fails: {error}")),
        }
    }
    let by_page: Vec<String> = pages.concat();
    found.expect(by_page == walked.ids, || {
        format!(
            "By page, the list returns {}; by item, {}.",
            display_ids(&by_page),
            display_ids(&walked.ids)
        )
    });

    for size in [1, 7, 50] {
        let mut sent = Vec::new();
        let mut cursor: Option<Cursor> = None;
        loop {
            let mut list = harness.list(0).page_size(size);
            if let Some(cursor) = cursor.take() {
                list = list.resume(cursor);
            }
            match list.send().await {
                Ok(page) => {
                    found.expect(page.sessions.len() <= size as usize, || {
                        format!("A page sent with size {size} has {}.", sessions(page.sessions.len()))
                    });
                    sent.extend(page.sessions.iter().map(|session| session.id.as_str().to_owned()));
                    cursor = page.next;
                }
                Err(error) => found
                    .violations
                    .push(format!("Sent in pages of {size}, the list fails: {error}")),
            }
            if cursor.is_none() || sent.len() > truth.len() + 1000 {
                break;
            }
        }
        found.expect(sent == walked.ids, || {
            format!(
                "Sent in pages of {size}, the list returns {}; by item, {}.",
                display_ids(&sent),
                display_ids(&walked.ids)
            )
        });
    }
    pages
}

async fn page_size(harness: &Harness, found: &mut Conformance) {
    found.checks(PAGE_SIZE);
    let unasked = harness.first_page(None).await;
    for size in [1, 3] {
        match (&harness.first_page(Some(size)).await, &unasked) {
            (Ok(asked), Ok(_)) if harness.capabilities.page_size => {
                found.expect(asked.len() <= size as usize, || {
                    format!(
                        "A page has {} although {size} {} requested.",
                        sessions(asked.len()),
                        if size == 1 { "was" } else { "were" }
                    )
                });
            }
            (Ok(asked), Ok(unasked)) => found.expect(asked == unasked, || {
                format!(
                    "A page size of {size} has an effect although the source does not claim `page_size`: the page has {}.",
                    sessions(asked.len())
                )
            }),
            (Err(error), _) | (_, Err(error)) => {
                found
                    .violations
                    .push(format!("The first page with size {size} cannot be fetched: {error}"));
            }
        }
    }
}

/// Checks the totals of the list as it is now.
pub(super) async fn totals(harness: &Harness, test_list: &dyn TestList, found: &mut Conformance) {
    if !harness.capabilities.truthful_totals {
        found.skips(TOTALS, "the source does not claim `truthful_totals`");
        return;
    }
    found.checks(TOTALS);
    let truth = test_list.ids().len() as u64;
    let mut stream = harness.list(0).by_page();
    let mut number = 0;
    while let Some(Ok(page)) = stream.next().await {
        number += 1;
        found.expect(page.total == Some(truth), || match page.total {
            Some(total) => format!(
                "Page {number} has the total {total}, but the list has {}.",
                counted(truth, "session")
            ),
            None => format!("Page {number} has no total."),
        });
    }
}

fn descending(harness: &Harness, listed: &[String], found: &mut Conformance) {
    if !harness.capabilities.descending_ids {
        found.skips(DESCENDING, "the source does not claim `descending_ids`");
        return;
    }
    found.checks(DESCENDING);
    let numbers: Option<Vec<u64>> = listed.iter().map(|id| id.parse().ok()).collect();
    found.expect(
        numbers.is_some_and(|numbers| numbers.is_sorted_by(|newer, older| newer > older)),
        || {
            format!(
                "The source claims `descending_ids`, but the ids are {}.",
                display_ids(listed)
            )
        },
    );
}

async fn guarantee(harness: &Harness, listed: &[String], found: &mut Conformance) {
    found.checks(GUARANTEE);
    for read_ahead in READ_AHEAD {
        let walked = harness.items(harness.list(read_ahead)).await;
        found.expect(walked.is(listed), || {
            format!("With `read_ahead({read_ahead})`, the list {}.", walked.describe())
        });
        found.expect(walked.report.end.is_some(), || {
            format!("With `read_ahead({read_ahead})`, the report does not say how the list ended.")
        });
        let (given, expected) = (walked.report.guarantee, harness.guarantee(read_ahead));
        found.expect(given == expected, || {
            format!("With `read_ahead({read_ahead})`, the guarantee is {given:?}; the claims imply {expected:?}.")
        });
    }
}

/// Resumes the walk after every session, from the text of its cursor.
async fn resume(harness: &Harness, listed: &[String], found: &mut Conformance) {
    found.checks(RESUME);
    let mut cursors = Vec::new();
    let _ = harness
        .walk_items(harness.list(0), |_, cursor| cursors.push(cursor.to_string()))
        .await;
    for read_ahead in READ_AHEAD {
        for (delivered, text) in cursors.iter().enumerate() {
            let rest = listed.get(delivered..).unwrap_or_default();
            let cursor: Cursor = match text.parse() {
                Ok(cursor) => cursor,
                Err(error) => {
                    found.violations.push(format!(
                        "The cursor after {} cannot be read: {error}",
                        sessions(delivered)
                    ));
                    continue;
                }
            };
            let resumed = harness.items(harness.list(read_ahead).resume(cursor)).await;
            found.expect(resumed.is(rest), || {
                format!(
                    "Resumed after {}, the list {}; the rest is {}.",
                    sessions(delivered),
                    resumed.describe(),
                    display_ids(rest)
                )
            });
        }
    }
}

/// Resumes the walk after every page.
async fn resume_pages(harness: &Harness, pages: &[Vec<String>], found: &mut Conformance) {
    let mut stream = harness.list(0).by_page();
    let mut cursors = vec![stream.cursor()];
    while let Some(Ok(_)) = stream.next().await {
        cursors.push(stream.cursor());
    }
    for (number, cursor) in cursors.into_iter().enumerate() {
        let rest = pages.get(number..).unwrap_or_default().concat();
        let resumed = harness.items(harness.list(0).resume(cursor)).await;
        found.expect(resumed.is(&rest), || {
            format!(
                "Resumed after page {number}, the list {}; the rest is {}.",
                resumed.describe(),
                display_ids(&rest)
            )
        });
    }
}

async fn another(harness: &Harness, found: &mut Conformance) {
    found.checks(ANOTHER);
    let cursor = harness.list(0).by_item().cursor();
    let walked = harness.items(harness.list_of_another().resume(cursor)).await;
    let refused = walked
        .error
        .as_ref()
        .is_some_and(|error| error.kind() == ErrorKind::Cursor);
    found.expect(refused && walked.ids.is_empty() && walked.requests == 0, || {
        format!(
            "Resumed with the cursor of another list, the list {}.",
            walked.describe()
        )
    });
}

async fn limits(harness: &Harness, pages: &[Vec<String>], found: &mut Conformance) {
    found.checks(LIMIT);
    let listed = pages.concat();
    let ends: Vec<usize> = pages
        .iter()
        .scan(0, |end, page| {
            *end += page.len();
            Some(*end)
        })
        .collect();
    let mut limits: Vec<usize> = ends.iter().flat_map(|end| end.saturating_sub(1)..=end + 1).collect();
    limits.push(0);
    limits.sort_unstable();
    limits.dedup();
    for limit in limits {
        // The smallest number of pages that hold this many sessions; all pages if there are fewer
        // sessions.
        let needed = match limit {
            0 => 0,
            _ => ends
                .iter()
                .position(|end| *end >= limit)
                .map_or(pages.len(), |last| last + 1),
        };
        for read_ahead in READ_AHEAD {
            let walked = harness.items(harness.list(read_ahead).limit(limit as u64)).await;
            let expected = &listed[..limit.min(listed.len())];
            found.expect(walked.is(expected), || {
                format!(
                    "With a limit of {limit}, the list {}; expected {}.",
                    walked.describe(),
                    display_ids(expected)
                )
            });
            // After the last page with sessions, prefetching cannot know that nothing follows.
            let spare = if limit > listed.len() { u64::from(read_ahead) } else { 0 };
            found.expect(walked.requests <= needed as u64 + spare, || {
                format!(
                    "A limit of {limit} needs {}; {} requested with `read_ahead({read_ahead})`.",
                    counted(needed as u64, "page"),
                    match walked.requests {
                        1 => "1 is".to_owned(),
                        requests => format!("{requests} are"),
                    }
                )
            });
        }
    }
}
