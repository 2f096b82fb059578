//! TSV and CSV: the columns in full, for programs.

use std::borrow::Cow;
use std::io::{self, Write};

use chat_sessions::Session;

use super::columns::Column;
use super::{Ending, Writer};

/// Tab-separated values without a heading. A tab or a line break inside a value would split it, so these and the
/// backslash are written as `\t`, `\n`, `\r` and `\\`.
pub(crate) struct Tsv<W> {
    out: W,
    columns: Vec<Column>,
}

impl<W: Write> Tsv<W> {
    pub(crate) fn new(out: W, columns: Vec<Column>) -> Self {
        Self { out, columns }
    }
}

impl<W: Write> Writer for Tsv<W> {
    fn session(&mut self, session: &Session) -> io::Result<()> {
        let row: Vec<_> = self
            .columns
            .iter()
            .map(|column| escaped(column.value(session)))
            .collect();
        writeln!(self.out, "{}", row.join("\t"))?;
        self.out.flush()
    }

    fn end(&mut self, _: Ending<'_>) -> io::Result<()> {
        self.out.flush()
    }
}

fn escaped(value: Cow<'_, str>) -> Cow<'_, str> {
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

/// Comma-separated values as RFC 4180 has them: a heading, CRLF, quotes where needed.
pub(crate) struct Csv<W: Write> {
    out: csv::Writer<W>,
    columns: Vec<Column>,
    headed: bool,
}

impl<W: Write> Csv<W> {
    pub(crate) fn new(out: W, columns: Vec<Column>) -> Self {
        let out = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(out);
        Self {
            out,
            columns,
            headed: false,
        }
    }

    fn head(&mut self) -> io::Result<()> {
        if !self.headed {
            self.headed = true;
            let names = self.columns.iter().map(|column| column.name());
            self.out.write_record(names).map_err(unwrapped)?;
        }
        Ok(())
    }
}

impl<W: Write> Writer for Csv<W> {
    fn session(&mut self, session: &Session) -> io::Result<()> {
        self.head()?;
        let row: Vec<_> = self.columns.iter().map(|column| column.value(session)).collect();
        self.out
            .write_record(row.iter().map(|value| value.as_bytes()))
            .map_err(unwrapped)?;
        self.out.flush()
    }

    fn end(&mut self, _: Ending<'_>) -> io::Result<()> {
        self.head()?;
        self.out.flush()
    }
}

/// Takes the error of the output out of the one that `csv` wraps around it: its own conversion loses the kind, and a
/// closed pipe could not be told from a full disk.
fn unwrapped(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("the row cannot be written as CSV: {other:?}")),
    }
}
