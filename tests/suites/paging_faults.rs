//! Every paging fault, by every end of a list: what comes, what is said about it, and whether the cursor continues.
//!
//! A row is a list and what is wrong with its pages. Its outcome is a text in `snapshots/paging_faults`; what must hold for
//! every row is asserted here.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::ops::RangeInclusive;

use chat_sessions::list::{Guarantee, ListSessions, SourceReport};
use chat_sessions::retry::{Pacing, RetryPolicy};
use chat_sessions::{ChatSessions, Cursor, Error, LlamaCloud, MemoriesAi};
use chat_sessions_sandbox::Provider::{self, LlamaCloud as Llama, MemoriesAi as Memories};
use chat_sessions_sandbox::{Fault, LLAMA_CLOUD_KEY, MEMORIES_AI_KEY, Paging, Sandbox};

use crate::snapshot;

const PAGE_SIZE: usize = 10;
const EVERY: RangeInclusive<u64> = 1..=u64::MAX;

struct Row {
    name: &'static str,
    provider: Provider,
    sessions: usize,
    pages: RangeInclusive<u64>,
    bent: Vec<Paging>,
}

fn row<const N: usize>(
    name: &'static str,
    provider: Provider,
    sessions: usize,
    pages: RangeInclusive<u64>,
    bent: [Paging; N],
) -> Row {
    Row {
        name,
        provider,
        sessions,
        pages,
        bent: Vec::from(bent),
    }
}

