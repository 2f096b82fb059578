//! The table: the columns for eyes, cut to the width of the terminal, times in local form.

use std::io::{self, Write};
use std::time::SystemTime;

use chat_sessions::{Session, TimeOrigin};
use jiff::tz::TimeZone;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{Ending, Writer};

/// Rows that are looked at before the widths of the columns are settled. The default limit fits twice; after that the
/// table is written as rows come.
const LOOK_AHEAD: usize = 100;
/// The width of a table that goes to no terminal and is told no width.
const DEFAULT_WIDTH: usize = 100;
/// The title keeps at least so much of a narrow terminal.
const NARROWEST_TITLE: usize = 10;
const GAP: &str = "  ";

const HEADINGS: [&str; 5] = ["PROVIDER", "ID", "TITLE", "WHEN", "KNOWN"];
const TITLE: usize = 2;

/// Gives the width to fit the table to: that of the terminal, or what `COLUMNS` says.
pub(crate) fn width() -> usize {
    let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    told.or_else(|| terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)))
        .filter(|width| *width > 0)
        .unwrap_or(DEFAULT_WIDTH)
}

/// Gives the zone to show times in; UTC when the machine's own cannot be read.
pub(crate) fn local_zone() -> TimeZone {
    TimeZone::try_system().unwrap_or(TimeZone::UTC)
}

pub(crate) struct Table<W> {
    out: W,
    width: usize,
    zone: TimeZone,
    held: Vec<[String; 5]>,
    widths: Option<[usize; 5]>,
}

impl<W: Write> Table<W> {
    pub(crate) fn new(out: W, width: usize, zone: TimeZone) -> Self {
        Self {
            out,
            width,
            zone,
            held: Vec::new(),
            widths: None,
        }
    }

    fn row(&self, session: &Session) -> [String; 5] {
        let time = session.time();
        [
            session.id.provider().to_string(),
            session.id.as_str().to_owned(),
            session.title.as_deref().map_or_else(|| "-".to_owned(), one_line),
            time.map_or_else(|| "-".to_owned(), |time| self.local(time.at.into())),
            time.map_or("", |time| known(time.origin)).to_owned(),
        ]
    }

    fn local(&self, at: SystemTime) -> String {
        jiff::Timestamp::try_from(at).map_or_else(
            |_| "-".to_owned(),
            |at| at.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string(),
        )
    }

    /// Settles the widths by the rows held so far, and writes them with the heading.
    fn settle(&mut self) -> io::Result<[usize; 5]> {
        if let Some(widths) = self.widths {
            return Ok(widths);
        }
        let mut widths = HEADINGS.map(UnicodeWidthStr::width);
        for row in &self.held {
            for (width, value) in widths.iter_mut().zip(row) {
                *width = (*width).max(value.width());
            }
        }
        let others: usize = widths.iter().sum::<usize>() - widths[TITLE] + GAP.len() * (widths.len() - 1);
        widths[TITLE] = widths[TITLE].min(self.width.saturating_sub(others).max(NARROWEST_TITLE));
        self.widths = Some(widths);

        self.write(&HEADINGS.map(str::to_owned), widths)?;
        for row in std::mem::take(&mut self.held) {
            self.write(&row, widths)?;
        }
        Ok(widths)
    }

    fn write(&mut self, row: &[String; 5], widths: [usize; 5]) -> io::Result<()> {
        let mut line = String::new();
        for (index, (value, width)) in row.iter().zip(widths).enumerate() {
            let value = if index == TITLE {
                cut(value, width)
            } else {
                value.clone()
            };
            if index > 0 {
                line.push_str(GAP);
            }
            line.push_str(&value);
            line.extend(std::iter::repeat_n(' ', width.saturating_sub(value.width())));
        }
        writeln!(self.out, "{}", line.trim_end())
    }
}

impl<W: Write> Writer for Table<W> {
    fn session(&mut self, session: &Session) -> io::Result<()> {
        let row = self.row(session);
        match self.widths {
            Some(widths) => self.write(&row, widths),
            None => {
                self.held.push(row);
                if self.held.len() >= LOOK_AHEAD {
                    self.settle()?;
                }
                Ok(())
            }
        }
    }

    fn end(&mut self, _: Ending<'_>) -> io::Result<()> {
        // A table without rows says nothing that the messages do not say better.
        if self.widths.is_some() || !self.held.is_empty() {
            self.settle()?;
        }
        self.out.flush()
    }
}

/// Says how a time is known, in the words of the heading.
fn known(origin: TimeOrigin) -> &'static str {
    match origin {
        TimeOrigin::Given => "given",
        TimeOrigin::AssumedUtc => "assumed UTC",
        TimeOrigin::DerivedFromId => "from the id",
        _ => origin.as_str(),
    }
}

/// Puts a title on one line. Control characters could move the cursor or recolour the terminal, and the marks that turn
/// the direction of text could reorder the columns behind the title, so none of them is let through.
fn one_line(title: &str) -> String {
    let turns_text = |character| matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let mut line = String::with_capacity(title.len());
    for character in title.chars().filter(|character| !turns_text(*character)) {
        let shown = if character.is_control() { ' ' } else { character };
        if shown != ' ' || !line.ends_with(' ') {
            line.push(shown);
        }
    }
    line.trim().to_owned()
}

/// Cuts a text to so many columns of the terminal, with a mark where it was cut.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut room = width.saturating_sub(1);
    let mut kept = String::new();
    for character in text.chars() {
        let wide = character.width().unwrap_or(0);
        if wide > room {
            break;
        }
        room -= wide;
        kept.push(character);
    }
    kept.push('…');
    kept
}

#[cfg(test)]
mod tests {
    use super::{cut, one_line};

    #[test]
    fn a_title_is_cut_by_the_columns_that_it_takes() {
        assert_eq!(cut("short", 5), "short");
        assert_eq!(cut("longer", 5), "long…");
        assert_eq!(cut("日本語の題", 5), "日本…", "a wide character takes two columns");
        assert_eq!(cut("", 0), "");
    }

    #[test]
    fn a_title_cannot_leave_its_line_or_touch_the_terminal() {
        assert_eq!(one_line("a\nb\r\n\tc"), "a b c");
        assert_eq!(one_line("\u{1b}[31mred\u{7}"), "[31mred");
        assert_eq!(one_line("a \u{202e}b\u{2066}c"), "a bc");
    }
}
