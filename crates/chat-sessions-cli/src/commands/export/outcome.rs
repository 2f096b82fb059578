//! The result of an export: the numbers of sessions written, skipped and failed, and the exit code.

use std::collections::HashSet;
use std::path::Path;

use chat_sessions::{Error, SessionAddress};
use serde::Serialize;

use super::format::FileFormat;
use super::index::Index;
use super::listing::Listing;
use crate::exit::Exit;
use crate::output::session_index::IndexRow;
use crate::output::text::count;
use crate::output::{Format, Notice, messages};

/// The result of an export.
#[derive(Debug, Serialize)]
pub(crate) struct Outcome {
    folder: String,
    /// Sessions that were fetched and written.
    pub(crate) written: u64,
    /// Sessions that the folder already has.
    pub(crate) skipped: u64,
    /// Sessions that could not be read or written.
    pub(crate) failed: u64,
    /// Sessions that were not fetched because the export stopped before.
    pub(crate) left: u64,
    /// Whether the folder has every requested session.
    pub(crate) complete: bool,
    #[serde(skip)]
    pub(crate) interrupted: bool,
    /// The kind of exit of the first error.
    #[serde(skip)]
    pub(crate) first_error: Option<Exit>,
    #[serde(skip)]
    pub(crate) has_temporary_failures: bool,
}

impl Outcome {
    pub(crate) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.display().to_string(),
            written: 0,
            skipped: 0,
            failed: 0,
            left: 0,
            complete: false,
            interrupted: false,
            first_error: None,
            has_temporary_failures: false,
        }
    }

    /// Counts errors.
    pub(crate) fn add_errors<'a>(&mut self, errors: impl Iterator<Item = &'a Error>) {
        for error in errors {
            self.first_error.get_or_insert(Exit::from(error));
            self.has_temporary_failures |= error.is_temporary();
        }
    }

    /// Counts scopes that could not be decoded: the export is not whole without them.
    pub(crate) fn add_missing_scopes(&mut self, number: usize) {
        if number > 0 {
            self.first_error.get_or_insert(Exit::Partial);
        }
    }

    /// Returns whether another run has nothing to continue: a failure that may be over by then does not
    /// count.
    pub(crate) fn is_finished(&self) -> bool {
        !self.interrupted && self.left == 0 && !self.has_temporary_failures
    }

    /// Prints how the export ended.
    pub(crate) fn print(&self, format: Format) {
        let counted = [
            (self.skipped, "already there"),
            (self.failed, "failed"),
            (self.left, "left"),
        ];
        let mut text = format!(
            "exported to {}: {} written",
            self.folder,
            count(self.written, "session")
        );
        for (number, what) in counted.into_iter().filter(|(number, _)| *number > 0) {
            text.push_str(&format!(", {number} {what}"));
        }
        messages::exported(self, &text, format);
        if self.interrupted {
            let message = "interrupted; run the same command again to continue".to_owned();
            messages::notice(&Notice::new("interrupted", message), format);
        } else if self.has_temporary_failures {
            let message = "run the same command again to fetch only what is missing".to_owned();
            messages::notice(&Notice::new("temporary", message), format);
        }
    }

    pub(crate) fn exit(&self) -> Exit {
        match self.first_error {
            _ if self.interrupted => Exit::Interrupted,
            Some(error) if self.written + self.skipped == 0 => error,
            Some(_) => Exit::Partial,
            None if !self.complete => Exit::Partial,
            None => Exit::Ok,
        }
    }
}

/// Returns how many sessions of the folder a whole list no longer has. They stay.
pub(crate) fn deleted(index: &Index, listing: &Listing) -> u64 {
    let listed: HashSet<SessionAddress> = listing.sessions.iter().map(SessionAddress::from).collect();
    let addresses: HashSet<SessionAddress> = index
        .files
        .values()
        .filter_map(|entry| entry.address.parse().ok())
        .collect();
    let gone = addresses.iter().filter(|address| {
        let mut sources = listing.report.sources.iter();
        let is_listed =
            sources.any(|source| source.provider == *address.id.provider() && source.scope == address.scope);
        is_listed && !listed.contains(*address)
    });
    u64::try_from(gone.count()).unwrap_or(u64::MAX)
}

/// Returns the page that lists the exported sessions of a format, the newest first.
pub(crate) fn index_page(index: &Index, format: FileFormat) -> Option<(&'static str, String)> {
    let ending = format!(".{}", format.extension());
    let files = index.files.iter().filter(|(file, _)| file.ends_with(&ending));
    let mut files: Vec<_> = files
        .filter_map(|(file, entry)| Some((file, entry, entry.address.parse::<SessionAddress>().ok()?)))
        .collect();
    files.sort_by_key(|(_, entry, _)| std::cmp::Reverse(entry.time().map(|time| time.at)));
    let rows: Vec<IndexRow<'_>> = files
        .iter()
        .map(|(file, entry, address)| IndexRow {
            file,
            address,
            title: entry.title.as_deref(),
            time: entry.time(),
        })
        .collect();
    format.index_page(&rows)
}
