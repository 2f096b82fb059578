//! A source of your own in under a hundred lines: an in-memory notebook with numbered pages, tested
//! by the conformance suite.
//!
//! `cargo run --example third_source --features testing` prints what was checked, and fails if a
//! check fails.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chat_sessions::source::{BoxFuture, Capabilities, NextPage, PageRequest, Position, SessionSource, SourcePage};
use chat_sessions::testing::{TestList, conformance};
use chat_sessions::{Provider, Result, Session, SessionId};

/// Notes by number, newest first.
#[derive(Clone, Debug)]
struct Notebook {
    notes: Arc<Mutex<Vec<u64>>>,
}

impl Notebook {
    fn notes(&self) -> MutexGuard<'_, Vec<u64>> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SessionSource for Notebook {
    fn provider(&self) -> Provider {
        Provider::new("notebook")
    }

    /// Claims only what is true of the list: a false claim would lose notes, and the suite would
    /// report it.
    fn capabilities(&self) -> Capabilities {
        Capabilities::none()
            .page_size()
            .keeps_places()
            .new_at_front()
            .truthful_totals()
            .descending_ids()
    }

    fn page(&self, request: PageRequest) -> BoxFuture<'_, Result<SourcePage>> {
        let number = match request.position {
            Position::Page(number) => number as usize,
            _ => 1,
        };
        let size = request.page_size.unwrap_or(10) as usize;
        let notes = self.notes();
        let on_page = notes.iter().skip((number - 1) * size).take(size);
        let sessions = on_page
            .map(|note| {
                let mut session = Session::new(SessionId::new(self.provider(), note.to_string()));
                session.title = Some(format!("Note {note}"));
                session
            })
            .collect();
        // Only the walk can tell where numbered pages end; it uses the total and the page size.
        let mut page = SourcePage::new(sessions, NextPage::ByNumber);
        page.total = Some(notes.len() as u64);
        page.page_size = Some(size as u64);
        Box::pin(async { Ok(page) })
    }
}

impl TestList for Notebook {
    fn source(&self) -> Arc<dyn SessionSource> {
        Arc::new(self.clone())
    }

    fn ids(&self) -> Vec<String> {
        self.notes().iter().map(u64::to_string).collect()
    }

    fn insert(&self) -> Option<String> {
        let mut notes = self.notes();
        let newest = notes.first().copied().unwrap_or(0) + 1;
        notes.insert(0, newest);
        Some(newest.to_string())
    }

    fn delete(&self, id: &str) -> bool {
        let mut notes = self.notes();
        let before = notes.len();
        notes.retain(|note| note.to_string() != id);
        notes.len() < before
    }
}

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::print_stdout, reason = "an example prints its result")]
async fn main() {
    let notes = Arc::new(Mutex::new((1..=48).rev().collect()));
    let conformance = conformance(&Notebook { notes }).await;
    print!("{conformance}");
    conformance.assert();
}

#[test]
fn the_notebook_conforms() {
    main();
}
