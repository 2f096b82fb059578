//! The list that the conformance suite walks and changes.

use std::sync::Arc;

use crate::source::SessionSource;

/// `TestList` is a list with known content that can be changed, for the
/// [`conformance`](super::conformance) suite.
///
/// A list of three to five pages shows most; some fifty sessions are enough. Every change takes
/// effect at once, so that the next requested page shows it. Leave out what a test list does not
/// support; the checks that need it are skipped.
pub trait TestList: Sync {
    /// Returns the source to check.
    fn source(&self) -> Arc<dyn SessionSource>;

    /// Returns the ids in the list now, in its order, in the form of
    /// [`SessionId::as_str`](crate::SessionId::as_str).
    fn ids(&self) -> Vec<String>;

    /// Creates a session and returns its id; `None` if the test list does not support it.
    fn insert(&self) -> Option<String> {
        None
    }

    /// Deletes a session, and returns whether it did.
    fn delete(&self, id: &str) -> bool {
        let _ = id;
        false
    }

    /// Changes the title of a session, and returns whether it did.
    fn retitle(&self, id: &str) -> bool {
        let _ = id;
        false
    }
}
