//! How `show` prints: the content, the format of its messages, and the pager.

use super::args::ShowArgs;
use crate::output::transcript::writer::{Content, TranscriptWriter, WriterOptions};
use crate::output::{Format, Pager, StatusLine, TranscriptFormat};
use crate::verbosity::Verbosity;

#[derive(Clone, Copy, Debug)]
pub(super) struct Printing {
    pub(super) content: Content,
    /// The format of messages.
    pub(super) format: Format,
    pub(super) verbosity: Verbosity,
    /// Whether a pager may show the text.
    pub(super) pager: bool,
}

impl Printing {
    pub(super) fn writer(self, args: &ShowArgs, line: StatusLine) -> TranscriptWriter {
        let is_text = self.content == Content::Format(TranscriptFormat::Text);
        let options = WriterOptions {
            content: self.content,
            is_single: args.is_single(),
            thinking: args.shows_thinking(),
            tools: args.shows_tools(),
            pager: Pager::choose(self.pager && is_text, &["PAGER"]),
        };
        TranscriptWriter::new(options, line)
    }
}
