//! Binds a cursor to its sources, of which each provider, base URL and scope resumes its own part,
//! and to the filter of its list.

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

    /// Returns where the walk over each of these sources starts, in their order, in a list that is
    /// bound to the text with this fingerprint. A source that the cursor does not know starts from the
    /// beginning.
    pub(crate) fn starts(self, sources: &[&dyn SessionSource], bound_to: Option<u32>) -> Result<Vec<Start>> {
        let filter = match (self.bound_to, bound_to) {
            (own, other) if own == other => None,
            (Some(_), Some(_)) => Some("that list has another filter"),
            (Some(_), None) => Some("that list has a filter"),
            (None, _) => Some("that list has no filter"),
        };
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
            0 => match filter {
                None => Ok(starts),
                Some(filter) => Err(belongs_elsewhere(filter, Remedy::MatchFilter)),
            },
            missing if missing == known => Err(belongs_elsewhere(
                "none of its sources is in this list",
                Remedy::MatchCursor,
            )),
            1 => Err(belongs_elsewhere(
                "one of its sources is not in this list",
                Remedy::MatchCursor,
            )),
            missing => Err(belongs_elsewhere(
                &format!("{missing} of its sources are not in this list"),
                Remedy::MatchCursor,
            )),
        }
    }
}

/// Returns the fingerprint of a source for its cursors.
pub(crate) fn source_fingerprint(source: &dyn SessionSource) -> u32 {
    let scope = source.scope();
    // The separator occurs in none of the parts.
    text_fingerprint(&format!(
        "{}\u{0}{}\u{0}{}",
        source.provider(),
        scope.as_ref().map_or("\u{1}", |scope| scope.as_str()),
        source.identity()
    ))
}

/// Returns the fingerprint of a text that cursors are bound to. Half of a whole one tells a handful of
/// texts apart.
pub(crate) fn text_fingerprint(text: &str) -> u32 {
    (fingerprint(text) >> 32) as u32
}

fn belongs_elsewhere(why: &str, remedy: Remedy) -> Error {
    Error::local(ErrorKind::Cursor)
        .with_message(format!("the cursor belongs to another list: {why}"))
        .with_remedy(remedy)
}
