//! Binds a cursor to its sources: each provider, base URL and scope resumes its own part.

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

    /// Returns where the walk over each of these sources starts, in their order. A source that the
    /// cursor does not know starts from the beginning.
    pub(crate) fn starts(self, sources: &[&dyn SessionSource]) -> Result<Vec<Start>> {
        let mut left = self.sources;
        let known = left.len();
        let starts = sources.iter().map(|source| {
            let wanted = source_fingerprint(*source);
            let index = left.iter().position(|cursor| cursor.source == wanted);
            match index.map(|index| left.swap_remove(index).resume_point) {
                Some(Some(resume_point)) => Start::At(resume_point),
                Some(None) => Start::End,
                None => Start::Beginning,
            }
        });
        let starts = starts.collect();
        match left.len() {
            0 => Ok(starts),
            missing if missing == known => Err(misplaced("none of its sources is in this list")),
            1 => Err(misplaced("one of its sources is not in this list")),
            missing => Err(misplaced(&format!("{missing} of its sources are not in this list"))),
        }
    }
}

/// Returns the fingerprint of a source for its cursors.
pub(crate) fn source_fingerprint(source: &dyn SessionSource) -> u32 {
    let scope = source.scope();
    // The separator occurs in none of the parts. Half of the fingerprint tells a handful of sources
    // apart.
    let whole = fingerprint(&format!(
        "{}\u{0}{}\u{0}{}",
        source.provider(),
        scope.as_ref().map_or("\u{1}", |scope| scope.as_str()),
        source.identity()
    ));
    (whole >> 32) as u32
}

fn misplaced(why: &str) -> Error {
    Error::local(ErrorKind::Cursor)
        .with_message(format!("the cursor belongs to another list: {why}"))
        .with_remedy(Remedy::MatchCursor)
}
