//! What the program prints: sessions and reports on standard output, messages on standard error.
//!
//! Every list format has a writer that gets one session at a time and writes it at once. So a long
//! list appears while it is read, a list that fails half-way is still valid, and no further page is
//! requested once the reader has closed the pipe. Only the table waits for its first rows, to choose
//! the widths of its columns.
//!
//! No text reaches standard output or standard error without `visible.rs`, except CSV in a pipe,
//! which holds the exact values, and text that is a part of this program.

mod age;
mod columns;
mod fields;
mod format;
pub(crate) mod hints;
mod json;
pub(crate) mod json_text;
pub(crate) mod messages;
mod missing;
mod notices;
mod pager;
mod report;
mod rows;
pub(crate) mod session_index;
mod spreadsheet;
mod status_line;
mod table;
mod terminal;
pub(crate) mod text;
pub(crate) mod transcript;
pub(crate) mod units;
mod visible;
pub(crate) mod wrap;
mod writer;

use std::io::{self, IsTerminal, Write};

use crate::clock;
use crate::time_zone::local_zone;

pub(crate) use columns::Column;
pub(crate) use fields::Field;
pub(crate) use format::{Format, ReportFormat, TranscriptFormat};
pub(crate) use json::{ErrorRecord, schema};
pub(crate) use missing::{Missing, StopReason, missing};
pub(crate) use notices::Notice;
pub(crate) use pager::{Pager, show_help};
pub(crate) use report::{SCHEMA_VERSION, align, print_json, report_writer};
pub(crate) use status_line::StatusLine;
pub(crate) use terminal::{ColorArg, OutputStream, can_redraw_stderr, message_width, set_color, stderr_width, width};
pub(crate) use visible::visible;
pub(crate) use writer::{ListSummary, SessionWriter};

/// Creates the writer for a format. No columns means the default columns, no fields means all.
/// `spreadsheet` is about CSV.
pub(crate) fn session_writer<'a>(
    format: Format,
    columns: &[Column],
    fields: &[Field],
    spreadsheet: bool,
    out: impl Write + Send + 'a,
) -> Box<dyn SessionWriter + Send + 'a> {
    let out = io::BufWriter::new(out);
    let columns = match columns {
        [] if format == Format::Table => columns::TABLE.to_vec(),
        [] => columns::ROWS.to_vec(),
        chosen => chosen.to_vec(),
    };
    let fields = fields::FieldSelection::new(fields);
    match format {
        Format::Table => {
            // Ages are for people who look at a terminal. In a file they would be wrong tomorrow.
            let now = io::stdout().is_terminal().then(clock::now);
            Box::new(table::Table::new(out, columns, width(), local_zone(), now))
        }
        Format::Tsv => Box::new(rows::Tsv::new(out, columns)),
        Format::Csv => {
            let reader = match spreadsheet {
                true => rows::CsvReader::Spreadsheet,
                false if io::stdout().is_terminal() => rows::CsvReader::Terminal,
                false => rows::CsvReader::Program,
            };
            Box::new(rows::Csv::new(out, columns, reader))
        }
        Format::Json => Box::new(json::Document::new(out, fields)),
        Format::Ndjson => Box::new(json::Lines::new(out, fields)),
    }
}
