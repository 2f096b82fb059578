//! The table: columns for people, fitted to the width of the terminal, with ages or local times.
//!
//! If the columns do not fit on one line, each session takes several. Values that people copy, such
//! as ids, are never truncated.

use std::io::{self, Write};
use std::time::SystemTime;

use anstyle::{Effects, Style};
use chat_sessions::Session;
use chat_sessions::model::{SessionTime, TimeOrigin};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use unicode_width::UnicodeWidthStr;

use super::age::age;
use super::columns::Column;
use super::text::{one_line, truncate};
use super::writer::{ListSummary, SessionWriter};

/// Rows to collect before choosing the column widths: twice the default `--limit`. Later rows are
/// written as they arrive.
const BUFFERED_ROWS: usize = 100;
/// A truncated column keeps at least this width.
const MIN_TRUNCATED_WIDTH: usize = 10;
const GAP: &str = "  ";
/// Starts the second and further lines of a session.
const INDENT: &str = "  ";
/// Shown where there is no value.
const EMPTY: &str = "-";
/// Before a time that was taken as UTC, or read from the id.
const INEXACT: &str = "~";

const HEADING: Style = Style::new().bold();
/// For what matters least: the origin of a time, and missing values.
const SECONDARY: Style = Style::new().effects(Effects::DIMMED);

/// The values of a row, as printed.
type Row = Vec<String>;

/// The lines of a row. Each has its columns: index and width.
type Layout = Vec<Vec<(usize, usize)>>;

pub(crate) struct Table<W> {
    out: W,
    columns: Vec<Column>,
    width: usize,
    zone: TimeZone,
    /// The current time, to show ages instead of times.
    now: Option<Timestamp>,
    buffered: Vec<Row>,
    layout: Option<Layout>,
}

impl<W: Write> Table<W> {
    /// Creates a table. It always writes styles; `out` removes them if there are no colors.
    pub(crate) fn new(out: W, columns: Vec<Column>, width: usize, zone: TimeZone, now: Option<Timestamp>) -> Self {
        Self {
            out,
            columns,
            width,
            zone,
            now,
            buffered: Vec::new(),
            layout: None,
        }
    }

    fn row(&self, session: &Session) -> Row {
        let values = self.columns.iter().map(|column| match column.time(session) {
            Some(time) if column.is_time() => self.time(time),
            Some(time) if column.is_origin() => origin_label(time.origin).to_owned(),
            _ => one_line(&column.value(session)),
        });
        let or_empty = |value: String| if value.is_empty() { EMPTY.to_owned() } else { value };
        values.map(or_empty).collect()
    }

    /// Returns the age or the local time, with a mark unless the provider sent exactly this time.
    fn time(&self, time: &SessionTime) -> String {
        let Ok(at) = Timestamp::try_from(SystemTime::from(time.at)) else {
            return String::new();
        };
        let mark = if time.origin == TimeOrigin::Given { "" } else { INEXACT };
        let age = self.now.and_then(|now| age(at, now));
        let text = age.unwrap_or_else(|| at.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string());
        format!("{mark}{text}")
    }

    fn headings(&self) -> Row {
        self.columns.iter().map(|column| column.name().to_uppercase()).collect()
    }

    /// Chooses the widths from the buffered rows, and writes the heading and these rows.
    fn fix_layout(&mut self) -> io::Result<()> {
        if self.layout.is_some() {
            return Ok(());
        }
        let headings = self.headings();
        let mut widths: Vec<usize> = headings.iter().map(|heading| heading.width()).collect();
        for row in &self.buffered {
            for (width, value) in widths.iter_mut().zip(row) {
                *width = (*width).max(value.width());
            }
        }
        let layout = one_line_layout(&self.columns, widths.clone(), self.width)
            .unwrap_or_else(|| several_line_layout(&self.columns, &widths, self.width));
        for (index, columns) in layout.iter().enumerate() {
            let indent = if index == 0 { "" } else { INDENT };
            let text = self.line(&headings, columns, false);
            writeln!(self.out, "{indent}{HEADING}{text}{HEADING:#}")?;
        }
        for row in std::mem::take(&mut self.buffered) {
            self.write(&row, &layout)?;
        }
        self.layout = Some(layout);
        Ok(())
    }

    fn write(&mut self, row: &Row, layout: &Layout) -> io::Result<()> {
        for (index, columns) in layout.iter().enumerate() {
            let indent = if index == 0 { "" } else { INDENT };
            writeln!(self.out, "{indent}{}", self.line(row, columns, true))?;
        }
        self.out.flush()
    }

