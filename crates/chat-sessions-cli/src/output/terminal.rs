//! Terminals: their width and colors, and the only way to write sessions to standard output.
//!
//! Rows and the progress line may share a terminal, so writing to standard output erases that line
//! first. The writers of the formats have made every text visible before.

use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use clap::ValueEnum;

use super::format::Format;
use super::status_line::StatusLine;

/// The width if the output goes to no terminal and `COLUMNS` is not set.
const DEFAULT_WIDTH: usize = 100;
/// The width of most terminals: for a terminal that does not tell its own and for messages, if `COLUMNS`
/// is not set.
const USUAL_WIDTH: usize = 80;

/// When to use colors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorArg {
    Auto,
    Always,
    Never,
}

/// Sets when to use colors, for the whole process. `Auto` uses them on a terminal that supports
/// them, unless `NO_COLOR`, `CLICOLOR` or `CLICOLOR_FORCE` decides otherwise.
pub(crate) fn set_color(color: ColorArg) {
    let choice = match color {
        ColorArg::Auto => ColorChoice::Auto,
        ColorArg::Always => ColorChoice::AlwaysAnsi,
        ColorArg::Never => ColorChoice::Never,
    };
    choice.write_global();
}

/// Returns the width for tables and help: `COLUMNS`, or the width of the terminal.
pub(crate) fn width() -> usize {
    let of_terminal = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    columns_variable()
        .or_else(|| of_terminal().filter(is_known))
        .unwrap_or_else(|| {
            if io::stdout().is_terminal() {
                USUAL_WIDTH
            } else {
                DEFAULT_WIDTH
            }
        })
}

/// Returns the number of lines of the terminal, if standard output goes to one that tells it.
pub(crate) fn height() -> Option<usize> {
    let (_, height) = terminal_size::terminal_size_of(io::stdout())?;
    Some(usize::from(height.0)).filter(is_known)
}

/// Returns the width in `COLUMNS`; `None` if it is none.
fn columns_variable() -> Option<usize> {
    let columns = std::env::var("COLUMNS").ok()?.trim().parse().ok();
    columns.filter(is_known)
}

/// A shell that does not know the width sets it to 0, and so does a serial line.
fn is_known(width: &usize) -> bool {
    *width > 0
}

/// Returns the width of the terminal to which standard error goes, if it goes to one.
pub(crate) fn stderr_width() -> Option<usize> {
    let (width, _) = terminal_size::terminal_size_of(io::stderr())?;
    Some(usize::from(width.0)).filter(is_known)
}

/// Returns the width for messages of several parts: `COLUMNS`, the width of the terminal, or that of
/// most terminals.
pub(crate) fn message_width() -> usize {
    columns_variable().or_else(stderr_width).unwrap_or(USUAL_WIDTH)
}

/// Returns whether a line on standard error can be erased.
pub(crate) fn can_redraw_stderr() -> bool {
    let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
    io::stderr().is_terminal() && !(dumb && cfg!(unix))
}

/// Standard output, for sessions.
pub(crate) struct OutputStream {
    target: Target,
    /// The line to erase first, if both share a terminal.
    status_line: Option<StatusLine>,
}

enum Target {
    Plain(io::Stdout),
    /// The table, whose styles are dropped if there are no colors.
    Styled(AutoStream<io::Stdout>),
}

impl OutputStream {
    pub(crate) fn new(format: Format, status_line: StatusLine) -> Self {
        let out = io::stdout();
        let is_terminal = out.is_terminal();
        Self {
            target: match format {
                Format::Table => Target::Styled(AutoStream::auto(out)),
                _ => Target::Plain(out),
            },
            status_line: is_terminal.then_some(status_line),
        }
    }
}

impl Write for OutputStream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(line) = &self.status_line {
            line.erase();
        }
        match &mut self.target {
            Target::Plain(out) => out.write(bytes),
            Target::Styled(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.target {
            Target::Plain(out) => out.flush(),
            Target::Styled(out) => out.flush(),
        }
    }
}
