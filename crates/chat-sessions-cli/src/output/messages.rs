//! Messages on standard error: text for people, or one JSON object per line with `-o json` and
//! `-o ndjson`.
//!
//! Failures to write to standard error are ignored: there is nowhere to report them.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::{self, Write};
use std::panic::PanicHookInfo;
use std::path::Path;

use anstyle::{AnsiColor, Style};
use chat_sessions::{Cursor, Error};
use clap::error::ContextValue;
use serde::Serialize;
use serde_json::{Value, json};

use super::format::Format;
use super::hints;
use super::json::ErrorRecord;
use super::json_text::write_json;
use super::notices::Notice;
use super::text::count;
use super::visible::{VisibleWriter, visible, visible_lines};

const ERROR: Style = AnsiColor::Red.on_default().bold();

/// The styles in the messages of `clap`: reset, bold, underlined, red, green, yellow.
const STYLES: [&str; 6] = [
    "\u{1b}[0m",
    "\u{1b}[1m",
    "\u{1b}[4m",
    "\u{1b}[31m",
    "\u{1b}[32m",
    "\u{1b}[33m",
];

/// Prints a message: `record` in the JSON formats, otherwise `text`.
fn print(format: Format, record: &Value, text: impl FnOnce() -> String) {
    if format.is_json() {
        print_record(record);
    } else {
        let _ = writeln!(anstream::stderr().lock(), "{}", visible(&text()));
    }
}

/// Prints an error: `record` in the JSON formats, otherwise `text`.
fn print_error(format: Format, record: &Value, text: &str) {
    if format.is_json() {
        print_record(record);
    } else {
        // The styles are dropped if there are no colors.
        let _ = writeln!(anstream::stderr().lock(), "{ERROR}error:{ERROR:#} {}", visible(text));
    }
}

fn print_record(record: &Value) {
    let mut line = Vec::new();
    let _ = write_json(&mut line, record);
    line.push(b'\n');
    // At once, so that lines of other programs do not come in between.
    let _ = io::stderr().write_all(&line);
}

/// Prints a line for people.
pub(crate) fn line(text: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{}", visible(text));
}

/// Asks for something that the user then types after it.
pub(crate) fn prompt(text: &str) {
    let mut out = io::stderr().lock();
    let _ = out.write_all(visible(text).as_bytes()).and_then(|()| out.flush());
}

/// Reports an error of the facade or of the configuration.
pub(crate) fn error(error: &Error, format: Format) {
    let record = json!({ "error": ErrorRecord::from(error) });
    print_error(format, &record, &hints::with_hint(error));
}

/// Reports an error of this program rather than of a provider.
fn local_error(kind: &str, message: &str, format: Format) {
    let record = json!({ "error": { "kind": kind, "message": message } });
    print_error(format, &record, message);
}

/// Reports that standard output cannot be written.
pub(crate) fn output_failure(error: &io::Error, format: Format) {
    local_error("output", &format!("cannot write the output: {error}"), format);
}

/// Reports wrong arguments, which the message repeats.
pub(crate) fn usage(mut error: clap::Error) {
    let repeated = error.context().filter_map(|(kind, value)| match value {
        ContextValue::String(text) => Some((kind, ContextValue::String(visible(text).into_owned()))),
        _ => None,
    });
    for (kind, value) in repeated.collect::<Vec<_>>() {
        error.insert(kind, value);
    }
    let text = error.render().ansi().to_string();
    // The reason for a wrong value can repeat it too. So only the styles of the message stay.
    let mut rest = text.as_str();
    let mut message = String::with_capacity(rest.len());
    while let Some(start) = rest.find('\u{1b}') {
        let style = STYLES.into_iter().find(|style| rest[start..].starts_with(style));
        message.push_str(&visible_lines(&rest[..start]));
        let end = start + style.map_or(1, str::len);
        message.push_str(style.map_or(&visible(&rest[start..end]), |style| style));
        rest = &rest[end..];
    }
    message.push_str(&visible_lines(rest));
    let _ = anstream::stderr().lock().write_all(message.as_bytes());
}

/// Reports a bug in this program. A panic's message can contain anything.
pub(crate) fn panic(panic: &PanicHookInfo<'_>) {
    let _ = writeln!(log_writer(), "{panic}");
    let backtrace = Backtrace::capture();
    if backtrace.status() == BacktraceStatus::Captured {
        let _ = writeln!(log_writer(), "{backtrace}");
    }
}

/// Returns standard error, for lines that are not messages.
pub(crate) fn log_writer() -> impl Write {
    VisibleWriter::new(io::stderr())
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
        None => format!("{}{}", notice.line(), notice.without_cursor),
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
    if format.is_json() {
        return print_record(&json!({ "stats": record }));
    }
    let mut err = anstream::stderr().lock();
    for line in lines {
        let _ = writeln!(err, "{}", visible(line));
    }
}

/// Reports what an export has done.
pub(crate) fn exported(outcome: &impl Serialize, text: &str, format: Format) {
    print(format, &json!({ "exported": outcome }), || text.to_owned());
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
    print_error(format, &record, &message);
}
