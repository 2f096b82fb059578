//! Terminals: their width and colors, and the only way to write sessions to standard output.
//!
//! Rows and the progress line may share a terminal, so writing to standard output erases that line
//! first. Text from a provider may contain control characters, which must not reach a terminal.

use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use clap::ValueEnum;

use super::format::Format;
use super::status_line::StatusLine;

/// The width of a table if it goes to no terminal and `COLUMNS` is not set.
const DEFAULT_WIDTH: usize = 100;

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

/// Returns the width for tables: `COLUMNS`, or the width of the terminal.
pub(crate) fn width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    columns
        .or_else(|| terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)))
        .filter(|width| *width > 0)
        .unwrap_or(DEFAULT_WIDTH)
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
    /// A pipe or a file, which gets every byte unchanged.
    Plain(io::Stdout),
    /// A terminal, in a format that does not remove control characters itself.
    Sanitized { out: io::Stdout, sanitizer: Sanitizer },
    /// The table, which removes control characters itself. Styles are dropped if there are no colors.
    Styled(AutoStream<io::Stdout>),
}

impl OutputStream {
    pub(crate) fn new(format: Format, status_line: StatusLine) -> Self {
        let out = io::stdout();
        let is_terminal = out.is_terminal();
        Self {
            target: match format {
                Format::Table => Target::Styled(AutoStream::auto(out)),
                _ if is_terminal => Target::Sanitized {
                    out,
                    sanitizer: Sanitizer::default(),
                },
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
            Target::Sanitized { out, sanitizer } => out.write_all(&sanitizer.clean(bytes)).map(|()| bytes.len()),
            Target::Styled(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.target {
            Target::Plain(out) | Target::Sanitized { out, .. } => out.flush(),
            Target::Styled(out) => out.flush(),
        }
    }
}

/// Replaces control characters in a stream of UTF-8, except newlines and tabs.
#[derive(Debug, Default)]
struct Sanitizer {
    /// Whether the last byte was `LEAD_BYTE`, so that the next one decides.
    pending_lead: bool,
}

impl Sanitizer {
    /// The first of two bytes of U+0080 to U+00BF. Those up to U+009F are control characters.
    const LEAD_BYTE: u8 = 0xc2;
    const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();

    fn clean(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut clean = Vec::with_capacity(bytes.len());
        for byte in bytes {
            if std::mem::take(&mut self.pending_lead) {
                if (0x80..=0x9f).contains(byte) {
                    clean.extend_from_slice(Self::REPLACEMENT);
                    continue;
                }
                clean.push(Self::LEAD_BYTE);
            }
            match *byte {
                Self::LEAD_BYTE => self.pending_lead = true,
                // CSV ends its lines with CR LF. A CR alone would overwrite the line.
                b'\r' => {}
                b'\n' | b'\t' => clean.push(*byte),
                byte if byte.is_ascii_control() => clean.extend_from_slice(Self::REPLACEMENT),
                byte => clean.push(byte),
            }
        }
        clean
    }
}

#[cfg(test)]
mod tests {
    use super::Sanitizer;

    #[test]
    fn control_characters_are_replaced_wherever_the_stream_is_split() {
        let text = "a\tb\r\n\u{1b}[31mc\u{7f}\u{9b}1m\u{a0}é\u{0}日\n";
        let expected = "a\tb\n\u{fffd}[31mc\u{fffd}\u{fffd}1m\u{a0}é\u{fffd}日\n";
        for length in 1..=text.len() {
            let mut sanitizer = Sanitizer::default();
            let cleaned: Vec<u8> = text
                .as_bytes()
                .chunks(length)
                .flat_map(|piece| sanitizer.clean(piece))
                .collect();
            assert_eq!(String::from_utf8(cleaned).as_deref(), Ok(expected), "{length}");
        }
    }
}
