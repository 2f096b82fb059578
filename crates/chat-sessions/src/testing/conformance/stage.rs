//! The list that the conformance suite walks and changes.

use std::sync::Arc;

use crate::source::SessionSource;

/// `Stage` is a list of which the truth is known and that can be changed: what the [`conformance`](super::conformance) suite plays on.
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
