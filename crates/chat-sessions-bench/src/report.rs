//! The result of a section: a table, the meaning of its rows, and the bounds that it must meet. It
//! is rendered for a terminal and for `docs/performance.md`; the callers write it there.

use std::fmt::Write as _;

/// `Section` is one part of the report.
#[derive(Debug)]
pub(crate) struct Section {
    pub(crate) title: &'static str,
    /// What was measured, in plain words.
    pub(crate) about: String,
    pub(crate) columns: Vec<&'static str>,
    pub(crate) rows: Vec<Row>,
    pub(crate) bounds: Vec<Bound>,
}

/// `Row` is one line of a table.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) cells: Vec<String>,
    /// What the row means, in plain words.
    pub(crate) meaning: String,
}

/// The side on which a value meets the bound.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Side {
    AtMost,
    AtLeast,
}

/// `Bound` is a limit on a measured value.
#[derive(Clone, Debug)]
pub(crate) struct Bound {
    pub(crate) what: String,
    pub(crate) measured: f64,
    pub(crate) side: Side,
    pub(crate) bound: f64,
    pub(crate) unit: &'static str,
}

impl Bound {
    pub(crate) fn at_most(what: impl Into<String>, measured: f64, bound: f64, unit: &'static str) -> Self {
        Self {
            what: what.into(),
            measured,
            side: Side::AtMost,
            bound,
            unit,
        }
    }

    pub(crate) fn at_least(what: impl Into<String>, measured: f64, bound: f64, unit: &'static str) -> Self {
        Self {
            side: Side::AtLeast,
            ..Self::at_most(what, measured, bound, unit)
        }
    }

    /// Whether it is met; a value that could not be measured never meets it.
    pub(crate) fn holds(&self) -> bool {
        match self.side {
            Side::AtMost => self.measured <= self.bound,
            Side::AtLeast => self.measured >= self.bound,
        }
    }

    fn cells(&self) -> [String; 4] {
        let side = match self.side {
            Side::AtMost => "at most",
            Side::AtLeast => "at least",
        };
        // Counts are integers.
        let digits = if self.unit == "crates" { 0 } else { 2 };
        [
            self.what.clone(),
            format!("{:.digits$} {}", self.measured, self.unit),
            format!("{side} {:.digits$} {}", self.bound, self.unit),
            if self.holds() { "ok" } else { "NOT MET" }.to_owned(),
        ]
    }
}

impl Section {
    /// The section for a terminal, with aligned columns.
    pub(crate) fn terminal(&self) -> String {
        let mut text = format!("\n## {}\n\n{}\n\n", self.title, self.about);
        let rows: Vec<_> = self.rows.iter().map(|row| row.cells.clone()).collect();
        text += &table(&self.columns, &rows);
        if !self.bounds.is_empty() {
            text.push('\n');
            text += &bounds(&self.bounds);
        }
        text
    }

    /// The section for `docs/performance.md`, with an additional column that explains each row.
    pub(crate) fn markdown(&self) -> String {
        let mut columns = self.columns.clone();
        columns.push("what it is");
        let rows: Vec<_> = self
            .rows
            .iter()
            .map(|row| {
                let meaning = std::iter::once(row.meaning.clone());
                row.cells.iter().cloned().chain(meaning).collect()
            })
            .collect();
        format!("### {}\n\n{}\n\n{}", self.title, self.about, table(&columns, &rows))
    }
}

/// All bounds in one table, with a column that shows which are met.
fn bounds(bounds: &[Bound]) -> String {
    let rows: Vec<_> = bounds.iter().map(|bound| bound.cells().to_vec()).collect();
    table(&["requirement", "measured", "bound", ""], &rows)
}

/// The bounds for `docs/performance.md`: those that are met, and the others under a heading of
/// their own.
pub(crate) fn targets(bounds: &[Bound]) -> String {
    let rows = |met: bool| -> Vec<_> {
        let bounds = bounds.iter().filter(|bound| bound.holds() == met);
        bounds.map(|bound| bound.cells()[..3].to_vec()).collect()
    };
    let columns = ["requirement", "measured", "bound"];
    let mut text = format!("### Bounds\n\n{}", table(&columns, &rows(true)));
    let open = rows(false);
    if !open.is_empty() {
        text += "\n### Open targets\n\nThese bounds are not met yet.\n\n";
        text += &table(&columns, &open);
    }
    text
}

