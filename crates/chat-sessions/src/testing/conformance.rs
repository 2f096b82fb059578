//! The conformance suite: what a source must keep of what it claims, checked by walking it.
//!
//! It knows a source by its trait and a list by its [`Stage`] only, so that it holds for the built-in sources, for fakes and
//! for yours alike. What is checked follows from the source's [`Capabilities`](crate::Capabilities) and from what the stage
//! can do; what cannot be checked is told with the reason.

mod at_rest;
mod bench;
mod on_the_way;

use std::fmt;
use std::sync::Arc;

use self::bench::Bench;
use crate::source::SessionSource;

/// `Stage` is a list of which the truth is known and that can be changed: what the [`conformance`] suite plays on.
///
/// A list of three to five pages shows most; some fifty sessions do. Every change is made at once, so that the next page
/// that is asked for shows it. What a stage cannot do it leaves out, and the checks that need it are skipped.
pub trait Stage: Sync {
    /// Gives the source to check.
    fn source(&self) -> Arc<dyn SessionSource>;

    /// Gives the ids that the list holds now, in its order, as [`SessionId::as_str`](crate::SessionId::as_str) gives them.
    fn ids(&self) -> Vec<String>;

    /// Creates a session and gives its id; `None` when the stage cannot.
    fn insert(&self) -> Option<String> {
        None
    }

    /// Deletes a session, and says whether it did.
    fn delete(&self, id: &str) -> bool {
        let _ = id;
        false
    }

    /// Gives a session another title, and says whether it did.
    fn retitle(&self, id: &str) -> bool {
        let _ = id;
        false
    }
}

/// `Conformance` says what was checked of a source, what could not be, and what it does otherwise than it claims.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
#[must_use = "a source that does not conform is only told about here"]
pub struct Conformance {
    /// What was checked, each a sentence that holds unless there are violations.
    pub checked: Vec<String>,
    /// What was not checked, and why.
    pub skipped: Vec<Skipped>,
    /// What is wrong, each a sentence.
    pub violations: Vec<String>,
}

/// `Skipped` is a check that was not made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Skipped {
    /// The sentence that was not checked.
    pub check: String,
    /// Why not.
    pub reason: String,
}

impl Conformance {
    /// Says whether nothing is wrong.
    #[must_use]
    pub fn conforms(&self) -> bool {
        self.violations.is_empty()
    }

    /// Ends the test when something is wrong.
    ///
    /// # Panics
    ///
    /// Panics with everything that was found when there is a violation.
    #[track_caller]
    pub fn assert(&self) {
        assert!(self.conforms(), "the source does not conform:\n{self}");
    }

    fn checks(&mut self, sentence: &str) {
        // Some are checked again after the list has changed.
        if !self.checked.iter().any(|checked| checked == sentence) {
            self.checked.push(sentence.to_owned());
        }
    }

    fn skips(&mut self, sentence: &str, reason: &str) {
        self.skipped.push(Skipped {
            check: sentence.to_owned(),
            reason: reason.to_owned(),
        });
    }

    fn expect(&mut self, holds: bool, violation: impl FnOnce() -> String) {
        if !holds {
            self.violations.push(violation());
        }
    }
}

impl fmt::Display for Conformance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for violation in &self.violations {
            writeln!(f, "violated  {violation}")?;
        }
        for check in &self.checked {
            writeln!(f, "checked   {check}")?;
        }
        for Skipped { check, reason } in &self.skipped {
            writeln!(f, "skipped   {check}: {reason}")?;
        }
        Ok(())
    }
}

/// Checks that a source does what it claims, and that walks over it keep what this crate promises.
///
/// It must be called inside a tokio runtime and asks for some hundred pages per dozen of sessions. It changes the list: at the end
/// sessions were created, deleted and retitled, as far as the stage can.
///
/// ```
/// use std::sync::{Arc, Mutex};
///
/// use chat_sessions::testing::{Stage, conformance};
/// use chat_sessions::{
///     BoxFuture, Capabilities, NextPage, PageRequest, Position, Provider, Result, Session, SessionId, SessionSource,
///     SourcePage,
/// };
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
/// impl Stage for Notes {
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
pub async fn conformance(stage: &dyn Stage) -> Conformance {
    let mut found = Conformance::default();
    let bench = match Bench::set_up(stage).await {
        Ok(bench) => bench,
        Err(error) => {
            found.violations.push(format!("The first page cannot be had: {error}"));
            return found;
        }
    };
    at_rest::check(&bench, stage, &mut found).await;
    on_the_way::check(&bench, stage, &mut found).await;
    found
}
