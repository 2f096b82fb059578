//! What is said on standard error: errors, and what is missing from the list.
//!
//! Nothing here may fail the program: when standard error is closed there is nobody to tell.

use std::io::{self, Write};

use chat_sessions::{Error, SourceReport};

use crate::args::Format;
use crate::output::ErrorRecord;

/// Says one line.
fn line(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Says an error, as JSON where the list itself is JSON.
pub(crate) fn error(error: &Error, format: Format) {
    match format {
        Format::Json | Format::Ndjson => {
            let record = serde_json::json!({ "error": ErrorRecord::from(error) });
            line(&record.to_string());
        }
        Format::Table | Format::Tsv | Format::Csv => line(&format!("error: {error}")),
    }
}

/// Says that something other than a provider failed, such as writing the output.
pub(crate) fn failure(error: &io::Error) {
    line(&format!("error: the output cannot be written: {error}"));
}

/// Says that a limit ended the list.
pub(crate) fn truncated(shown: u64, certain: bool) {
    let sessions = if shown == 1 { "session" } else { "sessions" };
    let more = if certain { "are" } else { "may be" };
    line(&format!(
        "{shown} {sessions} shown, there {more} more: raise --limit or use --all"
    ));
}

/// Says what a source's list lost or repeated.
pub(crate) fn oddities(report: &SourceReport) {
    let provider = &report.provider;
    if let Some(first) = &report.first_rejected {
        let count = report.rejected;
        let items = if count == 1 { "item was" } else { "items were" };
        line(&format!(
            "{provider}: {count} {items} skipped, the first because {}, at {}",
            first.reason, first.pointer
        ));
    }
    if report.duplicates > 0 {
        let count = report.duplicates;
        let sessions = if count == 1 { "session" } else { "sessions" };
        line(&format!(
            "{provider}: {count} {sessions} came twice and are listed once"
        ));
    }
}
