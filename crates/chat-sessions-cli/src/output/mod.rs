//! How a list is written: one writer for each format, all fed session by session.
//!
//! A writer writes as sessions come, so that a long list shows at once and a failure half-way still leaves what came
//! before it, in a form that parses.

mod columns;
mod json;
mod rows;
mod table;

use std::io::{self, Write};

use chat_sessions::{Error, Session};

use crate::args::Format;

pub(crate) use json::ErrorRecord;

/// Writes a list.
pub(crate) trait Writer {
    /// Writes one session.
    fn session(&mut self, session: &Session) -> io::Result<()>;

    /// Writes what stands after the last session, and everything that is still held back.
    ///
    /// `complete` says that no session is missing.
    fn end(&mut self, failures: &[&Error], complete: bool) -> io::Result<()>;
}

/// Makes the writer for a format.
pub(crate) fn writer<'a>(format: Format, out: impl Write + Send + 'a) -> Box<dyn Writer + Send + 'a> {
    let out = io::BufWriter::new(out);
    match format {
        Format::Table => Box::new(table::Table::new(out, table::width(), table::local_zone())),
        Format::Tsv => Box::new(rows::Tsv::new(out)),
        Format::Csv => Box::new(rows::Csv::new(out)),
        Format::Json => Box::new(json::Document::new(out)),
        Format::Ndjson => Box::new(json::Lines::new(out)),
    }
}

/// Prints the JSON Schema of the JSON document.
pub(crate) fn print_schema() -> io::Result<crate::exit::Exit> {
    let mut out = io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &json::schema())?;
    writeln!(out)?;
    Ok(crate::exit::Exit::Ok)
}
