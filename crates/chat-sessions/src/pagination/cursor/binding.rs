//! Binds a cursor to its sources: it is refused for any other provider, base URL or scope.

use crate::error::{Error, ErrorKind, Remedy, Result};
use crate::pagination::cursor::{Cursor, SourceCursor, Start};
use crate::pagination::fingerprint::fingerprint;
use crate::pagination::walk::Walk;
use crate::source::SessionSource;

impl Cursor {
    /// Returns the cursor before the first session of these sources.
    pub(crate) fn start(sources: &[&dyn SessionSource]) -> Self {
        let sources = sources.iter().map(|source| SourceCursor {
            source: source_fingerprint(*source),
            resume_point: Some(Walk::start(source.capabilities(), false).resume_point(None)),
        });
        Self::new(sources.collect())
    }

    /// Returns where the walk over each of these sources starts, in their order.
    pub(crate) fn starts(self, sources: &[&dyn SessionSource]) -> Result<Vec<Start>> {
        let mut left = self.sources;
        let mut starts = Vec::with_capacity(sources.len());
        for source in sources {
            let wanted = source_fingerprint(*source);
            let Some(index) = left.iter().position(|cursor| cursor.source == wanted) else {
                return Err(misplaced(&format!("it was made without {}", label(*source))));
            };
            starts.push(match left.swap_remove(index).resume_point {
                Some(resume_point) => Start::At(resume_point),
                None => Start::End,
            });
        }
        if left.is_empty() {
            Ok(starts)
        } else {
            Err(misplaced("it was made with further sources"))
        }
    }
}

/// Returns the fingerprint of a source for its cursors.
pub(crate) fn source_fingerprint(source: &dyn SessionSource) -> u64 {
    let scope = source.scope();
    // The separator occurs in none of the parts.
    fingerprint(&format!(
        "{}\u{0}{}\u{0}{}",
        source.provider(),
        scope.as_ref().map_or("\u{1}", |scope| scope.as_str()),
        source.identity()
    ))
}

fn label(source: &dyn SessionSource) -> String {
    match source.scope() {
        Some(scope) => format!("{}/{scope} at this base URL", source.provider()),
        None => format!("{} at this base URL", source.provider()),
    }
}

fn misplaced(why: &str) -> Error {
    Error::local(ErrorKind::Cursor)
        .with_message(format!("the cursor belongs to another list: {why}"))
        .with_remedy(Remedy::MatchCursor)
}
