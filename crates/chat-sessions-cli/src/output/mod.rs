//! How a list is written: one writer for each format, all fed session by session.
//!
//! A writer writes each session out at once, so that a long list shows while it comes, a failure half-way still leaves what
//! came before it in a form that parses, and a reader that has left is noticed before more is asked for. The table alone
//! looks at its first rows together, to fit its columns.

mod columns;
mod fields;
mod json;
mod rows;
mod table;

use std::io::{self, Write};

use chat_sessions::{Cursor, Error, Session};

use crate::args::Format;
use crate::terminal;
use crate::when;

pub(crate) use columns::Column;
pub(crate) use fields::{Field, Selection};
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

/// What of a session is written, in which format.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    pub(crate) format: Format,
    /// In rows.
    pub(crate) columns: Vec<Column>,
    /// In JSON.
    pub(crate) selection: Selection,
}

impl Shape {
    /// Makes the shape that was asked for; no columns means the usual ones, no fields all of them.
    pub(crate) fn new(format: Format, columns: &[Column], fields: &[Field]) -> Self {
        Self {
            format,
            columns: match columns {
                [] => columns::DEFAULT.to_vec(),
                chosen => chosen.to_vec(),
            },
            selection: Selection::of(fields),
        }
    }

    /// Makes the writer.
    pub(crate) fn writer<'a>(&self, out: impl Write + Send + 'a) -> Box<dyn Writer + Send + 'a> {
        let out = io::BufWriter::new(out);
        let columns = self.columns.clone();
        match self.format {
            Format::Table => Box::new(table::Table::new(out, columns, terminal::width(), when::local_zone())),
            Format::Tsv => Box::new(rows::Tsv::new(out, columns)),
            Format::Csv => Box::new(rows::Csv::new(out, columns)),
            Format::Json => Box::new(json::Document::new(out, self.selection.clone())),
            Format::Ndjson => Box::new(json::Lines::new(out, self.selection.clone())),
        }
    }
}

/// Prints the JSON Schema of the JSON document.
pub(crate) fn print_schema() -> io::Result<crate::exit::Exit> {
    let mut out = io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &json::schema())?;
    writeln!(out)?;
    Ok(crate::exit::Exit::Ok)
}
