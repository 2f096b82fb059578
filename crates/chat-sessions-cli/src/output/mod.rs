//! How a list is written: one writer for each format, all fed session by session.
//!
//! A writer writes as sessions come, so that a long list shows at once and a failure half-way still leaves what came
//! before it, in a form that parses.

mod columns;
mod json;
mod rows;
mod table;

use std::io::{self, Write};

use chat_sessions::{Cursor, Error, Session};

use crate::args::Format;

pub(crate) use json::ErrorRecord;

/// What is known of a list when no further session comes.
#[derive(Clone, Copy, Default)]
pub(crate) struct Ending<'a> {
    /// The providers that failed.
    pub(crate) failures: &'a [&'a Error],
    /// Whether no session is missing behind the place where the list began.
    pub(crate) complete: bool,
    /// The place to go on from, where something may be left.
    pub(crate) next: Option<&'a Cursor>,
}

/// Writes a list.
pub(crate) trait Writer {
    /// Writes one session.
    fn session(&mut self, session: &Session) -> io::Result<()>;

    /// Writes what stands after the last session, and everything that is still held back.
    fn end(&mut self, ending: Ending<'_>) -> io::Result<()>;
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
