//! What is said on standard error: errors, and what is missing from the list.
//!
//! Nothing here may fail the program: when standard error is closed there is nobody to tell.

use std::io::{self, Write};
use std::path::Path;

use chat_sessions::{Cursor, Error, SourceReport, WalkReport};

use crate::args::{Format, ReportFormat};
use crate::output::ErrorRecord;
use crate::stats;

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

/// Says an error that keeps a report from being made, as JSON where the report is JSON.
pub(crate) fn report_error(refusal: &Error, format: ReportFormat) {
    error(
        refusal,
        match format {
            ReportFormat::Text => Format::Table,
            ReportFormat::Json => Format::Json,
        },
    );
}

/// Says that something other than a provider failed, such as writing the output.
pub(crate) fn failure(error: &io::Error) {
    line(&format!("error: the output cannot be written: {error}"));
}

/// Says what does not keep the program from its work, and should be known.
pub(crate) fn warning(text: &str) {
    line(&format!("warning: {text}"));
}

/// Says that a setting is wrong.
pub(crate) fn configuration(complaint: &str) {
    line(&format!("error: {complaint}"));
}

/// Says that the server inside this process could not be started.
pub(crate) fn no_sandbox(error: &io::Error) {
    line(&format!(
        "error: the sandbox cannot be started on this machine's loopback: {error}"
    ));
}

/// Says that a limit ended the list, and how to go on.
pub(crate) fn truncated(shown: u64, certain: bool, next: &Cursor, format: Format) {
    let sessions = if shown == 1 { "session" } else { "sessions" };
    let more = if certain { "are" } else { "may be" };
    let way = match format {
        // The cursor stands in the document, or on a line of its own.
        Format::Json | Format::Ndjson => "--cursor and the next_cursor,".to_owned(),
        Format::Table | Format::Tsv | Format::Csv => format!("--cursor {next}"),
    };
    line(&format!(
        "{shown} {sessions} shown, there {more} more; go on with {way} or use --all"
    ));
    if format == Format::Ndjson {
        go_on(next, format);
    }
}

/// Says from where a list that failed half-way goes on, unless its document holds it.
pub(crate) fn go_on(next: &Cursor, format: Format) {
    match format {
        Format::Json => {}
        Format::Ndjson => line(&serde_json::json!({ "next_cursor": next }).to_string()),
        Format::Table | Format::Tsv | Format::Csv => line(&format!("go on from here with: --cursor {next}")),
    }
}

/// Says what the list went through, as JSON where the list itself is JSON.
pub(crate) fn stats(report: &WalkReport, failures: &[&Error], format: Format) {
    match format {
        Format::Json | Format::Ndjson => {
            let record = serde_json::json!({ "stats": stats::Stats::new(report, failures) });
            line(&record.to_string());
        }
        Format::Table | Format::Tsv | Format::Csv => {
            for text in stats::Stats::new(report, failures).lines() {
                line(&text);
            }
        }
    }
}

/// Says what was recorded and where, as JSON where the list itself is JSON.
pub(crate) fn recorded(path: &Path, exchanges: u64, with_titles: bool, format: Format) {
    let path = path.display();
    match format {
        Format::Json | Format::Ndjson => line(
            &serde_json::json!({
                "recorded": { "file": path.to_string(), "exchanges": exchanges, "titles": with_titles }
            })
            .to_string(),
        ),
        Format::Table | Format::Tsv | Format::Csv => {
            let requests = if exchanges == 1 { "request" } else { "requests" };
            let titles = if with_titles {
                "; titles are in it, --blank-titles leaves them out"
            } else {
                ""
            };
            line(&format!("{exchanges} {requests} recorded in {path}{titles}"));
        }
    }
}

/// Says that a recording is not whole, as JSON where the list itself is JSON.
pub(crate) fn not_recorded(path: &Path, exchanges: u64, error: &io::Error, format: Format) {
    let path = path.display();
    let message = format!("the recording in {path} ends after {exchanges} of the requests: {error}");
    match format {
        Format::Json | Format::Ndjson => line(
            &serde_json::json!({
                "error": { "kind": "recording", "message": message, "hint": "Record again into another file." }
            })
            .to_string(),
        ),
        Format::Table | Format::Tsv | Format::Csv => line(&format!("error: {message}")),
    }
}

/// Says what a source's list lost or repeated.
pub(crate) fn oddities(report: &SourceReport) {
    let label = match &report.scope {
        Some(scope) => format!("{}/{scope}", report.provider),
        None => report.provider.to_string(),
    };
    if let Some(first) = &report.first_rejected {
        let count = report.rejected;
        let items = if count == 1 { "item was" } else { "items were" };
        line(&format!(
            "{label}: {count} {items} skipped, the first because {}, at {}",
            first.reason, first.pointer
        ));
    }
    if report.duplicates > 0 {
        let count = report.duplicates;
        let sessions = if count == 1 { "session" } else { "sessions" };
        line(&format!("{label}: {count} {sessions} came twice and are listed once"));
    }
}
