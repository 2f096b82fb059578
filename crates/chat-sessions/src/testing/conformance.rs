//! The conformance suite: walks a source and checks that it does what it claims.
//!
//! It knows a source only by its trait and a list only by its [`TestList`], so it works for the
//! built-in sources, for fakes and for your own. The source's
//! [`Capabilities`](crate::source::Capabilities) and the abilities of the test list decide what is
//! checked; skipped checks are reported with the reason.

mod changing_list;
mod harness;
mod report;
mod test_list;
mod unchanged_list;

use harness::Harness;

pub use report::{Conformance, Skipped};
pub use test_list::TestList;

/// Checks that a source does what it claims, and that walks over it keep the promises of this crate.
///
/// Call it inside a tokio runtime. It requests some hundred pages per dozen sessions. It changes
/// the list: sessions are created, deleted and retitled, as far as the test list supports it. At
/// the end the list is as long as before.
///
/// ```
/// use std::sync::{Arc, Mutex};
///
/// use chat_sessions::testing::{TestList, conformance};
/// use chat_sessions::{Provider, Result, Session, SessionId};
/// use chat_sessions::source::{BoxFuture, Capabilities, NextPage, PageRequest, Position, SessionSource, SourcePage};
///
/// /// Pages of three; the token of a page is the last id of the one before it.
/// #[derive(Clone, Debug)]
/// struct Notes(Arc<Mutex<Vec<String>>>);
///
/// impl SessionSource for Notes {
///     fn provider(&self) -> Provider {
///         Provider::new("notes")
///     }
///
///     fn capabilities(&self) -> Capabilities {
///         Capabilities::none().keeps_places()
///     }
///
///     fn page(&self, request: PageRequest) -> BoxFuture<'_, Result<SourcePage>> {
///         let notes = self.0.lock().unwrap();
///         let start = match &request.position {
///             Position::Token(last) => notes.iter().position(|id| id == last).map_or(0, |last| last + 1),
///             _ => 0,
///         };
///         let ids = &notes[start..notes.len().min(start + 3)];
///         let sessions: Vec<_> = ids.iter().map(|id| Session::new(SessionId::new(self.provider(), id))).collect();
///         let next = match ids.last() {
///             Some(last) if start + 3 < notes.len() => NextPage::Token(last.clone()),
///             _ => NextPage::End,
///         };
///         Box::pin(async { Ok(SourcePage::new(sessions, next)) })
///     }
/// }
///
/// impl TestList for Notes {
///     fn source(&self) -> Arc<dyn SessionSource> {
///         Arc::new(self.clone())
///     }
///
///     fn ids(&self) -> Vec<String> {
///         self.0.lock().unwrap().clone()
///     }
/// }
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let notes = Notes(Arc::new(Mutex::new(["c", "x", "a", "m", "t", "b", "o"].map(String::from).to_vec())));
/// let conformance = conformance(&notes).await;
/// conformance.assert();
/// println!("{conformance}");
/// # });
/// ```
pub async fn conformance(test_list: &dyn TestList) -> Conformance {
    let mut found = Conformance::default();
    let harness = match Harness::set_up(test_list).await {
        Ok(harness) => harness,
        Err(error) => {
            found
                .violations
                .push(format!("The first page cannot be fetched: {error}"));
            return found;
        }
    };
    unchanged_list::check(&harness, test_list, &mut found).await;
    changing_list::check(&harness, test_list, &mut found).await;
    found
}
