//! Every paging fault, read by `by_item`, `by_page` and `send`: the sessions, the error, the
//! report, and the resumed rest.
//!
//! A case is a list with a fault in its pages. Its outcome is a snapshot in
//! `snapshots/paging_faults`. The code asserts what must hold for every case.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::ops::RangeInclusive;

use chat_sessions::list::{Guarantee, ListSessions, SourceReport};
use chat_sessions::{ChatSessions, Cursor, Error};
use chat_sessions_sandbox::Provider::{self, LlamaCloud as Llama, MemoriesAi as Memories};
use chat_sessions_sandbox::{Fault, Paging, Sandbox};

use crate::support::clients::{llama_cloud, memories_ai};
use crate::support::snapshot;

const PAGE_SIZE: usize = 10;
const ALL_PAGES: RangeInclusive<u64> = 1..=u64::MAX;

struct Case {
    name: &'static str,
    provider: Provider,
    sessions: usize,
    pages: RangeInclusive<u64>,
    faults: Vec<Paging>,
}

fn case<const N: usize>(
    name: &'static str,
    provider: Provider,
    sessions: usize,
    pages: RangeInclusive<u64>,
    faults: [Paging; N],
) -> Case {
    Case {
        name,
        provider,
        sessions,
        pages,
        faults: Vec::from(faults),
    }
}

