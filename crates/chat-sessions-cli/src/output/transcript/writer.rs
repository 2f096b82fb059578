//! Writes the transcripts of `show`, one at a time, in the chosen format.

use std::io::{self, IsTerminal, Write};

use chat_sessions::model::Transcript;
use unicode_width::UnicodeWidthStr;

use super::document::{self, Summary};
use super::terminal::{self, View};
use super::{html, json, markdown};
use crate::output::format::{Format, TranscriptFormat};
use crate::output::pager::Pager;
use crate::output::status_line::StatusLine;
use crate::output::terminal::{OutputStream, height, width};
use crate::output::visible::visible_lines;

/// What to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    Format(TranscriptFormat),
    /// The bodies of the responses as they were received.
    Raw,
}

/// How to write.
#[derive(Debug)]
pub(crate) struct WriterOptions {
    pub(crate) content: Content,
    /// Whether one session was requested by itself, so that JSON is one object.
    pub(crate) is_single: bool,
    pub(crate) thinking: bool,
    pub(crate) tools: bool,
    /// The pager for text on a terminal.
    pub(crate) pager: Option<Pager>,
}

pub(crate) struct TranscriptWriter {
    out: OutputStream,
    options: WriterOptions,
    /// The text for the pager, which has to know all of it.
    collected: String,
    written: u64,
    has_started: bool,
}

impl TranscriptWriter {
    pub(crate) fn new(options: WriterOptions, line: StatusLine) -> Self {
        let format = match options.content {
            // Its styles are dropped if there are no colors.
            Content::Format(TranscriptFormat::Text) => Format::Table,
            Content::Format(_) | Content::Raw => Format::Tsv,
        };
        Self {
            out: OutputStream::new(format, line),
            options,
            collected: String::new(),
            written: 0,
            has_started: false,
        }
    }

    pub(crate) fn written(&self) -> u64 {
        self.written
    }

    pub(crate) fn transcript(&mut self, transcript: &Transcript) -> io::Result<()> {
        let is_first = self.written == 0;
        match self.options.content {
            Content::Raw => self.raw(transcript)?,
            Content::Format(TranscriptFormat::Text) => {
                let width = width();
                let rule = if is_first {
                    String::new()
                } else {
                    format!("\n{}\n\n", "═".repeat(width.min(terminal::LONGEST_LINE)))
                };
                let view = View {
                    width,
                    thinking: self.options.thinking,
                    tools: self.options.tools,
                };
                let text = format!("{rule}{}", terminal::page(transcript, view));
                if self.options.pager.is_some() {
                    self.collected.push_str(&text);
                } else {
                    self.out.write_all(text.as_bytes())?;
                }
            }
            Content::Format(TranscriptFormat::Md) => {
                let rule = if is_first { "" } else { "\n---\n\n" };
                self.out
                    .write_all(format!("{rule}{}", markdown::page(transcript)).as_bytes())?;
            }
            // `show` takes one session only.
            Content::Format(TranscriptFormat::Html) => self.out.write_all(html::page(transcript).as_bytes())?,
            Content::Format(TranscriptFormat::Json) if !self.options.is_single => {
                let before = if self.has_started {
                    ",\n".to_owned()
                } else {
                    document::start()
                };
                self.has_started = true;
                self.out
                    .write_all(format!("{before}{}", json::line(transcript)).as_bytes())?;
            }
            Content::Format(TranscriptFormat::Json | TranscriptFormat::Ndjson) => {
                self.out.write_all(format!("{}\n", json::line(transcript)).as_bytes())?;
            }
        }
        self.written += 1;
        self.out.flush()
    }

    /// Writes a body and a line end. A program gets the exact bytes, a person text that is safe.
    fn raw(&mut self, transcript: &Transcript) -> io::Result<()> {
        let body = transcript.raw.as_deref().unwrap_or_default();
        if io::stdout().is_terminal() {
            let text = String::from_utf8_lossy(body);
            self.out.write_all(visible_lines(&text).as_bytes())?;
        } else {
            self.out.write_all(body)?;
        }
        self.out.write_all(b"\n")
    }

    /// Writes what follows the last transcript.
    pub(crate) fn finish(&mut self, summary: Summary<'_>) -> io::Result<()> {
        if self.options.content == Content::Format(TranscriptFormat::Json) && !self.options.is_single {
            let start = if self.has_started {
                String::new()
            } else {
                document::start()
            };
            self.out
                .write_all(format!("{start}{}", document::end(summary)).as_bytes())?;
        }
        self.out.flush()
    }

    /// Shows the text that waits for the pager: in the pager if it is longer than the screen. The
    /// caller has to leave Ctrl-C to the pager before.
    pub(crate) fn show(&mut self, may_use_pager: bool) -> io::Result<()> {
        let text = std::mem::take(&mut self.collected);
        if text.is_empty() {
            return Ok(());
        }
        if let Some(pager) = self.options.pager.take().filter(|_| may_use_pager && is_long(&text)) {
            let plain;
            let shown = if pager.shows_styles() {
                &text
            } else {
                plain = anstream::adapter::strip_str(&text).to_string();
                &plain
            };
            if pager.show(shown.as_bytes()) {
                return Ok(());
            }
        }
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }
}

/// Returns whether a text does not fit on the screen.
fn is_long(text: &str) -> bool {
    let Some(height) = height() else {
        return true;
    };
    let width = width();
    let plain = anstream::adapter::strip_str(text).to_string();
    let rows = plain.lines().map(|line| line.width().div_ceil(width).max(1));
    // One line stays free for the prompt.
    rows.sum::<usize>() >= height
}