/// A Markdown table with aligned columns, readable without rendering.
fn table(columns: &[&str], rows: &[Vec<String>]) -> String {
    let width = |index: usize| {
        let cells = rows
            .iter()
            .filter_map(|row| row.get(index))
            .map(|cell| cell.chars().count());
        cells
            .chain([columns[index].chars().count(), 3])
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<usize> = (0..columns.len()).map(width).collect();
    let mut text = String::new();
    let mut line = |cells: &[String]| {
        for (cell, width) in cells.iter().zip(&widths) {
            // Writing to a string does not fail.
            let _ = write!(text, "| {cell:<width$} ");
        }
        text.push_str("|\n");
    };
    line(&columns.iter().map(ToString::to_string).collect::<Vec<_>>());
    line(&widths.iter().map(|width| "-".repeat(*width)).collect::<Vec<_>>());
    for row in rows {
        line(row);
    }
    text
}

/// Formats a number with its digits in groups of three.
pub(crate) fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Bound, Row, Section, grouped, targets};

    #[test]
    fn digits_are_in_groups_of_three() {
        let shown = |number| grouped(number).replace('\u{202f}', " ");
        assert_eq!(shown(7.0), "7");
        assert_eq!(shown(999.6), "1 000");
        assert_eq!(shown(1_234_567.0), "1 234 567");
    }

    #[test]
    fn a_bound_holds_on_its_side_and_never_for_an_unknown_value() {
        assert!(Bound::at_most("time", 1.1, 1.1, "×").holds());
        assert!(!Bound::at_most("time", 1.11, 1.1, "×").holds());
        assert!(Bound::at_least("speed", 3.6, 3.5, "×").holds());
        assert!(!Bound::at_least("speed", f64::NAN, 3.5, "×").holds());
        assert!(!Bound::at_most("time", f64::NAN, 1.1, "×").holds());
    }

    #[test]
    fn tables_line_up() {
        let section = Section {
            title: "Throughput",
            about: "Everything once.".to_owned(),
            columns: vec!["case", "time"],
            rows: vec![Row {
                cells: vec!["by hand".to_owned(), "1.0 s".to_owned()],
                meaning: "A loop.".to_owned(),
            }],
            bounds: vec![Bound::at_most("facade / by hand", 1.25, 1.1, "×")],
        };
        let terminal = "\n## Throughput\n\nEverything once.\n\n\
            | case    | time  |\n| ------- | ----- |\n| by hand | 1.0 s |\n\n\
            | requirement      | measured | bound          |         |\n\
            | ---------------- | -------- | -------------- | ------- |\n\
            | facade / by hand | 1.25 ×   | at most 1.10 × | NOT MET |\n";
        assert_eq!(section.terminal(), terminal);
        let markdown = "### Throughput\n\nEverything once.\n\n\
            | case    | time  | what it is |\n| ------- | ----- | ---------- |\n| by hand | 1.0 s | A loop.    |\n";
        assert_eq!(section.markdown(), markdown);
    }

    #[test]
    fn a_bound_that_is_not_met_is_an_open_target() {
        let met = Bound::at_most("time", 1.0, 1.1, "×");
        let held = "### Bounds\n\n\
            | requirement | measured | bound          |\n| ----------- | -------- | -------------- |\n\
            | time        | 1.00 ×   | at most 1.10 × |\n";
        assert_eq!(targets(std::slice::from_ref(&met)), held);
        let unmet = Bound::at_least("speed", 3.0, 3.5, "×");
        let open = "\n### Open targets\n\nThese bounds are not met yet.\n\n\
            | requirement | measured | bound           |\n| ----------- | -------- | --------------- |\n\
            | speed       | 3.00 ×   | at least 3.50 × |\n";
        assert_eq!(targets(&[unmet, met]), format!("{held}{open}"));
    }
}