/// The lists have four and a half pages, or four full pages.
fn cases() -> Vec<Case> {
    use Paging::*;
    let bad_item = || ReplaceItem { at: 4, item: None };
    vec![
        case("nothing-wrong", Memories, 45, ALL_PAGES, []),
        case("nothing-wrong-and-full-pages", Memories, 40, ALL_PAGES, []),
        case("empty-page-in-the-middle", Memories, 45, 3..=3, [EmptyPage]),
        case(
            "empty-pages-from-the-second-on",
            Memories,
            45,
            2..=u64::MAX,
            [EmptyPage],
        ),
        case("empty-first-page", Memories, 45, 1..=1, [EmptyPage]),
        case("short-page-in-the-middle", Memories, 45, 3..=3, [ShortPage(4)]),
        case("short-pages-everywhere", Memories, 45, ALL_PAGES, [ShortPage(4)]),
        case("total-somewhat-too-low", Memories, 45, ALL_PAGES, [ClaimedTotal(25)]),
        case("total-too-low", Memories, 45, ALL_PAGES, [ClaimedTotal(7)]),
        case(
            "total-too-low-and-a-full-page-at-the-end",
            Memories,
            40,
            ALL_PAGES,
            [ClaimedTotal(7)],
        ),
        case("total-too-high", Memories, 45, ALL_PAGES, [ClaimedTotal(1000)]),
        case("total-a-little-too-high", Memories, 45, ALL_PAGES, [ClaimedTotal(46)]),
        case("total-falls-on-one-page", Memories, 45, 3..=3, [ClaimedTotal(30)]),
        case("total-rises-on-one-page", Memories, 45, 3..=3, [ClaimedTotal(60)]),
        case("total-negative", Memories, 45, ALL_PAGES, [ClaimedTotal(-1)]),
        case("total-zero", Memories, 45, ALL_PAGES, [ClaimedTotal(0)]),
        case("total-number", Memories, 45, ALL_PAGES, [TotalNumber]),
        case("total-absent", Memories, 45, ALL_PAGES, [TotalAbsent]),
        case("total-absent-on-one-page", Memories, 45, 3..=3, [TotalAbsent]),
        case("total-null", Memories, 45, ALL_PAGES, [TotalNull]),
        case(
            "total-unreadable",
            Memories,
            45,
            ALL_PAGES,
            [TotalText("many".to_owned())],
        ),
        case("data-null-on-page-1", Memories, 45, 1..=1, [DataNull]),
        case("data-null-in-the-middle", Memories, 45, 3..=3, [DataNull]),
        case("data-null-on-the-last-page", Memories, 45, 5..=5, [DataNull]),
        case("data-null-behind-the-last-page", Memories, 40, 5..=5, [DataNull]),
        case("sticking-last-page", Memories, 45, ALL_PAGES, [StickyEnd]),
        case("sticking-last-page-that-is-full", Memories, 40, ALL_PAGES, [StickyEnd]),
        case(
            "sticking-last-page-and-total-too-high",
            Memories,
            45,
            ALL_PAGES,
            [StickyEnd, ClaimedTotal(1000)],
        ),
        case(
            "sticking-last-page-and-total-absent",
            Memories,
            40,
            ALL_PAGES,
            [StickyEnd, TotalAbsent],
        ),
        case("duplicates", Memories, 45, 2..=u64::MAX, [Duplicates(2)]),
        case("one-bad-item", Memories, 45, 3..=3, [bad_item()]),
        case("one-bad-item-on-every-page", Memories, 45, ALL_PAGES, [bad_item()]),
        case("all-bad-items", Memories, 45, 3..=3, [AllItemsBad]),
        case("all-bad-items-on-page-1", Memories, 45, 1..=1, [AllItemsBad]),
        case("table-spelling", Memories, 45, ALL_PAGES, [TableSpelling]),
        case("unknown-fields", Memories, 45, ALL_PAGES, [UnknownFields]),
        case("nothing-wrong", Llama, 45, ALL_PAGES, []),
        case("nothing-wrong-and-full-pages", Llama, 40, ALL_PAGES, []),
        case("token-repeated-at-once", Llama, 45, 3..=3, [RepeatToken(1)]),
        case("token-repeated-at-a-distance", Llama, 45, 4..=4, [RepeatToken(3)]),
        case("token-repeated-on-the-last-page", Llama, 45, 5..=5, [RepeatToken(4)]),
        case("token-of-nobody", Llama, 45, 3..=3, [Token("nobody".to_owned())]),
        case("token-null-at-the-end", Llama, 45, ALL_PAGES, [NullAtEnd]),
        case("token-empty-at-the-end", Llama, 45, ALL_PAGES, [EmptyAtEnd]),
        case("empty-page-with-token", Llama, 45, 3..=3, [EmptyPage]),
        case("empty-pages-with-tokens", Llama, 45, 1..=9, [EmptyPage]),
        case("empty-pages-with-tokens-for-ever", Llama, 45, 3..=u64::MAX, [EmptyPage]),
        case("short-page-in-the-middle", Llama, 45, 3..=3, [ShortPage(4)]),
        case("short-pages-everywhere", Llama, 45, ALL_PAGES, [ShortPage(4)]),
        case("items-null-on-page-1", Llama, 45, 1..=1, [DataNull]),
        case("items-null-in-the-middle", Llama, 45, 3..=3, [DataNull]),
        case("items-null-on-the-last-page", Llama, 45, 5..=5, [DataNull]),
        case("sticking-last-page", Llama, 45, ALL_PAGES, [StickyEnd]),
        case("duplicates", Llama, 45, 2..=u64::MAX, [Duplicates(2)]),
        case("one-bad-item", Llama, 45, 3..=3, [bad_item()]),
        case("one-bad-item-on-every-page", Llama, 45, ALL_PAGES, [bad_item()]),
        case("all-bad-items", Llama, 45, 3..=3, [AllItemsBad]),
        case("all-bad-items-on-page-1", Llama, 45, 1..=1, [AllItemsBad]),
        case("unknown-fields", Llama, 45, ALL_PAGES, [UnknownFields]),
    ]
}

/// A list with a fault, and the ids that it contains.
struct FaultyList {
    sandbox: Sandbox,
    client: ChatSessions,
    all_ids: Vec<String>,
}

impl FaultyList {
    async fn new(case: &Case) -> Self {
        let sandbox = Sandbox::builder()
            .memories_ai_sessions(case.sessions)
            .memories_ai_page_size(PAGE_SIZE)
            .llama_cloud_sessions(case.sessions)
            .start()
            .await
            .unwrap();
        if !case.faults.is_empty() {
            let fault = case.faults.iter().cloned().fold(Fault::ordinary(), Fault::with_paging);
            sandbox.always(case.provider, fault.on_pages(case.pages.clone()));
        }
        let client = match case.provider {
            Memories => ChatSessions::new(memories_ai(&sandbox)),
            _ => ChatSessions::new(llama_cloud(&sandbox)),
        };
        let all_ids = sandbox.session_ids(case.provider, None);
        Self {
            sandbox,
            client,
            all_ids,
        }
    }

