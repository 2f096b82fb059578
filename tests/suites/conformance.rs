//! The conformance suite: every kind of source keeps what it claims, and a source that does not is found out.

use std::sync::{Arc, Mutex, MutexGuard};

use chat_sessions::retry::{Pacing, RetryPolicy};
use chat_sessions::source::{BoxFuture, Capabilities, NextPage, PageRequest, Position, SessionSource, SourcePage};
use chat_sessions::testing::{Conformance, FakeSource, TestList, conformance};
use chat_sessions::{LlamaCloud, MemoriesAi, Provider, Result, Session, SessionId};
use chat_sessions_sandbox::{LLAMA_CLOUD_KEY, MEMORIES_AI_KEY, Provider as Side, Sandbox};

/// The example is a test too: a newcomer's source, its test_list and the suite.
#[path = "../../crates/chat-sessions/examples/third_source.rs"]
mod third_source;

/// One side of a sandbox.
struct SandboxList {
    sandbox: Sandbox,
    side: Side,
}

impl TestList for SandboxList {
    fn source(&self) -> Arc<dyn SessionSource> {
        match self.side {
            Side::MemoriesAi => Arc::new(
                MemoriesAi::builder()
                    .pacing(Pacing::none())
                    .retry(RetryPolicy::none())
                    .api_key(MEMORIES_AI_KEY)
                    .base_url(self.sandbox.url())
                    .build()
                    .unwrap(),
            ),
            _ => Arc::new(
                LlamaCloud::builder()
                    .pacing(Pacing::none())
                    .retry(RetryPolicy::none())
                    .api_key(LLAMA_CLOUD_KEY)
                    .base_url(self.sandbox.url())
                    .build()
                    .unwrap(),
            ),
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
    conformance(&SandboxList { sandbox, side }).await
}

/// The sentences that the suite checked of a source that conforms, and those it skipped for a reason of the source's own.
fn told(conformance: &Conformance) -> String {
    conformance.assert();
    conformance.to_string()
}

#[tokio::test]
async fn memories_ai_conforms() {
    let told = told(&on_the_sandbox(Side::MemoriesAi, 25).await);
    assert!(
        !told.contains("skipped"),
        "it claims everything that can be checked:\n{told}"
    );
    // Lists whose last page is full, that fit on one page, and that are empty.
    for sessions in [20, 7, 0] {
        on_the_sandbox(Side::MemoriesAi, sessions).await.assert();
    }
}

#[tokio::test]
async fn llama_cloud_conforms() {
    let told = told(&on_the_sandbox(Side::LlamaCloud, 27).await);
    assert!(told.contains("it ends and nothing comes twice"), "{told}");
    for sessions in [20, 7, 0] {
        on_the_sandbox(Side::LlamaCloud, sessions).await.assert();
    }
}

/// A fake, changed as its claims allow; without places, a retitled session goes to the front.
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
async fn fakes_conform_whatever_they_claim() {
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

/// A list as simple as can be, with one thing wrong.
#[derive(Clone, Debug)]
struct Shelf {
    books: Arc<Mutex<Vec<String>>>,
    wrong: Wrong,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrong {
    Nothing,
    /// A retitled session goes to the front, although places are claimed to be kept.
    Moves,
    /// New sessions come at the end.
    NewAtTheEnd,
    /// Half of what there is is claimed.
    LowTotal,
    /// No page tells a total.
    NoTotal,
    /// The last session of a page stands on the next one again.
    Repeats,
    /// A session is never shown.
    Skips,
    /// Two sessions have changed places.
    Swaps,
    /// Ids are no numbers that descend.
    Ascends,
    /// More sessions come than were asked for.
    LargePages,
    /// Asking for a size has an effect, and that is not claimed.
    QuietPageSize,
    /// Sessions are named after another provider.
    Foreign,
    /// A deleted session still counts.
    SlowTotal,
}

impl Shelf {
    fn new(wrong: Wrong) -> Self {
        let mut books: Vec<String> = (100..148).rev().map(|number| number.to_string()).collect();
        if wrong == Wrong::Ascends {
            books.reverse();
        }
        Self {
            books: Arc::new(Mutex::new(books)),
            wrong,
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
        match self.wrong {
            Wrong::QuietPageSize => claimed,
            _ => claimed.page_size(),
        }
    }

    fn page(&self, request: PageRequest) -> BoxFuture<'_, Result<SourcePage>> {
        let mut shown = self.books().clone();
        let held = shown.len();
        match self.wrong {
            Wrong::Skips => drop(shown.remove(20)),
            Wrong::Swaps => shown.swap(20, 21),
            _ => {}
        }
        let number = match request.position {
            Position::Page(number) => usize::try_from(number).unwrap(),
            _ => 1,
        };
        let mut size = request.page_size.unwrap_or(10) as usize;
        if self.wrong == Wrong::LargePages {
            size += 1;
        }
        let start = ((number - 1) * size).min(shown.len());
        let from = start - usize::from(self.wrong == Wrong::Repeats && start > 0);
        let named = match self.wrong {
            Wrong::Foreign => Provider::new("another"),
            _ => self.provider(),
        };
        let ids = shown[from..(start + size).min(shown.len())].iter();
        let sessions = ids.map(|id| Session::new(SessionId::new(named.clone(), id))).collect();
        let mut page = SourcePage::new(sessions, NextPage::ByNumber);
        page.page_size = Some(size as u64);
        page.total = match self.wrong {
            Wrong::NoTotal => None,
            Wrong::LowTotal => Some(held as u64 / 2),
            Wrong::SlowTotal => Some(held.max(48) as u64),
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
        if self.wrong == Wrong::SlowTotal {
            return None;
        }
        let mut books = self.books();
        let newest = books.iter().filter_map(|id| id.parse::<u64>().ok()).max().unwrap_or(0) + 1;
        let place = if self.wrong == Wrong::NewAtTheEnd {
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
        if self.wrong == Wrong::Moves {
            let book = books.remove(place);
            books.insert(0, book);
        }
        true
    }
}

#[tokio::test]
async fn a_third_source_conforms() {
    conformance(&Shelf::new(Wrong::Nothing)).await.assert();
}

#[tokio::test]
async fn what_a_source_does_otherwise_than_it_claims_is_found() {
    for (wrong, violation) in [
        (Wrong::Moves, "After its last session got another title"),
        (Wrong::NewAtTheEnd, "was created, the list gives"),
        (Wrong::LowTotal, "Page 1 claims 24 sessions where there are 48."),
        (Wrong::NoTotal, "Page 1 tells no total."),
        (Wrong::Repeats, "sessions come again in a list at rest."),
        (Wrong::Skips, "By item, the list gives 47 sessions"),
        (Wrong::Swaps, "By item, the list gives 48 sessions"),
        (Wrong::Ascends, "Ids are claimed to be numbers that descend"),
        (Wrong::LargePages, "A page of 2 sessions comes where 1 were asked for."),
        (
            Wrong::QuietPageSize,
            "Asking for 1 sessions has an effect although none is claimed",
        ),
        (Wrong::Foreign, "The session another:147 is not named after shelf."),
        (Wrong::SlowTotal, "the walk loses"),
    ] {
        let found = conformance(&Shelf::new(wrong)).await;
        assert!(!found.conforms(), "{wrong:?}");
        assert!(
            found.violations.iter().any(|found| found.contains(violation)),
            "{wrong:?} is not told by \"{violation}\":\n{found}"
        );
    }
}
