//! The public conformance suite: every kind of source passes it, and a source that violates a
//! capability that it declares fails.

use std::sync::{Arc, Mutex, MutexGuard};

use chat_sessions::source::{BoxFuture, Capabilities, NextPage, PageRequest, Position, SessionSource, SourcePage};
use chat_sessions::testing::{Conformance, FakeSource, TestList, conformance};
use chat_sessions::{Provider, Result, Session, SessionId};
use chat_sessions_sandbox::{Provider as Side, Sandbox};

use crate::support::clients::{llama_cloud, memories_ai};

/// The example includes a test: a source, its test list and a run of the suite.
#[path = "../../../crates/chat-sessions/examples/third_source.rs"]
mod third_source;

/// The list of one provider in a sandbox.
struct SandboxList {
    sandbox: Sandbox,
    side: Side,
}

impl TestList for SandboxList {
    fn source(&self) -> Arc<dyn SessionSource> {
        match self.side {
            Side::MemoriesAi => Arc::new(memories_ai(&self.sandbox)),
            _ => Arc::new(llama_cloud(&self.sandbox)),
        }
    }

    fn ids(&self) -> Vec<String> {
        self.sandbox.session_ids(self.side, None)
    }

    fn insert(&self) -> Option<String> {
        Some(self.sandbox.insert(self.side, None, "a newcomer"))
    }

    fn delete(&self, id: &str) -> bool {
        self.sandbox.delete(self.side, id)
    }

    fn retitle(&self, id: &str) -> bool {
        self.sandbox.retitle(self.side, id, "another title")
    }
}

async fn on_the_sandbox(side: Side, sessions: usize) -> Conformance {
    let sandbox = Sandbox::builder()
        .memories_ai_sessions(sessions)
        .memories_ai_page_size(10)
        .llama_cloud_sessions(sessions)
        .llama_cloud_page_size(10)
        .start()
        .await
        .unwrap();
    let list = SandboxList { sandbox, side };
    let conformance = conformance(&list).await;
    assert_eq!(list.ids().len(), sessions, "the list has its old size again");
    conformance
}

/// Asserts that a source conforms, and returns the report: what the suite checked and what it
/// skipped.
fn passed(conformance: &Conformance) -> String {
    conformance.assert();
    conformance.to_string()
}

#[tokio::test]
async fn memories_ai_conforms() {
    let report = passed(&on_the_sandbox(Side::MemoriesAi, 25).await);
    assert!(
        !report.contains("skipped"),
        "it declares every capability that the suite checks:\n{report}"
    );
    // A list whose last page is full, a list of one page, and an empty list.
    for sessions in [20, 7, 0] {
        on_the_sandbox(Side::MemoriesAi, sessions).await.assert();
    }
}

#[tokio::test]
async fn llama_cloud_conforms() {
    let report = passed(&on_the_sandbox(Side::LlamaCloud, 27).await);
    assert!(
        report.contains("the walk ends and delivers no session twice"),
        "{report}"
    );
    for sessions in [20, 7, 0] {
        on_the_sandbox(Side::LlamaCloud, sessions).await.assert();
    }
}

/// A fake source that changes within its declared capabilities. Without `keeps_places`, a retitled
/// session moves to the front.
struct FakeList(FakeSource);

impl FakeList {
    fn of(source: FakeSource, claimed: Capabilities) -> Self {
        let ids = (1000..1048).rev().map(|number| number.to_string());
        Self(source.claiming(claimed).ids(ids))
    }
}

impl TestList for FakeList {
    fn source(&self) -> Arc<dyn SessionSource> {
        Arc::new(self.0.clone())
    }

    fn ids(&self) -> Vec<String> {
        self.0.held()
    }

    fn insert(&self) -> Option<String> {
        let held = self.0.held().into_iter();
        let newest = held.filter_map(|id| id.parse::<u64>().ok()).max().unwrap_or(0) + 1;
        let session = self.0.session(newest.to_string());
        let anywhere = !self.0.capabilities().new_at_front;
        self.0.change(|list| {
            let place = if anywhere { list.len() / 2 } else { 0 };
            list.insert(place, session);
        });
        Some(newest.to_string())
    }

    fn delete(&self, id: &str) -> bool {
        let before = self.0.held().len();
        self.0.change(|list| list.retain(|session| session.id.as_str() != id));
        self.0.held().len() < before
    }

    fn retitle(&self, id: &str) -> bool {
        let keeps = self.0.capabilities().keeps_places;
        let mut found = false;
        self.0.change(|list| {
            let Some(place) = list.iter().position(|session| session.id.as_str() == id) else {
                return;
            };
            found = true;
            list[place].title = Some("another title".to_owned());
            if !keeps {
                let session = list.remove(place);
                list.insert(0, session);
            }
        });
        found
    }
}

#[tokio::test]
async fn fakes_conform_with_any_capabilities() {
    let none = Capabilities::none();
    let all = none.keeps_places().new_at_front().truthful_totals().descending_ids();
    for claimed in [
        all,
        all.page_size(),
        none.keeps_places().new_at_front().truthful_totals(),
        none.keeps_places().new_at_front().truthful_totals().page_size(),
        none.keeps_places().new_at_front(),
        none.keeps_places(),
        none.truthful_totals(),
        none,
        none.page_size(),
    ] {
        conformance(&FakeList::of(FakeSource::numbered(10), claimed))
            .await
            .assert();
    }
    for claimed in [
        none.keeps_places().new_at_front().descending_ids(),
        none.keeps_places().new_at_front().descending_ids().page_size(),
        none.keeps_places().new_at_front(),
        none.keeps_places().page_size(),
        none,
    ] {
        conformance(&FakeList::of(FakeSource::tokens(10), claimed))
            .await
            .assert();
    }
}