/// The lists have four and a half pages, or four full ones.
fn rows() -> Vec<Row> {
    use Paging::*;
    let bad_item = || ReplaceItem { at: 4, item: None };
    vec![
        row("nothing-wrong", Memories, 45, EVERY, []),
        row("nothing-wrong-and-full-pages", Memories, 40, EVERY, []),
        row("empty-page-in-the-middle", Memories, 45, 3..=3, [EmptyPage]),
        row(
            "empty-pages-from-the-second-on",
            Memories,
            45,
            2..=u64::MAX,
            [EmptyPage],
        ),
        row("empty-first-page", Memories, 45, 1..=1, [EmptyPage]),
        row("short-page-in-the-middle", Memories, 45, 3..=3, [ShortPage(4)]),
        row("short-pages-everywhere", Memories, 45, EVERY, [ShortPage(4)]),
        row("total-somewhat-too-low", Memories, 45, EVERY, [ClaimedTotal(25)]),
        row("total-too-low", Memories, 45, EVERY, [ClaimedTotal(7)]),
        row(
            "total-too-low-and-a-full-page-at-the-end",
            Memories,
            40,
            EVERY,
            [ClaimedTotal(7)],
        ),
        row("total-too-high", Memories, 45, EVERY, [ClaimedTotal(1000)]),
        row("total-a-little-too-high", Memories, 45, EVERY, [ClaimedTotal(46)]),
        row("total-falls-on-one-page", Memories, 45, 3..=3, [ClaimedTotal(30)]),
        row("total-rises-on-one-page", Memories, 45, 3..=3, [ClaimedTotal(60)]),
        row("total-negative", Memories, 45, EVERY, [ClaimedTotal(-1)]),
        row("total-zero", Memories, 45, EVERY, [ClaimedTotal(0)]),
        row("total-number", Memories, 45, EVERY, [TotalNumber]),
        row("total-absent", Memories, 45, EVERY, [TotalAbsent]),
        row("total-absent-on-one-page", Memories, 45, 3..=3, [TotalAbsent]),
        row("total-null", Memories, 45, EVERY, [TotalNull]),
        row("total-unreadable", Memories, 45, EVERY, [TotalText("many".to_owned())]),
        row("data-null-on-page-1", Memories, 45, 1..=1, [DataNull]),
        row("data-null-in-the-middle", Memories, 45, 3..=3, [DataNull]),
        row("data-null-on-the-last-page", Memories, 45, 5..=5, [DataNull]),
        row("data-null-behind-the-last-page", Memories, 40, 5..=5, [DataNull]),
        row("sticking-last-page", Memories, 45, EVERY, [StickyEnd]),
        row("sticking-last-page-that-is-full", Memories, 40, EVERY, [StickyEnd]),
        row(
            "sticking-last-page-and-total-too-high",
            Memories,
            45,
            EVERY,
            [StickyEnd, ClaimedTotal(1000)],
        ),
        row(
            "sticking-last-page-and-total-absent",
            Memories,
            40,
            EVERY,
            [StickyEnd, TotalAbsent],
        ),
        row("duplicates", Memories, 45, 2..=u64::MAX, [Duplicates(2)]),
        row("one-bad-item", Memories, 45, 3..=3, [bad_item()]),
        row("one-bad-item-on-every-page", Memories, 45, EVERY, [bad_item()]),
        row("all-bad-items", Memories, 45, 3..=3, [AllItemsBad]),
        row("all-bad-items-on-page-1", Memories, 45, 1..=1, [AllItemsBad]),
        row("table-spelling", Memories, 45, EVERY, [TableSpelling]),
        row("unknown-fields", Memories, 45, EVERY, [UnknownFields]),
        row("nothing-wrong", Llama, 45, EVERY, []),
        row("nothing-wrong-and-full-pages", Llama, 40, EVERY, []),
        row("token-repeated-at-once", Llama, 45, 3..=3, [RepeatToken(1)]),
        row("token-repeated-at-a-distance", Llama, 45, 4..=4, [RepeatToken(3)]),
        row("token-repeated-on-the-last-page", Llama, 45, 5..=5, [RepeatToken(4)]),
        row("token-of-nobody", Llama, 45, 3..=3, [Token("nobody".to_owned())]),
        row("token-null-at-the-end", Llama, 45, EVERY, [NullAtEnd]),
        row("token-empty-at-the-end", Llama, 45, EVERY, [EmptyAtEnd]),
        row("empty-page-with-token", Llama, 45, 3..=3, [EmptyPage]),
        row("empty-pages-with-tokens", Llama, 45, 1..=9, [EmptyPage]),
        row("empty-pages-with-tokens-for-ever", Llama, 45, 3..=u64::MAX, [EmptyPage]),
        row("short-page-in-the-middle", Llama, 45, 3..=3, [ShortPage(4)]),
        row("short-pages-everywhere", Llama, 45, EVERY, [ShortPage(4)]),
        row("items-null-on-page-1", Llama, 45, 1..=1, [DataNull]),
        row("items-null-in-the-middle", Llama, 45, 3..=3, [DataNull]),
        row("items-null-on-the-last-page", Llama, 45, 5..=5, [DataNull]),
        row("sticking-last-page", Llama, 45, EVERY, [StickyEnd]),
        row("duplicates", Llama, 45, 2..=u64::MAX, [Duplicates(2)]),
        row("one-bad-item", Llama, 45, 3..=3, [bad_item()]),
        row("one-bad-item-on-every-page", Llama, 45, EVERY, [bad_item()]),
        row("all-bad-items", Llama, 45, 3..=3, [AllItemsBad]),
        row("all-bad-items-on-page-1", Llama, 45, 1..=1, [AllItemsBad]),
        row("unknown-fields", Llama, 45, EVERY, [UnknownFields]),
    ]
}

/// A list with its fault.
struct Bent {
    sandbox: Sandbox,
    client: ChatSessions,
    held: Vec<String>,
}

impl Bent {
    async fn new(row: &Row) -> Self {
        let sandbox = Sandbox::builder()
            .memories_ai_sessions(row.sessions)
            .memories_ai_page_size(PAGE_SIZE)
            .llama_cloud_sessions(row.sessions)
            .start()
            .await
            .unwrap();
        if !row.bent.is_empty() {
            let fault = row.bent.iter().cloned().fold(Fault::ordinary(), Fault::with_paging);
            sandbox.always(row.provider, fault.on_pages(row.pages.clone()));
        }
        let (memories, llama) = (
            MemoriesAi::builder().pacing(Pacing::none()).retry(RetryPolicy::none()),
            LlamaCloud::builder().pacing(Pacing::none()).retry(RetryPolicy::none()),
        );
        let client = match row.provider {
            Memories => ChatSessions::new(
                memories
                    .api_key(MEMORIES_AI_KEY)
                    .base_url(sandbox.url())
                    .build()
                    .unwrap(),
            ),
            _ => ChatSessions::new(llama.api_key(LLAMA_CLOUD_KEY).base_url(sandbox.url()).build().unwrap()),
        };
        let held = sandbox.session_ids(row.provider, None);
        Self { sandbox, client, held }
    }

