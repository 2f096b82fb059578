//! How `doctor`, `config show`, `providers` and `schema` print their reports.

use std::io::{self, Write};

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::json_text::write_pretty_json;
use super::visible::{VisibleWriter, visible};

/// The version of the JSON reports. Increases when a field changes its meaning or disappears; a new
/// field does not change it.
pub(crate) const SCHEMA_VERSION: u32 = 1;

/// Prints a report as JSON.
pub(crate) fn print_json(report: &impl Serialize) -> io::Result<()> {
    let mut out = io::stdout().lock();
    write_pretty_json(&mut out, report)?;
    writeln!(out)
}

/// Returns standard output, for a report that people read.
pub(crate) fn report_writer() -> impl Write {
    VisibleWriter::new(io::stdout().lock())
}

/// Aligns rows of name, value and remark, each on one line. A value without a remark does not widen
/// its column.
pub(crate) fn align(rows: &[[&str; 3]]) -> Vec<String> {
    let rows: Vec<_> = rows.iter().map(|row| row.map(visible)).collect();
    let widest = |widths: &mut dyn Iterator<Item = usize>| widths.max().unwrap_or_default();
    let name = widest(&mut rows.iter().map(|[name, ..]| name.width()));
    let value = widest(
        &mut rows
            .iter()
            .filter(|[.., remark]| !remark.is_empty())
            .map(|[_, value, _]| value.width()),
    );
    let padded = |text: &str, width: usize| format!("{text}{}", " ".repeat(width.saturating_sub(text.width())));
    let lines = rows.iter().map(|[first, second, remark]| {
        let line = format!("  {}  {}  {remark}", padded(first, name), padded(second, value));
        line.trim_end().to_owned()
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::align;

    #[test]
    fn a_row_is_one_line_of_visible_text() {
        let rows = align(&[["name", "a\nb\u{202e}", "remark"], ["x", "y", "\u{1b}[31mz"]]);
        assert_eq!(
            rows,
            [r"  name  a\nb\u202e  remark", r"  x     y           \u001b[31mz"]
        );
    }
}
