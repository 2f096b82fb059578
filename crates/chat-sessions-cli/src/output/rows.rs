//! TSV and CSV: the full values of the columns, for programs.

use std::borrow::Cow;
use std::io::{self, Write};

use chat_sessions::Session;

use super::columns::Column;
use super::spreadsheet::{BYTE_ORDER_MARK, cell};
use super::visible::{visible, visible_lines};
use super::writer::{ListSummary, SessionWriter};

/// Tab-separated values without a header. Tabs, line breaks and backslashes inside a value are
/// escaped as `\t`, `\n`, `\r` and `\\`, other unsafe characters by their code, as `\u001b`: the
/// reader of a pipe may be a terminal.
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
            .map(|column| escape(&column.value(session)).into_owned())
            .collect();
        writeln!(self.out, "{}", row.join("\t"))?;
        self.out.flush()
    }

    fn finish(&mut self, _: ListSummary<'_>) -> io::Result<()> {
        self.out.flush()
    }
}

fn escape(value: &str) -> Cow<'_, str> {
    if !value.contains('\\') {
        return visible(value);
    }
    visible(&value.replace('\\', "\\\\")).into_owned().into()
}

/// Who reads the CSV.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CsvReader {
    /// A program, which gets RFC 4180 with the exact values.
    Program,
    Spreadsheet,
    /// A terminal, on which unsafe characters are escaped.
    Terminal,
}

/// Comma-separated values as in RFC 4180: a header, CRLF line ends, quotes only where needed.
pub(crate) struct Csv<W: Write> {
    out: csv::Writer<Marked<W>>,
    columns: Vec<Column>,
    reader: CsvReader,
    has_header: bool,
}

impl<W: Write> Csv<W> {
    pub(crate) fn new(out: W, columns: Vec<Column>, reader: CsvReader) -> Self {
        let is_spreadsheet = reader == CsvReader::Spreadsheet;
        let out = csv::WriterBuilder::new()
            // On a terminal, a CR is a control character like any other.
            .terminator(match reader {
                CsvReader::Program | CsvReader::Spreadsheet => csv::Terminator::CRLF,
                CsvReader::Terminal => csv::Terminator::Any(b'\n'),
            })
            // A spreadsheet that separates values in another way keeps a value in quotes together.
            .quote_style(if is_spreadsheet {
                csv::QuoteStyle::Always
            } else {
                csv::QuoteStyle::Necessary
            })
            .from_writer(Marked {
                out,
                mark: if is_spreadsheet { BYTE_ORDER_MARK } else { "" },
            });
        Self {
            out,
            columns,
            reader,
            has_header: false,
        }
    }

    fn value<'s>(&self, column: Column, session: &'s Session) -> Cow<'s, str> {
        let value = column.value(session);
        match self.reader {
            CsvReader::Spreadsheet if !column.is_number() => cell(&value).into(),
            CsvReader::Terminal => visible_lines(&value).into_owned().into(),
            CsvReader::Program | CsvReader::Spreadsheet => value,
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
        let row: Vec<_> = self.columns.iter().map(|column| self.value(*column, session)).collect();
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

/// Writes a mark before everything else.
struct Marked<W> {
    out: W,
    mark: &'static str,
}

impl<W: Write> Write for Marked<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write_all(std::mem::take(&mut self.mark).as_bytes())?;
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
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
