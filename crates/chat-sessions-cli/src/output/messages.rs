//! Messages on standard error: text for people, or one JSON object per line with `-o json` and
//! `-o ndjson`.
//!
//! Failures to write to standard error are ignored: there is nowhere to report them.

use std::io::{self, Write};
use std::path::Path;

use anstyle::{AnsiColor, Style};
use chat_sessions::{Cursor, Error};
use serde::Serialize;
use serde_json::{Value, json};

use super::format::Format;
use super::hints;
use super::json::ErrorRecord;
use super::notices::Notice;
use super::text::count;

const ERROR: Style = AnsiColor::Red.on_default().bold();

/// Prints a line, without its styles if there are no colors.
fn print_line(text: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// Prints a message: `record` in the JSON formats, otherwise `text`.
fn print(format: Format, record: &Value, text: impl FnOnce() -> String) {
    if format.is_json() {
        print_line(&record.to_string());
    } else {
        print_line(&text());
    }
}

fn error_line(message: &str) -> String {
    format!("{ERROR}error:{ERROR:#} {message}")
}

/// Reports an error of the facade or of the configuration.
pub(crate) fn error(error: &Error, format: Format) {
    let record = json!({ "error": ErrorRecord::from(error) });
    print(format, &record, || error_line(&hints::with_hint(error)));
}

/// Reports an error of this program rather than of a provider.
fn local_error(kind: &str, message: &str, format: Format) {
    let record = json!({ "error": { "kind": kind, "message": message } });
    print(format, &record, || error_line(message));
}

/// Reports that standard output cannot be written.
pub(crate) fn output_failure(error: &io::Error, format: Format) {
    local_error("output", &format!("cannot write the output: {error}"), format);
}

/// Reports a wrong setting.
pub(crate) fn configuration(message: &str, format: Format) {
    local_error("config", message, format);
}

/// Reports that the sandbox cannot be started.
pub(crate) fn sandbox_failure(error: &io::Error, format: Format) {
    let message = format!("cannot start the sandbox on the loopback interface: {error}");
    local_error("sandbox", &message, format);
}

/// Warns about a configuration that works but may not be intended.
pub(crate) fn warning(message: &str, format: Format) {
    let record = json!({ "notice": Notice::configuration(message) });
    print(format, &record, || format!("warning: {message}"));
}

/// Prints a notice, with the cursor unless the JSON document contains it.
pub(crate) fn notice(notice: &Notice<'_>, format: Format) {
    let record = match notice.next_cursor {
        Some(next) if format == Format::Ndjson => json!({ "notice": notice, "next_cursor": next }),
        _ => json!({ "notice": notice }),
    };
    print(format, &record, || match notice.next_cursor {
        None => notice.line(),
        Some(next) => format!("{}; continue with --cursor {next}{}", notice.line(), notice.alternative),
    });
}

/// Prints where a failed list continues, unless the JSON document contains it.
pub(crate) fn next_cursor(next: &Cursor, format: Format) {
    if format != Format::Json {
        let record = json!({ "next_cursor": next });
        print(format, &record, || format!("continue with --cursor {next}"));
    }
}

/// Prints statistics: `lines` for people, `record` for programs.
pub(crate) fn stats(record: &impl Serialize, lines: &[String], format: Format) {
    print(format, &json!({ "stats": record }), || lines.join("\n"));
}

/// Reports what was recorded, and where.
pub(crate) fn recorded(path: &Path, exchanges: u64, with_titles: bool, format: Format) {
    let file = path.display().to_string();
    let record = json!({ "recorded": { "file": file, "exchanges": exchanges, "titles": with_titles } });
    print(format, &record, || {
        let requests = count(exchanges, "request");
        let titles = if with_titles {
            ", including titles (--blank-titles omits them)"
        } else {
            ""
        };
        format!("recorded {requests} in {file}{titles}")
    });
}

/// Reports that a recording is incomplete.
pub(crate) fn recording_failure(path: &Path, exchanges: u64, error: &io::Error, format: Format) {
    let path = path.display();
    let requests = count(exchanges, "request");
    let message = format!("the recording {path} is incomplete, it ends after {requests}: {error}");
    let hint = "Record again in another file.";
    let record = json!({ "error": { "kind": "recording", "message": message, "hint": hint } });
    print(format, &record, || error_line(&message));
}
