//! Binds a cursor to its sources: it is refused for any other provider, base URL or scope.

use crate::error::{Error, ErrorKind, Result};
use crate::pagination::cursor::{Cursor, LaneCursor, Place};
use crate::pagination::fingerprint::fingerprint;
use crate::pagination::walk::Walk;
use crate::source::SessionSource;

impl Cursor {
    /// Gives the place before the first session of these sources.
    pub(crate) fn start(sources: &[&dyn SessionSource]) -> Self {
        let lanes = sources.iter().map(|source| LaneCursor {
            source: source_fingerprint(*source),
            place: Some(Walk::start(source.capabilities(), false).place(None)),
        });
        Self::new(lanes.collect())
    }

    /// Gives the place for each of these sources, in their order.
    pub(crate) fn places(self, sources: &[&dyn SessionSource]) -> Result<Vec<Option<Place>>> {
        let mut lanes = self.lanes;
        let mut places = Vec::with_capacity(sources.len());
        for source in sources {
            let wanted = source_fingerprint(*source);
            let Some(index) = lanes.iter().position(|lane| lane.source == wanted) else {
                return Err(misplaced(&format!("it was made without {}", label(*source))));
            };
            places.push(lanes.swap_remove(index).place);
        }
        if lanes.is_empty() {
            Ok(places)
        } else {
            Err(misplaced("it was made with further sources"))
        }
    }
}

/// Gives the number that stands for a source in a cursor.
pub(crate) fn source_fingerprint(source: &dyn SessionSource) -> u64 {
    let scope = source.scope();
    // The parts are separated by a character that stands in none of them.
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
        .with_hint("Use it with the providers, base URLs and scopes that it was made with, or start anew.")
}