    fn list(&self) -> ListSessions {
        self.client.list_sessions().page_size(PAGE_SIZE as u32)
    }
}

/// What one end gave.
#[derive(Default)]
struct Outcome {
    ids: Vec<String>,
    pages: Option<usize>,
    rejected: Option<usize>,
    error: Option<Error>,
    cursor: Option<Cursor>,
    report: Option<SourceReport>,
    /// Whether a sent page held what an earlier one had held.
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

/// Page after page, through the printed cursors, until one fails or says that it is the last.
///
/// Each of them is a walk of its own, which knows no id of those before it and of their tokens only what the cursor carries:
/// a list that goes round is found out, and some of it comes again before that.
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
        let going_on = outcome.cursor.as_ref().filter(|_| outcome.error.is_none());
        let Some(cursor) = going_on else { break };
        next = list().resume(cursor.to_string().parse().unwrap());
    }
    outcome.pages = Some(pages);
    outcome.rejected = Some(rejected);
    outcome
}

/// Gives the places of the list, counted from 1, whose sessions are missing, as ranges.
fn missing(held: &[String], came: &HashSet<&String>) -> Option<String> {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for (index, _) in held.iter().enumerate().filter(|(_, id)| !came.contains(id)) {
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

/// Clears the fault, goes on where that is due, and tells it all.
async fn tell(name: &str, bent: &Bent, outcome: &Outcome) -> String {
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
    let mut came: HashSet<&String> = outcome.ids.iter().collect();
    assert_eq!(came.len(), outcome.ids.len(), "{name}: nothing comes twice");

    let rest;
    if outcome.error.is_some() {
        let cursor = outcome.cursor.as_ref().expect("an error of a walk has a cursor");
        bent.sandbox.clear_faults();
        rest = by_item(bent.list().resume(cursor.to_string().parse().unwrap())).await;
        let again = rest.ids.iter().filter(|id| !came.insert(id)).count();
        assert_eq!(again, 0, "{name}: what is left is what had not come");
        write!(text, "  once it is mended, the cursor gives {} more", rest.ids.len()).unwrap();
        match &rest.error {
            Some(error) => writeln!(text, ", then {}: {}", error.kind(), error.message()).unwrap(),
            None => text.push('\n'),
        }
    }
    let missing = missing(&bent.held, &came);
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
        assert_eq!(missing, None, "{name}: a walk that vouches for the list has it all");
    }
    text
}

#[tokio::test]
async fn every_paging_fault_has_its_outcome_by_every_end() {
    for row in rows() {
        let name = format!("{}/{}", row.provider, row.name);
        let mut text = format!("{} sessions", row.sessions);
        match (row.bent.is_empty(), &row.pages) {
            (true, _) => text.push('\n'),
            (_, pages) if *pages == EVERY => writeln!(text, ", every page: {:?}", row.bent).unwrap(),
            (_, pages) if *pages.end() == u64::MAX => {
                writeln!(text, ", from page {}: {:?}", pages.start(), row.bent).unwrap();
            }
            (_, pages) if pages.start() == pages.end() => {
                writeln!(text, ", page {}: {:?}", pages.start(), row.bent).unwrap();
            }
            (_, pages) => writeln!(text, ", pages {pages:?}: {:?}", row.bent).unwrap(),
        }

        let bent = Bent::new(&row).await;
        let items = by_item(bent.list()).await;
        write!(text, "\nby item: {}", tell(&name, &bent, &items).await).unwrap();

        let bent = Bent::new(&row).await;
        let pages = by_page(bent.list()).await;
        write!(text, "\nby page: {}", tell(&name, &bent, &pages).await).unwrap();
        assert_eq!(items.ids, pages.ids, "{name}: items and pages show the same");

        let bent = Bent::new(&row).await;
        let sent = send(|| bent.list()).await;
        let leads_back = row.bent.iter().any(|bent| matches!(bent, Paging::RepeatToken(_)));
        assert!(!sent.repeats || leads_back, "{name}: nothing comes twice");
        write!(text, "\nsent: {}", tell(&name, &bent, &sent).await).unwrap();
        snapshot::assert("paging_faults", &name, &text);
    }
}