/// The simplest list, with one violation.
#[derive(Clone, Debug)]
struct Shelf {
    books: Arc<Mutex<Vec<String>>>,
    violation: Violation,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Violation {
    Nothing,
    /// A retitled session moves to the front, although the source declares that places are kept.
    Moves,
    /// New sessions are added at the end.
    NewAtTheEnd,
    /// The total is half of the real number.
    LowTotal,
    /// No page has a total.
    NoTotal,
    /// The last session of a page is repeated on the next page.
    Repeats,
    /// A session is never returned.
    Skips,
    /// Two sessions are swapped.
    Swaps,
    /// Ids ascend.
    Ascends,
    /// Pages are larger than requested.
    LargePages,
    /// A requested page size has an effect, which is not declared.
    QuietPageSize,
    /// Sessions have the name of another provider.
    Foreign,
    /// A deleted session still counts in the total.
    SlowTotal,
}

impl Shelf {
    fn new(violation: Violation) -> Self {
        let mut books: Vec<String> = (100..148).rev().map(|number| number.to_string()).collect();
        if violation == Violation::Ascends {
            books.reverse();
        }
        Self {
            books: Arc::new(Mutex::new(books)),
            violation,
        }
    }

    fn books(&self) -> MutexGuard<'_, Vec<String>> {
        self.books.lock().unwrap()
    }
}

impl SessionSource for Shelf {
    fn provider(&self) -> Provider {
        Provider::new("shelf")
    }

    fn capabilities(&self) -> Capabilities {
        let claimed = Capabilities::none()
            .keeps_places()
            .new_at_front()
            .truthful_totals()
            .descending_ids();
        match self.violation {
            Violation::QuietPageSize => claimed,
            _ => claimed.page_size(),
        }
    }

    fn page(&self, request: PageRequest) -> BoxFuture<'_, Result<SourcePage>> {
        let mut listed = self.books().clone();
        let held = listed.len();
        match self.violation {
            Violation::Skips => drop(listed.remove(20)),
            Violation::Swaps => listed.swap(20, 21),
            _ => {}
        }
        let number = match request.position {
            Position::Page(number) => usize::try_from(number).unwrap(),
            _ => 1,
        };
        let mut size = request.page_size.unwrap_or(10) as usize;
        if self.violation == Violation::LargePages {
            size += 1;
        }
        let start = ((number - 1) * size).min(listed.len());
        let from = start - usize::from(self.violation == Violation::Repeats && start > 0);
        let named = match self.violation {
            Violation::Foreign => Provider::new("another"),
            _ => self.provider(),
        };
        let ids = listed[from..(start + size).min(listed.len())].iter();
        let sessions = ids.map(|id| Session::new(SessionId::new(named.clone(), id))).collect();
        let mut page = SourcePage::new(sessions, NextPage::ByNumber);
        page.page_size = Some(size as u64);
        page.total = match self.violation {
            Violation::NoTotal => None,
            Violation::LowTotal => Some(held as u64 / 2),
            Violation::SlowTotal => Some(held.max(48) as u64),
            _ => Some(held as u64),
        };
        Box::pin(async { Ok(page) })
    }
}

impl TestList for Shelf {
    fn source(&self) -> Arc<dyn SessionSource> {
        Arc::new(self.clone())
    }

    fn ids(&self) -> Vec<String> {
        self.books().clone()
    }

    fn insert(&self) -> Option<String> {
        if self.violation == Violation::SlowTotal {
            return None;
        }
        let mut books = self.books();
        let newest = books.iter().filter_map(|id| id.parse::<u64>().ok()).max().unwrap_or(0) + 1;
        let place = if self.violation == Violation::NewAtTheEnd {
            books.len()
        } else {
            0
        };
        books.insert(place, newest.to_string());
        Some(newest.to_string())
    }

    fn delete(&self, id: &str) -> bool {
        let mut books = self.books();
        let found = books.iter().position(|book| book == id);
        found.map(|place| books.remove(place)).is_some()
    }

    fn retitle(&self, id: &str) -> bool {
        let mut books = self.books();
        let Some(place) = books.iter().position(|book| book == id) else {
            return false;
        };
        if self.violation == Violation::Moves {
            let book = books.remove(place);
            books.insert(0, book);
        }
        true
    }
}

#[tokio::test]
async fn a_third_source_conforms() {
    conformance(&Shelf::new(Violation::Nothing)).await.assert();
}

#[tokio::test]
async fn each_violation_of_a_declared_capability_is_reported() {
    for (violation, message) in [
        (Violation::Moves, "After the title of its last session changed"),
        (Violation::NewAtTheEnd, "was created, the list returns"),
        (
            Violation::LowTotal,
            "Page 1 has the total 24, but the list has 48 sessions.",
        ),
        (Violation::NoTotal, "Page 1 has no total."),
        (
            Violation::Repeats,
            "sessions are repeated in a list that does not change.",
        ),
        (Violation::Skips, "By item, the list returns 47 sessions"),
        (Violation::Swaps, "By item, the list returns 48 sessions"),
        (
            Violation::Ascends,
            "The source claims `descending_ids`, but the ids are",
        ),
        (Violation::LargePages, "A page has 2 sessions although 1 was requested."),
        (
            Violation::QuietPageSize,
            "A page size of 1 has an effect although the source does not claim `page_size`",
        ),
        (Violation::Foreign, "The session another:147 is not named after shelf."),
        (Violation::SlowTotal, "the walk loses"),
    ] {
        let found = conformance(&Shelf::new(violation)).await;
        assert!(!found.conforms(), "{violation:?}");
        assert!(
            found.violations.iter().any(|found| found.contains(message)),
            "{violation:?} is not reported as \"{message}\":\n{found}"
        );
    }
}
