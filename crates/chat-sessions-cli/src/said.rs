//! What is said on standard error: errors, and what is missing from the list.
//!
//! Nothing here may fail the program: when standard error is closed there is nobody to tell.

use std::io::{self, Write};
use std::path::Path;

use anstyle::{AnsiColor, Style};
use chat_sessions::{Cursor, Error, WalkReport};
use serde_json::json;

use crate::args::{Format, ReportFormat};
use crate::notices::Notice;
use crate::output::ErrorRecord;
use crate::stats;

const ERROR: Style = AnsiColor::Red.on_default().bold();

/// Says one line, without its styles where there are no colours.
fn line(text: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// Says a line about something that failed.
fn complaint(text: &str) {
    line(&format!("{ERROR}error:{ERROR:#} {text}"));
}

/// Says an error, as JSON where the list itself is JSON.
pub(crate) fn error(error: &Error, format: Format) {
    match format {
        Format::Json | Format::Ndjson => {
            let record = json!({ "error": ErrorRecord::from(error) });
            line(&record.to_string());
        }
        Format::Table | Format::Tsv | Format::Csv => complaint(&error.to_string()),
    }
}

/// Says an error that keeps a report from being made, as JSON where the report is JSON.
pub(crate) fn report_error(refusal: &Error, format: ReportFormat) {
    error(refusal, format.into());
}

/// Says that the output cannot be written.
pub(crate) fn failure(error: &io::Error) {
    complaint(&unwritten(error));
}

/// Says that the list cannot be written, as JSON where the list itself is JSON.
pub(crate) fn unwritten_list(error: &io::Error, format: Format) {
    local("output", &unwritten(error), format);
}

/// Says an error of this program rather than of a provider, as JSON where the list itself is JSON.
fn local(kind: &str, message: &str, format: Format) {
    if format.is_json() {
        line(&json!({ "error": { "kind": kind, "message": message } }).to_string());
    } else {
        complaint(message);
    }
}

fn unwritten(error: &io::Error) -> String {
    format!("the output cannot be written: {error}")
}

/// Says what does not keep the program from its work, and should be known; as JSON where the list itself is JSON.
pub(crate) fn warning(text: &str, format: Format) {
    if format.is_json() {
        notice(&Notice::of_configuration(text), format);
    } else {
        line(&format!("warning: {text}"));
    }
}

/// Says that a setting is wrong.
pub(crate) fn configuration(text: &str, format: Format) {
    local("config", text, format);
}

/// Says that the server inside this process could not be started.
pub(crate) fn no_sandbox(error: &io::Error, format: Format) {
    let message = format!("the sandbox cannot be started on this machine's loopback: {error}");
    local("sandbox", &message, format);
}

/// Says what is missing from the list, as JSON where the list itself is JSON.
pub(crate) fn notice(notice: &Notice<'_>, format: Format) {
    match (format, notice.next) {
        // The document holds the cursor.
        (Format::Json, _) | (Format::Ndjson, None) => line(&json!({ "notice": notice }).to_string()),
        (Format::Ndjson, Some(next)) => line(&json!({ "notice": notice, "next_cursor": next }).to_string()),
        (_, None) => line(&notice.line()),
        (_, Some(next)) => line(&format!(
            "{}; go on with --cursor {next}{}",
            notice.line(),
            notice.or_else
        )),
    }
}

/// Says from where a list that failed half-way goes on, unless its document holds it.
pub(crate) fn go_on(next: &Cursor, format: Format) {
    match format {
        Format::Json => {}
        Format::Ndjson => line(&json!({ "next_cursor": next }).to_string()),
        Format::Table | Format::Tsv | Format::Csv => line(&format!("go on from here with: --cursor {next}")),
    }
}

/// Says what the list went through, as JSON where the list itself is JSON.
pub(crate) fn stats(report: &WalkReport, failures: &[&Error], format: Format) {
    match format {
        Format::Json | Format::Ndjson => {
            let record = json!({ "stats": stats::Stats::new(report, failures) });
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
            &json!({
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
            &json!({
                "error": { "kind": "recording", "message": message, "hint": "Record again into another file." }
            })
            .to_string(),
        ),
        Format::Table | Format::Tsv | Format::Csv => complaint(&message),
    }
}
