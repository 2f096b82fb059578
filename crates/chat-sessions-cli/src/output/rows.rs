//! TSV and CSV: the full values of the columns, for programs.

use std::borrow::Cow;
use std::io::{self, Write};

use chat_sessions::Session;

use super::columns::Column;
use super::writer::{ListSummary, SessionWriter};

/// Tab-separated values without a header. Tabs, line breaks and backslashes inside a value are
/// escaped as `\t`, `\n`, `\r` and `\\`.
pub(crate) struct Tsv<W> {
    out: W,
    columns: Vec<Column>,
}

impl<W: Write> Tsv<W> {
    pub(crate) fn new(out: W, columns: Vec<Column>) -> Self {
        Self { out, columns }
    }
}

impl<W: Write> SessionWriter for Tsv<W> {
    fn session(&mut self, session: &Session) -> io::Result<()> {
        let row: Vec<_> = self
            .columns
            .iter()
            .map(|column| escape(column.value(session)))
            .collect();
        writeln!(self.out, "{}", row.join("\t"))?;
        self.out.flush()
    }

    fn finish(&mut self, _: ListSummary<'_>) -> io::Result<()> {
        self.out.flush()
    }
}

fn escape(value: Cow<'_, str>) -> Cow<'_, str> {
    if !value.contains(['\t', '\n', '\r', '\\']) {
        return value;
    }
    let mut escaped = String::with_capacity(value.len() + 2);
    for character in value.chars() {
        match character {
            '\t' => escaped.push_str("\\t"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\\' => escaped.push_str("\\\\"),
            other => escaped.push(other),
        }
    }
    Cow::Owned(escaped)
}

/// Comma-separated values as in RFC 4180: a header, CRLF line ends, quotes only where needed.
pub(crate) struct Csv<W: Write> {
    out: csv::Writer<W>,
    columns: Vec<Column>,
    has_header: bool,
}

impl<W: Write> Csv<W> {
    pub(crate) fn new(out: W, columns: Vec<Column>) -> Self {
        let out = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(out);
        Self {
            out,
            columns,
            has_header: false,
        }
    }

    fn write_header(&mut self) -> io::Result<()> {
        if !self.has_header {
            self.has_header = true;
            let names = self.columns.iter().map(|column| column.name());
            self.out.write_record(names).map_err(into_io_error)?;
        }
        Ok(())
    }
}

impl<W: Write> SessionWriter for Csv<W> {
    fn session(&mut self, session: &Session) -> io::Result<()> {
        self.write_header()?;
        let row: Vec<_> = self.columns.iter().map(|column| column.value(session)).collect();
        self.out
            .write_record(row.iter().map(|value| value.as_bytes()))
            .map_err(into_io_error)?;
        self.out.flush()
    }

    fn finish(&mut self, _: ListSummary<'_>) -> io::Result<()> {
        self.write_header()?;
        self.out.flush()
    }
}

/// Extracts the I/O error. The conversion in `csv` loses its kind, which distinguishes a closed pipe from a
/// full disk.
fn into_io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("cannot write the row as CSV: {other:?}")),
    }
}