    fn list(&self) -> ListSessions {
        self.client.list_sessions().page_size(PAGE_SIZE as u32)
    }
}

/// The result of reading a list in one of the three ways.
#[derive(Default)]
struct Outcome {
    ids: Vec<String>,
    pages: Option<usize>,
    rejected: Option<usize>,
    error: Option<Error>,
    cursor: Option<Cursor>,
    report: Option<SourceReport>,
    /// Whether a page of `send` repeated a session of an earlier one.
    repeats: bool,
}

async fn by_item(list: ListSessions) -> Outcome {
    let mut stream = list.by_item();
    let mut outcome = Outcome::default();
    while let Some(next) = stream.next().await {
        match next {
            Ok(session) => outcome.ids.push(session.id.as_str().to_owned()),
            Err(error) => outcome.error = Some(error),
        }
    }
    outcome.cursor = Some(stream.cursor());
    outcome.report = stream.report().sources.pop();
    outcome
}

async fn by_page(list: ListSessions) -> Outcome {
    let mut stream = list.by_page();
    let mut outcome = Outcome::default();
    let (mut pages, mut rejected) = (0, 0);
    while let Some(next) = stream.next().await {
        match next {
            Ok(page) => {
                pages += 1;
                rejected += page.rejected.len();
                outcome
                    .ids
                    .extend(page.sessions.iter().map(|session| session.id.as_str().to_owned()));
            }
            Err(error) => outcome.error = Some(error),
        }
    }
    outcome.pages = Some(pages);
    outcome.rejected = Some(rejected);
    outcome.cursor = Some(stream.cursor());
    outcome.report = stream.report().sources.pop();
    outcome
}

/// Reads page after page through printed cursors, until a page fails or is the last one.
///
/// Each page is a walk of its own, which knows no ids of earlier pages, and of their tokens only
/// what the cursor contains. It detects a list that loops, but only after some sessions have been
/// repeated.
async fn send(list: impl Fn() -> ListSessions) -> Outcome {
    let mut outcome = Outcome::default();
    let (mut pages, mut rejected) = (0, 0);
    let mut next = list();
    loop {
        match next.send().await {
            Ok(page) => {
                let ids = page.sessions.iter().map(|session| session.id.as_str().to_owned());
                let mut ids: Vec<String> = ids.collect();
                ids.retain(|id| !outcome.ids.contains(id));
                outcome.repeats |= ids.len() < page.sessions.len();
                pages += 1;
                rejected += page.rejected.len();
                outcome.ids.extend(ids);
                outcome.error = page.failures.into_iter().next();
                outcome.cursor = page.next;
            }
            Err(error) => {
                outcome.cursor = error.cursor().cloned();
                outcome.error = Some(error);
            }
        }
        let continued = outcome.cursor.as_ref().filter(|_| outcome.error.is_none());
        let Some(cursor) = continued else { break };
        next = list().resume(cursor.to_string().parse().unwrap());
    }
    outcome.pages = Some(pages);
    outcome.rejected = Some(rejected);
    outcome
}

/// Returns the positions of the missing sessions, counted from 1, as ranges.
fn missing(all_ids: &[String], listed: &HashSet<&String>) -> Option<String> {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for (index, _) in all_ids.iter().enumerate().filter(|(_, id)| !listed.contains(id)) {
        match ranges.last_mut() {
            Some((_, last)) if *last == index => *last = index + 1,
            _ => ranges.push((index + 1, index + 1)),
        }
    }
    let range = |(first, last): &(usize, usize)| {
        if first == last {
            first.to_string()
        } else {
            format!("{first}–{last}")
        }
    };
    let ranges: Vec<String> = ranges.iter().map(range).collect();
    (!ranges.is_empty()).then(|| ranges.join(", "))
}

