//! The table: the columns for eyes, fitted to the width of the terminal, times in local form.
//!
//! Where the columns do not fit beside each other, a session takes several lines; what people copy, such as an id, is never
//! cut.

use std::io::{self, Write};
use std::time::SystemTime;

use anstyle::{Effects, Style};
use chat_sessions::{Session, TimeOrigin};
use jiff::tz::TimeZone;
use unicode_width::UnicodeWidthStr;

use super::columns::Column;
use super::{Ending, Writer};
use crate::text::{cut, one_line};

/// Rows that are looked at before the widths of the columns are settled. The default limit fits twice; after that the
/// table is written as rows come.
const LOOK_AHEAD: usize = 100;
/// A column that is cut keeps at least so much.
const NARROWEST: usize = 10;
const GAP: &str = "  ";
/// What stands before the further lines of a session that takes several.
const INDENT: &str = "  ";
/// What stands where the provider says nothing.
const NOTHING: &str = "-";

const HEADING: Style = Style::new().bold();
/// What is read last: how a time is known, and what is not there.
const ASIDE: Style = Style::new().effects(Effects::DIMMED);

/// A row's columns, as they are shown.
type Row = Vec<String>;

/// The lines that a row takes, each with its columns by their index, and their widths.
type Layout = Vec<Vec<(usize, usize)>>;

pub(crate) struct Table<W> {
    out: W,
    columns: Vec<Column>,
    width: usize,
    zone: TimeZone,
    held: Vec<Row>,
    layout: Option<Layout>,
}

impl<W: Write> Table<W> {
    /// Makes a table of a width, which writes styles; `out` takes them off where they are not wanted.
    pub(crate) fn new(out: W, columns: Vec<Column>, width: usize, zone: TimeZone) -> Self {
        Self {
            out,
            columns,
            width,
            zone,
            held: Vec::new(),
            layout: None,
        }
    }

    fn row(&self, session: &Session) -> Row {
        let shown = self.columns.iter().map(|column| match column.time(session) {
            Some(time) if column.is_time() => self.local(time.at.into()),
            Some(time) if column.is_origin() => known(time.origin).to_owned(),
            _ => one_line(&column.value(session)),
        });
        let or_nothing = |value: String| if value.is_empty() { NOTHING.to_owned() } else { value };
        shown.map(or_nothing).collect()
    }

    fn local(&self, at: SystemTime) -> String {
        jiff::Timestamp::try_from(at).map_or_else(
            |_| String::new(),
            |at| at.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string(),
        )
    }

    fn headings(&self) -> Row {
        self.columns.iter().map(|column| column.name().to_uppercase()).collect()
    }

    /// Settles the widths by the rows held so far, and writes these with the heading.
    fn settle(&mut self) -> io::Result<()> {
        if self.layout.is_some() {
            return Ok(());
        }
        let headings = self.headings();
        let mut widths: Vec<usize> = headings.iter().map(|heading| heading.width()).collect();
        for row in &self.held {
            for (width, value) in widths.iter_mut().zip(row) {
                *width = (*width).max(value.width());
            }
        }
        let layout = beside(&self.columns, widths.clone(), self.width)
            .unwrap_or_else(|| below(&self.columns, &widths, self.width));
        for (index, columns) in layout.iter().enumerate() {
            let indent = if index == 0 { "" } else { INDENT };
            let text = self.line(&headings, columns, false);
            writeln!(self.out, "{indent}{HEADING}{text}{HEADING:#}")?;
        }
        for row in std::mem::take(&mut self.held) {
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
        let mut owed = 0;
        for (index, width) in columns {
            let column = self.columns[*index];
            let value = if column.may_be_cut() {
                cut(&row[*index], *width)
            } else {
                row[*index].clone()
            };
            let padding = width.saturating_sub(value.width());
            let (before, behind) = if column.is_number() { (padding, 0) } else { (0, padding) };
            // What would stand behind the last column is not written.
            line.extend(std::iter::repeat_n(' ', owed + before));
            if styled && (column.is_origin() || value == NOTHING) {
                line.push_str(&format!("{ASIDE}{value}{ASIDE:#}"));
            } else {
                line.push_str(&value);
            }
            owed = behind + GAP.len();
        }
        line
    }
}

impl<W: Write> Writer for Table<W> {
    fn session(&mut self, session: &Session) -> io::Result<()> {
        let row = self.row(session);
        if let Some(layout) = self.layout.take() {
            let written = self.write(&row, &layout);
            self.layout = Some(layout);
            return written;
        }
        self.held.push(row);
        if self.held.len() >= LOOK_AHEAD {
            self.settle()?;
        }
        Ok(())
    }

    fn end(&mut self, _: Ending<'_>) -> io::Result<()> {
        // A table without rows says nothing that the messages do not say better.
        if !self.held.is_empty() {
            self.settle()?;
        }
        self.out.flush()
    }
}

/// Puts all columns on one line, cut where they may be; `None` when there is no room.
fn beside(columns: &[Column], mut widths: Vec<usize>, room: usize) -> Option<Layout> {
    let gaps = GAP.len() * columns.len().saturating_sub(1);
    while widths.iter().sum::<usize>() + gaps > room {
        let cuttable = widths.iter_mut().zip(columns).filter(|(_, column)| column.may_be_cut());
        // The widest gives first, so that a short one next to it stays whole.
        let (widest, _) = cuttable.max_by_key(|(width, _)| **width)?;
        if *widest <= NARROWEST {
            return None;
        }
        *widest -= 1;
    }
    Some(vec![widths.into_iter().enumerate().collect()])
}

/// Puts the columns on as many lines as they take: as many of them on each as fit, and what may be cut on a line of its own.
fn below(columns: &[Column], widths: &[usize], room: usize) -> Layout {
    let mut layout: Layout = Vec::new();
    let mut left = 0;
    for (index, (column, width)) in columns.iter().zip(widths).enumerate() {
        let whole_line = if layout.is_empty() {
            room
        } else {
            room.saturating_sub(INDENT.len())
        };
        if column.may_be_cut() {
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

/// Says how a time is known, in words.
fn known(origin: TimeOrigin) -> &'static str {
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
    fn the_widest_column_that_may_be_cut_gives_first() {
        let columns = [Column::Id, Column::Title, Column::Sources];
        let widths = |room| beside(&columns, vec![8, 30, 20], room).map(|layout| layout[0].clone());
        assert_eq!(widths(62), Some(vec![(0, 8), (1, 30), (2, 20)]));
        assert_eq!(widths(55), Some(vec![(0, 8), (1, 23), (2, 20)]));
        assert_eq!(widths(42), Some(vec![(0, 8), (1, 15), (2, 15)]));
        assert_eq!(widths(32), Some(vec![(0, 8), (1, 10), (2, 10)]));
        assert_eq!(widths(31), None);
    }

    #[test]
    fn what_does_not_fit_beside_stands_below_and_what_may_be_cut_on_a_line_of_its_own() {
        let columns = super::super::columns::DEFAULT;
        assert_eq!(
            below(&columns, &[11, 18, 60, 16, 11], 40),
            [vec![(0, 11), (1, 18)], vec![(2, 38)], vec![(3, 16), (4, 11)],]
        );
        assert_eq!(
            below(&columns, &[11, 18, 60, 16, 11], 12),
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
