//! A table of a text on a terminal: aligned columns whose cells are wrapped, or a list of the cells
//! if there is no room for columns.

use anstyle::Style;
use pulldown_cmark::Alignment;
use unicode_width::UnicodeWidthStr;

use super::styled::{Styled, wrap_into};

const HEADING: Style = Style::new().bold();
/// Between columns.
const GAP: &str = "  ";
/// Narrower columns are hard to read.
const NARROWEST: usize = 6;

/// A table while its cells arrive.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) alignments: Vec<Alignment>,
    /// The first row is the heading.
    pub(super) rows: Vec<Vec<String>>,
}

impl Table {
    /// Returns the lines of the table.
    pub(super) fn lines(&self, width: usize) -> Vec<String> {
        match self.widths(width) {
            Some(widths) => self.columns(&widths),
            None => self.records(width),
        }
    }

    /// Returns the width of each column, `None` if they do not fit. If they are too wide together,
    /// the widest ones become narrower.
    fn widths(&self, width: usize) -> Option<Vec<usize>> {
        let number = self.rows.iter().map(Vec::len).max()?;
        let natural: Vec<usize> = (0..number)
            .map(|column| {
                let cells = self.rows.iter().filter_map(|row| row.get(column));
                cells.map(|cell| cell.width()).max().unwrap_or_default().max(1)
            })
            .collect();
        let room = width.checked_sub(GAP.len() * number.saturating_sub(1))?;
        let total = |cap: usize| natural.iter().map(|width| (*width).min(cap)).sum::<usize>();
        let widest = natural.iter().copied().max()?;
        // Few columns are wider than a terminal, so this is short.
        let cap = (1..=widest.min(room)).rev().find(|cap| total(*cap) <= room)?;
        (cap >= NARROWEST.min(widest)).then(|| natural.iter().map(|width| (*width).min(cap)).collect())
    }

    fn columns(&self, widths: &[usize]) -> Vec<String> {
        let mut lines = Vec::new();
        let wraps = self.rows.iter().flatten().count() > 0
            && self
                .rows
                .iter()
                .any(|row| row.iter().zip(widths).any(|(cell, width)| cell.width() > *width));
        for (index, row) in self.rows.iter().enumerate() {
            let style = if index == 0 { HEADING } else { Style::new() };
            let cells: Vec<Vec<String>> = widths
                .iter()
                .enumerate()
                .map(|(column, width)| {
                    let cell = row.get(column).map_or("", String::as_str);
                    Styled::new(cell.to_owned(), Style::new()).lines(*width)
                })
                .collect();
            let height = cells.iter().map(Vec::len).max().unwrap_or_default();
            // Rows of several lines need a space between them.
            if wraps && index > 1 {
                lines.push(String::new());
            }
            for line in 0..height {
                let mut text = String::new();
                for (column, width) in widths.iter().enumerate() {
                    let cell = cells[column].get(line).map_or("", String::as_str);
                    let pad = " ".repeat(width.saturating_sub(cell.width()));
                    let is_right = matches!(self.alignments.get(column), Some(Alignment::Right));
                    let (before, after) = if is_right {
                        (pad.as_str(), "")
                    } else {
                        ("", pad.as_str())
                    };
                    let gap = if column == 0 { "" } else { GAP };
                    text.push_str(&format!("{gap}{before}{cell}{after}"));
                }
                lines.push(format!("{style}{}{style:#}", text.trim_end()));
            }
            if index == 0 {
                let rules: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
                lines.push(rules.join(GAP));
            }
        }
        lines
    }

    fn records(&self, width: usize) -> Vec<String> {
        let mut lines = Vec::new();
        let Some((heading, rows)) = self.rows.split_first() else {
            return lines;
        };
        for (index, row) in rows.iter().enumerate() {
            if index > 0 {
                lines.push(String::new());
            }
            for (column, cell) in row.iter().enumerate() {
                let name = heading.get(column).map_or("", String::as_str);
                let mut line = Styled::default();
                line.push(&format!("{name}:"), HEADING);
                line.push(&format!(" {cell}"), Style::new());
                wrap_into(&mut lines, &line, width, "", "  ");
            }
        }
        lines
    }
}