    fn line(&self, row: &Row, columns: &[(usize, usize)], styled: bool) -> String {
        let mut line = String::new();
        // Padding is written only before the next value, so that no line ends in spaces.
        let mut pending = 0;
        for (index, width) in columns {
            let column = self.columns[*index];
            let value = if column.may_be_truncated() {
                truncate(&row[*index], *width)
            } else {
                row[*index].clone()
            };
            let padding = width.saturating_sub(value.width());
            let (before, after) = if column.is_number() { (padding, 0) } else { (0, padding) };
            line.extend(std::iter::repeat_n(' ', pending + before));
            if styled && (column.is_origin() || value == EMPTY) {
                line.push_str(&format!("{SECONDARY}{value}{SECONDARY:#}"));
            } else {
                line.push_str(&value);
            }
            pending = after + GAP.len();
        }
        line
    }
}

impl<W: Write> SessionWriter for Table<W> {
    fn session(&mut self, session: &Session) -> io::Result<()> {
        let row = self.row(session);
        if let Some(layout) = self.layout.take() {
            let written = self.write(&row, &layout);
            self.layout = Some(layout);
            return written;
        }
        self.buffered.push(row);
        if self.buffered.len() >= BUFFERED_ROWS {
            self.fix_layout()?;
        }
        Ok(())
    }

    fn finish(&mut self, _: ListSummary<'_>) -> io::Result<()> {
        // Without rows there is no heading either; the messages say what happened.
        if !self.buffered.is_empty() {
            self.fix_layout()?;
        }
        self.out.flush()
    }
}

/// Puts all columns on one line and truncates the widest ones. Returns `None` if they do not fit.
fn one_line_layout(columns: &[Column], mut widths: Vec<usize>, room: usize) -> Option<Layout> {
    let gaps = GAP.len() * columns.len().saturating_sub(1);
    while widths.iter().sum::<usize>() + gaps > room {
        let truncatable = widths
            .iter_mut()
            .zip(columns)
            .filter(|(_, column)| column.may_be_truncated());
        // Shrinking the widest first keeps short columns whole.
        let (widest, _) = truncatable.max_by_key(|(width, _)| **width)?;
        if *widest <= MIN_TRUNCATED_WIDTH {
            return None;
        }
        *widest -= 1;
    }
    Some(vec![widths.into_iter().enumerate().collect()])
}

/// Puts the columns on several lines: as many as fit on each, and each truncatable column on a line
/// of its own.
fn several_line_layout(columns: &[Column], widths: &[usize], room: usize) -> Layout {
    let mut layout: Layout = Vec::new();
    let mut left = 0;
    for (index, (column, width)) in columns.iter().zip(widths).enumerate() {
        let whole_line = if layout.is_empty() {
            room
        } else {
            room.saturating_sub(INDENT.len())
        };
        if column.may_be_truncated() {
            layout.push(vec![(index, (*width).min(whole_line))]);
            left = 0;
            continue;
        }
        match layout.last_mut() {
            Some(line) if GAP.len() + width <= left => {
                line.push((index, *width));
                left -= GAP.len() + width;
            }
            _ => {
                layout.push(vec![(index, *width)]);
                left = whole_line.saturating_sub(*width);
            }
        }
    }
    layout
}

/// Describes how a time is known.
fn origin_label(origin: TimeOrigin) -> &'static str {
    match origin {
        TimeOrigin::Given => "given",
        TimeOrigin::AssumedUtc => "assumed UTC",
        TimeOrigin::DerivedFromId => "from the id",
        _ => origin.as_str(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_widest_truncatable_column_shrinks_first() {
        let columns = [Column::Id, Column::Title, Column::Resources];
        let widths = |room| one_line_layout(&columns, vec![8, 30, 20], room).map(|layout| layout[0].clone());
        assert_eq!(widths(62), Some(vec![(0, 8), (1, 30), (2, 20)]));
        assert_eq!(widths(55), Some(vec![(0, 8), (1, 23), (2, 20)]));
        assert_eq!(widths(42), Some(vec![(0, 8), (1, 15), (2, 15)]));
        assert_eq!(widths(32), Some(vec![(0, 8), (1, 10), (2, 10)]));
        assert_eq!(widths(31), None);
    }

    #[test]
    fn columns_that_do_not_fit_on_one_line_move_to_further_lines() {
        let columns = super::super::columns::ROWS;
        assert_eq!(
            several_line_layout(&columns, &[11, 18, 60, 16, 11], 40),
            [vec![(0, 11), (1, 18)], vec![(2, 38)], vec![(3, 16), (4, 11)],]
        );
        assert_eq!(
            several_line_layout(&columns, &[11, 18, 60, 16, 11], 12),
            [
                vec![(0, 11)],
                vec![(1, 18)],
                vec![(2, 10)],
                vec![(3, 16)],
                vec![(4, 11)]
            ]
        );
    }
}
