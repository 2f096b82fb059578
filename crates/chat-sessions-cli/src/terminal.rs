//! What the program knows of the terminals that it may write to, and the one way to standard output.
//!
//! Rows and progress can meet on one terminal, so that whatever goes to standard output takes the line of progress away
//! first. What others wrote can hold control characters, so that none reaches a terminal.

use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};

use crate::args::{ColorName, Format};
use crate::progress::Line;

/// The width of a table that goes to no terminal and is told no width.
const DEFAULT_WIDTH: usize = 100;

/// Sets for the whole process whether there are colours. Unless it is said, they are where a terminal can show them and
/// `NO_COLOR`, `CLICOLOR` and `CLICOLOR_FORCE` do not say otherwise.
pub(crate) fn set_color(color: ColorName) {
    let choice = match color {
        ColorName::Auto => ColorChoice::Auto,
        ColorName::Always => ColorChoice::AlwaysAnsi,
        ColorName::Never => ColorChoice::Never,
    };
    choice.write_global();
}

/// Gives the width to fit a table to: what `COLUMNS` says, or that of the terminal.
pub(crate) fn width() -> usize {
    let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    told.or_else(|| terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)))
        .filter(|width| *width > 0)
        .unwrap_or(DEFAULT_WIDTH)
}

/// Says whether a line on standard error can be taken back.
pub(crate) fn can_redraw_stderr() -> bool {
    let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
    io::stderr().is_terminal() && !(dumb && cfg!(unix))
}

/// Standard output, on which rows are written.
pub(crate) struct Screen {
    out: Out,
    /// What has to be taken away first, where both share a terminal.
    progress: Option<Line>,
}

enum Out {
    /// Everything as it is: a pipe or a file.
    Plain(io::Stdout),
    /// What no format but the table makes harmless by itself.
    Guarded { out: io::Stdout, guard: Guard },
    /// The table, without its styles where there are no colours.
    Styled(AutoStream<io::Stdout>),
}

impl Screen {
    pub(crate) fn new(format: Format, progress: Line) -> Self {
        let out = io::stdout();
        let is_terminal = out.is_terminal();
        Self {
            out: match format {
                Format::Table => Out::Styled(AutoStream::auto(out)),
                _ if is_terminal => Out::Guarded {
                    out,
                    guard: Guard::default(),
                },
                _ => Out::Plain(out),
            },
            progress: is_terminal.then_some(progress),
        }
    }
}

impl Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(progress) = &self.progress {
            progress.erase();
        }
        match &mut self.out {
            Out::Plain(out) => out.write(bytes),
            Out::Guarded { out, guard } => out.write_all(&guard.harmless(bytes)).map(|()| bytes.len()),
            Out::Styled(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.out {
            Out::Plain(out) | Out::Guarded { out, .. } => out.flush(),
            Out::Styled(out) => out.flush(),
        }
    }
}

/// Replaces the control characters in a stream of UTF-8, line ends and tabs excepted.
#[derive(Debug, Default)]
struct Guard {
    /// Whether the last byte was the first half of a character that may be a control character.
    half: bool,
}

impl Guard {
    /// The first byte of the control characters from U+0080 to U+009F, and of others.
    const HALF: u8 = 0xc2;
    const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();

    fn harmless(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut harmless = Vec::with_capacity(bytes.len());
        for byte in bytes {
            if std::mem::take(&mut self.half) {
                if (0x80..=0x9f).contains(byte) {
                    harmless.extend_from_slice(Self::REPLACEMENT);
                    continue;
                }
                harmless.push(Self::HALF);
            }
            match *byte {
                Self::HALF => self.half = true,
                // CSV ends its lines with it; alone it would write over the line.
                b'\r' => {}
                b'\n' | b'\t' => harmless.push(*byte),
                byte if byte.is_ascii_control() => harmless.extend_from_slice(Self::REPLACEMENT),
                byte => harmless.push(byte),
            }
        }
        harmless
    }
}

#[cfg(test)]
mod tests {
    use super::Guard;

    #[test]
    fn control_characters_do_not_pass_however_they_are_cut() {
        let text = "a\tb\r\n\u{1b}[31mc\u{7f}\u{9b}1m\u{a0}é\u{0}日\n";
        let expected = "a\tb\n\u{fffd}[31mc\u{fffd}\u{fffd}1m\u{a0}é\u{fffd}日\n";
        for length in 1..=text.len() {
            let mut guard = Guard::default();
            let passed: Vec<u8> = text
                .as_bytes()
                .chunks(length)
                .flat_map(|piece| guard.harmless(piece))
                .collect();
            assert_eq!(String::from_utf8(passed).as_deref(), Ok(expected), "{length}");
        }
    }
}