/// Describes an outcome. After an error, clears the fault and resumes from the cursor.
async fn describe(name: &str, faulty: &FaultyList, outcome: &Outcome) -> String {
    let mut text = format!("{} sessions", outcome.ids.len());
    if let Some(pages) = outcome.pages {
        write!(text, " on {pages} pages").unwrap();
    }
    if let Some(rejected) = outcome.rejected.filter(|rejected| *rejected > 0) {
        write!(text, ", {rejected} rejected").unwrap();
    }
    match &outcome.error {
        Some(error) => writeln!(text, ", then {}: {}", error.kind(), error.message()).unwrap(),
        None => writeln!(text, ", then the end").unwrap(),
    }
    let mut listed: HashSet<&String> = outcome.ids.iter().collect();
    assert_eq!(listed.len(), outcome.ids.len(), "{name}: no session is repeated");

    let rest;
    if outcome.error.is_some() {
        let cursor = outcome.cursor.as_ref().expect("an error of a walk has a cursor");
        faulty.sandbox.clear_faults();
        rest = by_item(faulty.list().resume(cursor.to_string().parse().unwrap())).await;
        let again = rest.ids.iter().filter(|id| !listed.insert(id)).count();
        assert_eq!(again, 0, "{name}: the resumed walk repeats no session");
        write!(
            text,
            "  without the fault, the cursor resumes with {} more",
            rest.ids.len()
        )
        .unwrap();
        match &rest.error {
            Some(error) => writeln!(text, ", then {}: {}", error.kind(), error.message()).unwrap(),
            None => text.push('\n'),
        }
    }
    let missing = missing(&faulty.all_ids, &listed);
    if let Some(missing) = &missing {
        writeln!(text, "  missing: {missing}").unwrap();
    }
    let Some(report) = &outcome.report else {
        return text;
    };
    write!(text, "  report: {} pages, {} sessions", report.pages, report.sessions).unwrap();
    for (count, what) in [(report.duplicates, "duplicates"), (report.rejected, "rejected")] {
        if count > 0 {
            write!(text, ", {count} {what}").unwrap();
        }
    }
    if let Some(first) = &report.first_rejected {
        write!(text, " (first at {})", first.pointer).unwrap();
    }
    if let Some(total) = report.claimed_total {
        write!(text, ", total {total}").unwrap();
    }
    match report.end {
        Some(end) => writeln!(text, ", ended by {end:?}").unwrap(),
        None => writeln!(text, ", not ended").unwrap(),
    }
    match report.guarantee {
        Guarantee::BestEffort(doubt) => writeln!(text, "  best effort: {doubt}").unwrap(),
        _ => writeln!(text, "  exact").unwrap(),
    }
    assert_eq!(report.end.is_none(), outcome.error.is_some(), "{name}");
    assert_eq!(report.sessions, outcome.ids.len() as u64, "{name}");
    if report.guarantee == Guarantee::Exact && report.rejected == 0 {
        assert_eq!(missing, None, "{name}: an exact walk misses no session");
    }
    text
}

#[tokio::test]
async fn each_paging_fault_has_the_outcome_of_its_snapshot() {
    for case in cases() {
        let name = format!("{}/{}", case.provider, case.name);
        let mut text = format!("{} sessions", case.sessions);
        match (case.faults.is_empty(), &case.pages) {
            (true, _) => text.push('\n'),
            (_, pages) if *pages == ALL_PAGES => writeln!(text, ", every page: {:?}", case.faults).unwrap(),
            (_, pages) if *pages.end() == u64::MAX => {
                writeln!(text, ", from page {}: {:?}", pages.start(), case.faults).unwrap();
            }
            (_, pages) if pages.start() == pages.end() => {
                writeln!(text, ", page {}: {:?}", pages.start(), case.faults).unwrap();
            }
            (_, pages) => writeln!(text, ", pages {pages:?}: {:?}", case.faults).unwrap(),
        }

        let faulty = FaultyList::new(&case).await;
        let items = by_item(faulty.list()).await;
        write!(text, "\nby item: {}", describe(&name, &faulty, &items).await).unwrap();

        let faulty = FaultyList::new(&case).await;
        let pages = by_page(faulty.list()).await;
        write!(text, "\nby page: {}", describe(&name, &faulty, &pages).await).unwrap();
        assert_eq!(
            items.ids, pages.ids,
            "{name}: items and pages contain the same sessions"
        );

        let faulty = FaultyList::new(&case).await;
        let sent = send(|| faulty.list()).await;
        let repeats_a_token = case.faults.iter().any(|fault| matches!(fault, Paging::RepeatToken(_)));
        assert!(!sent.repeats || repeats_a_token, "{name}: no session is repeated");
        write!(text, "\nsent: {}", describe(&name, &faulty, &sent).await).unwrap();
        snapshot::assert("paging_faults", &name, &text);
    }
}
